"""The ways in which legacy-seam runs a candidate, as trials of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from legacy_seam.experiment import Experiment, Observation
from legacy_seam.experiment.runners import Mode


class ExperimentTrial:
    """An `Experiment` in one mode, with everything else as it comes.

    No breaker, since each call is to be seen, and a deadline that a busy machine can keep.
    """

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self.experiment: Experiment | None = None

    def around(
        self,
        control: Callable[..., Any],
        candidate: Callable[..., Any],
        *,
        compare: Callable[[Any, Any], object] | None = None,
        publish: Callable[[bool], object] | None = None,
    ) -> Callable[..., Any]:
        def published(observation: Observation) -> None:
            if publish is not None and observation.verdict is not None:
                publish(observation.verdict.match)

        self.experiment = Experiment(
            "hazard", control, candidate, self._mode, compare=compare, breaker=False, log=published, deadline=30
        )
        return self.experiment

    def settle(self) -> None:
        assert self.experiment is not None
        assert self.experiment.settle(30)

    def close(self) -> None:
        if self.experiment is not None:
            self.experiment.close()
