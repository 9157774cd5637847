"""A key for values that is quick to make and equal for equal values, within one process."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from gc import get_referents
from typing import Any

from legacy_seam.values.kinds import look_at
from legacy_seam.values.writing import encode

_dumps: Callable[[Any, int], bytes] = marshal.dumps
_VERSION = 2
"""Of marshal: this one pays no heed to which strings and tuples are shared."""

_DEEPEST = 60

_ATOMS = frozenset(map(id, (type(None), bool, int, float, complex, str, bytes)))
_CONTAINERS = frozenset(map(id, (list, tuple, dict, set, frozenset)))


class _TooDeep(Exception):
    """The walk gave up."""


def fingerprint(values: tuple[object, ...]) -> int | bytes:
    """A key of some values: equal for equal values of the same types, and for others only by a rare chance.

    1, 1.0 and True have different keys, as have 0.0 and -0.0. Runs no code of the program. A key is good in this
    process only.

    >>> fingerprint((1, [2])) == fingerprint((1, [2])), fingerprint((1,)) == fingerprint((True,))
    (True, False)
    """
    try:
        if _is_plain_tree(values):
            return hash(_dumps(values, _VERSION))
        return hash(_dumps(_flattened(values, {}, 0), _VERSION))
    except (_TooDeep, ValueError, RuntimeError):
        return hash(encode(values, width=None))


def _is_plain_tree(values: tuple[object, ...]) -> bool:
    """Is there nothing inside but built-in data, and no container twice?

    Only then is marshal safe: it follows shared containers as often as it meets them (and cycles to the bottom of
    its stack on every way there is), and takes whatever gives access to its memory for bytes.
    """
    met: set[int] = set()
    level: list[Any] = [values]
    while level := [part for part in get_referents(*level) if id(type(part)) not in _ATOMS]:
        if not _CONTAINERS.issuperset(map(id, map(type, level))):
            return False
        ids = set(map(id, level))
        if len(ids) < len(level) or not met.isdisjoint(ids):
            level = [part for part in level if not _is_simple(part)]
            ids = set(map(id, level))
            if len(ids) < len(level) or not met.isdisjoint(ids):
                return False
        met |= ids
    return True


def _is_simple(value: object) -> bool:
    """Is this a tuple of atoms? Such a one has no identity to speak of, and may stand in many places."""
    return type(value) is tuple and _ATOMS.issuperset(map(id, map(type, value)))


def _flattened(value: Any, met: dict[int, int], depth: int) -> object:
    """The same content as nested tuples of plain values, which marshal takes."""
    kind = type(value)
    if id(kind) in _ATOMS:
        return value
    if _is_simple(value):
        return value
    if id(value) in met:
        return "*", met[id(value)]
    met[id(value)] = len(met)
    if depth > _DEEPEST:
        raise _TooDeep
    if kind is list or kind is tuple:
        return (kind is list, *[_flattened(item, met, depth + 1) for item in value])
    if kind is dict:
        return (
            "{",
            *[_flattened(key, met, depth + 1) for key in value],
            *[_flattened(item, met, depth + 1) for item in value.values()],
        )
    anatomy = look_at(kind).anatomy
    if anatomy.trunk is not object:
        return "?", encode(value, width=None)
    attributes = anatomy.attributes(value)
    return "o", id(kind), *attributes, *[_flattened(item, met, depth + 1) for item in attributes.values()]
