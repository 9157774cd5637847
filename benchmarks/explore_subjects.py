"""Modules of released libraries on which exploring is measured, and how each of their functions is called once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A module of a library that is installed, and calls of its functions, as they are written.

    module: what is explored; imports: what the calls need besides, as statements.
    """

    module: str
    calls: tuple[str, ...]
    imports: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """What is imported at the top."""
        return self.module.partition(".")[0]


KNOWN = (
    Subject(
        "webcolors._html5",
        (
            "m.html5_parse_simple_color('#ffffff')",
            "m.html5_serialize_simple_color(m.html5_parse_simple_color('#01a0ff'))",
            "m.html5_parse_legacy_color('chucknorris')",
        ),
    ),
    Subject(
        "stdnum.it.codicefiscale",
        (
            "m.validate('RCCMNL83S18D969H')",
            "m.get_gender('RCCMNL83S18D969H')",
            "m.get_birth_date('RCCMNL83S18D969H')",
            "m.is_valid('RCCMNL83S18D969H')",
        ),
    ),
    Subject("humanize.filesize", ("m.naturalsize(3000)", "m.naturalsize('12', binary=True, format='%.2f')")),
    Subject("isodate.isoduration", ("m.parse_duration('P1D')", "m.duration_isoformat(m.timedelta(days=2))")),
    Subject(
        "num2words.lang_EN",
        (
            "m.Num2Word_EN().to_cardinal(21)",
            "m.Num2Word_EN().to_ordinal(2)",
            "m.Num2Word_EN().to_ordinal_num(3)",
            "m.Num2Word_EN().to_year(1999)",
        ),
    ),
    Subject(
        "roman",
        ("m.toRoman(4)", "m.fromRoman('IX')", "m.main()", "sys.argv[1:] = ['-r', 'IX']; m.main()"),
        ("import sys", "sys.argv = ['roman', '12']"),
    ),
    Subject("cron_descriptor.ExpressionParser", ("m.ExpressionParser('* * * * *', m.Options()).parse()",)),
    Subject("textdistance.algorithms.phonetic", ("m.MRA()('Byrne', 'Boern')", "m.Editex()('cat', 'hat')")),
    Subject(
        "flutils.strutils",
        (
            "m.as_escaped_unicode_literal('1.x')",
            "m.as_escaped_utf8_literal('1.x')",
            "m.camel_to_underscore('FooBar')",
            "m.convert_escaped_unicode_literal('\\\\x31x')",
            "m.convert_escaped_utf8_literal('\\\\x31x')",
            "m.underscore_to_camel('foo_bar')",
        ),
    ),
)
"""The modules on which other makers of tests were measured once: Pynguin took 83 % of their branches and noticed
55 % of mutants, in 30 s a module."""

UNSEEN = (
    Subject("isodate.isodates", ("m.parse_date('2020-02-29')", "m.date_isoformat(m.date(2020, 2, 29))")),
    Subject(
        "stdnum.meid",
        (
            "m.validate('AF 01 23 45 0A BC DE C')",
            "m.format('af0123450abcDEC', add_check_digit=True)",
            "m.to_binary('AF 01 23 45 0A BC DE C')",
            "m.to_pseudo_esn('AF 01 23 45 0A BC DE C')",
        ),
    ),
    Subject("stdnum.mx.rfc", ("m.validate('GODE 561231 GR8')", "m.format('GODE561231GR8')")),
    Subject(
        "webcolors._normalization",
        (
            "m.normalize_hex('#0099CC')",
            "m.normalize_integer_triplet((0, 128, 255))",
            "m.normalize_percent_triplet(('0%', '50%', '100%'))",
        ),
    ),
    Subject(
        "dateutil.relativedelta",
        (
            "m.relativedelta(months=1, days=3).normalized()",
            "m.relativedelta(datetime.date(2024, 3, 31), datetime.date(2023, 1, 30))",
            "datetime.date(2024, 1, 31) + m.relativedelta(months=1)",
            "m.relativedelta(days=3) - m.relativedelta(hours=5)",
            "m.relativedelta(days=3) * 2",
            "repr(m.relativedelta(days=3, weekday=m.MO(1)))",
            "m.relativedelta(days=3) == m.relativedelta(days=4)",
        ),
        ("import datetime",),
    ),
    Subject(
        "inflection",
        (
            "m.camelize('device_type')",
            "m.dasherize('puni_puni')",
            "m.humanize('employee_id')",
            "m.ordinalize(2)",
            "m.parameterize('Donald E. Knuth')",
            "m.pluralize('post')",
            "m.singularize('posts')",
            "m.tableize('RawScaledScorer')",
            "m.titleize('man from the boondocks')",
            "m.underscore('DeviceType')",
        ),
    ),
    Subject(
        "humanize.time",
        (
            "m.naturaldelta(dt.timedelta(seconds=90))",
            "m.naturaltime(dt.timedelta(hours=2))",
            "m.naturalday(dt.date(2020, 6, 5))",
            "m.naturaldate(dt.date(2020, 6, 5))",
            "m.precisedelta(dt.timedelta(days=2, hours=3))",
        ),
        ("import datetime as dt",),
    ),
    Subject(
        "semver.version",
        (
            "m.Version.parse('1.2.3-pre.2+build.4').bump_minor()",
            "m.Version.parse('1.2.3').compare('1.2.4')",
            "m.Version.parse('1.2.3').match('>=1.0.0')",
            "m.Version.parse('1.2.3').next_version('patch')",
            "m.Version.parse('1.2.3').bump_prerelease()",
            "m.Version.parse('1.2.3').bump_build()",
            "m.Version.is_valid('1.2')",
        ),
    ),
    Subject(
        "num2words.lang_DE",
        (
            "m.Num2Word_DE().to_cardinal(21)",
            "m.Num2Word_DE().to_ordinal(2)",
            "m.Num2Word_DE().to_ordinal_num(3)",
            "m.Num2Word_DE().to_year(1999)",
        ),
    ),
)
"""Modules by which nothing was tuned."""

EFFECTS = Subject(
    "effects",
    (
        "m.print_receipt([('tea', 250), ('cup', 1000)], 2000)",
        "m.log_stock('tea', 3)",
        "m.discount_all([{'name': 'pot', 'cents': 2500}, {'name': 'tea', 'cents': 250, 'fixed': True}], 10)",
        "m.count_sale(250)",
        "m.parse_quantity(' 3 ')",
        "m.due_date(3)",
        "m.draw_winners(['Ada', 'Ben', 'Cleo'], 2)",
        "m.shipping_zone('AT')",
        "list(m.in_batches([1, 2, 3], 2))",
        "m.Account(500).withdraw(100)",
        "m.remember_customer({'ada': {'name': 'Ada', 'visits': 1}}, 'Ben')",
    ),
)
"""Functions written for this, in `drivers/effects.py`."""

CHANNELS = {
    "print_receipt": "printed",
    "log_stock": "logged",
    "discount_all": "argument changed",
    "count_sale": "totals of the module",
    "parse_quantity": "text of an exception",
    "due_date": "date",
    "draw_winners": "randomness",
    "shipping_zone": "environment",
    "in_batches": "generator",
    "Account.withdraw": "state of an object",
    "Account.__init__": "state of an object",
    "remember_customer": "table that is passed in",
}
"""What each of them does besides."""
