"""From what was found of the targets of a module to what is proposed: hunt for survivors, choose, write down.

The golden masters of a module are one net: a case of one function shows what it shows, and notices what it notices,
for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from legacy_seam.calls import Effect
from legacy_seam.explore.choosing import WORTH, Sight, choose, ways_of, worth_reading
from legacy_seam.explore.corpus import Entry, end_of
from legacy_seam.explore.plan import Explored, Plan, Proposed
from legacy_seam.explore.pool import Pool
from legacy_seam.explore.proposals import propose
from legacy_seam.explore.proving import unnoticed_in
from legacy_seam.explore.strength import Net, detected, score
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.fewest import Trait
from legacy_seam.grade.probing import in_words
from legacy_seam.grade.verdicts import Graded, Judged
from legacy_seam.replay import Replayer
from legacy_seam.replay.searching.relations import is_branch
from legacy_seam.targets import Target

_SHARE_OF_ASKING = 0.1
"""So much of a budget may go into asking which cases notice which mutants."""
_SHARE_OF_OTHERS, _SHARE_AFTER_THE_HUNT = 0.07, 0.03
"""And so much into mutants of operators that do not count, before the hunt and after it."""
_LEAST_OF_ASKING = 1.0
_BOUND = 0.1
_EXPRESSION = 0.4
_OTHER_MUTANT = 1.0
_LIKELY = WORTH
_ANSWER = WORTH
_STRANGE_END = 0.5
"""How much it is worth that a case shows it, where 3 is what must not be lost (`legacy_seam.explore.choosing`): a
bound; a text that tells a regular expression from one that is like it; a mutant of an operator that does not count,
or one that is like the faults that people make; what comes of a call, of a function that does but a few different
things; an exception that comes of inputs of which nothing speaks."""
_FEW_ANSWERS = 6
_LIKE_FAULTS = frozenset(
    {
        "argument-dropped",
        "arguments-swapped",
        "exception-not-caught",
        "item-dropped",
        "method-unwrapped",
        "pattern-changed",
        "statement-deleted",
    }
)
"""Operators that are not graded by default, since most of their mutants die of any case; the ones that do not are
like faults that people make, so inputs are looked for that notice them."""
_SHARE_OF_FAULTS = 0.3
"""Of the time for the hunt, this is kept for those."""
_MOST_ROUNDS = 3

Chosen = dict[Target, list[Entry]]


@dataclass(slots=True)
class Conclusion:
    """Of one module.

    Args:
        directory: where golden masters lie.
        replayer: runs calls.
        plan: how.
        pools: what was found of its targets.
        seconds: for the hunt; share: of the budget that falls to this module.
    """

    directory: GoldenDirectory
    replayer: Replayer
    plan: Plan
    pools: list[Pool]
    seconds: float
    share: float
    _refused: list[Explored] = field(default_factory=list)
    _few: dict[str, frozenset[tuple[Effect, ...]]] = field(default_factory=dict)
    _notices: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _notices_others: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def explored(self) -> list[Explored]:
        """What came of all targets, once everything is proposed."""
        net, before = self._net_that_holds()
        if before is not None and unnoticed_in(before):
            self._hunt(net)
            self._ask(net)
        chosen: Chosen = {pool.master.target: list(pool.entries) for pool in self.pools}
        final: Graded | None = None
        if self.plan.keep_all:
            final = net.graded(lambda pool: chosen[pool.master.target])
        elif before is not None:
            chosen, final = self._fewest(net)
        else:
            chosen = self._fewest_by_ways()
        scores = self._scores(before, final), self._scores(final, final)
        return [*self._refused, *self._proposed(chosen, scores)]

    def _net_that_holds(self) -> tuple[Net, Graded | None]:
        """The net, and what it notices as it is; without golden masters that do not hold."""
        net = Net(self.directory, self.replayer, self.plan.grade, self.pools)
        before = net.graded(lambda pool: ())
        if before is None and self.plan.grade is not None:
            problems = {pool.master.target: net.problem(pool) for pool in self.pools}
            self._refused = [Explored(name, problem=why) for name, why in problems.items() if why is not None]
            self.pools = [pool for pool in self.pools if problems[pool.master.target] is None]
            net = Net(self.directory, self.replayer, self.plan.grade, self.pools)
            before = net.graded(lambda pool: ())
        return net, before

    # --- mutants --------------------------------------------------------------------------------------------

    def _hunt(self, net: Net) -> None:
        assert self.plan.grade is not None
        usual = {one.name for one in self.plan.grade.operators}
        unnoticed = net.unnoticed_by_any(self._seconds(_SHARE_OF_OTHERS))
        others = [one for one in unnoticed if one.mutant.operator in _LIKE_FAULTS - usual]
        kept = _SHARE_OF_FAULTS * self.seconds if others else 0.0
        left = self._hunt_for([one for one in unnoticed if one.mutant.operator in usual], self.seconds - kept)
        self._hunt_for(others, left + kept)

    def _hunt_for(self, survivors: list[Judged], left: float) -> float:
        """Look for calls that notice some mutants; gives how many seconds are left."""
        own = [1 + sum(one.mutant.function == pool.label for one in survivors) for pool in self.pools]
        for number, pool in enumerate(self.pools):
            seconds = left * own[number] / sum(own[number:])
            found, used = pool.hunt([one for one in survivors if one.mutant.module == pool.module], seconds)
            survivors = [one for one in survivors if one.mutant.identity not in found]
            left = max(0.0, left - used)
        return left

    def _ask(self, net: Net) -> None:
        """Ask which cases notice which mutants."""
        noticed = net.noticed(self._seconds(_SHARE_OF_ASKING), self._seconds(_SHARE_AFTER_THE_HUNT))
        for mutant, cases in noticed.usual.items():
            for case in cases:
                self._notices[case].add(mutant)
        for (mutant, operator), cases in noticed.others.items():
            if operator not in _LIKE_FAULTS and mutant not in noticed.whole:
                continue  # cases that are taken anyway may notice it as well
            for case in cases:
                self._notices_others[case][mutant] = _LIKELY if operator in _LIKE_FAULTS else _OTHER_MUTANT

    def _seconds(self, share: float) -> float:
        """So much of the budget, if that is one of time."""
        budget = self.plan.budget
        if budget.calls is not None:  # the same whatever the time
            return float("inf")
        return max(_LEAST_OF_ASKING, share * self.share * budget.seconds)

    # --- the choice -----------------------------------------------------------------------------------------

    def _fewest(self, net: Net) -> tuple[Chosen, Graded | None]:
        """The fewest that are worth reading, and what the net notices with them."""
        sights = {id(entry): self._sight(pool, entry) for pool in self.pools for entry in pool.entries}
        present = [self._sight(pool, entry) for pool in self.pools for entry in pool.recorded()]
        names: set[str] = set()
        for is_outside in (False, True):  # what can be shown by what the program may get is shown by that
            some = [
                sights[id(entry)]
                for pool in self.pools
                for entry in pool.entries
                if (pool.familiarity(entry) == "outside") is is_outside
            ]
            names |= set(worth_reading(some, [*present, *(one for one in sights.values() if one.name in names)]))
        wanted = {mutant for one in sights.values() for mutant in self._notices[one.name]}
        final: Graded | None = None
        for _ in range(_MOST_ROUNDS):
            chosen = {
                pool.master.target: [one for one in pool.entries if one.call.identity in names]
                for pool in self.pools
            }
            final = net.graded(lambda pool, chosen=chosen: chosen[pool.master.target])  # type: ignore[misc]
            if final is None or not (missing := wanted - detected(final)):
                break
            for mutant in sorted(missing):  # a case was said to notice it, and does not by itself
                more = [
                    one for one in sights.values() if mutant in self._notices[one.name] and one.name not in names
                ]
                names |= {one.name for one in sorted(more, key=lambda one: (one.size, one.name))[:1]}
        return chosen, final

    def _fewest_by_ways(self) -> Chosen:
        chosen: Chosen = {}
        shown: set[Trait] = set()
        for pool in self.pools:
            recorded = pool.recorded()
            usual = [one for one in pool.entries if pool.familiarity(one) != "outside"]
            strange = [one for one in pool.entries if pool.familiarity(one) == "outside"]
            some = choose(usual, recorded, shown)
            some += choose(strange, [*recorded, *some], shown, variety=0, edges=0, rich=0)
            chosen[pool.master.target] = some
            shown.update(*(ways_of(entry) for entry in (*recorded, *chosen[pool.master.target])))
        return chosen

    def _sight(self, pool: Pool, entry: Entry) -> Sight:
        name, end = entry.call.identity, end_of(entry.effects)
        must: set[Trait] = {one for one in entry.branches if is_branch(one)}
        must |= {("mutant", mutant) for mutant in self._notices[name]}
        may: dict[Trait, float] = {
            one: _EXPRESSION if one < 0 else _BOUND for one in entry.branches if not is_branch(one)
        }
        may |= {("mutant", mutant): worth for mutant, worth in self._notices_others[name].items()}
        if entry.effects in self._answers(pool):
            may["answer", str(pool.master.target), entry.effects] = _ANSWER
        is_strange = entry.why != "recorded" and pool.familiarity(entry) == "outside" and pool.is_crash(entry)
        if is_strange:
            may[end] = _STRANGE_END
        else:
            must.add(end)
        return Sight(name, frozenset(must), may, frozenset({entry.effects}), entry.size)

    def _answers(self, pool: Pool) -> frozenset[tuple[Effect, ...]]:
        """All that a function does, where these are few things: each is an answer of its own."""
        label = str(pool.master.target)
        if label not in self._few:
            entries = [*pool.recorded(), *(one for one in pool.entries if not pool.is_crash(one))]
            different = {one.effects for one in entries}
            self._few[label] = frozenset(different) if len(different) <= _FEW_ANSWERS else frozenset()
        return self._few[label]

    def _noticed_by(self, entry: Entry) -> set[str]:
        name = entry.call.identity
        return {*self._notices[name], *self._notices_others[name]}

    # --- what is said of it ----------------------------------------------------------------------------------

    def _proposed(
        self, chosen: Chosen, scores: tuple[Mapping[Target, float | None], Mapping[Target, float | None]]
    ) -> list[Explored]:
        recorded = [entry for pool in self.pools for entry in pool.recorded()]
        reached = {branch for entry in recorded for branch in entry.branches}
        noticed = {mutant for entry in recorded for mutant in self._noticed_by(entry)}
        results = []
        for pool in self.pools:
            proposed: list[Proposed] = []
            for entry, case in zip(some := chosen[pool.master.target], pool.cases(some), strict=True):
                new = self._noticed_by(entry) - noticed
                proposed.append(Proposed(case, pool.remark(entry, len(new), reached), in_words(case.approved)))
                reached |= entry.branches
                noticed |= new
            results.append(self._written(pool, some, proposed, scores))
        return results

    def _written(
        self,
        pool: Pool,
        chosen: Sequence[Entry],
        proposed: Sequence[Proposed],
        scores: tuple[Mapping[Target, float | None], Mapping[Target, float | None]],
    ) -> Explored:
        target = pool.master.target
        remarks = {one.case.call.identity: one.remark for one in proposed}
        path: Path | None = propose(pool.path, self.directory, pool.master, [one.case for one in proposed], remarks)
        branches = [
            len({branch for entry in some for branch in entry.branches if is_branch(branch)})
            for some in (pool.recorded(), [*pool.recorded(), *chosen])
        ]
        return Explored(
            target,
            tried=pool.search.tried,
            refused=pool.search.refused,
            branches=(branches[0], branches[1]),
            moved=pool.moved,
            proposed=tuple(proposed),
            score=(scores[0][target], scores[1][target]),
            path=path,
        )

    def _scores(self, graded: Graded | None, later: Graded | None) -> dict[Target, float | None]:
        """The score of each target, over the mutants that count later: new cases may call further functions."""
        labels = {pool.master.target: pool.label for pool in self.pools}
        return {
            target: score(graded, later or graded, label, {other for other in labels.values() if other != label})
            for target, label in labels.items()
        }
