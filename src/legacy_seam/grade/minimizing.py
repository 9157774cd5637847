"""Making a golden master smaller, with the proof that it is none the weaker for it.

First the fewest cases are chosen that take every path and step and end in every way in which all do. Then they
are graded; of the mutants that go unnoticed now, those cases come back by which they were noticed, the most telling
half at a time, until none is left. The proof is made anew, of the cases that stay and of nothing else: they are
watched once more, graded once more, and compared with all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.fewest import Trait, fewest
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.selecting import watched
from legacy_seam.golden.traits import candidates
from legacy_seam.grade.grading import grade
from legacy_seam.grade.memory import Ground, Memory
from legacy_seam.grade.mutants import Mutant
from legacy_seam.grade.plan import Plan
from legacy_seam.grade.score import plain
from legacy_seam.grade.verdicts import DETECTED, Graded, Judged
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Replayer
from legacy_seam.targets import Target

_MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Strength:
    """What some cases show and notice.

    steps:   paths through the function, and steps elsewhere. sorts: of effects.
    mutants: those that are noticed, by identity.
    score:   the mutation score.
    """

    steps: frozenset[Trait]
    sorts: frozenset[Trait]
    mutants: frozenset[str]
    score: float | None

    def lacks(self, other: Strength) -> list[str]:
        """What the other has and this has not, in words."""
        missing = {
            "paths and steps": other.steps - self.steps,
            "sorts of effects": other.sorts - self.sorts,
            "mutants that were noticed": other.mutants - self.mutants,
        }
        return [f"{len(some)} {name}" for name, some in missing.items() if some]


@dataclass(frozen=True, slots=True)
class Minimized:
    """What came of it.

    whole:    the golden master as it was. master: the smaller one; None where nothing can be left out.
    strength: before and after, the same but for what does not count; None where it was not measured.
    problem:  why it is not known whether anything can be left out.
    """

    whole: GoldenMaster
    master: GoldenMaster | None = None
    strength: tuple[Strength, Strength] | None = None
    problem: str | None = None

    @property
    def target(self) -> Target:
        """Whose golden master it is."""
        return self.whole.target

    @property
    def cases(self) -> int:
        """How many there were."""
        return len(self.whole.cases)

    @property
    def kept(self) -> int:
        """How many cases stay."""
        return len((self.master or self.whole).cases)

    def left_out(self) -> list[str]:
        """The identities of the cases that do not stay."""
        kept = {case.call.identity for case in (self.master or self.whole).cases}
        return [case.call.identity for case in self.whole.cases if case.call.identity not in kept]


@dataclass(slots=True)
class Minimizer:
    """Makes golden masters smaller; writes nothing.

    Args:
        directory: where they lie.
        replayer: runs calls; its blobs must be those of `directory`.
        plan: how mutants are made and judged.
        told: called now and then with what is being done.
    """

    directory: GoldenDirectory
    replayer: Replayer
    plan: Plan = field(default_factory=Plan)
    told: Callable[[str], None] = lambda doing: None

    def minimize(self, path: Path, master: GoldenMaster) -> Minimized:
        """Find out which cases of a golden master can be left out.

        Args:
            path: the approved file.
            master: what it says.

        Raises:
            NetNotGreen: where it does not hold.
            SeamError: where it cannot be replayed, or the proof fails.
        """
        whole = Minimized(master)
        if len(master.cases) < 2:
            return whole
        self.told("watching cases")
        seen = watched(self.replayer, master, self.directory)
        shown = candidates(master.target, seen, ends=False)
        kept = {one.name for one in fewest(shown.values())}
        if len(kept) == len(master.cases):
            return whole
        memory = _OfOneNet()
        before = self._graded(path, master, memory)
        if before.problems:
            return replace(whole, problem=before.problems[0])
        memory.is_known(before)
        kept = self._until_nothing_is_lost(path, master, kept, before, memory)
        smaller = replace(_only(master, kept), is_minimal=True)
        if len(smaller.cases) == len(master.cases):
            return whole
        strength = _strength(before, (one.shows for one in shown.values()))
        proof = self._proof(path, smaller, before)
        if lacks := proof.lacks(strength):
            raise SeamError(
                f"{master.target} stays as it is: {len(smaller.cases)} of its {len(master.cases)} cases would lack"
                f" {', '.join(lacks)}"
            )
        return replace(whole, master=smaller, strength=(strength, proof))

    def _until_nothing_is_lost(
        self, path: Path, master: GoldenMaster, kept: set[str], before: Graded, memory: Memory
    ) -> set[str]:
        """Cases that notice all that all cases notice: some, and those that notice what these do not."""
        noticing = {one.mutant.identity: one.noticed.case for one in _detected(before) if one.noticed is not None}
        for number in range(_MOST_ROUNDS):
            after = self._graded(path, _only(master, kept), memory)
            found = {one.mutant.identity for one in _detected(after)}
            missing = Counter(case for mutant, case in noticing.items() if mutant not in found and case not in kept)
            if not missing:
                break
            is_last = number == _MOST_ROUNDS - 2
            some = missing.most_common(None if is_last else (len(missing) + 1) // 2)
            kept = kept | {case for case, _ in some}
        return kept

    def _proof(self, path: Path, smaller: GoldenMaster, before: Graded) -> Strength:
        """What the cases that stay show and notice by themselves."""
        self.told("proving")
        memory = _OfOneNet()
        memory.is_known(before)
        graded = self._graded(path, smaller, memory)
        shown = candidates(smaller.target, watched(self.replayer, smaller, self.directory), ends=False)
        return _strength(graded, (one.shows for one in shown.values()))

    def _graded(self, path: Path, master: GoldenMaster, memory: Memory) -> Graded:
        self.told(f"grading {len(master.cases)} cases")
        plan = replace(self.plan, memory=memory, probes=False)
        return grade([(path, master)], self.directory, self.replayer, plan)


class _OfOneNet(Memory):
    """Remembers what a whole net does not notice: no part of it will."""

    def __init__(self) -> None:
        super().__init__()
        self._unnoticed: Mapping[str, Judged] = {}

    def is_known(self, whole: Graded) -> None:
        """This is what became of mutants when all cases judged them."""
        self._unnoticed = {
            one.mutant.identity: one for one in whole.judged if one.state in ("survived", "suppressed")
        }

    def recall(self, mutant: Mutant, ground: Ground) -> Judged | None:
        """What became of a mutant, if that is known."""
        return self._unnoticed.get(mutant.identity) or super().recall(mutant, ground)


def _only(master: GoldenMaster, kept: set[str]) -> GoldenMaster:
    return replace(master, cases=tuple(case for case in master.cases if case.call.identity in kept))


def _detected(graded: Graded) -> list[Judged]:
    return [one for one in graded.judged if one.state in DETECTED]


def _strength(graded: Graded, shown: Iterable[frozenset[Trait]]) -> Strength:
    traits = {trait for some in shown for trait in some}
    sorts = frozenset(trait for trait in traits if isinstance(trait, tuple) and trait[0] == "sort")
    mutants = frozenset(one.mutant.identity for one in _detected(graded))
    return Strength(frozenset(traits - sorts), sorts, mutants, plain(graded.judged))
