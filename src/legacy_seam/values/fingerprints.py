"""A key for values that is quick to make and equal for equal values, within one process."""

from __future__ import annotations

import functools
import marshal
from collections.abc import Callable, Collection
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from legacy_seam.values.anatomy import Anatomy
from legacy_seam.values.data import are_atoms, containers_of_tree, is_atom, is_simple
from legacy_seam.values.kinds import look_at
from legacy_seam.values.kinds.django_handlers import is_layer
from legacy_seam.values.kinds.objects import fields_of
from legacy_seam.values.references import function_name
from legacy_seam.values.writing import encode

_dumps: Callable[[Any, int], bytes] = marshal.dumps
_VERSION = 2
"""Of marshal: this one pays no heed to which strings and tuples are shared."""

_DEEPEST = 60


_NAMED = frozenset(map(id, (type, BuiltinFunctionType, ModuleType)))
"""Types (by `id`) of what is looked up rather than made: the same object, the same thing."""


class _TooDeep(Exception):
    """The walk gave up."""


def fingerprint(values: tuple[object, ...]) -> int | bytes:
    """A key of some values: equal for equal values of the same types, and for others only by a rare chance.

    1, 1.0 and True have different keys, as have 0.0 and -0.0. Runs no code of the program. A key is good in this
    process only.

    >>> fingerprint((1, [2])) == fingerprint((1, [2])), fingerprint((1,)) == fingerprint((True,))
    (True, False)
    """
    key = fingerprint_of_trees(values)
    if key is not None:
        return key
    try:
        return hash(_dumps(_flattened(values, {}, 0), _VERSION))
    except (_TooDeep, ValueError, RuntimeError):
        return hash(encode(values, width=None))


def fingerprint_of_trees(values: tuple[object, ...]) -> int | None:
    """A key of some values that are trees of built-in data, made in no time; None where there is anything else.

    >>> fingerprint_of_trees(([1, 2],)) == fingerprint(([1, 2],)), fingerprint_of_trees((object(),))
    (True, None)
    """
    # marshal is safe for trees only: it follows shared containers as often as it meets them (and cycles to the
    # bottom of its stack on every way there is), and takes whatever gives access to its memory for bytes.
    try:
        return None if containers_of_tree(values) is None else hash(_dumps(values, _VERSION))
    except (ValueError, RuntimeError):
        return None


def _parts_of(value: Any, kind: type, anatomy: Anatomy) -> tuple[object, ...] | None:
    """What a value of some frequent types of C is made of; None for all others."""
    if kind is functools.partial:
        return value.func, value.args, value.keywords
    if kind is MethodType:
        return value.__func__, value.__self__
    if anatomy.trunk is tuple and fields_of(kind) is not None and anatomy.entries is None:
        return tuple.__getitem__(value, slice(None))
    return None


def _variables(function: FunctionType) -> list[object]:
    """What a function has of its own beside its code: the variables of the functions around it, and defaults."""
    held: list[object] = [function.__defaults__, function.__kwdefaults__]
    for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            held += variable, cell.cell_contents
        except ValueError:  # it has no value yet
            continue
    return held


def _content(read: Callable[[Any], tuple[object, ...]], value: Any, depth: int) -> object:
    try:
        content = read(value)
    except Exception:  # a library that has been changed under our feet: the text says what can be said
        return encode(value, width=None)
    return _flattened(content, {}, depth + 1)  # `content` is alive meanwhile: its parts are told by their `id`s


def _all_flattened(values: Collection[Any], met: dict[int, int], depth: int) -> Collection[object]:
    if are_atoms(values):
        return values
    return [_flattened(value, met, depth) for value in values]


def _flattened(value: Any, met: dict[int, int], depth: int) -> object:
    """The same content as nested tuples of plain values, which marshal takes."""
    kind = type(value)
    if is_atom(value) or is_simple(value):
        return value
    if id(value) in met:
        return "*", met[id(value)]
    met[id(value)] = len(met)
    if depth > _DEEPEST:
        raise _TooDeep
    if kind is list or kind is tuple:
        return (kind is list, *_all_flattened(value, met, depth + 1))
    if kind is dict:
        keys = _all_flattened(value, met, depth + 1)
        return "{", *keys, *_all_flattened(value.values(), met, depth + 1)
    if id(kind) in _NAMED or (kind is FunctionType and value.__closure__ is None):
        return "@", id(value)
    if kind is FunctionType and not is_layer(value) and function_name(value) is None:
        return "f", id(value.__code__), *_all_flattened(_variables(value), met, depth + 1)
    subject = look_at(kind)
    anatomy = subject.anatomy
    if subject.kind is not None and subject.kind.content is not None:
        return "=", id(kind), _content(subject.kind.content, value, depth)
    if anatomy.trunk is not object:
        parts = _parts_of(value, kind, anatomy)
        if parts is None:
            return "?", encode(value, width=None)
        return "p", id(kind), *_all_flattened(parts, met, depth + 1)
    attributes = anatomy.attributes(value)
    return "o", id(kind), *attributes, *_all_flattened(attributes.values(), met, depth + 1)
