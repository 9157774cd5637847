"""The loop of a search: a call is made of one that showed something, glanced at, and kept if it does so as well."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Replay
from legacy_seam.replay.glancing import glance
from legacy_seam.replay.mutation.branches import Branches
from legacy_seam.replay.searching.giving import Giving
from legacy_seam.replay.searching.mutating import Inputs, Mutator
from legacy_seam.replay.searching.novelty import Novelty, Shown
from legacy_seam.replay.wire import Job
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.values import Tree

_RECENT = 12
_FROM_RECENT = 0.4
_CALLS_BETWEEN = 50
"""After so many calls the world is put back: a glance leaves behind whatever the call does to it."""
_MOST_FOUND = 100
"""So many new calls are enough for one round: each is to be replayed."""
_MOST_THOUGHTS = 5
"""How often a call may be thought of for each that is made: many of them were made before."""
Chance = random.Random
"""As it is before the world's randomness is put in its place."""
_process_time = time.process_time  # bound before the clock is replaced


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a search.

    calls:   how many are tried at most; seconds: of processor time that it may take.
    variety: so many new ones more may be new by nothing but their value.
    chance:  all that is left to chance comes of this.
    """

    calls: int
    seconds: float
    variety: int
    chance: str


_NOT_MADE = object()
"""In the place of what a call shows that was made before, or cannot be made."""


def given_to(job: Job, others: Mapping[str, Any], defaulted: Collection[str]) -> dict[str, Any]:
    """The arguments of a call: those of another one and some others, without what is left to defaults."""
    given = {**job.arguments, **others}
    return {name: one for name, one in given.items() if name not in defaulted} if defaulted else given


def optional_of(replay: Replay) -> list[str]:
    """The parameters of a function that have a default, in order."""
    function = replay.found.function
    if function is None:
        return []
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    return [
        *positional[len(positional) - len(function.__defaults__ or ()) :],
        *(function.__kwdefaults__ or ()),
    ]


def can_be_glanced_at(replay: Replay, job: Job) -> bool:
    """Can a call be made without its world being put back before? (See `legacy_seam.replay.glancing`.)"""
    is_bare = not (job.closure or job.state or job.driven or job.answers or job.in_loop)
    return replay.found.function is not None and is_bare


@dataclass(frozen=True, slots=True)
class Find:
    """A call that seems to show something new.

    root:     the number of the one it descends from, whose world it has.
    texts:    its arguments; defaulted: parameters that are left to their defaults.
    branches: that it takes; shown: what else it shows.
    """

    root: int
    texts: dict[str, str]
    defaulted: tuple[str, ...]
    branches: Sequence[int]
    shown: Shown

    def as_data(self) -> list[Any]:
        """As plain data."""
        return [*self.told(), self.branches, self.shown.sort, self.shown.value, self.shown.is_familiar]

    def told(self) -> list[Any]:
        """What somebody else has to know who is to make it."""
        return [self.root, self.texts, self.defaulted]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Find:
        """The inverse of `as_data`."""
        root, texts, defaulted, branches, *shown = data
        return cls(root, texts, tuple(defaulted), branches, Shown(*shown))


@dataclass(slots=True)
class Loop:
    """Searches.

    Args:
        replay: of the target, which is a live function.
        giving: makes the inputs of calls, which descend from those that have shown something.
        mutator: makes new ones.
        novelty: what was shown before.
        branches: tell which ones a call takes.
        before_each: called before each call, and with False after the last.
        tell: told of each call that seems to be new.
    """

    replay: Replay
    giving: Giving
    mutator: Mutator
    novelty: Novelty
    branches: Branches
    before_each: Callable[[bool], None]
    tell: Callable[[Find], None]
    _pool: list[tuple[int, Inputs]] = field(default_factory=list)
    _found: int = 0

    def run(self, one: Round, say_how_far: Callable[[int], None]) -> None:
        """Search for one round.

        Args:
            one: the round.
            say_how_far: told the number of calls that were made, before each.
        """
        self._pool = [
            (n, Inputs(trees, self.giving.seeds[n].defaulted)) for n, trees in self.giving.origins.items()
        ]
        is_costly = self.branches.is_costly
        self.replay.watcher = self.branches if is_costly else None
        with nullcontext() if is_costly else self.branches:
            try:
                say_how_far(self._go_round(one, say_how_far))
            finally:
                self.before_each(False)

    def _go_round(self, one: Round, say_how_far: Callable[[int], None]) -> int:
        """Make the calls; how many there were."""
        until, made = _process_time() + one.seconds, 0
        for number in range(_MOST_THOUGHTS * one.calls):
            if number % _CALLS_BETWEEN == 0:
                self._put_back()
                if _process_time() > until or self._found >= _MOST_FOUND:
                    break
            say_how_far(made)
            made += self._try_another()
            if made == one.calls:
                break
        return made

    def _try_another(self) -> bool:
        """Make one more call, if one can be thought of."""
        chance, pool = self.mutator.chance, self._pool
        recent = chance.random() < _FROM_RECENT
        root, parent = pool[-1 - int(chance.random() * min(_RECENT, len(pool)))] if recent else chance.choice(pool)
        made = self.mutator.changed(parent.trees, parent.defaulted, self._another)
        if made is None:
            return False
        look = self._glance if can_be_glanced_at(self.replay, self.giving.seeds[root]) else self._replay
        shown = look(root, made)
        if shown is not _NOT_MADE:
            self.mutator.yields.take(self.mutator.changed_roles, shown is not None)
        if type(shown) is Shown:
            self._keep(root, made, shown)
        return shown is not _NOT_MADE

    def _glance(self, root: int, made: Inputs) -> Shown | object | None:
        """What a call shows at a glance, if that is new."""
        given = self.giving.alive(root, made)
        if given is None:
            return _NOT_MADE
        job = self.giving.seeds[root]
        arguments = given_to(job, made.trees, made.defaulted)
        call = Job(arguments, job.instant, made.defaulted, None, job.closure, job.state, job.files)
        self.branches.seen.clear()
        self.before_each(True)
        done = glance(self.replay, call, given, {}, self.branches if self.branches.is_costly else None)
        return self.novelty.seems_new(self.branches.seen, done, made.trees, given)

    def _replay(self, root: int, made: Inputs) -> Shown | object | None:
        """What a call shows of which a glance says nothing, if that is new."""
        texts, job = self.giving.texts(root, made), self.giving.seeds[root]
        if texts is None or self.giving.was_tried((str(root), *texts.values(), *made.defaulted)):
            return _NOT_MADE
        arguments = given_to(job, texts, made.defaulted)
        call = replace(job, arguments=arguments, defaulted=made.defaulted)
        self.branches.seen.clear()
        self.before_each(True)
        try:
            effects = self.replay.run(call).effects
        except (Refused, BlobDamaged, MemoryError):
            return None
        return self.novelty.tells_new(self.branches.seen, effects, made.trees)

    def _another(self) -> Mapping[str, Tree]:
        return self.mutator.chance.choice(self._pool)[1].trees

    def _keep(self, root: int, made: Inputs, shown: Shown) -> None:
        texts = self.giving.texts(root, made)
        if texts is not None:
            self._pool.append((root, made))
            self._found += 1
            self.tell(Find(root, texts, made.defaulted, sorted(self.branches.seen), shown))

    def _put_back(self) -> None:
        """Have a whole replay of a call that is known put everything back; what comes of it is of no interest."""
        self.before_each(True)
        try:
            self.replay.put_back()
            self.replay.run(self.giving.seeds[self._pool[0][0]])
        except (Refused, BlobDamaged, MemoryError):
            pass
