"""What the golden masters of a module notice, and would notice with found calls: they are graded as one net."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.explore.corpus import Entry
from legacy_seam.explore.pool import Pool
from legacy_seam.explore.proving import unnoticed_in
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.grade.grading import grade
from legacy_seam.grade.operators import OPERATORS
from legacy_seam.grade.plan import Plan
from legacy_seam.grade.score import plain
from legacy_seam.grade.verdicts import DETECTED, SCORED, Graded, Judged
from legacy_seam.replay import Replayer

Chosen = Callable[[Pool], Sequence[Entry]]
"""Which of the calls of a pool are to join its golden master."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Which cases notice which mutants.

    usual: of the operators that count; others: of all others, of which as many were tried as there was time for.
           Identity of the mutant, and its operator -> those of cases.
    whole: the mutants of which all cases were asked; of the rest other cases may notice them as well.
    """

    usual: dict[str, set[str]]
    others: dict[tuple[str, str], set[str]]
    whole: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Net:
    """The golden masters of a module.

    Args:
        directory: where they lie.
        replayer: runs calls; its blobs must be those of `directory`.
        plan: how mutants are made and judged; None where none are.
        pools: what was found of each.
    """

    directory: GoldenDirectory
    replayer: Replayer
    plan: Plan | None
    pools: Sequence[Pool]

    def graded(self, chosen: Chosen) -> Graded | None:
        """What the net would notice with some found calls; None where that cannot be told."""
        return None if self.plan is None else self._graded(chosen, replace(self.plan, probes=False))

    def unnoticed_by_any(self, seconds: float) -> list[Judged]:
        """The mutants, of all operators, that nothing found so far notices which the program may get; those of
        operators that count first.

        Args:
            seconds: of processor time, for those of other operators.
        """
        if self.plan is None:
            return []
        plan = replace(self.plan, probes=False, operators=OPERATORS, for_others=seconds)
        graded = self._graded(
            lambda pool: [one for one in pool.entries if pool.familiarity(one) != "outside"], plan
        )
        names = {one.name for one in self.plan.operators}
        found = [] if graded is None else unnoticed_in(graded)
        return sorted(found, key=lambda one: one.mutant.operator not in names)

    def noticed(self, seconds: float, for_others: float) -> Noticed:
        """Which cases notice which mutants, of all that was found.

        Args:
            seconds: of processor time, for asking all cases and not just until one notices a mutant.
            for_others: likewise, for finding out which mutants of operators that do not count are noticed at all.
        """
        usual, others = defaultdict[str, set[str]](set), defaultdict[tuple[str, str], set[str]](set)
        if self.plan is None:
            return Noticed({}, {})
        plan = replace(self.plan, probes=False, operators=OPERATORS, for_others=for_others, everyone=seconds)
        graded = self._graded(lambda pool: pool.entries, plan)
        names = {one.name for one in self.plan.operators}
        for one in () if graded is None else graded.judged:
            if one.state in DETECTED:
                cases = {*graded.noticing.get(one.mutant.identity, ())} if graded is not None else set[str]()
                cases |= {one.noticed.case} if one.noticed is not None else set()
                if one.mutant.operator in names:
                    usual[one.mutant.identity] |= cases
                else:
                    others[one.mutant.identity, one.mutant.operator] |= cases
        return Noticed(dict(usual), dict(others), () if graded is None else graded.noticing.keys())

    def problem(self, pool: Pool) -> str | None:
        """Why a golden master cannot be graded as it is."""
        if self.plan is None:
            return None
        try:
            grade([(pool.path, pool.master)], self.directory, self.replayer, replace(self.plan, probes=False))
        except SeamError as error:
            return str(error)
        return None

    def _graded(self, chosen: Chosen, plan: Plan) -> Graded | None:
        try:
            graded = grade([self._golden(pool, chosen) for pool in self.pools], self.directory, self.replayer, plan)
        except SeamError:
            return None
        return None if graded.problems else graded

    def _golden(self, pool: Pool, chosen: Chosen) -> tuple[Path, GoldenMaster]:
        cases = pool.cases(chosen(pool))
        return pool.path, replace(pool.master, cases=(*pool.master.cases, *cases))


def detected(graded: Graded | None) -> set[str]:
    """The identities of the mutants that are noticed."""
    return set() if graded is None else {one.mutant.identity for one in graded.judged if one.state in DETECTED}


def score(graded: Graded | None, later: Graded | None, label: str, others: Collection[str]) -> float | None:
    """The mutation score of one golden master within its net.

    Args:
        graded: the net.
        later: the net that it will be: its mutants count, also where no case calls their function yet.
        label: of its function; others: those of the functions of other golden masters.
    """
    if graded is None or later is None:
        return None
    noticed = detected(graded)
    return plain(
        replace(one, state="killed" if one.mutant.identity in noticed else "survived")
        for one in later.judged
        if one.state in SCORED and (one.mutant.function == label or one.mutant.function not in others)
    )
