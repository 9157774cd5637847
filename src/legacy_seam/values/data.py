"""The quick way to the text of what most values are: trees of built-in data, in which no container stands twice.

What holds nothing but a few atoms is written by Python's own `repr`, which spells it just as we do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from gc import get_referents
from typing import Any

from legacy_seam.values.notation import WIDTH, integer, string

_ATOMS: frozenset[type] = frozenset((type(None), bool, int, float, str, bytes))
_CONTAINERS: frozenset[type] = frozenset((list, tuple, dict, set, frozenset))
# A type is looked for in these only where its own type is `type`: a metaclass of the program may have a hash.
# They are no sets of `id`s: each `id` is an audit event, which takes longer than the rest where a sandbox hears it.
_SPELLED_BY_REPR = frozenset((type(None), bool, float, bytes))
_WRITTEN = frozenset((*_SPELLED_BY_REPR, int, str))
"""The types themselves: in a tree of built-in data there are no others, and so no metaclass that would run."""

_MOST = 1000
"""Containers inside, and parts of each: what is larger is counted on the way."""
_MOST_ON_A_LEVEL = 100_000
SHORT_STRING = 60
"""Characters of one that is never divided between lines."""
_DEEPEST = 15
_INDENTS = ["\n" + "    " * level for level in range(_DEEPEST + 2)]
_BRACKETS: dict[Any, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}")}


class _OtherWay(Exception):
    """There is something in it that has to be written with more care."""


def is_atom(value: object) -> bool:
    """Is this of a built-in type whose values have no parts and never change?"""
    kind = type(value)
    return type(kind) is type and kind in _ATOMS


def are_atoms(values: Iterable[object]) -> bool:
    """Are all of these atoms?"""
    for value in values:
        kind = type(value)
        if type(kind) is not type or kind not in _ATOMS:
            return False
    return True


def containers_of_tree(values: tuple[object, ...], most: float = float("inf")) -> set[int] | None:
    """The `id`s of all containers inside; None where there is anything but built-in data, or a container twice, or
    more than `most` parts on one level.

    A tuple of atoms has no identity to speak of, and may stand in many places. The tuple `values` itself does not
    count.
    """
    met: set[int] = set()
    level: list[Any] = [values]
    while len(found := get_referents(*level)) <= most:
        level = [part for part in found if type(kind := type(part)) is not type or kind not in _ATOMS]
        if not level:
            return met
        for part in level:
            kind = type(part)
            if type(kind) is not type or kind not in _CONTAINERS:
                return None
        ids = set(map(id, level))
        if len(ids) < len(level) or not met.isdisjoint(ids):
            level = [part for part in level if not is_simple(part)]
            ids = set(map(id, level))
            if len(ids) < len(level) or not met.isdisjoint(ids):
                return None
        met |= ids
    return None


def is_simple(value: object) -> bool:
    """Is this a tuple of atoms?"""
    return type(value) is tuple and are_atoms(value)


def text_of_tree(value: object, names: Mapping[int, str]) -> str | None:
    """The text of a tree of built-in data; None where it is none, or refers to something that has a name.

    >>> text_of_tree({"a": [1, 2.5, None]}, {})
    "{'a': [1, 2.5, None]}"
    """
    kind = type(value)
    if type(kind) is not type or kind not in _CONTAINERS:
        return None
    met = containers_of_tree((value,), _MOST_ON_A_LEVEL)
    if met is None or len(met) > _MOST or not names.keys().isdisjoint(met):
        return None
    try:
        return _written(value, 0)
    except (_OtherWay, RuntimeError, ValueError):  # an immense number; another thread at work on it
        return None


def texts_of_trees(roots: Mapping[str, object]) -> dict[str, str] | None:
    """The texts of several trees of built-in data that share nothing; None where there is anything else.

    >>> texts_of_trees({"net": 2.5, "lines": [1, 2]})
    {'net': '2.5', 'lines': '[1, 2]'}
    """
    values = tuple(roots.values())
    met = containers_of_tree(values, _MOST_ON_A_LEVEL)
    if met is None or len(met) > _MOST:
        return None
    try:
        return {
            name: _spelled(value) if type(value) in _WRITTEN else _written(value, 0)
            for name, value in zip(roots, values, strict=True)
        }
    except (_OtherWay, RuntimeError, ValueError):
        return None


def text_of_atom(value: object) -> str | None:
    """The text of an atom that is written plainly; None for all else.

    >>> text_of_atom(2.5), text_of_atom([2.5])
    ('2.5', None)
    """
    kind = type(value)
    if type(kind) is not type or kind not in _ATOMS:
        return None
    try:
        return _spelled(value)
    except (_OtherWay, ValueError):
        return None


def _written(value: Any, level: int) -> str:
    kind = type(value)
    if kind not in _BRACKETS or len(value) > _MOST or level > _DEEPEST:
        raise _OtherWay
    items = value.values() if kind is dict else value
    if kind is dict and not _WRITTEN.issuperset(map(type, value)):
        raise _OtherWay
    if len(value) < WIDTH and _WRITTEN.issuperset(map(type, items)):
        text = repr(value)
        if len(text) <= WIDTH and text.isascii() and "\\n" not in text:
            return text
    inner = level + 1
    parts = [_spelled(item) if type(item) in _WRITTEN else _written(item, inner) for item in items]
    if kind is dict:
        parts = [f"{_spelled(key)}: {part}" for key, part in zip(value, parts, strict=True)]
    opening, closing = _BRACKETS[kind]
    if sum(map(len, parts)) < WIDTH:
        lonely = "," if kind is tuple and len(parts) == 1 else ""
        line = f"{opening}{', '.join(parts)}{lonely}{closing}"
        if len(line) <= WIDTH and "\n" not in line:
            return line
    between = _INDENTS[inner]
    return f"{opening}{between}{(',' + between).join(parts)},{_INDENTS[level]}{closing}"


def _spelled(atom: Any) -> str:
    kind = type(atom)
    if kind is str:
        if len(atom) <= SHORT_STRING:
            return string(atom)
        if not atom.isascii() or "\n" in atom:
            raise _OtherWay
        return repr(atom)
    if kind is int:
        return integer(atom)
    if kind in _SPELLED_BY_REPR:
        return repr(atom)
    raise _OtherWay
