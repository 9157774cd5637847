"""Inputs with mismatches in places that are known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]

PLANTED: Mapping[str, Callable[[Row], bool]] = {
    "a region": lambda row: bool(row["region"] == "HH"),
    "a spelling": lambda row: bool(row["tier"] == " G" and row["region"] != "HH"),
    "big and late": lambda row: bool(row["amount"] > 9000 and row["days"] > 90),
    "the end of a month": lambda row: bool(row["day"] == 31),
}


def inputs(count: int, chance: random.Random) -> list[Row]:
    """Rows of a made-up collections department."""
    return [
        {
            "region": chance.choices(["HH", "MUC", "BER", "CGN", "LEJ"], [2, 30, 30, 20, 18])[0],
            "tier": chance.choices(["G", "S", "B", " G"], [30, 30, 37, 3])[0],
            "amount": round(chance.expovariate(1 / 3000), 2),
            "days": chance.randint(0, 180),
            "day": chance.randint(1, 31),
            "disputed": chance.random() < 0.05,
            "calls": chance.randint(0, 9),
            "age": chance.randint(18, 90),
        }
        for _ in range(count)
    ]


def departures(rows: list[Row], chance: random.Random, noise: float) -> list[bool]:
    """Mismatches: in nine of ten rows that are planted, and in so many of all others."""
    return [chance.random() < (0.9 if any(holds(row) for holds in PLANTED.values()) else noise) for row in rows]
