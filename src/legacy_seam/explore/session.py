"""Exploring targets from beginning to end: search, prove, hunt for survivors, choose, propose."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.explore.budget import Budget, Stopwatch
from legacy_seam.explore.concluding import Conclusion
from legacy_seam.explore.corpus import Corpus
from legacy_seam.explore.exploring import Search
from legacy_seam.explore.memory import Found, Memory
from legacy_seam.explore.objects import Objects
from legacy_seam.explore.plan import Explored, Plan, Watcher
from legacy_seam.explore.pool import Pool
from legacy_seam.explore.proving import held_still
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import batches_of
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.worlds import World
from legacy_seam.replay import Batch, Replayer
from legacy_seam.replay.searching.trees import read
from legacy_seam.source.parsing import Skipped
from legacy_seam.targets import Target
from legacy_seam.values.tree import Node

_SHARE_OF_SEARCHES, _SHARE_OF_THE_HUNT = 0.6, 0.2
"""Of the time, where there are mutants; the rest is for asking what notices which of them."""
_LEAST_SHARE = 0.5
"""Of what a target would have if all had the same: where others took more than theirs, it is still searched."""
_LEAST_SPARE = 2.0
"""Seconds for which it is worth to take up a search once more."""
_SAVED_EVERY = 2.0


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


def takes_objects(master: GoldenMaster) -> bool:
    """Is any argument of its cases an object, and no built-in data?"""
    return any(type(tree) is Node for case in master.cases for tree in read(case.call.arguments).values())


@dataclass(slots=True)
class Explorer:
    """Explores targets that have golden masters.

    Args:
        directory: where the golden masters lie.
        replayer: runs calls; its blobs must be those of `directory`.
        memory: what earlier searches found.
        watcher: told how far it is.
    """

    directory: GoldenDirectory
    replayer: Replayer
    memory: Memory = field(default_factory=Memory)
    watcher: Watcher = field(default_factory=Watcher)
    _objects: Objects = field(default_factory=Objects)

    def explore(self, goldens: Sequence[tuple[Path, GoldenMaster]], plan: Plan) -> list[Explored]:
        """Explore targets, one module after the other, and leave a proposal beside each golden master.

        What one leaves of the time is for the others. Those that take objects come last: others may make some.

        Args:
            goldens: approved files, and what they say.
            plan: how.

        Raises:
            SeamError: where a proposal cannot be written.
        """
        modules: dict[str, list[tuple[Path, GoldenMaster]]] = {}
        for path, master in goldens:
            modules.setdefault(master.target.module, []).append((path, master))
        results: dict[Target, Explored] = {}
        share = 1.0 if plan.grade is None else _SHARE_OF_SEARCHES
        whole = plan.budget.seconds * share
        left, waiting, used = whole, len(goldens), 0.0
        for some in modules.values():
            pools: list[Pool] = []
            for path, master in sorted(some, key=lambda one: takes_objects(one[1])):
                least = _LEAST_SHARE * whole / len(goldens)
                budget = replace(plan.budget, seconds=max(left / waiting, least))
                found = self._searched(path, master, replace(plan, budget=budget))
                waiting -= 1
                if isinstance(found, Explored):
                    results[master.target] = found
                else:
                    left, used = max(0.0, left - found.used), used + found.used
                    pools.append(found)
            spare = left - whole * waiting / len(goldens)
            pools, more = self._searched_on(pools, plan, spare)
            left, used = max(0.0, left - more), used + more
            pools, failed = self._proved(pools, plan.runs)
            part = len(some) / len(goldens)
            overdrawn = max(0.0, used - whole * (1.0 - waiting / len(goldens)))
            hunt = plan.budget.seconds * _SHARE_OF_THE_HUNT * part
            seconds = max(_LEAST_SHARE * hunt, hunt - overdrawn)
            conclusion = Conclusion(self.directory, self.replayer, plan, pools, seconds, part)
            results |= {one.target: one for one in (*failed, *conclusion.explored())}
        return [results[master.target] for _, master in goldens]

    def _searched_on(self, pools: Sequence[Pool], plan: Plan, spare: float) -> tuple[list[Pool], float]:
        """The same pools, with what more was found where a search was still led on as its time was over.

        Args:
            pools: what was found of the targets of a module.
            plan: how.
            spare: seconds that other targets have left.

        Returns:
            the pools, and how many seconds it took.
        """
        found, took = list(pools), 0.0
        going = [place for place, pool in enumerate(found) if plan.budget.calls is None and pool.search.was_led_on]
        for number, place in enumerate(going):
            seconds = (spare - took) / (len(going) - number)
            if seconds < _LEAST_SPARE:
                break
            pool = found[place]
            before = Found([entry.call for entry in pool.search.corpus.found()], pool.search.round_number + 1)
            budget = replace(plan.budget, seconds=seconds)
            more = self._searched(pool.path, pool.master, replace(plan, budget=budget), before)
            if not isinstance(more, Explored):
                more.search.tried += pool.search.tried
                found[place], took = more, took + more.used
        return found, took

    def _searched(
        self, path: Path, master: GoldenMaster, plan: Plan, before: Found | None = None
    ) -> Pool | Explored:
        """What was found of one target; why nothing was, where nothing could be. before: what was found already."""
        batches = batches_of(master, self.directory)
        batch = max(batches, key=lambda one: len(one.calls))  # of several worlds, the one with most cases
        try:
            found = self._search(master, batch, plan.budget, before)
        except SeamError as error:
            return Explored(master.target, problem=str(error))
        if found is None:
            why = f"the source of {master.target.module} cannot be read; explore needs it"
            return Explored(master.target, problem=why)
        search, used = found
        self._objects.take(entry.effects for entry in search.corpus.entries)
        tolerances = () if plan.grade is None else plan.grade.tolerances
        pool = Pool(path, master, batch, search, self.replayer, plan.runs, tolerances)
        pool.used = used + plan.runs * len(pool.promising()) * search.seconds_of_a_replay()
        return pool

    def _proved(self, pools: Sequence[Pool], runs: int) -> tuple[list[Pool], list[Explored]]:
        """Those pools whose calls could be replayed under perturbation, with what held still; what failed."""
        found = [(pool, pool.promising()) for pool in pools]
        for pool, _ in found:
            self.watcher.proves(pool.master.target)
        try:
            held = held_still(self.replayer, [pool.proposition(entries) for pool, entries in found], runs)
        except SeamError as error:
            if len(pools) == 1:
                return [], [Explored(pools[0].master.target, problem=str(error))]
            each = [self._proved([pool], runs) for pool in pools]
            return [pool for some, _ in each for pool in some], [one for _, some in each for one in some]
        for (pool, entries), one in zip(found, held, strict=True):
            pool.take(entries, one)
        return list(pools), []

    def _search(
        self, master: GoldenMaster, batch: Batch, budget: Budget, before: Found | None
    ) -> tuple[Search, float] | None:
        """A search that is over, and what it used of the budget, all that it takes to begin included."""
        target = master.target
        before = before or self.memory.recall(target, batch.run)
        with self.replayer.hired([batch]) as shift:
            world = World(shift, self.replayer.redactor, [batch])
            stopwatch = Stopwatch(world)
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
            return search, stopwatch.seconds()
