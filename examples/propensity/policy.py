"""What no model decides: accounts whose score somebody has a right to.

Disputed accounts are a matter of law, region HH one of a contract. They get the points that they have always got:
legacy's rule, written down once more, in words that can be read. The gate holds it to legacy on each recorded call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def is_bound(acct: Mapping[str, Any]) -> bool:
    """Is the score of this account none of the model's business?"""
    return bool(acct["disputed"]) or acct["region"] == "HH"


def rule(s: int, brk: int, kept: int, acct: Mapping[str, Any], today: date) -> int:
    """The points by the old rule."""
    s += 15 * min(kept, 4) - 35 * min(brk, 4)
    years = full_years(acct["opened"], today)
    s += 50 if years >= 10 else 30 if years >= 5 else 10 if years >= 1 else 0
    if acct["bscore"] is not None:
        s += max(-40, min(50, (acct["bscore"] - 500) // 4))
    return max(0, min(710, s))


def full_years(since: date | None, today: date) -> int:
    """Birthdays between two dates."""
    if since is None:
        return 0
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))
