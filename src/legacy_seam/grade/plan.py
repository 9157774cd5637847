"""What is to be graded, and how; and who is told how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legacy_seam.grade.equivalents import Equivalent
from legacy_seam.grade.memory import Memory
from legacy_seam.grade.operators import DEFAULT, Operator
from legacy_seam.grade.scope import Scope
from legacy_seam.plaindata import dataclass, field
from legacy_seam.values.tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be graded, and how.

    scope:      which functions.
    operators:  what makes mutants.
    tolerances: how far numbers in outcomes may be apart.
    equivalent: those of which a person has said that nobody can tell them from the original, by identity.
    memory:     verdicts of earlier runs; new ones are put into it.
    probes:     look for inputs on which survivors would be noticed.
    for_others: seconds of processor time for mutants of operators that are not in the small set; those for which
                no time is left are not judged.
    everyone:   seconds of processor time for asking all cases which mutants they notice, and not just until one
                does; mutants of the small set come first.
    outside:    so many mutants of each module are tried that stand outside of its functions: each takes an import.
    """

    scope: Scope = field(default_factory=Scope)
    operators: Sequence[Operator] = DEFAULT
    tolerances: tuple[Tolerance, ...] = ()
    equivalent: Mapping[str, Equivalent] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    probes: bool = True
    for_others: float = float("inf")
    everyone: float = 0.0
    outside: int = 0


class Watcher:
    """Told how far grading is. Does nothing itself."""

    def begins(self, world: int, of: int) -> None:
        """The cases of a world are about to be replayed."""

    def expects(self, mutants: int) -> None:
        """So many mutants are to be tried in this world."""

    def judged(self, mutants: int) -> None:
        """So many more were."""

    def works(self) -> None:
        """Something goes on."""
