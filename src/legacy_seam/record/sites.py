"""One watched function: what it is, whether its calls are looked at, and how many went where."""

from __future__ import annotations

import types
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from operator import length_hint
from typing import Any

from legacy_seam.calls import Count
from legacy_seam.record.probes import Definition
from legacy_seam.record.sampling import Policy, Sampler
from legacy_seam.targets import Target

_ENDLESS = 1 << 60
_PATIENCE_SECONDS = 1.0
"""What looking at one function may cost before its first pause."""
_LATER_PATIENCE_SECONDS = 0.05
"""The same before every later pause, and where its inputs are large."""
LARGE = 20_000
"""Inputs are large from so many characters on."""
_COSTLY_SECONDS = 1.5
_EXHAUSTED_SECONDS = 5.0
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

    __slots__ = ("_given", "_is_over", "_passed")

    def __init__(self, is_over: Callable[[int], int]) -> None:
        self._is_over = is_over
        self._given: list[tuple[int, repeat[tuple[()]]]] = []
        self._passed = 0

    def __iter__(self) -> Iterator[Iterator[tuple[()]]]:
        return self

    def __next__(self) -> Iterator[tuple[()]]:
        last = self._given[-1][0] if self._given else 0
        try:
            length = max(self._is_over(last), 1)
        except Exception:  # the recorder's own trouble is never the program's
            length = _ENDLESS
        steps = repeat((), length)
        self._given.append((length, steps))
        return steps

    @property
    def passed(self) -> int:
        """How many calls passed in all. Exact even where two threads came to the end of a pause together."""
        return sum(length - length_hint(steps) for length, steps in self._given)


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
    cost:  seconds spent in looking at it since its last pause; `effort` is that since the beginning.
    function: the live function, once it was found by its name.
    reached:  names of the state it can get at, and the number of modules known when that was judged.
    """

    __slots__ = (
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
        "is_young",
        "kept",
        "path",
        "pause",
        "reached",
        "sampled_out",
        "sampler",
        "tally",
        "target",
        "why",
    )

    def __init__(self, definition: Definition, policy: Policy) -> None:
        self.definition = definition
        self.target = Target(definition.module, definition.qualname)
        self.sampler = Sampler(policy)
        self.code: types.CodeType | None = None
        self.free: tuple[str, ...] = ()
        self.function: types.FunctionType | None = None
        self.reached: tuple[int, tuple[str, ...]] | None = None
        self.gate = Gate()
        self.pause = Pause(self._look_again)
        self.tally = Passing.from_iterable(self.pause)
        self.path: set[int] = set()
        self.kept, self.duplicate, self.sampled_out, self.failed = Tally(), Tally(), Tally(), Tally()
        self.why: Counter[str] = Counter()
        self.cost = self.effort = 0.0
        self.is_bulky = self.is_large = False
        self.is_young = True
        self.is_retired = False
        self.has_namesakes = False

    def bind(self, code: types.CodeType) -> None:
        """This is the compiled body of the function."""
        self.code = code
        self.free = tuple(name for name in code.co_freevars if name != "__class__")

    def spend(self, seconds: float) -> None:
        """A look at the function has taken this long; it is the last one for a while when it has been enough."""
        self.cost += seconds
        self.effort += seconds
        if self.cost > (_PATIENCE_SECONDS if self.is_young and not self.is_large else _LATER_PATIENCE_SECONDS):
            self.sampler.lose_patience()
        if self.sampler.has_learnt:
            self._learn()

    @property
    def is_costly(self) -> bool:
        """Is it so dear to write down its inputs that it must be worth it every time?"""
        return self.is_bulky or self.effort > _COSTLY_SECONDS

    @property
    def is_exhausted(self) -> bool:
        """Has it cost so much that no more of its calls can be kept?"""
        return self.effort > _EXHAUSTED_SECONDS

    def _learn(self) -> None:
        """From now on, calls are only counted."""
        self.cost = 0.0
        self.is_young = False
        if not self.gate:
            self.gate.append(())

    def retire(self) -> None:
        """The recording is over: calls are not looked at any more."""
        self.is_retired = True
        self._learn()

    def fail(self, why: str) -> None:
        """The recorder could not take a call."""
        self.why[why if why in self.why or len(self.why) < _MOST_REASONS else _OTHER_REASONS] += 1
        self.failed.add()
        self.sampler.be_disappointed()

    def count(self) -> Count:
        """How many calls went where so far."""
        kept, duplicate, failed = self.kept.value, self.duplicate.value, self.failed.value
        sampled_out = self.sampled_out.value + self.pause.passed
        seen = kept + duplicate + sampled_out + failed
        return Count(seen, kept, duplicate, sampled_out, failed, dict(self.why))

    def _look_again(self, passed: int) -> int:
        if self.is_retired:
            return _ENDLESS
        if passed:
            self.sampler.look_again(passed)
            self.gate.clear()
        return self.sampler.pause()
