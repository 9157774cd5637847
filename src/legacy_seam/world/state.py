"""State of modules and classes: what there is of it, what code can reach, and what has changed since the import.

A *place* is one spot that holds data and outlives a call:

| name | what stands there |
|---|---|
| `module:NAME` | a variable of a module |
| `module:Class.attribute` | an attribute of a class |
| `module:function.__defaults__.parameter` | a mutable default argument |
| `module:function.__dict__.name` | an attribute of a function |

Functions, classes, modules and special names (`__all__`) are not data. Reading a place runs no code of the program.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.values import fingerprint
from legacy_seam.values.data import is_atom
from legacy_seam.values.stillness import Still, still
from legacy_seam.world.namespaces import (
    classes_of,
    codes_held,
    function_defaults,
    functions_within,
    is_class,
    is_data,
    is_enumeration,
    is_special,
    namespace_of,
    text_of_class,
)
from legacy_seam.world.reach import CodeIndex, attributes_stored, globals_stored, names_used

ATOMS = (type(None), bool, int, float, complex, str, bytes)
"""Types whose instances never change: the same object means the same value."""

_CONSTRUCTION = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__")
_MACHINERY = ("_abc_impl", "_fields", "_field_defaults")
"""What `abc` and `namedtuple` put into classes."""
_DEFAULTS, _ATTRIBUTES = "__defaults__", "__dict__"


class _Absent:
    """Stands for a place that holds nothing."""

    def __repr__(self) -> str:
        return "<absent>"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Place:
    """One spot that holds data: where it is, and how it is read and written.

    name:  the name under which it is recorded (`rules:CACHE`).
    owner: the module, class or function it belongs to.
    key:   its name in the namespace of the owner; for a default argument the name of the parameter.
    kind:  which namespace of the owner: its own, its `__defaults__` or its `__dict__` (functions).
    """

    name: str
    owner: types.ModuleType | type | types.FunctionType
    key: str
    kind: str = ""

    def read(self) -> object:
        """What stands there now, or ABSENT."""
        if self.kind == _DEFAULTS:
            return function_defaults(self._function()).get(self.key, ABSENT)
        if self.kind == _ATTRIBUTES:
            return vars(self.owner).get(self.key, ABSENT)
        return namespace_of(self.owner).get(self.key, ABSENT)  # type: ignore[arg-type]

    def write(self, value: object) -> None:
        """Put a value there; ABSENT removes what is there."""
        owner = self.owner
        if self.kind == _DEFAULTS:
            _set_default(self._function(), self.key, value)
        elif value is ABSENT:
            if self.read() is not ABSENT:
                _delete(owner, self.key)
        elif is_class(owner):
            type.__setattr__(owner, self.key, value)
        else:
            vars(owner)[self.key] = value

    def bare_name(self) -> str:
        """The name by which code gets at it: its own, or that of the function it belongs to."""
        return self._function().__name__ if self.kind else self.key

    def _function(self) -> types.FunctionType:
        assert type(self.owner) is types.FunctionType
        return self.owner


@dataclass(slots=True)
class _Baseline:
    """What a place held; once it was found to be so still, what tells that quickly the next time."""

    value: object
    fingerprint: object
    still: Still | None = None
    cannot_tell: bool = False

    def is_so(self, live: object) -> bool:
        """Is this the same, with the same content?"""
        is_same = live is self.value
        if is_same and (is_atom(live) or (self.still is not None and self.still.holds())):
            return True
        if type(live) is not type(self.value):  # made when it was first needed: it may be large
            return False
        if fingerprint_of(live) != self.fingerprint:
            return False
        if is_same and not self.cannot_tell:
            self.still = still([live])
            self.cannot_tell = self.still is None
        return True


class Places:
    """All places of the project's modules, with what they held right after the import of each.

    >>> places = Places()
    >>> rules = types.ModuleType("rules")
    >>> rules.LIMIT = [1]
    >>> exec("def check(x): return x in LIMIT", vars(rules))
    >>> places.baseline(rules)
    >>> reached = places.reachable([rules.check.__code__])
    >>> reached
    ('rules:LIMIT',)
    >>> rules.LIMIT.append(2)
    >>> places.changed_from_baseline(reached)
    {'rules:LIMIT': [1, 2]}
    """

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._baselines: dict[str, _Baseline] = {}
        self._by_bare_name: dict[str, list[str]] = {}
        self._codes = CodeIndex()
        self._modules: dict[str, types.ModuleType] = {}
        self._caches: dict[int, Any] = {}

    def baseline(self, module: types.ModuleType, name: str | None = None) -> None:
        """Take note of a module as it is now, right after its import.

        Args:
            module: the module.
            name: the name under which its places are recorded, where that is not its own (`__main__`).
        """
        name = name or str(namespace_of(module)["__name__"])
        self._modules[name] = module
        found = list(_places_of(module, name))
        for place in found:
            self._add(place)
        self._index_code(module)
        known = {place.key for place in found if place.owner is module}
        for stored in sorted(_stored_later(module) - known):
            self._add(Place(f"{name}:{stored}", module, stored))
        for place in _attributes_stored_later(module, name):
            if place.name not in self._places:
                self._add(place)

    def names(self) -> tuple[str, ...]:
        """The names of all places."""
        return tuple(self._places)

    def all(self) -> Iterable[Place]:
        """All places."""
        return self._places.values()

    def has_baseline(self, name: str) -> bool:
        """Is it known what that place held right after the import?"""
        return name in self._baselines

    def modules(self) -> Mapping[str, types.ModuleType]:
        """The modules of which a baseline was taken, by recorded name."""
        return self._modules

    def place(self, name: str) -> Place | None:
        """The place of that name; also one that the baseline did not have, in a module or class that it knew."""
        return self._places.get(name) or self._place_of_unknown(name)

    def reachable(self, codes: Iterable[types.CodeType]) -> tuple[str, ...]:
        """The names of the places that `codes`, and whatever they may call, can name."""
        names = self._codes.names_reached(codes)
        found: dict[str, None] = {}
        for bare in names & self._by_bare_name.keys():
            found.update(dict.fromkeys(self._by_bare_name[bare]))
        return tuple(sorted(found))

    def names_reached(self, codes: Iterable[types.CodeType]) -> frozenset[str]:
        """All names that `codes`, and whatever they may call, use."""
        return self._codes.names_reached(codes)

    def changed_from_baseline(self, names: Iterable[str]) -> dict[str, object]:
        """Those of the places that hold something else now than right after the import, with what they hold.

        Places that hold nothing any more are left out.
        """
        changed: dict[str, object] = {}
        for name in names:
            live = self.departed(name)
            if live is not None and live[0] is not ABSENT:
                changed[name] = live[0]
        return changed

    def departed(self, name: str) -> tuple[object] | None:
        """What a place holds now, as a tuple of one, if that is not what it held right after the import."""
        place, baseline = self._places.get(name), self._baselines.get(name)
        if place is None or baseline is None:
            return None
        live = place.read()
        return None if baseline.is_so(live) else (live,)

    def is_disturbed(self, name: str) -> bool:
        """Does a place hold another object than right after the import, or the same with another content?"""
        return self.is_rebound(name) or self.departed(name) is not None

    def is_rebound(self, name: str) -> bool:
        """Does a place hold another object than right after the import?"""
        place, baseline = self._places.get(name), self._baselines.get(name)
        return place is not None and baseline is not None and place.read() is not baseline.value

    def at_baseline(self, name: str) -> object:
        """The very object a place held right after the import (its content may have changed since)."""
        return self._baselines[name].value

    def held_still(self, name: str) -> tuple[object, Still | None] | None:
        """The very object that a place held right after the import, and what tells whether its content has changed
        since (None where it cannot). None where that was not found out (by `departed`), or cannot be."""
        baseline = self._baselines.get(name)
        if baseline is None:
            return None
        fixed = baseline.value is ABSENT or is_atom(baseline.value)
        return (baseline.value, baseline.still) if fixed or baseline.still is not None else None

    def clear_caches(self) -> bool:
        """Empty the `lru_cache`s of functions and methods, if there are any."""
        for cache in self._caches.values():
            cache.cache_clear()
        return bool(self._caches)

    def _add(self, place: Place) -> None:
        value = place.read()
        self._places[place.name] = place
        self._baselines[place.name] = _Baseline(value, fingerprint_of(value))
        bare = place.bare_name()
        names = self._by_bare_name.setdefault(bare, [])
        if place.name not in names:
            names.append(place.name)
        for code in codes_held(value):
            self._codes.add_function(bare, code)

    def _index_code(self, module: types.ModuleType) -> None:
        for name, value in list(namespace_of(module).items()):
            self._index_value(name, value)
        for owner in classes_of(module):
            for name, value in list(namespace_of(owner).items()):
                codes = self._index_value(name, value)
                if name in _CONSTRUCTION or not name.startswith("__"):
                    for code in codes:
                        self._codes.add_function(text_of_class(owner, "__name__"), code)

    def _index_value(self, name: str, value: object) -> list[types.CodeType]:
        if type(value) is functools._lru_cache_wrapper:
            self._caches[id(value)] = value
        codes = [function.__code__ for function in functions_within(value)]
        for code in codes:
            if name not in _CONSTRUCTION:
                self._codes.add_function(name, code)
        return codes

    def _place_of_unknown(self, name: str) -> Place | None:
        module_name, _, path = name.partition(":")
        module = self._modules.get(module_name)
        *within, key = path.split(".")
        if module is None or not key or any(part in (_DEFAULTS, _ATTRIBUTES) for part in within):
            return None
        owner: types.ModuleType | type = module
        for part in within:
            inner = namespace_of(owner).get(part)
            if not is_class(inner):
                return None
            owner = inner
        return Place(name, owner, key)


def fingerprint_of(value: object) -> object:
    """A key that is equal for equal values, in this process; the object's own identity where none can be had."""
    if value is ABSENT:
        return ABSENT
    try:
        return fingerprint((value,))
    except Exception:
        return ("unreadable", id(value))


