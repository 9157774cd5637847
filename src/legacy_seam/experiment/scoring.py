"""Scoring later what mode `queue` has logged: many calls at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.log.prediction_log import PredictionLog
from legacy_seam.experiment.log.reading import Prediction
from legacy_seam.experiment.observation import Observation, Outcome, Raised

if TYPE_CHECKING:
    from legacy_seam.experiment.experiment import Experiment

Many = Callable[[list[dict[str, Any]]], Sequence[Any]]
"""A candidate for many calls: given the inputs of each by parameter, it gives the answers in the same order."""


def score_queued(
    experiment: Experiment, log: PredictionLog, *, many: Many | None = None, batch: int = 500
) -> Iterator[Observation]:
    """Run the candidate over the calls that an experiment in mode `queue` has logged.

    Args:
        experiment: Whose candidate and comparators are used.
        log: The log it wrote.
        many: A candidate for many calls at once. Without one, `experiment.candidate` is called for each.
        batch: How many calls are given to `many` at once.

    Yields:
        One observation for each call, oldest first. The log is left as it is. Where inputs were logged as a
        description only, `reason` is `cannot_snapshot` and there is no verdict.

    Raises:
        SeamError: The log cannot be read, or `many` gave another number of answers than it got inputs.
    """
    waiting: list[Prediction] = []
    for row in log.rows(experiment.name, mode="queue"):
        waiting.append(row)
        if len(waiting) >= batch:
            yield from _scored(experiment, waiting, many)
            waiting = []
    if waiting:
        yield from _scored(experiment, waiting, many)


def _scored(experiment: Experiment, rows: list[Prediction], many: Many | None) -> Iterator[Observation]:
    usable = [row for row in rows if row.inputs is not None and not _described(row)]
    outcomes = dict(zip([row.id for row in usable], _outcomes(experiment, usable, many), strict=True))
    for row in rows:
        yield _observation(experiment, row, outcomes.get(row.id))


def _outcomes(experiment: Experiment, rows: list[Prediction], many: Many | None) -> list[Outcome]:
    inputs: list[dict[str, Any]] = [row.inputs or {} for row in rows]
    if many is None:
        return [_one(experiment, one) for one in inputs]
    if not inputs:
        return []
    begun = perf_counter_ns()
    answers = list(many(inputs))
    if len(answers) != len(inputs):
        raise SeamError(f"The candidate of {experiment.name} gave {len(answers)} answers to {len(inputs)} calls.")
    each = (perf_counter_ns() - begun) // len(inputs)
    return [Outcome(answer, None, each) for answer in answers]


def _one(experiment: Experiment, inputs: dict[str, Any]) -> Outcome:
    arguments, named = experiment.parameters.call(inputs)
    begun = perf_counter_ns()
    try:
        value = experiment.candidate(*arguments, **named)
    except Exception as error:
        return Outcome(raised=Raised.of(error), nanoseconds=perf_counter_ns() - begun)
    return Outcome(value, None, perf_counter_ns() - begun)


def _observation(experiment: Experiment, row: Prediction, candidate: Outcome | None) -> Observation:
    raised = row.control_raised
    control = Outcome(row.control, None if raised is None else Raised(**raised), row.control_ns)
    verdict = None if candidate is None else experiment.compare_outcomes(control, candidate, experiment.serving)
    return Observation(
        row.experiment, _nanoseconds(row.at), "queue", row.stage, row.arm, row.key, row.bucket, row.inputs, control,
        candidate, row.served, "cannot_snapshot" if candidate is None else row.reason, row.detail, verdict, (),
        experiment.model,
    )  # fmt: skip


def _described(row: Prediction) -> bool:
    return "$object" in repr(row.inputs)


def _nanoseconds(at: str) -> int:
    import calendar
    import time

    whole, _, fraction = at.rstrip("Z").partition(".")
    seconds = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return seconds * 1_000_000_000 + int(fraction) * 1000
