"""What rules in old code look at beyond a field by itself: how a text begins, whether it is tidy, the hour, how far
two dates are apart, the last digit of a number.

Each becomes a feature of its own beside those of `flatten`, named as one would write it: `zip[:2]`, `len(name)`,
`no % 10`, `days from signed to start`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from legacy_seam.values.flat import Value

_FEW = 12
"""Texts and numbers with no more distinct values than this are looked at one by one, and need no parts."""

_MOST_DATES = 6
_DATE = len("2026-02-28")

Row = Mapping[str, Value]
Derived = list[dict[str, Value]]
Part = Callable[[Value], Value]
"""A part of a value; None where it has none."""


def with_derived(rows: Sequence[Row]) -> tuple[Derived, set[str]]:
    """The rows with what can be derived of their features, and which features these are.

    >>> rows, added = with_derived([{"name": name} for name in (" Ann", "Bea", "BEN")])
    >>> rows[0]["name is tidy"], rows[1]["name is tidy"], sorted(added)
    (False, True, ['name is tidy'])
    """
    features = dict.fromkeys(name for row in rows for name in row)
    dates = [name for name in features if f"{name}.weekday" in features]
    made: Derived = [dict(row) for row in rows]
    for feature in features:
        values = [row.get(feature) for row in rows]
        texts = {value for value in values if isinstance(value, str)}
        numbers = {value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)}
        if texts and feature not in dates:
            _add(made, values, dict(_of_text(feature, len(texts) > _FEW)))
        if len(numbers) > _FEW and not feature.endswith((".year", ".month", ".day")):
            _add(made, values, {f"{feature} % 10": _last_digit, f"{feature} is whole": _whole})
    for feature in dates:
        _add(made, [row.get(feature) for row in rows], {f"{feature}.hour": _hour})
    for one, other in combinations(dates[:_MOST_DATES], 2):
        _add_gap(made, one, other)
    added = {name for row in made for name in row} - features.keys()
    idle = {name for name in added if len({row[name] for row in made if name in row}) < 2}
    for row in made:
        for name in idle & row.keys():
            del row[name]
    return made, added - idle


def _add(made: Derived, values: Sequence[Value], parts: Mapping[str, Part]) -> None:
    for name, part in parts.items():
        for row, value in zip(made, values, strict=True):
            found = part(value)
            if found is not None:
                row[name] = found


def _of_text(feature: str, are_many: bool) -> Iterator[tuple[str, Part]]:
    yield f"{feature} is tidy", lambda text: text == text.strip() if isinstance(text, str) else None
    if are_many:
        for length in (1, 2, 3):
            yield f"{feature}[:{length}]", functools.partial(_beginning, length=length)
        yield f"{feature}[-1:]", lambda text: text[-1:] if isinstance(text, str) else None
        yield f"len({feature})", lambda text: len(text) if isinstance(text, str) else None
        yield f"{feature} is ASCII", lambda text: text.isascii() if isinstance(text, str) else None


def _beginning(text: Value, length: int) -> Value:
    return text[:length] if isinstance(text, str) else None


def _hour(text: Value) -> Value:
    try:
        return datetime.datetime.fromisoformat(text).hour if isinstance(text, str) and len(text) > _DATE else None
    except ValueError:
        return None


def _last_digit(number: Value) -> Value:
    return number % 10 if isinstance(number, int) and not isinstance(number, bool) else None


def _whole(number: Value) -> Value:
    return number.is_integer() if isinstance(number, float) else None


def _add_gap(made: Derived, one: str, other: str) -> None:
    for row in made:
        first, last = _day(row.get(one)), _day(row.get(other))
        if first is not None and last is not None:
            row[f"days from {one} to {other}"] = (last - first).days


def _day(value: Value) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value[:_DATE]) if isinstance(value, str) else None
    except ValueError:
        return None
