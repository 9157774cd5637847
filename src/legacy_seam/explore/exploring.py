"""The search: new calls of one target are made of those that showed something new, and kept if they do as well.

It is the loop of a fuzzer around recorded values. Calls are made of others, and glanced at, in a worker that holds
the program in the closed world of replays (`legacy_seam.replay.searching`); those that seem to show something new
are replayed, and here it is decided which of them are worth keeping.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from legacy_seam.calls import Call
from legacy_seam.explore.budget import Budget, Stopwatch
from legacy_seam.explore.corpus import Corpus, Entry
from legacy_seam.explore.distinctions import members_of
from legacy_seam.explore.expressions import Expressions
from legacy_seam.explore.ideas import ideas_for, matching
from legacy_seam.explore.mutating import with_inputs
from legacy_seam.explore.shrinking import Recorded, shrink
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.worlds import Met, World
from legacy_seam.replay.searching.familiarity import Familiarity, familiarity
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.loop import Round
from legacy_seam.replay.searching.trees import read, written
from legacy_seam.rewriting.edits import node_at
from legacy_seam.targets import Target
from legacy_seam.values import Tree

_MOST_SEEDS = 200
_MOST_STEPS = 60
_SHORTEST_ROUND, _LONGEST_ROUND = 500, 16_000
"""Calls that are made before those are replayed that seem to show something new."""
_MOST_BEFORE = 60
"""Calls that are made before it is looked what the program holds."""
_ROUNDS_BEFORE_ANOTHER_LOOK = (3, 7)
"""After so many rounds it is looked again: calls that went elsewhere may have filled other tables."""
_SECONDS_OF_A_ROUND = 2.0
_SHARE_OF_THE_SEARCH = 0.85
"""The rest of the time is for making what was found small."""
_PATIENCE, _LEAST_PATIENCE = 3.0, 1.0
"""A search is over where nothing led on for so many times as long as it took until then, and for so many seconds:
what is rare comes later and later, and other functions wait for the time."""
_MOST_IN_ITS_PLACE, _MOST_MADE_FAMILIAR = 12, 200
_MOST_IDLE = 5
"""Rounds in which no call could be made that had not been made before: there may be none left."""


@dataclass(slots=True)
class Search:
    """The search for calls of one target.

    Args:
        target: what is called.
        world: a worker that holds the program and cases of the target.
        number: one of these cases.
        file: the file of the target's module.
        source: the module.
        budget: how long.
        objects: values that are no built-in data, and were met elsewhere.
        told: called with the number of calls that were tried, and the corpus, now and then.
    """

    target: Target
    world: World
    number: int
    file: str
    source: Source
    budget: Budget
    objects: Sequence[Tree] = ()
    told: Callable[[int, Corpus], None] = lambda calls, corpus: None
    corpus: Corpus = field(default_factory=Corpus)
    lines: dict[int, int] = field(default_factory=dict)
    tried: int = 0
    refused: int = 0
    habits: Habits = field(default_factory=Habits)
    ideas: Ideas = field(default_factory=Ideas)
    recorded: Recorded = field(default_factory=Recorded)
    expressions: Expressions = field(default_factory=Expressions)
    idle: int = 0
    replayed: int = 0
    replaying: float = 0.0
    calls_of_a_round: int = _SHORTEST_ROUND
    stopwatch: Stopwatch | None = None
    led_on: float = 0.0
    round_number: int = 0
    _hinted: Habits | None = None
    _read: Ideas | None = None

    def run(self, recorded: Sequence[Call], found_before: Sequence[Call], round_number: int = 0) -> None:
        """Search until the budget is spent. What was found is in `corpus`, at any moment.

        Args:
            recorded: calls that are cases already.
            found_before: calls that an earlier search kept.
            round_number: how many searches there were before, so that this one does not repeat them.
        """
        self.round_number = round_number
        self.habits = Habits.of(call.arguments for call in recorded)
        self.corpus.is_familiar = lambda call: self.familiarity(call) != "outside"
        self.recorded = Recorded.of(recorded)
        chance = random.Random(f"{self.budget.seed} {self.target} {round_number}")
        number = random.Random(f"{self.budget.seed} {round_number}").randrange(1 << 30)  # the same for all targets
        self.ideas = self._ideas(number, recorded)
        self._begin(recorded, found_before)
        self.stopwatch, rounds = Stopwatch(self.world), 0
        while self.corpus.entries and not self._is_over():
            if any(entry.why in ("branch", "bound", "outcome", "step") for entry in self._try(self._next(chance))):
                self.led_on = self.used()
            self.told(self.tried, self.corpus)
            rounds += 1
            if rounds in _ROUNDS_BEFORE_ANOTHER_LOOK:
                self.ideas = self._ideas(number, [entry.call for entry in self.corpus.telling()])
        self._try(self._made_familiar())
        self._shrink_all()

    def familiarity(self, call: Call) -> Familiarity:
        """How close a call is to the recorded ones."""
        if self._hinted is None:
            self._hinted = self.ideas.as_habits()
        return familiarity(read(call.arguments), self.habits, self._hinted)

    def _ideas(self, number: int, calls: Sequence[Call]) -> Ideas:
        function = self.source.functions.get(self.target.qualname)
        node = None if function is None else node_at(self.source.tree, function.path)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return Ideas()
        held = self.world.held(self.number, calls[-_MOST_BEFORE:])
        self._read = ideas_for(node, self.source.tree, number, held, self._read)
        if not self.expressions.patterns:
            patterns = dict.fromkeys((*self._read.literals.patterns, *held.patterns))
            self.expressions = Expressions.of([(one, matching(one, number)) for one in patterns])
        members = members_of(self.source.tree, self.target.module, calls)
        return replace(self._read, objects=self.objects, hinted={**self._read.hinted, **members})

    def _begin(self, recorded: Sequence[Call], found_before: Sequence[Call]) -> None:
        self._try(recorded, recorded=True)
        telling = self.expressions.calls(recorded, self.budget.seed)
        self._try([call for call in (*found_before, *telling) if not self.corpus.is_known(call)])

    def _next(self, chance: random.Random) -> list[Call]:
        """Calls that may show something new."""
        sought = self.world.search(self.number, [self.file], *self._seeds(), self.ideas, self._round(chance))
        self.tried += sought.tried
        self.idle = 0 if sought.tried else self.idle + 1
        self.refused += sought.ends
        made = [with_inputs(*one) for one in sought.found]
        return [call for call in made if not self.corpus.is_known(call)]

    def _made_familiar(self) -> list[Call]:
        """Calls like those that the program never gets, with another argument in the place of the strange one."""
        made: dict[str, Call] = {}
        for entry in self.corpus.telling():
            call = entry.call
            if self.corpus.is_familiar(call):
                continue
            for name in call.arguments:
                hinted = (written(value) for value in self.ideas.hinted.get(name, ()))
                texts = dict.fromkeys((*self.recorded.texts.get(name, ()), *filter(None, hinted)))
                for text in list(texts)[:_MOST_IN_ITS_PLACE]:
                    other = with_inputs(call, {name: text}, call.defaulted)
                    if self.corpus.is_familiar(other):
                        made.setdefault(other.identity, other)
        return [call for call in made.values() if not self.corpus.is_known(call)][:_MOST_MADE_FAMILIAR]

    def _seeds(self) -> tuple[list[Call], int]:
        """Calls of which others are made, those that were recorded first; and how many these are."""
        recorded = [entry.call for entry in self.corpus.recorded()][:_MOST_SEEDS]
        found = [entry.call for entry in self.corpus.found()][-_MOST_SEEDS:]
        steps = [entry.call for entry in self.corpus.steps()][-_MOST_STEPS:]
        return recorded + steps + found, len(recorded)

    def _round(self, chance: random.Random) -> Round:
        calls, seconds = self.calls_of_a_round, _SHARE_OF_THE_SEARCH * self.budget.seconds - self.used()
        self.calls_of_a_round = min(_LONGEST_ROUND, 2 * calls)
        if self.budget.calls is None:
            seconds = min(seconds, _SECONDS_OF_A_ROUND)
        else:  # the same calls whatever the time
            calls = min(calls, self.budget.calls - self.tried)
        return Round(calls, seconds, self.corpus.variety_left, str(chance.random()))

    def _try(self, calls: Sequence[Call], *, recorded: bool = False) -> list[Entry]:
        """Run calls, and keep those that show something new."""
        kept: list[Entry] = []
        met = self._replayed(calls)
        for place, call in enumerate(calls):
            if recorded:
                self.corpus.is_known(call)
            came = met.get(place)
            entry = None if came is None else self._taken(self.corpus, call, came, recorded)
            if entry is not None:
                kept.append(entry)
        self.refused += sum(place not in met or met[place].effects is None for place in range(len(calls)))
        return kept

    def _replayed(self, calls: Sequence[Call]) -> dict[int, Met]:
        """What comes of calls, by their place."""
        before = self.world.seconds
        met = self.world.explore(self.number, [self.file], calls, self.lines) if calls else {}
        self.replaying += self.world.seconds - before
        self.replayed += len(calls)
        self.tried += len(calls)
        return met

    def seconds_of_a_replay(self) -> float:
        """Seconds of processor time that it takes to replay one call."""
        return self.replaying / max(1, self.replayed)

    def used(self) -> float:
        """Seconds of the budget that were used."""
        return 0.0 if self.stopwatch is None else self.stopwatch.seconds()

    def _is_over(self) -> bool:
        if self.idle > _MOST_IDLE:
            return True
        if self.budget.calls is not None and self.tried >= self.budget.calls:
            return True
        if self.budget.calls is None and not self.was_led_on:
            return True
        return self.used() > _SHARE_OF_THE_SEARCH * self.budget.seconds

    @property
    def was_led_on(self) -> bool:
        """Did something lead on of late?"""
        return self.idle <= _MOST_IDLE and self.used() <= _PATIENCE * self.led_on + _LEAST_PATIENCE

    def _shrink_all(self) -> None:
        """Make what was found as small as it can be and still show the same."""
        entries = self.corpus.entries
        found = [place for place, entry in enumerate(entries) if entry.why not in ("recorded", "edge", "step")]
        small = shrink([entries[place] for place in found], self._met, self.recorded, self._has_shrunk_enough)
        for place, entry in zip(found, small, strict=True):
            entries[place] = entry

    def _has_shrunk_enough(self) -> bool:
        """Other functions wait for what is left of the time; without a limit of time, none does."""
        return self.budget.calls is None and self.used() > self.budget.seconds

    def _met(self, calls: Sequence[Call]) -> list[Entry | None]:
        """What calls show, without keeping any."""
        met = self._replayed(calls)
        found: list[Entry | None] = []
        for place, call in enumerate(calls):
            came = met.get(place)
            found.append(None if came is None else self._taken(Corpus(), call, came))
        return found

    def _taken(self, corpus: Corpus, call: Call, came: Met, recorded: bool = False) -> Entry | None:
        return corpus.take(call, came, recorded=recorded, notes=self.expressions.notes(call.arguments))
