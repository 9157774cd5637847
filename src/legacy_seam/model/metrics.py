"""How well answers foretell labels, as errors: 0 is best, whatever is measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from legacy_seam.errors import SeamError
from legacy_seam.rollout.ml import needed

Metric = Literal["auc", "brier", "mae", "accuracy"]
METRICS: tuple[Metric, ...] = ("auc", "brier", "mae", "accuracy")


def metric_for(labels: Sequence[Any]) -> Metric:
    """What is measured where nobody says: `auc` of labels that are 0 and 1, `mae` of numbers, else `accuracy`.

    >>> metric_for([0, 1, 1]), metric_for([580, 612.5]), metric_for(["HOLD", "CALL"])
    ('auc', 'mae', 'accuracy')
    """
    if set(labels) <= {0, 1}:
        return "auc"
    return "mae" if all(isinstance(label, (int, float)) for label in labels) else "accuracy"


def scores(metric: Metric, labels: Sequence[Any], answers: Sequence[Any]) -> dict[str, float]:
    """All metrics that make sense of these, as people know them (an area under the curve, not its error)."""
    sklearn = needed("sklearn.metrics", "the metrics of a model")
    if metric == "accuracy":
        return {"accuracy": float(sum(map(_same, labels, answers)) / len(labels)) if labels else 0.0}
    found = {"mae": float(sklearn.mean_absolute_error(labels, answers))}
    if metric in ("auc", "brier"):
        if len(set(labels)) > 1:
            found["auc"] = float(sklearn.roc_auc_score(labels, answers))
        found["brier"] = sum((one - other) ** 2 for one, other in zip(labels, answers, strict=True)) / len(labels)
    elif len(labels) > 1:
        found["r2"] = float(sklearn.r2_score(labels, answers))
    return found


def errors(metric: Metric, labels: Any, answers: Any) -> Any:
    """The error of each row, for metrics that are means.

    Args:
        metric: `brier`, `mae` or `accuracy`.
        labels, answers: of the rows.
    """
    numpy = needed("numpy", "comparing models")
    if metric == "accuracy":
        return numpy.array([not _same(one, other) for one, other in zip(labels, answers, strict=True)], dtype=float)
    apart = numpy.abs(numpy.asarray(labels, dtype=float) - numpy.asarray(answers, dtype=float))
    return apart**2 if metric == "brier" else apart


def area_errors(labels: Any, answers: Any) -> Any:
    """One minus the area under the curve, for rows along the last axis; NaN where all labels are the same."""
    numpy, stats = needed("numpy", "comparing models"), needed("scipy.stats", "comparing models")
    ranks = stats.rankdata(answers, axis=-1)
    happened = labels.sum(axis=-1)
    not_happened = labels.shape[-1] - happened
    with numpy.errstate(divide="ignore", invalid="ignore"):
        above = (ranks * labels).sum(axis=-1) - happened * (happened + 1) / 2
        return 1 - above / (happened * not_happened)


def checked(metric: str | None, labels: Sequence[Any]) -> Metric:
    """The metric that was asked for, or the usual one.

    Raises:
        SeamError: it says nothing about such labels.
    """
    usual = metric_for(labels)
    if metric is None:
        return usual
    fits = {"auc": ("auc",), "brier": ("auc",), "mae": ("auc", "mae"), "accuracy": METRICS}
    if usual not in fits.get(metric, ()):
        raise SeamError(f"The metric {metric} says nothing about labels such as {labels[0]!r}.")
    return metric  # type: ignore[return-value]


def _same(label: Any, answer: Any) -> bool:
    return bool(label == answer) or str(label) == str(answer)
