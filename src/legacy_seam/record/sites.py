"""One watched function: what it is, whether its calls are looked at, and how many went where."""

from __future__ import annotations

import types
from _thread import allocate_lock
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from operator import length_hint
from typing import Any

from legacy_seam.calls import Count
from legacy_seam.record.budget import Budget
from legacy_seam.record.definitions import Definition
from legacy_seam.record.novelty import Lines
from legacy_seam.record.sampling import Policy, Sampler
from legacy_seam.targets import Target

_ENDLESS = 1 << 60
_MOST_PAUSES, _RECENT_PAUSES = 64, 16
_PATIENCE_SECONDS = 1.0
"""What looking at one function may cost before its first pause."""
_LATER_PATIENCE_SECONDS = 0.05
"""The same before every later pause, and where its inputs are large."""
LARGE = 20_000
"""Inputs are large from so many characters on."""
_COSTLY_SECONDS = 1.5
_EXHAUSTED_SECONDS = 5.0
_SECONDS_A_PART = 5e-6
"""What it takes, at the least, to write down one part of the inputs."""
_FEW = 3
_LONG_SECONDS = 0.001
_TO_SAVE_TIME = "passed over: recording had taken its share of the time"
_MOST_REASONS = 20
_OTHER_REASONS = "other reasons"


class Tally:
    """A counter that any thread may advance at any time without a lock.

    >>> tally = Tally()
    >>> tally.add()
    >>> tally.value
    1
    """

    __slots__ = ("_items", "add")

    def __init__(self) -> None:
        self._items = repeat(None, _ENDLESS)
        self.add: Callable[[], None] = self._items.__next__

    @property
    def value(self) -> int:
        """How often `add` was called."""
        return _ENDLESS - length_hint(self._items)


class Pause:
    """Lets calls of a learnt function pass, counts them, and says when it is time to look again.

    It gives iterators of `()`, each as long as one pause; `itertools.chain` puts them end to end, so that a call
    which is only counted costs one step of a C iterator.

    Args:
        is_over: called after each pause with the number of calls in it; gives the length of the next.
    """

    __slots__ = ("_given", "_is_over", "_last", "_passed", "_settling")

    def __init__(self, is_over: Callable[[int], int]) -> None:
        self._is_over = is_over
        self._given: list[tuple[int, repeat[tuple[()]]]] = []
        self._last = 0
        self._passed = 0
        self._settling = allocate_lock()

    def __iter__(self) -> Iterator[Iterator[tuple[()]]]:
        return self

    def __next__(self) -> Iterator[tuple[()]]:
        try:
            length = max(self._is_over(self._last), 1)
        except Exception:  # the recorder's own trouble is never the program's
            length = _ENDLESS
        steps = repeat((), length)
        self._last = length
        self._given.append((length, steps))
        if len(self._given) > _MOST_PAUSES:
            self._settle()
        return steps

    def _settle(self) -> None:
        """Sum up the pauses that are long over."""
        if not self._settling.acquire(blocking=False):
            return
        try:
            while len(self._given) > _RECENT_PAUSES:
                length, steps = self._given.pop(0)
                self._passed += length - length_hint(steps)
        finally:
            self._settling.release()

    @property
    def passed(self) -> int:
        """How many calls passed in all. Exact even where two threads came to the end of a pause together."""
        return self._passed + sum(length - length_hint(steps) for length, steps in self._given)


