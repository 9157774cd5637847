"""What was found of one target: calls that hold still, what comes of them, what is said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from legacy_seam.calls import Case, Outcome
from legacy_seam.explore.budget import Budget, Stopwatch
from legacy_seam.explore.corpus import Corpus, Entry
from legacy_seam.explore.exploring import Search
from legacy_seam.explore.mutating import renamed
from legacy_seam.explore.proposals import Remark
from legacy_seam.explore.proving import (
    Held,
    Proposition,
    exception_of,
    held_still,
    is_crash,
    is_refused_on_purpose,
    raised_on_purpose,
)
from legacy_seam.explore.survivors import Hunt, running
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.grade.verdicts import Judged
from legacy_seam.grade.worlds import World
from legacy_seam.replay import Batch, Replayer
from legacy_seam.replay.searching.familiarity import Familiarity
from legacy_seam.replay.searching.relations import is_branch
from legacy_seam.values.tolerance import Tolerance

_LEAST, _MOST = 12, 80
"""So many found calls at most are replayed under perturbation and asked which mutants they notice: the first number
where a replay takes long, the second where it does not."""
_REPLAYS_OF_ONE = 12
"""Replays that such a call takes: perturbed, to see that the net holds with it, and to judge mutants."""
_SHARE_OF_REPLAYS = 0.5
"""So much of the time of a target, on top of it, may go into them."""


@dataclass(slots=True)
class Pool:
    """What was found of one target.

    Args:
        path: the approved file; master: what it says; batch: those of its cases that were explored.
        search: what looked for more.
        replayer: runs calls.
        runs: how often a call is replayed before it is proposed; tolerances: how far numbers may be apart then.

    entries:  found calls that hold still.
    outcomes: what comes of them, by identity.
    moved:    how many did not.
    used:     seconds of the budget.
    """

    path: Path
    master: GoldenMaster
    batch: Batch
    search: Search
    replayer: Replayer
    runs: int
    tolerances: tuple[Tolerance, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    moved: int = 0
    used: float = 0.0
    _familiar: dict[str, Familiarity] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The module of the target."""
        return self.master.target.module

    @property
    def label(self) -> str:
        """The name of the function in whose text the target stands."""
        return self.master.target.qualname.partition(".<locals>")[0]

    def recorded(self) -> list[Entry]:
        """The calls that are cases already."""
        return self.search.corpus.recorded()

    def promising(self) -> list[Entry]:
        """What the search has found that is worth being proved, as far as that can be afforded."""
        return self.new_among(
            most_telling(
                self.search.corpus.found(), affordable(self.search.budget, self.search.seconds_of_a_replay())
            )
        )

    def new_among(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of some calls that are not here yet."""
        known = {one.call.identity for one in self.entries}
        return list({one.call.identity: one for one in entries if one.call.identity not in known}.values())

    def proposition(self, entries: Iterable[Entry]) -> Proposition:
        """Found calls, as they are to be proved."""
        return Proposition(self.master, [one.call for one in entries], self.batch.run, self.tolerances)

    def take(self, entries: Iterable[Entry], held: Held) -> None:
        """Take those of some found calls that came out the same under all surroundings."""
        self.outcomes.update(held.outcomes)
        self.moved += held.moved
        self.entries += [one for one in entries if one.call.identity in held.outcomes]

    def cases(self, entries: Iterable[Entry]) -> list[Case]:
        """Found calls as cases."""
        return [Case(entry.call, self.outcomes[entry.call.identity]) for entry in entries]

    def hunt(self, survivors: Sequence[Judged], seconds: float) -> tuple[set[str], float]:
        """Look for calls on which the original parts from mutants that nothing found so far tells from it.

        Args:
            survivors: the mutants; seconds: for that.

        Returns:
            the identities of those for which some were found, and how many seconds it took.
        """
        search, entries = self.search, [*self.recorded(), *self.entries]
        survivors = [one for one in survivors if running(one.mutant, search.source, entries, search.lines)]
        if not survivors or seconds <= 0:
            return set(), 0.0
        with self.replayer.hired([self.batch]) as shift:
            world = World(shift, self.replayer.redactor, [self.batch])
            stopwatch = Stopwatch(world)
            world.prepare()
            recorded = [entry.call for entry in self.recorded()]
            hunt = Hunt(
                world,
                0,
                search.source,
                search.file,
                search.lines,
                search.ideas,
                search.recorded,
                recorded,
                f"{search.budget.seed} {self.master.target} hunt",
            )
            if search.budget.calls is not None:
                hunt.most = search.budget.calls
            met_by = hunt.run(survivors, entries, lambda: seconds - stopwatch.seconds())
            found = {mutant: renamed(call) for mutant, call in met_by.items()}
            calls = list({call.identity: call for call in found.values()}.values())
            met = world.explore(0, [search.file], calls, search.lines) if calls else {}
        made = [
            replace(entry, why="mutant")
            for place, call in enumerate(calls)
            if place in met and (entry := Corpus().take(call, met[place])) is not None
        ]
        made = self.new_among(made)
        self.take(made, held_still(self.replayer, [self.proposition(made)], self.runs)[0])
        held = {one.call.identity for one in self.entries}
        return {mutant for mutant, call in found.items() if call.identity in held}, stopwatch.seconds()

    # --- what is said of it ----------------------------------------------------------------------------------

    def familiarity(self, entry: Entry) -> Familiarity:
        """How close a call is to the recorded ones, or to what the module refuses in so many words."""
        identity = entry.call.identity
        if identity not in self._familiar:
            found = self.search.familiarity(entry.call)
            if found == "outside" and identity in self.outcomes:
                is_refused = is_refused_on_purpose(self.outcomes[identity], self.search.source.tree)
                found = "plausible" if is_refused else found
            self._familiar[identity] = found
        return self._familiar[identity]

    def is_crash(self, entry: Entry) -> bool:
        """Does it end in an exception that nothing recorded raised, and the module nowhere raises itself?"""
        recorded = {name for case in self.master.cases if (name := exception_of(case.approved)) is not None}
        return is_crash(self.outcomes[entry.call.identity], recorded, raised_on_purpose(self.search.source.tree))

    def remark(self, entry: Entry, mutants: int, reached: Collection[int]) -> Remark:
        """What is said of a call.

        Args:
            entry: the call.
            mutants: how many it notices that no case before it does.
            reached: branches that cases before it take.
        """
        return Remark(self.familiarity(entry), self.is_crash(entry), self._why(entry, mutants, reached))

    def _why(self, entry: Entry, mutants: int, reached: Collection[int]) -> str:
        new = entry.branches.difference(reached)
        parts = []
        if lines := self._lines(one for one in new if is_branch(one)):
            parts.append(f"takes a branch that no case before it takes (line {lines})")
        elif lines := self._lines(new):
            parts.append(f"is at a bound, or meets a condition, as no case before it (line {lines})")
        elif any(one < 0 for one in new):
            parts.append("tells a regular expression from one that is like it")
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


def affordable(budget: Budget, seconds_of_a_replay: float) -> int:
    """How many of the calls that a search has found can be proved and judge mutants within a reasonable time.

    Args:
        budget: of the search.
        seconds_of_a_replay: of processor time.

    >>> [affordable(Budget(seconds=1), replay) for replay in (0.0001, 0.002, 0.01)]
    [80, 20, 12]
    >>> affordable(Budget(seconds=1, calls=500), 0.01)  # the same whatever the time
    80
    """
    if budget.calls is not None:
        return _MOST
    most = _SHARE_OF_REPLAYS * budget.seconds / max(_REPLAYS_OF_ONE * seconds_of_a_replay, 1e-9)
    return int(min(max(most, _LEAST), _MOST))


def most_telling(entries: Sequence[Entry], most: int = _MOST) -> list[Entry]:
    """Those that are worth being proved: branches, bounds, outcomes, then some of each way; small ones first.

    Args:
        entries: what was found; most: how many there may be.
    """
    order = {"branch": 0, "bound": 1, "outcome": 2}
    small = sorted(entries, key=lambda entry: (order.get(entry.why, 3), entry.size))
    chosen = [entry for entry in small if entry.why in order]
    ways: dict[frozenset[int], list[Entry]] = {}
    for entry in small[len(chosen) :]:
        ways.setdefault(entry.branches, []).append(entry)
    for some in zip_longest(*ways.values()):
        chosen += [entry for entry in some if entry is not None]
    return chosen[:most]
