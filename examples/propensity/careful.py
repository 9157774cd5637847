"""The second candidate: the model decides where it may, and policy stands outside of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from legacy_seam.experiment import load_model
from propensity import policy
from propensity.scale import points

MODEL = load_model(  # a worker loads it when it starts: the first call is not to wait for it
    Path(__file__).parents[1] / "models" / "careful", trusted=["propensity.features.Features"]
)


def score_points(s: int, brk: int, kept: int, acct: Mapping[str, Any], today: date) -> int:
    """The points of an account."""
    if policy.is_bound(acct):
        return policy.rule(s, brk, kept, acct, today)
    return points(MODEL(s, brk, kept, acct, today))
