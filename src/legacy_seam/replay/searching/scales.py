"""Values that lie on a scale though they are no plain numbers: decimals, dates, moments, durations.

A search that takes a date for its numbers makes the 31st of a February; one that takes it for a thing of its own
knows none but those that it has met. Here it is moved along its scale, by a day as well as by years.
"""

from __future__ import annotations

import datetime
import decimal
import random
import re
from collections.abc import Sequence
from typing import Any, Final

from legacy_seam.values import Node, Tree

_SCALES: Final[dict[str, type]] = {
    "Decimal": decimal.Decimal,
    "date": datetime.date,
    "datetime": datetime.datetime,
    "time": datetime.time,
    "timedelta": datetime.timedelta,
}
_DAYS = (1, 1, 1, 2, 7, 14, 28, 30, 31, 90, 365, 366, 1461)
_SECONDS = (1, 1, 60, 3600, 3600, 86400)
_MICROSECOND = datetime.timedelta(microseconds=1)
_FACTORS = tuple(map(decimal.Decimal, ("-1", "0", "0.1", "0.5", "2", "10", "1000")))
_FAR = 100_000
"""Days beyond which no duration is tried."""
_MANY_DIGITS = 40
_MOST_UNITS = 10**9
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?(?:e[0-9])?")
_SOME_DAY = datetime.date(2000, 2, 29)


def is_on_scale(tree: Tree) -> bool:
    """Is this a decimal, a date, a moment, a time of day, a duration?

    >>> is_on_scale(Node("date", (2024, 2, 29), {})), is_on_scale(Node("shop:Order", (), {}))
    (True, False)
    """
    return type(tree) is Node and tree.name in _SCALES


def moved(tree: Node, chance: random.Random, numbers: Sequence[int | float | str]) -> Tree:
    """Such a value, a little or far from where it was; itself where it is at the end of its scale.

    Args:
        tree: the value.
        chance: all that is left to chance comes from here.
        numbers: those that are written down near the code.

    >>> moved(Node("date", (2024, 2, 28), {}), random.Random(2), ())
    Node(name='date', args=(2024, 2, 29), attributes={})
    """
    try:
        value = _SCALES[tree.name](*tree.args, **_without_zone(tree))
        other = _moved(value, chance, numbers)
    except (ValueError, OverflowError, TypeError, ArithmeticError):
        return tree
    return _written(other, tree)


def neighbours(tree: Node) -> list[Tree]:
    """A value of a scale and those beside it: one of them shows on which side of a bound it is.

    >>> [one.args for one in neighbours(Node("Decimal", ("9.90",), {}))]
    [('9.90',), ('9.91',), ('9.89',)]
    """
    found: list[Tree] = [tree]
    try:
        value: Any = _SCALES[tree.name](*tree.args, **_without_zone(tree))
        for sign in (1, -1):
            found.append(_written(_shifted(value, sign * _unit(value)), tree))
    except (ValueError, OverflowError, TypeError, ArithmeticError):
        pass
    return found


def made_of(numbers: Sequence[Any], tree: Node) -> list[Tree]:
    """Values of the scale of `tree` that are so much: decimals, and durations of so many days, hours and so on.

    >>> made_of([15], Node("timedelta", (), {"days": 1}))[0]
    Node(name='timedelta', args=(), attributes={'days': 15})
    """
    if tree.name == "Decimal":
        return [Node("Decimal", (str(number),), {}) for number in numbers]
    units = ("days", "hours", "minutes", "seconds") if tree.name == "timedelta" else ()
    spans = (datetime.timedelta(**{unit: number}) for number in numbers if abs(number) < _FAR for unit in units)
    return [_written(span, tree) for span in spans]


def equal_to(other: Tree, tree: Node) -> Node | None:
    """A value like `tree` that another one would be equal to, or to a part of it: that day, at that time of day.

    >>> equal_to(Node("time", (17, 30), {}), Node("datetime", (2024, 5, 6, 9, 0), {}))
    Node(name='datetime', args=(2024, 5, 6, 17, 30), attributes={})
    """
    if tree.name == "Decimal" and type(other) in (int, float):
        return Node("Decimal", (str(other),), {})
    if not is_on_scale(other):
        return None
    assert isinstance(other, Node)
    if other.name == tree.name:
        return other
    day = 3  # so many parts of a moment say which day it is
    match other.name, tree.name:
        case "date", "datetime":
            return Node(tree.name, (*other.args, *tree.args[day:]), tree.attributes)
        case "time", "datetime":
            return Node(tree.name, (*tree.args[:day], *other.args), tree.attributes)
        case "datetime", "date":
            return Node(tree.name, other.args[:day], {})
        case "datetime", "time":
            return Node(tree.name, other.args[day:], tree.attributes)
    return None


