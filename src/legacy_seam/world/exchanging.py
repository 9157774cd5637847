"""Other objects in the place of some, wherever values hold them: in what can be changed as in what cannot.

A tuple or a bound method that holds one of them is made anew and put where it was held. No code of the program
runs.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import ReferenceType

from legacy_seam.values.data import are_atoms
from legacy_seam.values.references import function_name
from legacy_seam.world.places import ATOMS
from legacy_seam.world.snapshot import dictionary_of, slot_value, slots_of

_UNCHANGING = (tuple, types.MethodType, types.BuiltinMethodType, ReferenceType)
_DEEPEST = 100
_partial: Any = functools.partial
_PARTS_OF_PARTIAL = tuple(_partial.__dict__[name].__get__ for name in ("func", "args", "keywords"))


def replace_in_graph(roots: dict[str, Any], replaced: Mapping[int, object]) -> None:
    """Within freshly decoded values, put other objects in the place of some.

    Args:
        roots: the values by name; those that are replaced themselves are, here, too.
        replaced: by `id`, what is to stand in the place of an object.

    >>> old, new = [1], [2]
    >>> roots = {"a": {"x": (old, 3)}, "b": [old].append}
    >>> replace_in_graph(roots, {id(old): new})
    >>> roots["a"]["x"][0] is new
    True
    """
    exchange = _Exchange(replaced)
    for name, value in roots.items():
        roots[name] = exchange.now(value)
    exchange.walk(roots.values())


class _Exchange:
    """What stands for what; what was made anew is known again, so that what shared it still does."""

    def __init__(self, replaced: Mapping[int, object]) -> None:
        self._now = dict(replaced)
        self._kept: list[object] = []  # the ids in `_now` must not be used again

    def now(self, value: Any, depth: int = 0) -> Any:
        """What is to stand where this value stands: itself, where it leads to nothing else."""
        if type(value) in ATOMS:
            return value
        if id(value) in self._now:
            return self._now[id(value)]
        if depth > _DEEPEST or not issubclass(type(value), _UNCHANGING):
            return value
        self._kept.append(value)
        self._now[id(value)] = value  # what leads back to itself
        self._now[id(value)] = made = self._made_anew(value, depth + 1)
        return made

    def _made_anew(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if issubclass(kind, tuple):
            parts = list(tuple.__iter__(value))
            if are_atoms(parts) or (kind is not tuple and dictionary_of(value)):
                return value
            now = [self.now(part, depth) for part in parts]
            return value if _are_the_same(parts, now) else tuple.__new__(kind, now)
        if kind is types.MethodType:
            parts = [value.__func__, value.__self__]
            now = [self.now(part, depth) for part in parts]
            return value if _are_the_same(parts, now) else types.MethodType(*now)
        if kind is types.BuiltinMethodType:
            owner = self.now(value.__self__, depth)
            return value if owner is value.__self__ else _method_in_c(owner, value)
        referent = value() if kind is ReferenceType else None
        now_referred = self.now(referent, depth)
        return value if now_referred is referent else ReferenceType(now_referred, value.__callback__)

    def walk(self, values: Iterable[object]) -> None:
        """Exchange what is held by these values, and by all that they lead to."""
        waiting, seen = list(values), set[int]()
        while waiting:
            thing: Any = waiting.pop()
            if type(thing) in ATOMS or id(thing) in seen or issubclass(type(thing), (type, types.ModuleType)):
                continue
            seen.add(id(thing))
            self._kept.append(thing)
            waiting += self._within(thing, type(thing))

    def _within(self, thing: Any, kind: type) -> list[Any]:
        """Exchange what one object holds; what it leads to from now on."""
        if kind is types.FunctionType:
            return [] if function_name(thing) is not None else self._in_closure(thing)
        leads_to: list[Any] = []
        if issubclass(kind, list | deque):
            leads_to += self._in_sequence(thing, list if issubclass(kind, list) else deque)
        elif issubclass(kind, dict):
            leads_to += self._in_values(thing)
        elif issubclass(kind, tuple | set | frozenset):
            base: Any = next(base for base in (tuple, set, frozenset) if issubclass(kind, base))
            leads_to += base.__iter__(thing)
        elif kind is types.MethodType:
            leads_to += thing.__self__, thing.__func__
        elif issubclass(kind, functools.partial):
            leads_to += self._in_partial(thing)
        attributes = dictionary_of(thing)
        if attributes is not None:
            leads_to += self._in_values(attributes)
        for slot in slots_of(kind):
            leads_to.append(self._in_field(thing, slot_value(slot, thing), slot.__set__))
        return leads_to

    def _in_sequence(self, held: Any, base: Any) -> list[Any]:
        items = list(base.__iter__(held))
        if are_atoms(items):
            return []
        for at, item in enumerate(items):
            if (now := self.now(item)) is not item:
                base.__setitem__(held, at, now)
        return list(base.__iter__(held))

    def _in_values(self, held: dict[Any, Any]) -> list[Any]:
        if are_atoms(dict.values(held)):
            return []
        for key, value in list(dict.items(held)):
            if (now := self.now(value)) is not value:
                dict.__setitem__(held, key, now)
        return list(dict.values(held))

    def _in_field(self, owner: object, value: object, put: Any) -> object:
        if (now := self.now(value)) is not value:
            put(owner, now)
        return now

    def _in_closure(self, function: types.FunctionType) -> list[Any]:
        leads_to: list[Any] = []
        for cell in function.__closure__ or ():
            try:
                content = cell.cell_contents
            except ValueError:  # a variable that has no value yet
                continue
            leads_to.append(self._in_field(cell, content, types.CellType.cell_contents.__set__))
        if function.__defaults__ is not None:
            function.__defaults__ = self.now(function.__defaults__)
            leads_to.append(function.__defaults__)
        return leads_to

    def _in_partial(self, partial: Any) -> list[Any]:
        func, args, keywords = (read(partial) for read in _PARTS_OF_PARTIAL)
        now = self.now(func), self.now(args), {name: self.now(value) for name, value in keywords.items()}
        if now[0] is not func or now[1] is not args or not _are_the_same(keywords.values(), now[2].values()):
            _partial.__setstate__(partial, (*now, dictionary_of(partial) or None))
        return [now[0], now[1], *now[2].values()]


def _method_in_c(owner: Any, like: Any) -> Any:
    """The method of built-in data that another object of the same type has."""
    held = (vars(base).get(like.__name__) for base in type(like.__self__).__mro__)
    found = next((one for one in held if type(one) is types.MethodDescriptorType), None)
    return like if found is None else found.__get__(owner)


def _are_the_same(some: Iterable[object], others: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(some, others, strict=True))
