"""The first candidate: the model decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from legacy_seam.experiment import load_model
from propensity.scale import points

MODEL = load_model(  # a worker loads it when it starts: the first call is not to wait for it
    Path(__file__).parents[1] / "models" / "naive", trusted=["propensity.features.Features"]
)


def score_points(s: int, brk: int, kept: int, acct: Mapping[str, Any], today: date) -> int:
    """The points of an account."""
    return points(MODEL(s, brk, kept, acct, today))
