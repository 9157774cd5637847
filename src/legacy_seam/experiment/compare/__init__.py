"""Comparators: when the results of control and candidate are the same, and how far apart they are if not."""

from legacy_seam.experiment.compare.comparators import (
    custom,
    decision,
    distribution,
    exact,
    exceptions,
    fields,
    frame,
    ignored,
    ranking,
    tolerance,
    unordered,
)
from legacy_seam.experiment.compare.verdict import Comparator, Verdict

__all__ = [
    "Comparator",
    "Verdict",
    "custom",
    "decision",
    "distribution",
    "exact",
    "exceptions",
    "fields",
    "frame",
    "ignored",
    "ranking",
    "tolerance",
    "unordered",
]
