"""How much there is of some values, found out without writing them down."""

from __future__ import annotations

import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Collection, Mapping
from gc import get_referents
from typing import Any
from weakref import ReferenceType

from legacy_seam.values.data import are_atoms, is_atom

_NAMED = frozenset(
    map(
        id,
        (
            types.ModuleType,
            types.FunctionType,
            types.BuiltinFunctionType,
            types.CodeType,
            types.FrameType,
            types.GeneratorType,
            types.CoroutineType,
            types.AsyncGeneratorType,
            ReferenceType,
        ),
    )
)
"""Types of what is named rather than taken apart: there the walk ends, as it does at classes."""
_AT_ONCE = 4_000
_MANY = 1_000
"""Entries that a container has at the least which is looked at for its size alone."""
_MOST_MET = 1_000_000
"""Where so many objects are met, it is not a few containers that make values large."""
_MOST_LOOKED_AT = 32
"""Of these, the containers with the most entries."""
BULKY_TYPES = (list, tuple, dict, set, frozenset, defaultdict, OrderedDict, Counter, deque)
"""The containers that may have any number of entries, and tell how many without running code of the program."""
_COUNTED = frozenset(map(id, BULKY_TYPES))


def parts_within(values: tuple[object, ...], most: int, without: Collection[int] = ()) -> int:
    """How many parts these values have, a shared one counted once. Runs no code of the program.

    Args:
        values: anything.
        most: the count ends soon after it has come so far.
        without: `id`s of what is not looked into.

    >>> parts_within(([1, 2, 3], "abc"), 100)
    5
    """
    met = set(without)
    waiting: list[Any] = [values]
    parts = 0
    ahead = len(values)  # entries of the built-in containers that wait: known without looking at one of them
    while waiting:
        if parts + ahead > most:
            return most + 1
        level = waiting[-_AT_ONCE:]
        del waiting[-_AT_ONCE:]
        ahead -= _entries(level)
        found = get_referents(*level)
        parts += len(found)
        if parts > most:
            break
        inner = [] if are_atoms(found) else _unmet(found, met)
        waiting += inner
        ahead += _entries(inner)
    return parts


def _unmet(parts: list[Any], met: set[int]) -> list[Any]:
    """Those that may have parts themselves and were not met before; they are from now on."""
    unmet: list[Any] = []
    for part in parts:
        if not is_atom(part) and id(part) not in met and not _is_named(type(part)):
            met.add(id(part))
            unmet.append(part)
    return unmet


def bulks_within(values: tuple[object, ...], most: int, bulky: int) -> Mapping[int, int]:
    """The innermost containers that have so many parts that the rest of some values is not too much without them.

    Args:
        values: anything.
        most: the parts that the rest may have.
        bulky: a container of more parts than this is one of them.

    Returns:
        how many entries they have, by their `id`; nothing where the rest would be too much all the same.

    >>> table = list(range(5_000))
    >>> bulks_within(({"name": "x", "tables": [table]},), 100, 1_000) == {id(table): 5_000}
    True
    """
    bulks: dict[int, int] = {}
    for container in reversed(_with_many_entries(values, bulky)):
        if parts_within((container,), bulky, bulks) > bulky:
            bulks[id(container)] = len(container)
    return bulks if parts_within(values, most, bulks) <= most else {}


def _with_many_entries(values: tuple[object, ...], bulky: int) -> list[Any]:
    """The built-in containers with the most entries among all that values lead to, the outer ones first.

    In those that are bulky by their entries alone, nobody looks for more.
    """
    met: set[int] = set()
    level: list[Any] = [values]
    many: list[Any] = []
    while level:
        inner: list[Any] = []
        for start in range(0, len(level), _AT_ONCE):
            found = get_referents(*level[start : start + _AT_ONCE])
            inner += [] if are_atoms(found) else _unmet(found, met)
            if len(met) > _MOST_MET:
                return []
        found = [part for part in inner if id(type(part)) in _COUNTED and len(part) >= _MANY]
        flat = {id(part) for part in found if len(part) > bulky}
        many += found
        level = [part for part in inner if id(part) not in flat] if flat else inner
    if len(many) > _MOST_LOOKED_AT:
        least = sorted(map(len, many))[-_MOST_LOOKED_AT]
        many = [part for part in many if len(part) >= least]
    return many[:_MOST_LOOKED_AT]


def _entries(values: list[Any]) -> int:
    """How many entries the built-in containers among these have."""
    return sum([len(value) for value in values if id(type(value)) in _COUNTED])


def _is_named(kind: type) -> bool:
    return id(kind) in _NAMED or issubclass(kind, type)