def _places_of(module: types.ModuleType, name: str) -> Iterator[Place]:
    own_name = namespace_of(module).get("__name__")
    for key, value in list(namespace_of(module).items()):
        if not is_special(key) and is_data(value):
            yield Place(f"{name}:{key}", module, key)
        elif type(value) is types.FunctionType and value.__module__ == own_name:
            yield from _places_of_function(value, name)
    for owner in classes_of(module):
        if is_enumeration(owner):
            continue
        for key, value in list(namespace_of(owner).items()):
            if not is_special(key) and key not in _MACHINERY and is_data(value):
                yield Place(f"{name}:{text_of_class(owner, '__qualname__')}.{key}", owner, key)
            for function in functions_within(value):
                if function.__module__ == own_name:
                    yield from _places_of_function(function, name)


def _places_of_function(function: types.FunctionType, name: str) -> Iterator[Place]:
    for key, value in function_defaults(function).items():
        if not is_atom(value) and is_data(value) and not (type(value) is tuple and not value):
            yield Place(f"{name}:{function.__qualname__}.{_DEFAULTS}.{key}", function, key, _DEFAULTS)
    for key, value in vars(function).items():
        if not is_special(key) and is_data(value):
            yield Place(f"{name}:{function.__qualname__}.{_ATTRIBUTES}.{key}", function, key, _ATTRIBUTES)


