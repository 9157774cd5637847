"""The second candidate: the model decides where it may, and policy stands outside of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from legacy_seam.experiment.model_files import load_model
from propensity import policy
from propensity.scale import points

MODEL = load_model(
    Path(__file__).parents[1] / "models" / "careful", trusted=["propensity.features.Features"]
).load()  # now: the first call is not to wait for it


def score_points(s: int, brk: int, kept: int, acct: Mapping[str, Any], today: date) -> int:
    """The points of an account."""
    if policy.is_bound(acct):
        return policy.rule(s, brk, kept, acct, today)
    return points(MODEL(s, brk, kept, acct, today))
