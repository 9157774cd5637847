"""Which cases may notice a mutant: those that run the place where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legacy_seam.grade.mutants import Function, Mutant
from legacy_seam.grade.worlds import Ran
from legacy_seam.plaindata import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases of a world run.

    Args:
        ran: by the number of a case. seconds: how long each takes, by its number. stateful: cases of which
        something is left in the process: where these come in, a line that is not run may be
            run once the process is a fresh one.
    """

    ran: Mapping[int, Ran]
    seconds: Mapping[int, float]
    stateful: frozenset[int]

    def of_function(self, file: str, function: Function) -> list[int]:
        """The cases that call a function, or one that stands in it: whatever made that may have run at import."""
        first, last = function.first, function.last
        return self._cheapest_first(
            [
                number
                for number, one in self.ran.items()
                if any(first <= line <= last for _, line in one.functions.get(file, ()))
            ]
        )

    def of_mutant(self, mutant: Mutant, file: str, callers: Sequence[int]) -> list[int]:
        """Those of the callers of its function that run the place of a mutant, the cheapest first."""
        first, last = mutant.lines
        if self.is_stateful(callers):
            return list(callers) if any(self._runs(n, file, first, last) for n in callers) else []
        return [number for number in callers if self._runs(number, file, first, last)]

    def is_stateful(self, numbers: Sequence[int]) -> bool:
        """Is anything left of some of these cases?"""
        return not self.stateful.isdisjoint(numbers)

    def _runs(self, number: int, file: str, first: int, last: int) -> bool:
        lines = self.ran[number].lines.get(file, ())
        return any(line in lines for line in range(first, last + 1))

    def _cheapest_first(self, numbers: Sequence[int]) -> list[int]:
        return sorted(numbers, key=lambda number: (self.seconds.get(number, 0.0), number))
