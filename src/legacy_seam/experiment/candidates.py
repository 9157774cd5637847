"""Candidates by their names: a function of a module, or a model in its directory."""

from __future__ import annotations

import os

from legacy_seam.experiment.models import LoadedModel


def candidate_called(name: str, *, trusted: tuple[str, ...] = (), allow_pickle: bool = False) -> LoadedModel:
    """A candidate by its name, which is loaded when it is needed.

    Args:
        name: `module:attribute`, or a path: the directory of a model, or of several with a champion.
        trusted, allow_pickle: How far a model's file is trusted; see `load_model`.

    Raises:
        SeamError: There is no model at the path.

    >>> candidate_called("math:floor")(2.5)
    2
    """
    if not is_place(name):
        return LoadedModel(name)
    from legacy_seam.experiment.model_files import load_model  # which a candidate that is a function does without

    return load_model(name, trusted=trusted, allow_pickle=allow_pickle)


def is_place(candidate: str) -> bool:
    """Whether the name of a candidate is a path, and not `module:attribute`.

    >>> is_place("models/propensity"), is_place("scoring.model:score")
    (True, False)
    """
    return "/" in candidate or os.sep in candidate
