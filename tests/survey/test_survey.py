"""The ranking, its reasons, and the places for seams."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.report.openings import openings
from legacy_seam.source import Program
from small_program import only, survey_of

SHOP = {
    "shop.py": """
        import datetime
        import sqlite3
        import time

        DB = sqlite3.connect("shop.db")

        class Clerk:
            def __init__(self):
                self.db = sqlite3.connect("clerk.db")

            def pay(self, amount):
                open("log", "a").write(str(amount))
                return time.time()

        def settle(orders, limit):
            for order in orders:
                if order["due"] < datetime.date.today():
                    if order["sum"] > limit:
                        DB.execute("update orders set late = 1")
                    elif order["sum"] > 0:
                        DB.execute("update orders set late = 2")

        def name(order):
            return order["name"]

        def price(order):
            total = order["sum"]
            if order["tier"] == "G" and total > 10: total -= 1
            elif order["tier"] == "S" and total > 20: total -= 2
            elif order["tier"] == "B" or total > 30: total -= 3
            elif order["tier"] is None: total = 1
            return max(total, 0) if total else order.get("least", 0)
        """,
    "tests/test_shop.py": "import shop\ndef test_name(): assert shop.name({'name': 1}) == 1\n",
}


def test_the_most_risky_function_comes_first_and_the_harmless_last(tmp_path: Path) -> None:
    found = survey_of(tmp_path, SHOP)

    assert str(found.functions[0].target) == "shop:settle"
    assert str(found.functions[-1].target) == "shop:name"
    assert all(0 <= one.score <= 100 for one in found.functions)


def test_the_reason_fits_into_a_sentence(tmp_path: Path) -> None:
    found = survey_of(tmp_path, SHOP)

    assert only(found, "shop:settle").why == (
        "7 lines, 4 branches; changes a database, looks at the clock; nothing holds it"
    )
    assert only(found, "shop:name").why == "2 lines; called by a test"


def test_a_risk_does_not_depend_on_what_else_is_surveyed(tmp_path: Path) -> None:
    alone = survey_of(tmp_path / "alone", {"shop.py": SHOP["shop.py"]})
    together = survey_of(tmp_path / "together", {**SHOP, "other.py": "def f(): print(1)\n"})

    assert only(alone, "shop:settle").score == only(together, "shop:settle").score


def test_seams_are_proposed_by_what_a_function_touches(tmp_path: Path) -> None:
    found = survey_of(tmp_path, SHOP)

    def seams(target: str) -> list[tuple[str, str | None]]:
        return [(one.technique, one.call) for one in found.opportunities(only(found, target))]

    assert seams("shop:settle") == [
        ("replace-global-reference-with-getter", "datetime.date.today"),
        ("parameterize-method", "datetime.date.today"),
        ("introduce-static-setter", None),
        ("encapsulate-global-reference", None),
    ]
    assert seams("shop:Clerk.pay") == [
        ("extract-and-override-call", "builtins.open"),
        ("replace-global-reference-with-getter", "time.time"),
        ("parameterize-method", "time.time"),
    ]
    assert seams("shop:Clerk.__init__") == [
        ("parameterize-constructor", "sqlite3.connect"),
        ("extract-and-override-factory-method", "sqlite3.connect"),
    ]
    assert seams("shop:price") == [("model-seam", None)]
    assert seams("shop:<module>") == [("main-guard", None)]
    assert seams("shop:name") == []


KATA = {
    "sensor.py": "import random\nclass Sensor:\n    def next(self): return random.random()\n",
    "alarm.py": "from sensor import Sensor\nclass Alarm:\n    def __init__(self): self.sensor = Sensor()\n",
    "session.py": (
        "class Session:\n    _one = None\n    @classmethod\n    def one(cls):\n"
        "        if cls._one is None: cls._one = cls()\n        return cls._one\n"
        "    def user(self): raise OSError\n"
    ),
    "trips.py": (
        "from session import Session\nclass Trips:\n    def of(self, user): return Session.one().user() is user\n"
        "def count(): return len(Session.one().user())\n"
    ),
    "store.py": (
        "import sqlite3\nconn = sqlite3.connect(':memory:')\n"
        "def price(sku): return conn.execute('select 1', sku).fetchone()\n"
    ),
    "shop.py": "import store\ndef sell(sku): return store.conn.execute('delete from x')\n",
    "invoice.py": "import datetime\nclass Invoice:\n    def __init__(self): self.day = datetime.date.today()\n",
}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("alarm:Alarm.__init__", [("parameterize-constructor", "alarm:Alarm.__init__", "sensor.Sensor")]),
        ("trips:Trips.of", [("extract-and-override-call", "trips:Trips.of", "session.Session.one")]),
        ("trips:count", [("replace-global-reference-with-getter", "trips:count", "session.Session.one")]),
        ("session:Session.one", [("introduce-static-setter", "session:Session._one", None)]),
        (
            "store:price",
            [("introduce-static-setter", "store:conn", None), ("encapsulate-global-reference", "store:conn", None)],
        ),
        (
            "shop:sell",
            [
                ("introduce-static-setter", "store:conn", None),
                ("replace-global-reference-with-getter", "shop:sell", "store.conn"),
            ],
        ),
        (
            "invoice:Invoice.__init__",
            [
                ("replace-global-reference-with-getter", "invoice:Invoice.__init__", "datetime.date.today"),
                ("parameterize-constructor", "invoice:Invoice.__init__", "datetime.date.today"),
            ],
        ),
    ],
)
def test_the_classic_knots_are_seen_and_the_techniques_agree(
    target: str, expected: list[tuple[str, str, str | None]], tmp_path: Path
) -> None:
    found = survey_of(tmp_path, KATA)
    one = only(found, target)
    program = Program.at([tmp_path], roots=[tmp_path])
    (places,) = openings(found, program, [one]).values()
    assert [
        (each.opportunity.technique, each.opportunity.target, each.opportunity.call) for each in places
    ] == expected
    assert [each.refusal for each in places if each.command is None] == []


def test_nothing_of_the_program_is_run(tmp_path: Path) -> None:
    survey_of(tmp_path, {"a.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n"})

    assert not (tmp_path / "ran").exists()


def test_two_surveys_of_one_program_are_the_same(tmp_path: Path) -> None:
    one, other = survey_of(tmp_path, SHOP), survey_of(tmp_path, SHOP)

    assert one.functions == other.functions
    assert one.pinches == other.pinches