def numbers_among(texts: Sequence[str]) -> tuple[str, ...]:
    """Those of some texts that are numbers, as programs write decimals.

    >>> numbers_among(("19.90", "EUR", "1e3"))
    ('19.90', '1e3')
    """
    return tuple(text for text in texts if _NUMBER.fullmatch(text))


def _without_zone(tree: Node) -> dict[str, Any]:
    return {name: value for name, value in tree.attributes.items() if name != "tzinfo"}


def _unit(value: Any) -> Any:
    """The smallest step that programs reckon with."""
    if isinstance(value, decimal.Decimal):
        return _last_digit(value)
    return datetime.timedelta(days=1) if type(value) is datetime.date else datetime.timedelta(seconds=1)


def _moved(value: Any, chance: random.Random, numbers: Sequence[int | float | str]) -> Any:
    sign = chance.choice((-1, 1))
    if isinstance(value, decimal.Decimal):
        return _other_decimal(value, chance, numbers)
    if isinstance(value, datetime.time):
        return _shifted(value, sign * datetime.timedelta(seconds=chance.choice(_SECONDS)))
    if isinstance(value, datetime.timedelta) and chance.random() < 0.4:
        days = [one for one in numbers if not isinstance(one, str) and abs(one) < _FAR] or [0]
        return datetime.timedelta(**{chance.choice(("days", "hours", "minutes", "seconds")): chance.choice(days)})
    if isinstance(value, datetime.datetime) and chance.random() < 0.15:
        return value.replace(hour=0, minute=0, second=0, microsecond=0)
    if isinstance(value, datetime.date) and chance.random() < 0.15:
        return _end_of_month(value) if chance.random() < 0.7 else value.replace(month=2, day=28)
    if not isinstance(value, datetime.datetime) or chance.random() < 0.5:
        return value + sign * datetime.timedelta(days=chance.choice(_DAYS))
    return value + sign * (
        datetime.timedelta(seconds=chance.choice(_SECONDS)) if chance.random() < 0.9 else _MICROSECOND
    )


def _last_digit(value: decimal.Decimal) -> decimal.Decimal:
    """A one in the place of the last digit: 0.01 for 9.90."""
    exponent = value.as_tuple().exponent
    return decimal.Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _other_decimal(
    value: decimal.Decimal, chance: random.Random, numbers: Sequence[int | float | str]
) -> decimal.Decimal:
    if not value.is_finite() or len(value.as_tuple().digits) > _MANY_DIGITS:
        return decimal.Decimal(0)
    match chance.randrange(7):
        case 0 if numbers:
            written = decimal.Decimal(str(chance.choice(numbers)))
            return written if written.is_finite() else value
        case 6 if numbers:  # likewise, where it is rounded to what is written down
            return _between(value, decimal.Decimal(str(chance.choice(numbers))))
        case 1:
            return value * chance.choice(_FACTORS)
        case 2:  # the half of a digit more: where it is rounded, this shows how
            return value + _last_digit(value) / 2
        case 3:
            return value + chance.choice((-1, 1))
        case 4:
            return value.quantize(decimal.Decimal(1))
    return value + chance.choice((-1, 1)) * _last_digit(value)


def _between(value: decimal.Decimal, unit: decimal.Decimal) -> decimal.Decimal:
    """Near a value, in the middle between two multiples of a unit."""
    if not unit.is_finite() or unit <= 0 or abs(value) > _MOST_UNITS * unit:
        return value
    return value // unit * unit + unit / 2


def _shifted(value: Any, by: Any) -> Any:
    """A time of day goes round."""
    if isinstance(value, datetime.time):
        return (datetime.datetime.combine(_SOME_DAY, value) + by).timetz()
    return value + by


def _end_of_month(value: Any) -> Any:
    first = value.replace(day=1)
    return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def _written(value: Any, like: Node) -> Node:
    """As it stands in the notation, with what the other one had besides."""
    kept = {name: held for name, held in like.attributes.items() if name in ("tzinfo", "fold")}
    if isinstance(value, decimal.Decimal):
        return Node(like.name, (str(value),), {})
    if isinstance(value, datetime.timedelta):
        parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        return Node(like.name, (), {name: number for name, number in parts.items() if number})
    day: list[int] = [value.year, value.month, value.day] if isinstance(value, datetime.date) else []
    if type(value) is datetime.date:
        return Node(like.name, tuple(day), {})
    clock = [value.hour, value.minute, value.second, value.microsecond]
    while len(clock) > 2 and not clock[-1]:
        clock.pop()
    return Node(like.name, (*day, *clock), kept)
