"""What really happened, by key; and how well answers foresaw it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.rollout.ml import needed
from legacy_seam.values.flat import Value


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by key, both as in the file."""

    by_key: dict[str, float]

    @staticmethod
    def load(path: Path) -> Labels:
        """Read a CSV file with the columns `key` and `label` (numbers; 0 and 1 for what did not, and did, happen).

        Raises:
            SeamError: it cannot be read.
        """
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return Labels({row["key"]: float(row["label"]) for row in csv.DictReader(file)})
        except OSError as error:
            raise SeamError(f"The labels {path} cannot be read: {error.strerror or error}.") from None
        except (KeyError, TypeError, ValueError) as error:
            raise SeamError(f"The labels {path} need the columns key and label, a number: {error}.") from None

    def of(self, key: Value) -> float | None:
        """The label of a key."""
        return None if key is None else self.by_key.get(str(key))

    def metric(self, name: str, truth: Sequence[float], answers: Sequence[float]) -> float | None:
        """How well answers foresaw labels; None where labels are all the same, of which `auc` says nothing."""
        metrics = needed("sklearn.metrics", "label metrics")
        if name == "mae":
            return float(metrics.mean_absolute_error(truth, answers))
        if name == "accuracy":
            return sum(one == other for one, other in zip(truth, answers, strict=True)) / len(truth)
        return float(metrics.roc_auc_score(truth, answers)) if len(set(truth)) > 1 else None
