"""What customers did within thirty days: drawn from what is true of them, which is not all that the program sees.

The generator of the example knows it; a data scientist only ever sees `payments.csv`.
"""

from __future__ import annotations

import calendar
import math
import random
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

LATE = ((0, 120), (15, 80), (30, 40), (60, -20), (90, -80))
TIERS = {"G": 90, "S": 50, "B": 10}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an account paid, and when that was known."""

    account: str
    paid: bool
    known: date


def outcomes(directory: Path, day: date) -> list[Outcome]:
    """What became of the accounts of a night, of the database that it left."""
    with sqlite3.connect(directory / "halloran.db") as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM accounts WHERE status <> 'C' ORDER BY acct_no").fetchall()
        history = database.execute("SELECT acct_no, dt, kind FROM hist").fetchall()
    database.close()
    found = []
    for row in rows:
        mine = [one for one in history if one["acct_no"] == row["acct_no"]]
        chance = 1 / (1 + math.exp((400 - standing(row, mine, day)) / 45))
        drawn = random.Random(row["acct_no"]).random()
        found.append(Outcome(row["acct_no"], drawn < chance, day + timedelta(days=30)))
    return found


def standing(row: sqlite3.Row, history: list[sqlite3.Row], day: date) -> float:
    """How good a payer somebody is. A gold customer is one however the tier is spelled, and late is late."""
    points = 300.0 + TIERS.get((row["tier"] or "").strip().upper(), 0)
    late = (day - last_possible(row["due_y"], row["due_m"], row["due_d"])).days
    points += next((worth for most, worth in LATE if late <= most), -150)
    balance = row["balance"]
    points += 40 if balance < 100 else 20 if balance < 1000 else -90 if balance > 20_000 else 0
    a_year_ago = (day - timedelta(days=365)).isoformat()
    broken = sum(one["kind"] == "BRK" for one in history)
    kept = sum(one["kind"] == "PAY" and one["dt"] > a_year_ago for one in history)
    points += 15 * min(kept, 4) - 35 * min(broken, 4)
    return points + ((row["bscore"] or 500) - 500) / 4


def last_possible(year: int, month: int, day: int) -> date:
    """A due date; the last of the month where there is no such day."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