def _stored_later(module: types.ModuleType) -> set[str]:
    """Globals that code of the module assigns, whether or not they exist yet."""
    names: set[str] = set()
    for code in codes_of(module):
        names |= globals_stored(code)
        if "globals" in code.co_names:  # globals()["RATE"] = 3
            names |= names_used(code).difference(code.co_names)
    return {name for name in names if not is_special(name)}


def _attributes_stored_later(module: types.ModuleType, name: str) -> Iterator[Place]:
    """Attributes of functions and classes of the module that its code assigns, and that do not exist yet."""
    own_name = namespace_of(module).get("__name__")
    for owner_name, key in sorted({pair for code in codes_of(module) for pair in attributes_stored(code)}):
        owner = namespace_of(module).get(owner_name)
        if is_special(key):
            continue
        if type(owner) is types.FunctionType and owner.__module__ == own_name and key not in vars(owner):
            yield Place(f"{name}:{owner.__qualname__}.{_ATTRIBUTES}.{key}", owner, key, _ATTRIBUTES)
        elif is_class(owner) and text_of_class(owner, "__module__") == own_name and key not in namespace_of(owner):
            yield Place(f"{name}:{text_of_class(owner, '__qualname__')}.{key}", owner, key)


def codes_of(module: types.ModuleType) -> Iterator[types.CodeType]:
    """The code of the functions of a module and of its classes."""
    values = [
        *namespace_of(module).values(),
        *(value for owner in classes_of(module) for value in namespace_of(owner).values()),
    ]
    for value in values:
        for function in functions_within(value):
            if function.__globals__ is namespace_of(module):
                yield function.__code__


def _set_default(function: types.FunctionType, parameter: str, value: object) -> None:
    if function.__kwdefaults__ and parameter in function.__kwdefaults__:
        function.__kwdefaults__[parameter] = value
        return
    code, defaults = function.__code__, list(function.__defaults__ or ())
    positional = code.co_varnames[: code.co_argcount]
    if parameter in positional:
        at = positional.index(parameter) - (len(positional) - len(defaults))
        if 0 <= at < len(defaults):
            defaults[at] = value
            function.__defaults__ = tuple(defaults)


def _delete(owner: types.ModuleType | type | types.FunctionType, key: str) -> None:
    if is_class(owner):
        type.__delattr__(owner, key)
    else:
        del vars(owner)[key]
