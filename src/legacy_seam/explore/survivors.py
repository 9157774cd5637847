"""Inputs for mutants that nothing found so far tells from the original: the search is led to the place of each.

First calls near those that run the place are tried, a few for each mutant. What is left of the time is for those
that are left, in equal parts: calls are made where they are tried, of those that run the place, with the constants
that stand there before all others.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from legacy_seam.calls import Call
from legacy_seam.explore.corpus import Entry
from legacy_seam.explore.literals import literals_of
from legacy_seam.explore.mutating import with_inputs
from legacy_seam.explore.shrinking import Recorded, simpler_calls, simplicity
from legacy_seam.grade.mutants import Mutant, Source
from legacy_seam.grade.probing import probes
from legacy_seam.grade.verdicts import Judged
from legacy_seam.grade.worlds import World
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.searching.ideas import Ideas, Literals
from legacy_seam.rewriting.edits import node_at

_PARENTS = 6
_MOST_STEPS = 6
_MOST_SEEDS = 60
_MOST_CALLS = 6_000
_MOST_SECONDS = 2.0
"""Of processor time for one mutant: many are told from the original by nobody."""
_LEAST_SECONDS = 0.1


@dataclass(slots=True)
class Hunt:
    """Looks for calls on which mutants and the original part.

    Args:
        world: a worker that holds the program and cases of the target.
        number: one of these cases.
        source: the module; file: where it is.
        lines: the line that each branch goes to.
        ideas: values to try.
        recorded: what was recorded; calls: the calls.
        chance: all that is left to chance comes of this.
        most: calls that are made for one mutant.
    """

    world: World
    number: int
    source: Source
    file: str
    lines: Mapping[int, int]
    ideas: Ideas
    recorded: Recorded
    calls: Sequence[Call]
    chance: str
    most: int = _MOST_CALLS

    def run(
        self, survivors: Sequence[Judged], entries: Sequence[Entry], left: Callable[[], float]
    ) -> dict[str, Call]:
        """A small call for each mutant for which one is found in time, by the identity of the mutant.

        Args:
            survivors: the mutants.
            entries: calls to begin with; none of them notices any of the mutants.
            left: tells how many seconds are left.
        """
        found: dict[str, Call] = {}
        waiting: list[tuple[Mutant, Trial, list[Entry]]] = []
        for judged in survivors:
            mutant, function = judged.mutant, self.source.functions.get(judged.mutant.function)
            there = running(mutant, self.source, entries, self.lines)
            if function is None or not there or left() <= 0:
                continue
            trial = Trial(0, self.file, function.path, mutant.edit, mutant.line, (), True)
            near = probes([one.call for one in there[:_PARENTS]], self.source, function)
            parted = self.world.probe(trial, self.number, near) if near else None
            if parted is not None:
                found[mutant.identity] = self._small(trial, parted[0])
            else:
                waiting.append((mutant, trial, there))
        for place, (mutant, trial, there) in enumerate(waiting):
            seconds = min(_MOST_SECONDS, left() / (len(waiting) - place))
            call = self._made(mutant, trial, there, seconds) if seconds >= _LEAST_SECONDS else None
            if call is not None:
                found[mutant.identity] = self._small(trial, call)
        return found

    def _made(self, mutant: Mutant, trial: Trial, there: Sequence[Entry], seconds: float) -> Call | None:
        """A call that is made of others until the two part."""
        calls = [*self.calls, *(one.call for one in there[:_MOST_SEEDS])]
        ideas = replace(self.ideas, literals=self._literals(mutant))
        how = min(self.most, _MOST_CALLS), seconds, f"{self.chance} {mutant.identity}"
        made = self.world.part(trial, self.number, calls, len(self.calls), ideas, how)
        return None if made is None else with_inputs(*made)

    def _literals(self, mutant: Mutant) -> Literals:
        """What is written where a mutant is, twice as likely as what is written around it."""
        statement = node_at(self.source.tree, mutant.edit.path)
        own = literals_of(statement, self.source.tree) if isinstance(statement, ast.AST) else Literals()
        rest = self.ideas.literals
        times = 1 + (len(rest.numbers) + len(rest.texts)) // max(1, len(own.numbers) + len(own.texts))
        return Literals((*own.numbers * times, *rest.numbers), (*own.texts * times, *rest.texts), rest.patterns)

    def _small(self, trial: Trial, call: Call) -> Call:
        """The smallest call near one on which the two still part."""
        for _ in range(_MOST_STEPS):
            candidates = list(simpler_calls(call, self.recorded))
            parted = self.world.probe(trial, self.number, candidates) if candidates else None
            if parted is None or simplicity(parted[0], self.recorded) >= simplicity(call, self.recorded):
                break
            call = parted[0]
        return call


def running(mutant: Mutant, source: Source, entries: Sequence[Entry], lines: Mapping[int, int]) -> list[Entry]:
    """Calls that run the place of a mutant, or as close to it as is known; small ones first.

    Args:
        mutant: the mutant.
        source: its module.
        entries: the calls.
        lines: the line that each branch goes to.
    """
    function = source.functions.get(mutant.function)
    if function is None:
        return []
    first, last = mutant.lines
    noted = {line for line in lines.values() if function.first <= line <= last}
    nearest = {line for line in noted if line >= first} or {max(noted, default=0)}
    there = [one for one in entries if any(lines.get(b) in nearest for b in one.branches)]
    if not there:
        there = [
            one for one in entries if any(function.first <= lines.get(b, 0) <= function.last for b in one.branches)
        ]
    return sorted(there, key=lambda entry: entry.size)
