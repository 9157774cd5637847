"""What is in each column: seen row by row, told at the end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from legacy_seam.values.flat import Value

Kind = Literal["integer", "number", "truth", "text", "mixed", "empty"]

_MOST_CATEGORIES = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dataset.

    name:       its path (`account.days`).
    kind:       `integer`, `number`, `truth`, `text`, `mixed` (text, where a format has types), or `empty`.
    missing:    rows in which it is None or absent, or no finite number.
    low, high:  of its numbers.
    categories: its texts, where they are few.
    """

    name: str
    kind: Kind
    missing: int
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    present: int = 0
    kinds: set[Kind] = field(default_factory=set)
    low: float = math.inf
    high: float = -math.inf
    texts: set[str] = field(default_factory=set)

    def add(self, value: Value) -> None:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return
        self.present += 1
        if isinstance(value, bool):
            self.kinds.add("truth")
        elif isinstance(value, (int, float)):
            self.kinds.add("integer" if isinstance(value, int) and abs(value) <= 2**53 else "number")
            self.low, self.high = min(self.low, value), max(self.high, value)
        else:
            self.kinds.add("text")
            if len(self.texts) <= _MOST_CATEGORIES:
                self.texts.add(value)

    def told(self, name: str, rows: int) -> Column:
        kind = _one_kind(self.kinds)
        has_range = kind in ("integer", "number")
        return Column(
            name,
            kind,
            rows - self.present,
            self.low if has_range else None,
            self.high if has_range else None,
            tuple(sorted(self.texts)) if kind == "text" and len(self.texts) <= _MOST_CATEGORIES else (),
        )


class Columns:
    """Columns as they are met.

    >>> columns = Columns()
    >>> columns.add({"days": 3, "tier": "G"}), columns.add({"days": 4.5})
    (None, None)
    >>> [(column.name, column.kind, column.missing) for column in columns.told()]
    [('days', 'number', 0), ('tier', 'text', 1)]
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._rows = 0

    def add(self, row: Mapping[str, Value]) -> None:
        """Look at one more row."""
        self._rows += 1
        for name, value in row.items():
            seen = self._seen.get(name)
            if seen is None:
                seen = self._seen[name] = _Seen()
            seen.add(value)

    def told(self) -> list[Column]:
        """All columns, in the order in which they were met."""
        return [seen.told(name, self._rows) for name, seen in self._seen.items()]


def _one_kind(kinds: set[Kind]) -> Kind:
    if not kinds:
        return "empty"
    if len(kinds) == 1:
        return next(iter(kinds))
    return "number" if kinds == {"integer", "number"} else "mixed"
