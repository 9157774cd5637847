"""Which calls are worth keeping, and when a function has shown what it does.

Boundary values and distinct branches tell more about a function than volume does. So of all calls that differ, a
few are kept per set of branches taken, those which set a new minimum or maximum of some number for these branches,
those with a new type of result or exception, and a thin sample over time. Nothing here is drawn at random: the
random numbers of the program are its own.

A function that has shown nothing new for a while is *learnt*: its calls are only counted, and looked at again after
twice as many calls as before.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from legacy_seam.plaindata import dataclass

Number = int | float
Words: TypeAlias = "Sequence[tuple[str, object]]"


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is kept, in calls per function.

    first:         calls that are kept whatever they show, as long as no two are alike: where a table or a string
                   decides what a function does, no branch tells its calls apart.
    words:         values of a parameter that takes short texts, booleans or None, of each of which one call is
                   kept.
    per_path:      after that, calls with the same set of branches.
    generous:      sets of branches that get `per_path` calls; later ones get one each.
    most:          calls in all; only what has a new type or a branch never taken before goes above it.
    ceiling:       calls in all, whatever they show.
    patience:      looks without anything new after which the function is learnt.
    interest:      the same after a call that was kept for its numbers, its words or its turn alone: these go on
                   changing for ever in most programs.
    glance:        looks when a learnt function is looked at again.
    first_pause:   calls that are only counted, the first time; twice as many each time after.
    longest_pause: calls that are only counted, at most.
    foresight:     looks in which inputs that can change are written down before the call on the mere chance that
                   the call turns out to be worth keeping.
    """

    first: int = 100
    words: int = 64
    per_path: int = 3
    generous: int = 20
    most: int = 200
    ceiling: int = 300
    patience: int = 100
    interest: int = 10
    glance: int = 3
    first_pause: int = 256
    longest_pause: int = 1 << 16
    foresight: int = 8


DEFAULT = Policy()
_MOST_KEYS = 10_000
_MOST_SPANS = 2_000
"""Of numbers, by path and name; those of paths that come later share one span for each name."""
_LATER_PATHS = frozenset({-1})
_FREE_STEPS = 6


