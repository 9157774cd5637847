"""What runs of the program's functions when it is imported: decorators, makers of tables, metaclasses.

A mutant that is put into a program which has been imported comes too late for those calls.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from legacy_seam.calls import Case
from legacy_seam.grade.mutants import Function, Mutant
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Batch, Conditions, Replayer
from legacy_seam.replay.steps import Step


@dataclass(frozen=True, slots=True)
class AtImport:
    """What an import runs.

    steps: from line to line, by file; where code begins, the first of them is its first line, made negative.
    """

    steps: Mapping[str, Collection[Step]] = field(default_factory=dict)

    def runs(self, mutant: Mutant, function: Function, file: str) -> bool:
        """Does it run the place of a mutant, in a call of its function or of what stands in that?"""
        steps = self.steps.get(file, ())
        first, last = mutant.lines
        is_called = any(function.first <= -before <= function.last for before, _ in steps)
        return is_called and any(first <= line <= last for _, line in steps)


def watch_import(replayer: Replayer, batches: Sequence[Batch], case: Case) -> AtImport:
    """Have the program of some batches imported, and a case replayed, to see what runs.

    Args:
        replayer: runs calls.
        batches: one of them has the case.
        case: one that can be replayed.
    """
    calls = [
        replace(batch, calls=(case.call,))
        for batch in batches
        if batch.target == case.call.target and case.call in batch.calls
    ]
    steps: dict[str, set[Step]] = {}
    for replayed in replayer.run(calls, Conditions(trace_steps=True)):
        for file, some in replayed.at_import.items():
            steps.setdefault(file, set()).update(some)
    return AtImport(steps)
