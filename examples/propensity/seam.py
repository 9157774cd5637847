"""What stands in the seam for a night: nothing, a log, or the careful candidate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from legacy_seam.experiment import CanaryFile, Experiment, PredictionLog
from propensity.checks import same_step

PROGRAM = Path(__file__).resolve().parents[1]
LOG = PROGRAM / "predictions.db"
CANARY = PROGRAM / "careful.canary.json"
CANDIDATE = "propensity.careful:score_points"

Around = Callable[[], AbstractContextManager[None]]


@contextmanager
def as_it_is() -> Iterator[None]:
    """The program, and nothing in the place of anything."""
    yield


@contextmanager
def with_a_log() -> Iterator[None]:
    """Legacy answers; what it was given and what it answered is logged. No model is needed, and none is loaded."""
    with PredictionLog(LOG) as log:
        put_into_the_seam(log=log, mode="queue")
        yield


@contextmanager
def with_the_model() -> Iterator[None]:
    """The candidate in a process of its own. For whom it answers, the file of the canary says."""
    with PredictionLog(LOG) as log:
        experiment = put_into_the_seam(log=log, mode="worker", serving=CanaryFile(CANARY))
        experiment.start()
        yield
        experiment.settle()
        experiment.close()


def put_into_the_seam(**settings: object) -> Experiment:
    """The experiment in the place of the legacy function."""
    import collect

    experiment = Experiment(
        "score",
        control=collect._score_points_legacy,
        candidate=CANDIDATE,
        key="acct.no",
        compare=same_step,
        deadline=10.0,
        **settings,
    )
    collect._score_points_impl = experiment
    return experiment


SEAMS: dict[str, Around] = {"legacy": as_it_is, "log": with_a_log, "model": with_the_model}
