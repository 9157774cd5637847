"""Inputs for mutants that nothing found so far tells from the original: the search is led to the place of each."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from legacy_seam.calls import Call
from legacy_seam.explore.corpus import Entry
from legacy_seam.explore.mutating import child_of
from legacy_seam.explore.shrinking import Recorded, simpler_calls, simplicity
from legacy_seam.grade.mutants import Function, Mutant, Source
from legacy_seam.grade.probing import probes
from legacy_seam.grade.verdicts import Judged
from legacy_seam.grade.worlds import World
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.searching.mutating import Mutator

_CALLS_FOR_A_MUTANT = 120
_PARENTS = 6
_MOST_STEPS = 6


@dataclass(slots=True)
class Hunt:
    """Looks for calls on which mutants and the original part.

    Args:
        world: a worker that holds the program and cases of the target.
        number: one of these cases.
        source: the module; file: where it is.
        lines: the line that each branch goes to.
        mutator: makes new calls.
        recorded: what was recorded.
    """

    world: World
    number: int
    source: Source
    file: str
    lines: Mapping[int, int]
    mutator: Mutator
    recorded: Recorded

    def run(
        self, survivors: Sequence[Judged], entries: Sequence[Entry], is_over: Callable[[], bool]
    ) -> dict[str, Call]:
        """A small call for each mutant for which one is found in time, by the identity of the mutant.

        Args:
            survivors: the mutants.
            entries: calls to begin with.
            is_over: asked before each mutant whether to stop.
        """
        found: dict[str, Call] = {}
        for judged in survivors:
            if is_over():
                break
            function = self.source.functions.get(judged.mutant.function)
            if function is None:
                continue
            trial = Trial(0, self.file, function.path, judged.mutant.edit, judged.mutant.line, (), True)
            calls = self._near(judged.mutant, function, entries)
            parted = self.world.probe(trial, self.number, calls) if calls else None
            if parted is not None:
                found[judged.mutant.identity] = self._small(trial, parted[0])
        return found

    def _near(self, mutant: Mutant, function: Function, entries: Sequence[Entry]) -> list[Call]:
        """Calls that are likely to run the place, changed a little."""
        first, last = mutant.lines
        there = [one for one in entries if any(first <= self.lines.get(b, 0) <= last for b in one.branches)]
        parents = sorted(there or entries, key=lambda entry: entry.size)
        chosen = parents[: _PARENTS // 2] + self._some(parents[_PARENTS // 2 :], _PARENTS // 2)
        calls = {call.identity: call for call in (one.call for one in there)}
        for call in probes([one.call for one in chosen], self.source, function):
            calls.setdefault(call.identity + str(len(calls)), call)
        others = [one.call for one in entries[:100]]
        for _ in range(_CALLS_FOR_A_MUTANT):
            child = child_of(self.mutator, self.mutator.chance.choice(chosen).call, others) if chosen else None
            if child is not None:
                calls.setdefault(child.identity, child)
        return list(calls.values())

    def _some(self, entries: Sequence[Entry], most: int) -> list[Entry]:
        chance: random.Random = self.mutator.chance
        return chance.sample(list(entries), min(most, len(entries)))

    def _small(self, trial: Trial, call: Call) -> Call:
        """The smallest call near one on which the two still part."""
        for _ in range(_MOST_STEPS):
            candidates = list(simpler_calls(call, self.recorded))
            parted = self.world.probe(trial, self.number, candidates) if candidates else None
            if parted is None or simplicity(parted[0], self.recorded) >= simplicity(call, self.recorded):
                break
            call = parted[0]
        return call
