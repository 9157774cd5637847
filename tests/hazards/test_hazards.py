"""Every mode comes through the hazards of trying a candidate beside a legacy function."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from hazards.catalogue import HAZARDS, Hazard, survives
from hazards.trials import ExperimentTrial
from legacy_seam.experiment.runners import Mode

FELT = "a candidate that hangs is not felt"
"""The one that cannot be kept from the caller in one thread."""


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.name.replace(" ", "-"))
@pytest.mark.parametrize("mode", ["inline", "worker", "fork"])
def test_the_legacy_system_comes_through(mode: Mode, hazard: Hazard) -> None:
    with closing(ExperimentTrial(mode)) as trial:
        assert survives(hazard, trial) is not (mode == "inline" and hazard.name == FELT)


class Unguarded:
    """The candidate called as a beginner would: what the suite has to find fault with."""

    def around(
        self,
        control: Callable[..., Any],
        candidate: Callable[..., Any],
        *,
        compare: Callable[[Any, Any], object] | None = None,
        publish: Callable[[bool], object] | None = None,
    ) -> Callable[..., Any]:
        def seam(*arguments: Any) -> Any:
            answer = control(*arguments)
            tried = candidate(*arguments)
            same = compare(answer, tried) if compare is not None else answer == tried
            if publish is not None:
                publish(bool(same))
            return answer

        return seam

    def settle(self) -> None:
        """Nothing runs aside."""


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.name.replace(" ", "-"))
def test_the_hazard_is_one(hazard: Hazard) -> None:
    assert not survives(hazard, Unguarded()) or hazard.name == "the library leaves a seeded random stream alone"
