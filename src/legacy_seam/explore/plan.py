"""How targets are explored, what came of it, and who is told how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from legacy_seam.calls import Case
from legacy_seam.explore.budget import Budget
from legacy_seam.explore.proposals import Remark
from legacy_seam.grade.plan import Plan as GradePlan
from legacy_seam.targets import Target


@dataclass(frozen=True, slots=True)
class Plan:
    """How to explore.

    budget:   of one target.
    grade:    how mutants are made and judged; None leaves them out.
    runs:     how often a call is replayed before it is proposed.
    keep_all: propose everything that was kept, not the fewest.
    """

    budget: Budget = field(default_factory=Budget)
    grade: GradePlan | None = field(default_factory=GradePlan)
    runs: int = 3
    keep_all: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A case that is proposed, and what is said of it. outcome: what comes of it, in a few words."""

    case: Case
    remark: Remark
    outcome: str


@dataclass(frozen=True, slots=True)
class Explored:
    """What came of exploring a target.

    tried:    calls; refused: those of them that came to nothing, since they could not be made or did not end.
    branches: that recorded cases take, and that are taken with what was found.
    moved:    found calls that did not hold still, and are not proposed.
    score:    mutation score of the golden master as it is, and with what is proposed; None where it is not known.
    path:     the file with the proposal; None where there is nothing to propose.
    problem:  why nothing could be explored.
    """

    target: Target
    tried: int = 0
    refused: int = 0
    branches: tuple[int, int] = (0, 0)
    moved: int = 0
    proposed: tuple[Proposed, ...] = ()
    score: tuple[float | None, float | None] = (None, None)
    path: Path | None = None
    problem: str | None = None


class Watcher:
    """Told how far exploring is. Does nothing itself."""

    def tried(self, target: Target, calls: int, kept: int, seconds: float) -> None:
        """So many calls were tried, so many kept, in so many seconds of the budget."""

    def proves(self, target: Target) -> None:
        """What was found is being replayed under perturbation, and asked what it notices."""
