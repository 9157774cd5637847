"""A prediction log as samples: what an experiment has seen in production."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from legacy_seam.dataset.samples import ANSWER, Sample
from legacy_seam.experiment import PredictionLog
from legacy_seam.experiment.log.reading import Prediction
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten


def logged_samples(
    log: PredictionLog,
    experiment: str,
    left_out: Counter[str],
    since: float | None = None,
    until: float | None = None,
) -> Iterator[Sample]:
    """The calls of an experiment, the earliest first.

    Args:
        log: the log.
        experiment: the name of the experiment.
        left_out: counts the calls that are no samples, by reason.
        since, until: seconds since the epoch: from the one, to before the other.
    """
    for row in log.rows(experiment):
        at = datetime.fromisoformat(row.at).timestamp()
        if (since is not None and at < since) or (until is not None and at >= until):
            continue
        why = _unfit(row)
        if why:
            left_out[why] += 1
            continue
        texts = encode_roots({**(row.inputs or {}), ANSWER: row.control})
        answer = flatten({ANSWER: texts.pop(ANSWER)})
        yield Sample(row.id, at, 1, flatten(texts), answer)


def _unfit(row: Prediction) -> str:
    if row.control_raised:
        return "legacy raised"
    return "its inputs were not kept" if row.inputs is None else ""
