"""Making found calls small: what a person is to read, and to keep, should hold nothing that does not matter.

Candidates of many calls are tried together, since to ask for one costs as much as to ask for a hundred; a shrinker
that asks for one after the other would wait for most of its time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from legacy_seam.calls import Call
from legacy_seam.explore.corpus import Entry
from legacy_seam.explore.mutating import renamed
from legacy_seam.replay.searching.trees import Part, parts, read, replaced, written
from legacy_seam.values import Tree, encode

_MOST_ROUNDS = 24
_MOST_CANDIDATES = 16
_MOST_RECORDED = 3
_AT_ONCE = 300

Meet = Callable[[Sequence[Call]], list[Entry | None]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: people know it, so nothing is simpler.

    texts:  name of an argument -> texts of it.
    leaves: role of a part -> its texts, and what they say.
    """

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    leaves: Mapping[str, Mapping[str, Tree]] = field(default_factory=dict)

    @classmethod
    def of(cls, calls: Iterable[Call]) -> Recorded:
        """What was recorded in some calls."""
        texts: dict[str, dict[str, None]] = {}
        leaves: dict[str, dict[str, Tree]] = {}
        for call in calls:
            for name, tree in read(call.arguments).items():
                texts.setdefault(name, {})[call.arguments[name]] = None
                for part in parts(tree, name):
                    if part.is_leaf:
                        leaves.setdefault(part.role, {})[encode(part.tree)] = part.tree
        return cls({name: list(some) for name, some in texts.items()}, leaves)

    def knows(self, part: Part) -> bool:
        """Was this leaf recorded in this role?"""
        return part.is_leaf and encode(part.tree) in self.leaves.get(part.role, ())


def shrink(
    entries: Sequence[Entry], meet: Meet, recorded: Recorded, is_over: Callable[[], bool] = lambda: False
) -> list[Entry]:
    """The same entries with simpler calls, where these take the same branches to the same sort of outcome.

    Args:
        entries: what was found.
        meet: runs calls, and says what they show.
        recorded: what was recorded.
        is_over: tells that no time is left; the rest stays as it is.
    """
    current = list(entries)
    waiting = set(range(len(current)))
    for _ in range(_MOST_ROUNDS):
        candidates = [
            (place, call) for place in sorted(waiting) for call in simpler_calls(current[place].call, recorded)
        ]
        waiting.clear()
        for start in range(0, len(candidates), _AT_ONCE):
            if is_over():
                return current
            some = candidates[start : start + _AT_ONCE]
            for (place, _), met in zip(some, meet([call for _, call in some]), strict=True):
                if met is not None and _is_better(met, current[place], recorded):
                    current[place] = replace(met, why=current[place].why, new=current[place].new)
                    waiting.add(place)
        if not waiting:
            break
    return current


def _is_better(met: Entry, than: Entry, recorded: Recorded) -> bool:
    if simplicity(met.call, recorded) >= simplicity(than.call, recorded) or met.shape != than.shape:
        return False
    return met.branches >= than.branches and (than.why != "variety" or met.effects == than.effects)


def simplicity(call: Call, recorded: Recorded) -> tuple[int, int, int, tuple[str, ...]]:
    """The less, the simpler: few arguments that nobody has recorded, of few parts of that sort, and those short."""
    new = {name: text for name, text in call.arguments.items() if text not in recorded.texts.get(name, ())}
    unknown = sum(
        part.is_leaf and not recorded.knows(part) for name, tree in read(new).items() for part in parts(tree, name)
    )
    return len(new), unknown, sum(map(len, new.values())), tuple(call.arguments.values())


def simpler_calls(call: Call, recorded: Recorded) -> Iterator[Call]:
    """Calls with one argument made simpler, the boldest steps first."""
    number = 0
    for name, text in call.arguments.items():
        for other in _instead_of(name, text, recorded):
            yield renamed(replace(call, arguments={**call.arguments, name: other}))
            number += 1
            if number >= _MOST_CANDIDATES:
                return


def _instead_of(name: str, text: str, recorded: Recorded) -> Iterator[str]:
    known = recorded.texts.get(name, ())
    if text in known:
        return
    yield from known[:_MOST_RECORDED]
    for tree in read({name: text}).values():
        for part in parts(tree, name):
            if recorded.knows(part):
                continue
            familiar = list(recorded.leaves.get(part.role, {}).values()) if part.is_leaf else []
            for other in (*familiar[:_MOST_RECORDED], *simpler(part.tree)):
                new = written(replaced(tree, part.path, other))
                if new is not None and new != text:
                    yield new


def simpler(tree: Tree) -> Iterator[Any]:
    """Values that are simpler than one.

    >>> list(simpler(12)), list(simpler("ab"))
    ([0, 1, 6], ['', 'a', 'b'])
    """
    kind = type(tree)
    if kind is int and tree not in (0, 1):
        yield from dict.fromkeys((0, 1, int(tree / 2) if abs(tree) < 1e300 else 1))
    elif kind is float and tree not in (0.0, 1.0):
        yield from (0.0, 1.0)
    elif kind in (str, bytes, list, tuple) and len(tree):
        half = len(tree) // 2
        shorter = (tree[:0], tree[:half], tree[half:], tree[1:], tree[:-1])
        yield from (one for place, one in enumerate(shorter) if one not in shorter[:place] and len(one) < len(tree))
        if kind is str and not tree.isascii() and (readable := in_ascii(tree)) != tree:
            yield readable
    elif kind is dict and tree:
        yield {}
        for key in list(tree)[:4]:
            yield {other: value for other, value in tree.items() if other != key}


def in_ascii(text: str) -> str:
    """A text with the digits, blanks and letters of other scripts exchanged for ones that people can read.

    >>> in_ascii("\u0662\u2007é€")
    '2 a€'
    """
    return "".join(map(_in_ascii, text))


def _in_ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter.isspace():
        return " "
    digit = unicodedata.digit(letter, None)
    return str(digit) if digit is not None else "a" if letter.isalpha() else letter
