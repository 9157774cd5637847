"""Exploring one target from beginning to end: search, prove, hunt for survivors, choose, propose."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from legacy_seam.calls import Case, Outcome
from legacy_seam.explore.budget import Budget, Stopwatch
from legacy_seam.explore.choosing import Shown, choose, until_noticed
from legacy_seam.explore.corpus import Corpus, Entry
from legacy_seam.explore.exploring import Search
from legacy_seam.explore.familiarity import familiarity
from legacy_seam.explore.memory import Found, Memory
from legacy_seam.explore.mutating import renamed
from legacy_seam.explore.objects import Objects
from legacy_seam.explore.proposals import Remark, propose
from legacy_seam.explore.proving import (
    exception_of,
    graded_with,
    held_still,
    is_crash,
    noticed_by,
    raised_on_purpose,
    unnoticed_in,
)
from legacy_seam.explore.survivors import Hunt
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import batches_of
from legacy_seam.grade.plan import Plan as GradePlan
from legacy_seam.grade.probing import in_words
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.score import plain
from legacy_seam.grade.verdicts import DETECTED, Graded
from legacy_seam.grade.worlds import World
from legacy_seam.replay import Batch, Replayer
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.mutating import Mutator
from legacy_seam.replay.searching.relations import is_branch
from legacy_seam.replay.searching.trees import read
from legacy_seam.source.parsing import Skipped
from legacy_seam.targets import Target
from legacy_seam.values.tree import Node

_SHARE_OF_THE_HUNT = 0.3
_MOST_POOL = 160
"""So many found calls at most are replayed under perturbation and asked which mutants they notice."""
_SAVED_EVERY = 2.0


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


@dataclass(slots=True)
class Explorer:
    """Explores targets that have golden masters.

    Args:
        directory: where the golden masters lie.
        replayer: runs calls; its blobs must be those of `directory`.
        memory: what earlier searches found.
        watcher: told how far it is.
        shown: what the targets that were explored so far show.
    """

    directory: GoldenDirectory
    replayer: Replayer
    memory: Memory = field(default_factory=Memory)
    watcher: Watcher = field(default_factory=Watcher)
    shown: Shown = field(default_factory=Shown)
    _objects: Objects = field(default_factory=Objects)

    def explore(self, path: Path, master: GoldenMaster, plan: Plan) -> Explored:
        """Explore one target, and leave a proposal beside its golden master.

        Args:
            path: the approved file.
            master: what it says.
            plan: how.

        Raises:
            SeamError: where its cases cannot be replayed, or the proposal cannot be written.
        """
        batches = batches_of(master, self.directory)
        batch = max(batches, key=lambda one: len(one.calls))  # of several worlds, the one with most cases
        search = self._search(master, batch, plan)
        if search is None:
            why = f"the source of {master.target.module} cannot be read; explore needs it"
            return Explored(master.target, problem=why)
        self._objects.take(entry.effects for entry in search.corpus.entries)
        self.watcher.proves(master.target)
        return _Proof(self, path, master, batch, search, plan).conclude(_different(search.corpus.found()))

    def _search(self, master: GoldenMaster, batch: Batch, plan: Plan) -> Search | None:
        target, before = master.target, self.memory.recall(master.target, batch.run)
        share = 1.0 if plan.grade is None else 1.0 - _SHARE_OF_THE_HUNT
        budget = replace(plan.budget, seconds=plan.budget.seconds * share)
        with self.replayer.hired([batch]) as shift:
            world = World(shift, self.replayer.redactor, [batch])
            file = world.prepare().get(target.module)
            source = None if file is None else source_of(target.module, file)
            if file is None or source is None or isinstance(source, Skipped):
                return None
            self._objects.take(case.approved.effects for case in master.cases)
            search = Search(target, world, 0, file, source, budget, self._objects.some())
            saving = _Saving(self, target, before, search)
            search.told = saving
            try:
                search.run(batch.calls, before.calls, before.searches)
            finally:
                saving.save()
        return search


@dataclass(slots=True)
class _Saving:
    """Saves what was found now and then, so that neither an interrupt nor a kill loses it."""

    explorer: Explorer
    target: Target
    before: Found
    search: Search
    started: float = field(default_factory=time.monotonic)
    saved: float = 0.0

    def __call__(self, calls: int, corpus: Corpus) -> None:
        now = time.monotonic()
        self.explorer.watcher.tried(self.target, calls, len(corpus.found()), now - self.started)
        if now - self.saved > _SAVED_EVERY:
            self.save()
            self.saved = time.monotonic()

    def save(self) -> None:
        calls = [entry.call for entry in self.search.corpus.found()]
        if calls:
            self.explorer.memory.keep(self.target, Found(calls, self.before.searches + 1))


@dataclass(slots=True)
class _Proof:
    """From what was found to what is proposed."""

    explorer: Explorer
    path: Path
    master: GoldenMaster
    batch: Batch
    search: Search
    plan: Plan
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    moved: int = 0
    hinted: Habits = field(default_factory=Habits)

    def __post_init__(self) -> None:
        self.hinted = self.search.ideas.as_habits()

    def conclude(self, pool: Sequence[Entry]) -> Explored:
        recorded = self.search.corpus.recorded()
        pool = self._hold(_most_telling(pool))
        before = self._graded([])
        kills: dict[str, set[str]] = {}
        if before is not None and unnoticed_in(before):
            after = self._graded(self._cases(pool)) if pool else before
            if after is not None:
                kills = noticed_by(before, after, {entry.call.identity for entry in pool})
                hunted = self._hunt(after, [*recorded, *pool])
                pool += self._hold([entry for entry, _ in hunted])
                for entry, mutant in hunted:
                    if entry.call.identity in self.outcomes:
                        kills.setdefault(entry.call.identity, set()).add(mutant)
        chosen = list(pool) if self.plan.keep_all else self._fewest(pool, recorded, kills, before is not None)
        cases = self._cases(chosen)
        final = self._graded(cases) if cases else before
        others = set(self.explorer.shown.mutants)
        self.explorer.shown.take(self.master.target.module, [*recorded, *chosen], _noticed(final))
        reached = {branch for entry in recorded for branch in entry.branches}
        before_found = sum(map(is_branch, reached))
        proposed: list[Proposed] = []
        for entry in chosen:
            proposed.append(self._proposed(entry, kills, reached))
            reached |= entry.branches
        remarks = {one.case.call.identity: one.remark for one in proposed}
        place = propose(self.path, self.explorer.directory, self.master, cases, remarks)
        return Explored(
            self.master.target,
            tried=self.search.tried,
            refused=self.search.refused,
            branches=(before_found, sum(map(is_branch, reached))),
            moved=self.moved,
            proposed=tuple(proposed),
            score=(_score(before, others), _score(final, others)),
            path=place,
        )

    def _fewest(
        self, pool: Sequence[Entry], recorded: Sequence[Entry], kills: dict[str, set[str]], is_graded: bool
    ) -> list[Entry]:
        shown = self.explorer.shown
        ways = shown.ways.get(self.master.target.module, ())
        if not is_graded:
            return choose(pool, recorded, ways)
        wanted = {mutant for some in kills.values() for mutant in some} - shown.mutants
        chosen = choose(pool, recorded, ways, edges=0)
        return until_noticed(chosen, pool, kills, wanted, lambda some: _noticed(self._graded(self._cases(some))))

    # --- what holds still, what notices what ---------------------------------------------------------------

    def _hold(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those that come out the same under all surroundings."""
        calls = [entry.call for entry in entries]
        tolerances = () if self.plan.grade is None else self.plan.grade.tolerances
        held = held_still(self.explorer.replayer, self.master, calls, self.batch.run, self.plan.runs, tolerances)
        self.outcomes.update(held.outcomes)
        self.moved += held.moved
        return [entry for entry in entries if entry.call.identity in held.outcomes]

    def _cases(self, entries: Sequence[Entry]) -> list[Case]:
        return [Case(entry.call, self.outcomes[entry.call.identity]) for entry in entries]

    def _graded(self, cases: Sequence[Case]) -> Graded | None:
        if self.plan.grade is None:
            return None
        explorer = self.explorer
        return graded_with(self.path, self.master, cases, explorer.directory, explorer.replayer, self.plan.grade)

    def _hunt(self, graded: Graded, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """Calls on which mutants and the original part that nothing found so far tells apart."""
        explorer, search, budget = self.explorer, self.search, self.plan.budget
        survivors = [one for one in unnoticed_in(graded) if one.mutant.module == self.master.target.module]
        if not survivors:
            return []
        chance = random.Random(f"{budget.seed} {self.master.target} hunt")
        with explorer.replayer.hired([self.batch]) as shift:
            world = World(shift, explorer.replayer.redactor, [self.batch])
            world.prepare()
            stopwatch, most = Stopwatch(world), budget.seconds * _SHARE_OF_THE_HUNT
            mutator = Mutator(search.habits, search.ideas, chance)

            def is_over() -> bool:
                return stopwatch.seconds() > most

            hunt = Hunt(world, 0, search.source, search.file, search.lines, mutator, search.recorded)
            found = {mutant: renamed(call) for mutant, call in hunt.run(survivors, entries, is_over).items()}
            calls = list({call.identity: call for call in found.values()}.values())
            met = world.explore(0, [search.file], calls, search.lines) if calls else {}
        made = {
            call.identity: entry
            for place, call in enumerate(calls)
            if place in met and (entry := Corpus().take(call, met[place])) is not None
        }
        known = {entry.call.identity for entry in entries}
        return [
            (replace(made[call.identity], why="mutant"), mutant)
            for mutant, call in found.items()
            if call.identity in made and call.identity not in known
        ]

    # --- what is said of it ----------------------------------------------------------------------------------

    def _proposed(self, entry: Entry, kills: dict[str, set[str]], reached: set[int]) -> Proposed:
        identity = entry.call.identity
        outcome = self.outcomes[identity]
        recorded = {name for case in self.master.cases if (name := exception_of(case.approved)) is not None}
        crash = is_crash(outcome, recorded, raised_on_purpose(self.search.source.tree))
        close = familiarity(entry.call, self.search.habits, self.hinted)
        remark = Remark(close, crash, self._why(entry, len(kills.get(identity, ())), reached))
        return Proposed(Case(entry.call, outcome), remark, in_words(outcome))

    def _why(self, entry: Entry, mutants: int, reached: set[int]) -> str:
        new = entry.branches - reached
        parts = []
        if lines := self._lines(one for one in new if is_branch(one)):
            parts.append(f"takes a branch that no case before it takes (line {lines})")
        elif lines := self._lines(new):
            parts.append(f"is at a bound, or meets a condition, as no case before it (line {lines})")
        if mutants:
            parts.append(f"notices {mutants} change{'s' if mutants > 1 else ''} that no case notices")
        if not parts:
            sorts = {
                "outcome": "a sort of outcome",
                "variety": "a value",
                "edge": "an input at the end of its path",
            }
            sort = sorts.get(entry.why, "an outcome")
            parts.append(f"{sort} that no case has")
        return ", ".join(parts)

    def _lines(self, branches: Iterable[int]) -> str:
        lines = self.search.lines
        found = sorted({lines[one] for one in branches if one in lines})
        return ", ".join(map(str, found[:4])) + (", …" if len(found) > 4 else "")


def takes_objects(master: GoldenMaster) -> bool:
    """Is any argument of its cases an object, and no built-in data?"""
    return any(type(tree) is Node for case in master.cases for tree in read(case.call.arguments).values())


def _different(entries: Sequence[Entry]) -> list[Entry]:
    """Each call once: shrinking may have made two of them the same."""
    return list({entry.call.identity: entry for entry in entries}.values())


def _most_telling(entries: Sequence[Entry]) -> list[Entry]:
    """Those that are worth being proved: branches before outcomes, edges, variety; small before large."""
    order = {"branch": 0, "bound": 1, "outcome": 2, "edge": 3, "variety": 4}
    return sorted(entries, key=lambda entry: (order.get(entry.why, 5), entry.size))[:_MOST_POOL]


def _noticed(graded: Graded | None) -> set[str]:
    return set() if graded is None else {one.mutant.identity for one in graded.judged if one.state in DETECTED}


def _score(graded: Graded | None, others: Collection[str]) -> float | None:
    """The score, if what cases of others notice counts as noticed."""
    if graded is None:
        return None
    judged = [replace(one, state="killed") if one.mutant.identity in others else one for one in graded.judged]
    return plain(judged)
