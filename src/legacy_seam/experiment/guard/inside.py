"""One candidate, run within everything that is guarded."""

from __future__ import annotations

import contextvars
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

from legacy_seam.experiment.guard import audit, chance, logs
from legacy_seam.experiment.guard.databases import Databases
from legacy_seam.experiment.guard.notes import CANDIDATE, Notes
from legacy_seam.experiment.guard.reach import Reach, functions_in
from legacy_seam.experiment.guard.streams import STREAMS
from legacy_seam.experiment.guard.variables import Variables


class Guard:
    """Lets one candidate run beside one control.

    Args:
        control: The legacy function: its modules are what is protected.
        candidate: What is run.
    """

    def __init__(self, control: Any, candidate: Any) -> None:
        audit.arm()
        logs.arm()
        of_candidate = Reach(candidate)
        first = next(functions_in(candidate), None)
        first_of_control = next(functions_in(control), None)
        own = first.__globals__ if first is not None else None
        if first_of_control is not None and first_of_control.__globals__ is own:
            own = None
        of_control = Reach(control)
        self._variables = Variables(of_control, of_candidate, own)
        self._databases = Databases(of_control, of_candidate)

    def run(self, work: Callable[[], Any], notes: Notes) -> Any:
        """Do the work of a candidate, with everything put back afterwards; what it raises is raised."""
        return contextvars.copy_context().run(self._within, notes, work)

    def _within(self, notes: Notes, work: Callable[[], Any]) -> Any:
        CANDIDATE.set(notes)
        decimal = sys.modules.get("decimal")
        if decimal is not None:
            decimal.setcontext(decimal.getcontext().copy())
        return self.step(notes, work)

    def step(self, notes: Notes, work: Callable[[], Any]) -> Any:
        """A piece of the work, in a context that has been marked as the candidate's already."""
        state = chance.held()
        variables = self._variables.held() if self._variables.any else None
        filters = list(warnings.filters)
        connections = self._databases.held()
        STREAMS.shut()
        try:
            return work()
        finally:
            marked = CANDIDATE.set(None)
            STREAMS.open()
            chance.put_back(state)
            if variables is not None:
                self._variables.put_back(variables)
            if notes.environment:
                _restore_environment(notes)
            if warnings.filters != filters:
                _restore_filters(filters)
            if connections:
                self._databases.put_back(connections)
            CANDIDATE.reset(marked)


def _restore_environment(notes: Notes) -> None:
    for name, value in notes.environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    notes.environment.clear()


def _restore_filters(filters: list[Any]) -> None:
    module: Any = warnings
    module.filters[:] = filters
    if hasattr(module, "_filters_mutated"):  # so that what each module has warned of is looked at afresh
        module._filters_mutated()
