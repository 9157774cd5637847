"""What production imports: a candidate beside a legacy function, in shadow, in a canary, live.

    from legacy_seam.experiment import Experiment, tolerance

    rules._score_impl = Experiment(
        "score", control=rules._score_legacy, candidate="scoring.model:score", mode="worker",
        key="account.id", compare=tolerance(abs=1), log=PredictionLog("predictions.db"),
    )

Nothing here imports the rest of the toolkit, or anything that is not Python's own.
"""

from typing import TYPE_CHECKING

from legacy_seam.experiment.breaker import Breaker
from legacy_seam.experiment.budget import Budget
from legacy_seam.experiment.compare import (
    Comparator,
    Verdict,
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
from legacy_seam.experiment.experiment import Experiment, experiment
from legacy_seam.experiment.log.prediction_log import PredictionLog
from legacy_seam.experiment.models import LoadedModel, ModelLoadFailed, VersionMismatch
from legacy_seam.experiment.observation import Model, Observation, Outcome, Raised
from legacy_seam.experiment.replaying import RecordedCall, replay
from legacy_seam.experiment.scoring import score_queued
from legacy_seam.experiment.serving import REASONS, Contract, Field, Serving
from legacy_seam.experiment.serving.canary_file import CanaryFile
from legacy_seam.experiment.switches import Sampling

if TYPE_CHECKING:
    from legacy_seam.experiment.model_files import load_model as load_model


def __getattr__(name: str) -> object:
    """`load_model`, when it is asked for: a program whose candidate is a function does without."""
    if name != "load_model":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from legacy_seam.experiment.model_files import load_model

    return load_model


__all__ = [
    "REASONS",
    "Breaker",
    "Budget",
    "CanaryFile",
    "Comparator",
    "Contract",
    "Experiment",
    "Field",
    "LoadedModel",
    "Model",
    "ModelLoadFailed",
    "Observation",
    "Outcome",
    "PredictionLog",
    "Raised",
    "RecordedCall",
    "Sampling",
    "Serving",
    "Verdict",
    "VersionMismatch",
    "custom",
    "decision",
    "distribution",
    "exact",
    "exceptions",
    "experiment",
    "fields",
    "frame",
    "ignored",
    "load_model",
    "ranking",
    "replay",
    "score_queued",
    "tolerance",
    "unordered",
]