class Sampler:
    """What is known of the calls of one function so far, and what follows for the next.

    >>> sampler = Sampler(DEFAULT)
    >>> sampler.is_new(hash("3 apples"))
    True
    >>> sampler.is_new(hash("3 apples"))
    False
    >>> sampler.is_worth_keeping(frozenset({1}), {"count": 3}, "int")
    True
    """

    __slots__ = (
        "_branches",
        "_extremes",
        "_foresight",
        "_has_missed",
        "_keys",
        "_next_sample",
        "_ordinal",
        "_outcomes",
        "_paths",
        "_patience",
        "_pause",
        "_words",
        "kept",
        "policy",
    )

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.kept = 0
        self._keys: set[Hashable] = set()
        self._paths: dict[frozenset[int], int] = {}
        self._branches: set[int] = set()
        self._outcomes: set[str] = set()
        self._words: dict[str, set[object]] = {}
        self._extremes: dict[tuple[frozenset[int], str], _Span] = {}
        self._patience = policy.patience
        self._pause = policy.first_pause // 2
        self._foresight = policy.foresight
        self._has_missed = False
        self._ordinal = 0
        self._next_sample = 1

    @property
    def has_learnt(self) -> bool:
        """Has the function shown nothing new for long enough?"""
        return self._patience <= 0

    @property
    def is_full(self) -> bool:
        """Were as many calls kept as will ever be?"""
        return self.kept >= self.policy.ceiling

    def pause(self) -> int:
        """How many calls to let pass before the next look; it doubles."""
        self._pause = min(self._pause * 2, self.policy.longest_pause)
        return self._pause

    def look_again(self, passed: int) -> None:
        """The function is looked at again, after `passed` calls that were only counted."""
        self._ordinal += passed
        self._patience = self.policy.glance

    def be_disappointed(self) -> None:
        """A call could not be taken."""
        self._patience -= self.policy.glance

    def lose_patience(self) -> None:
        """Looking at this function costs too much to go on."""
        self._patience = 0

    def is_new(self, key: Hashable) -> bool:
        """Take one call: were these inputs never seen before?

        Args:
            key: stands for the values of the inputs; None where no key could be made.
        """
        self._ordinal += 1
        self._patience -= 1
        return self.is_first(key)

    def is_first(self, key: Hashable) -> bool:
        """Was this key never seen before? (None is a key that could not be made.)"""
        if key is None:
            return True
        if key in self._keys:
            return False
        if len(self._keys) < _MOST_KEYS:
            self._keys.add(key)
        return True

    @property
    def is_untouched(self) -> bool:
        """Was there no call so far?"""
        return self._ordinal == 0

    @property
    def has_missed(self) -> bool:
        """Was the last call worth keeping, but its inputs were not written down?"""
        return self._has_missed

    def is_promising(self, numbers: Mapping[str, Number], words: Words = ()) -> bool:
        """Judging by its inputs alone, may this call be worth keeping?"""
        if self.kept >= self.policy.ceiling:
            return False
        if self.kept < self.policy.first:
            return True
        if self._foresight > 0:
            self._foresight -= 1
            return True
        if self._ordinal >= self._next_sample or self._sets_an_extreme(numbers):
            return True
        return any(map(self._is_new_word, words))

    def is_worth_keeping(
        self, path: frozenset[int], numbers: Mapping[str, Number], outcome: str, words: Words = ()
    ) -> bool:
        """Judging by all that is known after it, is this call worth keeping?

        Args:
            path: the branches that were taken.
            numbers: the numbers among its inputs, by name.
            outcome: the type of what was returned or raised.
            words: what among its inputs chooses rather than measures, by name.
        """
        seen = self._paths.get(path, 0)
        is_surprise = self.is_surprising(path, outcome)
        if not seen or is_surprise:
            self._be_surprised()
        quota = self.policy.per_path if len(self._paths) <= self.policy.generous else 1
        worth = is_surprise or self.kept < self.policy.first or seen < quota
        worth = self._sample() or worth
        worth = self._widen(path, numbers) or worth
        worth = self._learn_words(words) or worth
        return worth and self.kept < (self.policy.ceiling if is_surprise else self.policy.most)

    def is_surprising(self, path: frozenset[int], outcome: str) -> bool:
        """Was there never a kept call that took some of these branches, or had an outcome of this type?"""
        return outcome not in self._outcomes or not path <= self._branches

    def keep(self, path: frozenset[int], outcome: str) -> None:
        """A call was kept."""
        is_first = self.kept < self.policy.first or path not in self._paths
        self._patience = max(self._patience, self.policy.patience if is_first else self.policy.interest)
        self.kept += 1
        self._has_missed = False
        self._paths[path] = self._paths.get(path, 0) + 1
        self._outcomes.add(outcome)
        self._branches |= path

    def miss(self) -> None:
        """A call was worth keeping, but its inputs were not written down in time: do so for the next ones."""
        self._has_missed = True
        self._foresight = self.policy.foresight
        self._patience = max(self._patience, self.policy.foresight)

    def be_alarmed(self) -> None:
        """Something new happened in a call that was not looked at: it may happen again in one of the next."""
        self._has_missed = True
        self._patience = max(self._patience, self.policy.patience)
        self._foresight = self.policy.patience

    def _be_surprised(self) -> None:
        self._patience = max(self._patience, self.policy.patience)
        self._foresight = max(self._foresight, self.policy.foresight // 2)

    def _sample(self) -> bool:
        """Thin over time: calls number 1, 2, 4, 8 …"""
        if self._ordinal < self._next_sample:
            return False
        self._next_sample = self._ordinal * 2
        return True

    def _sets_an_extreme(self, numbers: Mapping[str, Number]) -> bool:
        """Would one of these numbers be an extreme, were the call to take one of the earliest paths?"""
        for path in islice(self._paths, self.policy.generous):
            for name, number in numbers.items():
                held = self._extremes.get((path, name))
                if held is None or held.would_widen(number):
                    return True
        return False

    def _is_new_word(self, word: tuple[str, object]) -> bool:
        """Was this parameter never given this word, and does it look like one that takes few?"""
        known = self._words.get(word[0], ())
        return word[1] not in known and len(known) < self.policy.words

    def _learn_words(self, words: Words) -> bool:
        learnt = False
        for name, word in words:
            if self._is_new_word((name, word)):
                self._words.setdefault(name, set()).add(word)
                learnt = True
        return learnt

    def _widen(self, path: frozenset[int], numbers: Mapping[str, Number]) -> bool:
        widened = False
        for name, number in numbers.items():
            held = self._extremes.get((path, name))
            if held is None and len(self._extremes) >= _MOST_SPANS:
                path = _LATER_PATHS
                held = self._extremes.get((path, name))
            if held is None:
                self._extremes[path, name] = _Span(number)
                widened = True
            elif held.would_widen(number):
                held.widen(number)
                widened = True
        return widened


class _Span:
    """From the least to the greatest of some numbers.

    It widens at every new extreme in the beginning, and later only by a good step: a number that grows with every
    call would make each of them an extreme.
    """

    __slots__ = ("high", "low", "margin", "times")

    def __init__(self, number: Number) -> None:
        self.low = self.high = number
        self.margin: Number = 0
        self.times = 0

    def would_widen(self, number: Number) -> bool:
        return number < self.low - self.margin or number > self.high + self.margin

    def widen(self, number: Number) -> None:
        self.low, self.high = min(self.low, number), max(self.high, number)
        self.times += 1
        if self.times >= _FREE_STEPS:
            self.margin = (self.high - self.low) / 4
