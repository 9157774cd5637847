"""The recorded call most like a given one on which both sides agree: what differs between the two is the clue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legacy_seam.values.flat import Value


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest row.

    place:    which one it is.
    distance: from 0 (the same) to 1, Gower's (1971): the mean over features of the difference, of numbers as a
              share of their range, of anything else 0 or 1.
    differs:  feature -> the value here, and there; the farthest apart first. None: missing.
    """

    place: int
    distance: float
    differs: dict[str, tuple[Value, Value]]


class Neighbours:
    """Rows among which neighbours are looked for.

    Args:
        rows: flat inputs.

    >>> Neighbours([{"days": 1, "tier": "G"}, {"days": 9, "tier": "G"}]).nearest({"days": 2, "tier": "G"}).place
    0
    """

    def __init__(self, rows: Sequence[Mapping[str, Value]]) -> None:
        self._rows = rows
        self._ranges: dict[str, float] = {}
        for feature in dict.fromkeys(name for row in rows for name in row):
            numbers = [number for row in rows if (number := _number(row.get(feature))) is not None]
            self._ranges[feature] = max(numbers) - min(numbers) if numbers else 0.0

    def nearest(self, row: Mapping[str, Value]) -> Neighbour | None:
        """The row nearest to this one; None where there is none at all."""
        if not self._rows:
            return None
        place = min(range(len(self._rows)), key=lambda one: sum(self._apart(row, self._rows[one]).values()))
        apart = self._apart(row, self._rows[place])
        features = len({*row, *self._rows[place]}) or 1
        there = self._rows[place]
        far = sorted(apart, key=lambda name: -apart[name])
        return Neighbour(
            place,
            sum(apart.values()) / features,
            {name: (row.get(name), there.get(name)) for name in far if apart[name] > 0},
        )

    def _apart(self, one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, float]:
        return {name: self._difference(name, one, other) for name in {**one, **other}}

    def _difference(self, name: str, one: Mapping[str, Value], other: Mapping[str, Value]) -> float:
        if name not in one or name not in other:
            return 1.0
        if one[name] == other[name]:
            return 0.0
        here, there = _number(one[name]), _number(other[name])
        if here is None or there is None:
            return 1.0
        width = self._ranges.get(name, 0.0)
        return min(1.0, abs(here - there) / width) if width else 1.0


def _number(value: Value) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
    return float(value) if is_number and value is not None else None