class Gate(list[tuple[()]]):
    """Holds `()` while a function is learnt. Stands among the constants of a code object, so it has a hash."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        """A function sent to another process by value is not looked at there."""
        return Gate, ([()],)


class Passing(chain[tuple[()]]):
    """The endless iterator of `()` that counts the calls of a learnt function."""

    __slots__ = ()

    def __reduce__(self) -> Any:
        """A function sent to another process by value takes no counters along."""
        return repeat, ((),)


class Site:
    """One watched function.

    gate:  holds `()` while the function is learnt (see `legacy_seam.record.probes`).
    tally: where calls are counted while it is.
    path:  the branches taken so far by the call that is looked at.
    free:  the variables of enclosing functions that it uses.
    pause_ends: called when so many calls were only counted that it is time to look again.
    asks_outside: a call site of it has asked something outside the program.
    cost:  seconds spent in looking at it since its last pause; `effort` is that since the beginning.
    function: the live function, once it was found by its name.
    takes_generators: there was one among its inputs, wherever that stood: they differ by what is taken from it.
    uses_databases: it asked a database that was open already: its calls differ by what that holds.
    reached:  names of the state it can get at, by the `id` of the code of functions that it is given (with that
              code); judged when `Places` had the generation `reached_at`.
    """

    __slots__ = (
        "_budget",
        "_expected",
        "_passed_by",
        "_pause_of_asker",
        "_rationed",
        "_rationed_since",
        "asks_outside",
        "code",
        "cost",
        "definition",
        "duplicate",
        "effort",
        "failed",
        "free",
        "function",
        "gate",
        "has_namesakes",
        "is_bulky",
        "is_large",
        "is_retired",
        "is_settled",
        "is_young",
        "kept",
        "lines",
        "path",
        "pause",
        "pause_ends",
        "reached",
        "reached_at",
        "sampled_out",
        "sampler",
        "takes_generators",
        "tally",
        "target",
        "unserialisable",
        "uses_databases",
        "why",
    )

    def __init__(self, definition: Definition, policy: Policy, budget: Budget | None = None) -> None:
        self.definition = definition
        self._budget = Budget() if budget is None else budget
        self._expected = 0.0
        self._rationed = 0
        self._rationed_since: int | None = None
        self.target = Target(definition.module, definition.qualname)
        self.sampler = Sampler(policy)
        self.code: types.CodeType | None = None
        self.free: tuple[str, ...] = ()
        self.function: types.FunctionType | None = None
        self.reached: dict[tuple[int, ...], tuple[tuple[types.CodeType, ...], tuple[str, ...]]] = {}
        self.reached_at = -1
        self.lines = Lines()
        self.gate = Gate()
        self.pause_ends: Callable[[], None] = lambda: None
        self.pause = Pause(self._look_again)
        self.tally = Passing.from_iterable(self.pause)
        self.path: set[int] = set()
        self.kept, self.unserialisable = Tally(), Tally()
        self.duplicate, self.sampled_out, self.failed = Tally(), Tally(), Tally()
        self.why: Counter[str] = Counter()
        self.cost = self.effort = 0.0
        self.is_bulky = self.is_large = self.takes_generators = self.uses_databases = False
        self.is_young = True
        self.is_retired = self.asks_outside = False
        self._passed_by = self._pause_of_asker = 0
        self.has_namesakes = False
        self.is_settled = False

    def bind(self, code: types.CodeType) -> None:
        """This is the compiled body of the function."""
        self.code = code
        self.free = tuple(name for name in code.co_freevars if name != "__class__")

    def spend(self, seconds: float, elapsed: float | None = None) -> None:
        """A look at the function has taken this long; it is the last one for a while when it has been enough.

        Args:
            seconds: of processor time.
            elapsed: what passed meanwhile, where that is not the same.
        """
        self.cost += seconds
        self.effort += seconds
        self._budget.spend(seconds, elapsed)
        self._expected = max(seconds, self._expected / 2)
        if self.cost > (_PATIENCE_SECONDS if self.is_young and not self.is_large else _LATER_PATIENCE_SECONDS):
            self.sampler.lose_patience()
            self._begin_to_save()
        if self.sampler.has_learnt:
            self._learn()

    def can_afford(self, parts: int = 0) -> bool:
        """Is there enough left of the budget for a good look at a call whose inputs have so many parts?

        From the first time that there is not to the next time that there is, calls are passed over to save time.
        """
        kept = 0 if self.sampler.has_missed else self.sampler.kept
        allowed = self._budget.allows(max(self._expected, parts * _SECONDS_A_PART), kept)
        if not allowed:
            self._begin_to_save()
        elif self._rationed_since is not None:
            self._rationed = self._rationed_by_now()
            self._rationed_since = None
        return allowed

    def _begin_to_save(self) -> None:
        if self._rationed_since is None:
            self._rationed_since = self._passed_over()

    @property
    def may_be_large(self) -> bool:
        """May its inputs be so large that it is better to find out before they are written down?"""
        return self.sampler.kept < _FEW or self._expected > _LONG_SECONDS

    @property
    def is_rationed(self) -> bool:
        """Are calls passed over to save time?"""
        return self._rationed_since is not None

    def _rationed_by_now(self) -> int:
        since = self._rationed_since
        return self._rationed + (0 if since is None else self._passed_over() - since)

    def _passed_over(self) -> int:
        return self.sampled_out.value + self.pause.passed

    @property
    def is_costly(self) -> bool:
        """Is it so dear to write down its inputs that it must be worth it every time?"""
        return self.is_bulky or self.effort > _COSTLY_SECONDS

    @property
    def is_exhausted(self) -> bool:
        """Has it cost so much that no more of its calls can be kept?"""
        return self.effort > _EXHAUSTED_SECONDS

    def is_passed_by(self) -> bool:
        """Of a learnt function that asks outside: is this call only listened to? Now and then one is looked at."""
        if not self.sampler.has_learnt:
            return False
        self._passed_by += 1
        if self._passed_by > self._pause_of_asker:
            self.sampler.look_again(self._passed_by)
            self._passed_by, self._pause_of_asker = 0, self.sampler.pause()
            return False
        return True

    def _learn(self) -> None:
        """From now on, calls are only counted; those of a function that asks outside are listened to besides."""
        self.cost = 0.0
        self.is_young = False
        if not self.gate and (self.is_retired or not self.asks_outside):
            self.gate.append(())

    def reaches(self, line: int) -> bool:
        """A line of the function is reached; is that news? If so, it is looked at again."""
        if self.is_retired or self.sampler.is_full or not self.lines.reach(line, is_seen=not self.gate):
            return False
        self.sampler.be_alarmed()
        self.gate.clear()
        return True

    def retire(self) -> None:
        """The recording is over: calls are not looked at any more."""
        self.is_retired = True
        self._learn()

    def fail(self, why: str) -> None:
        """The recorder could not take a call."""
        self._give_reason(why)
        self.failed.add()
        self.sampler.be_disappointed()

    def keep(self, gap: str | None) -> None:
        """A call was written down, but for what is said in `gap`."""
        if gap is None:
            self.kept.add()
        else:
            self._give_reason(gap)
            self.unserialisable.add()

    def _give_reason(self, why: str) -> None:
        self.why[why if why in self.why or len(self.why) < _MOST_REASONS else _OTHER_REASONS] += 1

    def count(self) -> Count:
        """How many calls went where so far."""
        kept, unserialisable = self.kept.value, self.unserialisable.value
        duplicate, failed = self.duplicate.value, self.failed.value
        sampled_out, rationed = self._passed_over(), self._rationed_by_now()
        seen = kept + duplicate + sampled_out + unserialisable + failed
        why = dict(self.why) | ({_TO_SAVE_TIME: rationed} if rationed else {})
        return Count(seen, kept, duplicate, sampled_out, unserialisable, failed, why)

    def _look_again(self, passed: int) -> int:
        if self.is_retired:
            return _ENDLESS
        if passed:
            self.pause_ends()
        if self.sampler.is_full:
            return self.sampler.policy.longest_pause
        if passed:
            self.sampler.look_again(passed)
            self.gate.clear()
        return self.sampler.pause()
