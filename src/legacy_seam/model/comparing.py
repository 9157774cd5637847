"""Whether a challenger is no worse than the champion on rows that neither has learnt from.

The same rows are drawn again and again (a paired bootstrap), and the errors of both are compared each time. The
challenger is no worse where its error is, with confidence, below that of the champion and a margin: a share of the
champion's error. A difference that may be chance is not held against it, one that may be worse by more than the
margin is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from legacy_seam.model.metrics import Metric, area_errors, errors
from legacy_seam.rollout.ml import needed

State = Literal["better", "not worse", "worse", "INSUFFICIENT"]

_LEAST = 30
_DRAWS = 2_000
_AT_ONCE = 4_000_000
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it.

    state:      `better`: its error is smaller beyond doubt; `not worse`: it is within the margin beyond doubt;
                `worse`: it is larger than that beyond doubt; `INSUFFICIENT`: the rows do not tell.
    metric:     what was measured.
    champion, challenger: their errors.
    low, high:  of the difference (challenger less champion), with confidence.
    allowed:    how large it may be.
    rows:       how many were compared.
    told:       in words.
    """

    state: State
    metric: str
    champion: float
    challenger: float
    low: float
    high: float
    allowed: float
    rows: int
    told: str

    @property
    def may_replace(self) -> bool:
        """Whether the challenger may take the place of the champion."""
        return self.state in ("better", "not worse")


def compare(
    metric: Metric,
    labels: Sequence[Any],
    champion: Sequence[Any],
    challenger: Sequence[Any],
    margin: float = 0.05,
    confidence: float = 0.95,
) -> Comparison:
    """Compare the answers of both.

    Args:
        metric: what is measured.
        labels: what is right.
        champion, challenger: what they answer.
        margin: how much more error is no worse, as a share of the champion's.
        confidence: of the verdict.

    >>> right = [float(number) for number in range(100)]
    >>> compare("mae", right, [one + 1 for one in right], [one + 9 for one in right]).state
    'worse'
    """
    numpy = needed("numpy", "comparing models")
    rows = len(labels)
    if rows < _LEAST:
        told = f"{rows} rows are held out, and {_LEAST} are needed"
        return Comparison("INSUFFICIENT", metric, 0.0, 0.0, 0.0, 0.0, 0.0, rows, told)
    if metric == "auc":
        right = numpy.asarray(labels, dtype=float)
        columns: tuple[Any, ...] = (
            right,
            numpy.asarray(champion, dtype=float),
            numpy.asarray(challenger, dtype=float),
        )
        statistic: Any = _area_difference
        old, new = float(area_errors(right, columns[1])), float(area_errors(right, columns[2]))
    else:
        columns = (errors(metric, labels, challenger) - errors(metric, labels, champion),)
        statistic = _mean
        old, new = (float(errors(metric, labels, answers).mean()) for answers in (champion, challenger))
    if old != old or new != new:
        return Comparison("INSUFFICIENT", metric, 0.0, 0.0, 0.0, 0.0, 0.0, rows, "all labels held out are the same")
    low, high = _interval(columns, statistic, confidence)
    allowed = margin * old
    state: State = (
        "better" if high < -_NOTHING else "not worse" if high <= allowed + _NOTHING
        else "worse" if low > allowed else "INSUFFICIENT"
    )  # fmt: skip
    return Comparison(
        state, metric, old, new, low, high, allowed, rows, _told(metric, old, new, low, high, allowed, rows)
    )


def _interval(columns: tuple[Any, ...], statistic: Any, confidence: float) -> tuple[float, float]:
    """One-sided bounds on either side, each with this confidence."""
    stats, numpy = needed("scipy.stats", "comparing models"), needed("numpy", "comparing models")
    if len(columns) == 1 and not columns[0].any():
        return 0.0, 0.0
    found = stats.bootstrap(
        columns, statistic, paired=True, vectorized=True, n_resamples=_DRAWS, method="percentile",
        confidence_level=2 * confidence - 1, batch=max(1, _AT_ONCE // len(columns[0])),
        rng=numpy.random.default_rng(0),
    )  # fmt: skip
    drawn = found.bootstrap_distribution
    drawn = drawn[numpy.isfinite(drawn)]
    low, high = numpy.quantile(drawn, [1 - confidence, confidence])
    return float(low), float(high)


def _area_difference(labels: Any, champion: Any, challenger: Any, axis: int = -1) -> Any:
    return area_errors(labels, challenger) - area_errors(labels, champion)


def _mean(difference: Any, axis: int = -1) -> Any:
    return difference.mean(axis=axis)


def _told(metric: str, old: float, new: float, low: float, high: float, allowed: float, rows: int) -> str:
    name = {"auc": "1 - auc", "accuracy": "share of wrong answers"}.get(metric, metric)
    return (
        f"error ({name}) {new:.4g}, the champion's {old:.4g} on the same {rows:,} rows;"
        f" the difference is between {low:+.3g} and {high:+.3g}, {allowed:+.3g} is allowed"
    )
