"""How much there is of some values, found out without writing them down."""

from __future__ import annotations

import types
from gc import get_referents
from typing import Any

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
        ),
    )
)
"""Types of what is named rather than taken apart: there the walk ends, as it does at classes."""
_AT_ONCE = 4_000
_COUNTED = frozenset(map(id, (list, tuple, dict, set, frozenset)))


def parts_within(values: tuple[object, ...], most: int) -> int:
    """How many parts these values have, a shared one counted once. Runs no code of the program.

    Args:
        values: anything.
        most: the count ends soon after it has come so far.

    >>> parts_within(([1, 2, 3], "abc"), 100)
    5
    """
    met: set[int] = set()
    waiting: list[Any] = [values]
    parts = 0
    while waiting:
        if len(waiting) > _AT_ONCE and parts + _entries(waiting) > most:
            return most + 1
        level, waiting = waiting[-_AT_ONCE:], waiting[:-_AT_ONCE]
        found = get_referents(*level)
        parts += len(found)
        if parts > most:
            break
        for part in found if not are_atoms(found) else ():
            if not is_atom(part) and id(part) not in met and not _is_named(type(part)):
                met.add(id(part))
                waiting.append(part)
    return parts


def _entries(values: list[Any]) -> int:
    """How many entries the built-in containers among these have: that is known without looking at one of them."""
    return sum([len(value) for value in values if id(type(value)) in _COUNTED])


def _is_named(kind: type) -> bool:
    return id(kind) in _NAMED or issubclass(kind, type)
