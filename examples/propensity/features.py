"""What the two models look at: rows of a recording, made into numbers and categories."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]


def cleaned(row: Row) -> dict[str, Any]:
    """As one does it: from the raw data, tidied up, with no regard to the old score."""
    return {
        "late": band(days_late(row), (0, 15, 30, 60, 90)),
        "tier": (row["acct.tier"] or "none").strip().upper(),
        "balance": band(row["acct.balance"], (100, 1000, 5000, 20_000)),
        "broken": min(row["brk"], 4),
        "kept": min(row["kept"], 4),
        "bureau": row["acct.bscore"] or 575,
        "customer since": row["acct.opened.year"] or 2020,
    }


def as_legacy_sees_it(row: Row) -> dict[str, Any]:
    """The points that legacy has given so far, and what it is about to look at, with its own limits."""
    years = row["today.year"] - (row["acct.opened.year"] or row["today.year"])
    bureau = 500 if row["acct.bscore"] is None else row["acct.bscore"]
    return {
        "points": row["s"],
        "broken": min(row["brk"], 4),
        "kept": min(row["kept"], 4),
        "bureau": max(340, min(700, bureau)),
        "years": min(years, 12),
    }


def days_late(row: Row) -> int:
    """Days since the due date; 31 February is the last of February."""
    year, month, day = row["acct.due_y"], row["acct.due_m"], row["acct.due_d"]
    due = date(year, month, min(day, calendar.monthrange(year, month)[1]))
    return max(0, (date.fromisoformat(row["today"]) - due).days)


def band(value: float, limits: Iterable[float]) -> str:
    """The name of the band that a number falls into."""
    return next((f"up to {limit}" for limit in limits if value <= limit), "more")


class Features:
    """The first step of a model: each row becomes what a function makes of it.

    Args:
        made_by: the name of one of the functions above.
    """

    def __init__(self, made_by: str = "cleaned") -> None:
        self.made_by = made_by

    def fit(self, rows: Iterable[Row], labels: object = None) -> Features:
        """There is nothing to be learnt."""
        return self

    def transform(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """The features of each row."""
        make: Callable[[Row], dict[str, Any]] = globals()[self.made_by]
        return [make(row) for row in rows]
