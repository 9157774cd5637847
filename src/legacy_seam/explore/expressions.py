"""Regular expressions that match a little more or a little less, and texts that tell them from the original.

A branch says that a text matched; not that four digits would have matched as well as five, or that a comma is as
good as a dot. So each expression of a program is changed here as people change them by mistake, and texts are
looked for on which the original and a changed one part: short ones, made of what the original matches.
"""

from __future__ import annotations

import random
import re
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from legacy_seam.calls import Call
from legacy_seam.explore.mutating import with_inputs
from legacy_seam.grade.operators.pattern_changed import TOKEN, changes_of_pattern
from legacy_seam.replay.searching.trees import Part, parts, read, replaced, written
from legacy_seam.values import Tree

_MOST_VARIANTS = 24
_MOST_TEXTS = 400
_LONGEST = 24
"""Characters of a text: an expression that goes back and forth takes for ever on a long one."""
_SECONDS_OF_A_TEXT, _SECONDS = 0.02, 1.0
"""Of processor time: most take microseconds. An expression that takes longer is left alone, from some time on."""
_EDITS_OF_A_TEXT = 30
_LETTERS = "019aZ_ .,-+%'\n\té"
_NARROWER = {r"\s": "[ ]", r"\d": "[1-9]", r"\w": "[a-z]"}
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_NOTE = 1 << 6
"""Notes of expressions are negative multiples of it: those of branches and comparisons are not negative."""
_MOST_EXPRESSIONS = 10
_MOST_CALLS = 80
_MOST_TEXTS_OF_A_CALL = 6


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions that a function may use, and what its inputs tell of them.

    patterns: each with texts that it matches.
    """

    patterns: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = ()
    _told: dict[str, frozenset[int]] = field(default_factory=dict)
    _seconds: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    @classmethod
    def of(cls, patterns: Sequence[tuple[re.Pattern[str], Sequence[str]]]) -> Expressions:
        """Those of some expressions that have variants, as many as there is time for."""
        some = [(one, tuple(texts)) for one, texts in patterns if variants_of(one).others]
        return cls(tuple(some[:_MOST_EXPRESSIONS]))

    def notes(self, arguments: Mapping[str, str]) -> frozenset[int]:
        """Which variants the texts in some inputs tell from the original, as notes of no branch and no step.

        Args:
            arguments: of a call.
        """
        if not self.patterns:
            return frozenset()
        found = (part.tree for name, tree in read(arguments).items() for part in parts(tree, name))
        texts = [one for one in found if type(one) is str and len(one) <= _LONGEST]
        return frozenset().union(*map(self._told_by, texts[:_MOST_TEXTS_OF_A_CALL]))

    def _told_by(self, text: str) -> frozenset[int]:
        if text not in self._told:
            notes: set[int] = set()
            for number, (pattern, _) in enumerate(self.patterns):
                if self._seconds[number] < _SECONDS:
                    before = time.process_time()
                    first = 1 + number * _MOST_VARIANTS
                    notes.update(-_NOTE * (first + place) for place in variants_of(pattern).told_by(text))
                    took = time.process_time() - before
                    self._seconds[number] += took if took > _SECONDS_OF_A_TEXT else 0
            self._told[text] = frozenset(notes)
        return self._told[text]

    def calls(self, recorded: Sequence[Call], number: int) -> list[Call]:
        """Calls with texts that tell an expression from its variants, where recorded ones had a text.

        They stand for all of it, and for what the expression found in it.

        Args:
            recorded: the calls; number: a seed.
        """
        roles = self._places_of_texts(recorded)
        made: dict[str, Call] = {}
        for count, (pattern, matched) in enumerate(self.patterns):
            for text in telling_texts(pattern, matched, number):
                for places in roles.values():
                    call, name, tree, part = places[(len(made) + count) % len(places)]
                    found = pattern.search(part.tree[:_LONGEST])
                    within = found and part.tree[: found.start()] + text + part.tree[found.end() :]
                    for new in (text, within):
                        told = None if new is None else written(replaced(tree, part.path, new))
                        if told is not None:
                            child = with_inputs(call, {name: told}, call.defaulted)
                            made.setdefault(child.identity, child)
        return list(made.values())[:_MOST_CALLS]

    def _places_of_texts(self, recorded: Sequence[Call]) -> dict[str, list[tuple[Call, str, Tree, Part]]]:
        """Where texts stand in recorded calls, by role."""
        found: dict[str, list[tuple[Call, str, Tree, Part]]] = {}
        for call in recorded:
            for name, tree in read(call.arguments).items():
                for part in parts(tree, name):
                    if type(part.tree) is str:
                        found.setdefault(part.role, []).append((call, name, tree, part))
        return found


@dataclass(frozen=True, slots=True)
class Variants:
    """An expression, and others that are like it.

    >>> one = variants_of(re.compile(r"[ab]{2}$"))
    >>> [variant.pattern for variant in one.others]
    ['[ab]{3}$', '[ab]{1}$', '[b]{2}$', '[a]{2}$', '[ab]$', '[ab]{2}']
    >>> one.told_by("aa") == one.told_by("bc"), len(one.told_by("aaa"))
    (False, 5)
    """

    original: re.Pattern[str]
    others: tuple[re.Pattern[str], ...]

    def told_by(self, text: str) -> frozenset[int]:
        """The places of those that a text tells from the original."""
        if len(text) > _LONGEST:
            return frozenset()
        until = time.process_time() + _SECONDS_OF_A_TEXT
        came, told = _came(self.original, text), set[int]()
        for place, one in enumerate(self.others):
            if time.process_time() > until:
                break
            if _came(one, text) != came:
                told.add(place)
        return frozenset(told)


def _came(pattern: re.Pattern[str], text: str) -> tuple[object, ...]:
    """What comes of a text: where it is found and as what, and whether all of it matches."""
    found = pattern.search(text)
    return found and (found.span(), found.groups()), pattern.fullmatch(text) is not None


@lru_cache(maxsize=500)
def variants_of(pattern: re.Pattern[str]) -> Variants:
    """An expression with what it might have been by mistake.

    Args:
        pattern: the expression.
    """
    others: dict[str, re.Pattern[str]] = {}
    is_verbose = bool(pattern.flags & re.VERBOSE)
    changes = [
        *_likely(pattern.pattern),
        *changes_of_pattern(pattern.pattern, is_verbose),
        *_alternatives(pattern.pattern),
    ]
    for first, last, new in changes:
        text = pattern.pattern[:first] + new + pattern.pattern[last:]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                others.setdefault(text, re.compile(text, pattern.flags))
            except (re.error, RecursionError, OverflowError, ValueError):
                continue
        if len(others) >= _MOST_VARIANTS:
            break
    others.pop(pattern.pattern, None)
    return Variants(pattern, tuple(others.values()))


def _likely(pattern: str) -> Iterator[tuple[int, int, str]]:
    """Where something is to come so many times, once more and once less; where a class stands, a narrower one."""
    for token in TOKEN.finditer(pattern):
        count = _COUNT.fullmatch(token[0])
        if count is not None and token.start():
            low, comma, high = count.groups()
            for more in (1, -1):
                if low and int(low) + more >= 0:
                    yield *token.span(), f"{{{int(low) + more}{comma}{high}}}"
                if high:
                    yield *token.span(), f"{{{low}{comma}{int(high) + more}}}"
        if token[0] in _NARROWER:
            yield *token.span(), _NARROWER[token[0]]


def _alternatives(pattern: str) -> Iterator[tuple[int, int, str]]:
    """Where one of several alternatives may be missing."""
    open_ones = [[0]]
    for token in TOKEN.finditer(pattern):
        if token[0].startswith("("):
            open_ones.append([token.end()])
        elif token[0] == "|":
            open_ones[-1].append(token.end())
        elif token[0] == ")" and len(open_ones) > 1:
            yield from _without_one(open_ones.pop(), token.start())
    yield from _without_one(open_ones[0], len(pattern))


def _without_one(starts: list[int], end: int) -> Iterator[tuple[int, int, str]]:
    if len(starts) > 1:
        yield from ((first, after, "") for first, after in pairwise(starts))
        yield starts[-1] - 1, end, ""


@lru_cache(maxsize=500)
def telling_texts(pattern: re.Pattern[str], matched: tuple[str, ...], number: int) -> tuple[str, ...]:
    """A few short texts that tell an expression from its variants, all of them if that can be.

    Args:
        pattern: the expression; matched: texts that it matches; number: a seed.
    """
    variants, chance = variants_of(pattern), random.Random(number)
    until = time.process_time() + _SECONDS
    told: dict[str, frozenset[int]] = {}
    for text in _near(matched, chance):
        told[text] = variants.told_by(text)
        if len(told) >= _MOST_TEXTS or time.process_time() > until:
            break
    left, chosen = set(range(len(variants.others))), []
    while left and told:
        best = min(told, key=lambda text: (-len(told[text] & left), len(text), text))
        if not told[best] & left:
            break
        chosen.append(best)
        left -= told[best]
    return tuple(chosen)


def _near(texts: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Texts, and such as have a letter more, less, or another."""
    short = sorted({one for one in texts if len(one) <= _LONGEST}, key=lambda one: (len(one), one)) or [""]
    yield from short
    for _ in range(_EDITS_OF_A_TEXT):
        for text in short:
            at = chance.randint(0, len(text))
            letter = chance.choice((text or " ") + _LETTERS)
            way = chance.randrange(4)
            if way == 0:
                yield text[:at] + text[at + 1 :]
            elif way == 1:
                yield text[:at] + letter + text[at + 1 :]
            else:
                piece = letter if way == 2 else text[at : at + 1]
                yield (text[:at] + piece + text[at:])[:_LONGEST]
