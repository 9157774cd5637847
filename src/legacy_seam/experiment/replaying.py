"""Offline: recorded calls through control and candidate, with nothing at risk. The first step of an experiment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter_ns, time_ns
from typing import TYPE_CHECKING, Any, Literal

from legacy_seam.experiment.buckets import bucket
from legacy_seam.experiment.observation import Observation, Outcome, Raised
from legacy_seam.experiment.runners import make_runner
from legacy_seam.experiment.runners.running import Ran, Runner
from legacy_seam.experiment.snapshots import CannotSnapshot, snapshot, snapshot_of_call
from legacy_seam.plaindata import dataclass, field

if TYPE_CHECKING:
    from legacy_seam.experiment.experiment import Experiment


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call to be replayed.

    Args:
        arguments: The positional arguments.
        named: The arguments by name.
        outcome: How legacy ended when it was recorded; None to run the control now.
        at: When it was recorded, in nanoseconds since 1970 (UTC); 0 for now.
    """

    arguments: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None
    at: int = 0


def replay(
    experiment: Experiment,
    calls: Iterable[RecordedCall | tuple[tuple[Any, ...], dict[str, Any]]],
    *,
    aa: bool = False,
    mode: Literal["inline", "worker", "fork"] = "inline",
) -> Iterator[Observation]:
    """Run recorded calls through control and candidate, one after the other.

    Args:
        experiment: Whose functions and comparators are used. Its log gets nothing of this.
        calls: `RecordedCall`s, or pairs of positional arguments and arguments by name. A control that changes its
            arguments changes a copy of them.
        aa: Run the control against itself, which shows how much it departs from itself.
        mode: Where the candidate runs.

    Yields:
        One observation for each call, in order, with `mode` "replay". Where the arguments cannot be copied, its
        `reason` is `cannot_snapshot` and there is no verdict.
    """
    control = experiment.control
    candidate = control if aa else experiment.candidate
    runner = make_runner(mode, control, candidate, experiment.deadline, True, 1)
    assert runner is not None
    try:
        runner.start()
        for call in calls:
            yield _replayed(experiment, runner, call if isinstance(call, RecordedCall) else RecordedCall(*call))
    finally:
        runner.close()


def _replayed(experiment: Experiment, runner: Runner, call: RecordedCall) -> Observation:
    inputs: dict[str, Any] | None = None
    outcome = call.outcome
    try:
        prepared = runner.prepare(call.arguments, call.named)
        outcome = outcome or _ended(experiment, call)
    except CannotSnapshot as error:
        ran = Ran(failure="cannot_snapshot", detail=str(error))
        outcome = outcome or Outcome()
    else:
        found = runner.inputs(prepared)
        runner.start()  # again, where the call before took it down: here there is time to wait
        ran = runner.serve(prepared)
        inputs = experiment.parameters.named(*found) if found is not None else None
    key = experiment.key_of(call.arguments, call.named)
    verdict = None
    if ran.outcome is not None:
        verdict = experiment.compare_outcomes(outcome, ran.outcome, experiment.serving)
    return Observation(
        experiment.name, call.at or time_ns(), "replay", experiment.serving.stage, "legacy", key,
        None if key is None else bucket(experiment.serving.salt, experiment.name, key), inputs, outcome,
        ran.outcome, outcome.value, ran.failure, ran.detail, verdict, ran.denied, experiment.model,
    )  # fmt: skip


def _ended(experiment: Experiment, call: RecordedCall) -> Outcome:
    """How the control ends now."""
    arguments, named = snapshot_of_call(call.arguments, call.named)
    begun = perf_counter_ns()
    try:
        value = experiment.control(*arguments, **named)
    except Exception as error:
        return Outcome(raised=Raised.of(error), nanoseconds=perf_counter_ns() - begun)
    took = perf_counter_ns() - begun
    return Outcome(snapshot(value), None, took)
