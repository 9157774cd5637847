"""Places of state: each is one spot that holds data and outlives a call. Which there are in a module.

| name | what stands there |
|---|---|
| `module:NAME` | a variable of a module |
| `module:Class.attribute` | an attribute of a class |
| `module:function.__defaults__.parameter` | a mutable default argument |
| `module:function.__dict__.name` | an attribute of a function |

Functions, classes, modules and special names (`__all__`) are not data. Reading a place runs no code of the program.
"""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator

from legacy_seam.plaindata import dataclass
from legacy_seam.values.data import is_atom
from legacy_seam.world.namespaces import (
    classes_of,
    entries_of,
    function_defaults,
    functions_within,
    is_class,
    is_data,
    is_enumeration,
    is_special,
    namespace_of,
    text_of_class,
)
from legacy_seam.world.reach import attributes_stored, globals_stored, names_used

ATOMS = (type(None), bool, int, float, complex, str, bytes)
"""Types whose instances never change: the same object means the same value."""

_MACHINERY = ("_abc_impl", "_fields", "_field_defaults")
"""What `abc` and `namedtuple` put into classes."""
DEFAULTS, ATTRIBUTES = "__defaults__", "__dict__"
"""The kinds of places that belong to functions."""


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
    is_described = False
    """What is read is a description, made for who reads it: nobody else holds it, and it has to be written."""

    def read(self) -> object:
        """What stands there now, or ABSENT."""
        if self.kind == DEFAULTS:
            return function_defaults(self._function()).get(self.key, ABSENT)
        if self.kind == ATTRIBUTES:
            return vars(self.owner).get(self.key, ABSENT)
        return namespace_of(self.owner).get(self.key, ABSENT)  # type: ignore[arg-type]

    def write(self, value: object) -> None:
        """Put a value there; ABSENT removes what is there."""
        owner = self.owner
        if self.kind == DEFAULTS:
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


def places_of(module: types.ModuleType, name: str, keys: Collection[str] | None) -> Iterator[Place]:
    """The places that there are in a module.

    Args:
        module: the module.
        name: the name under which they are recorded.
        keys: under which names of the module they stand; all where None is given.
    """
    own_name = namespace_of(module).get("__name__")
    for key, value in entries_of(module, keys):
        if not is_special(key) and is_data(value):
            yield Place(f"{name}:{key}", module, key)
        elif type(value) is types.FunctionType and value.__module__ == own_name:
            yield from _places_of_function(value, name)
    for owner in classes_of(module, keys):
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
            yield Place(f"{name}:{function.__qualname__}.{DEFAULTS}.{key}", function, key, DEFAULTS)
    for key, value in vars(function).items():
        if not is_special(key) and is_data(value):
            yield Place(f"{name}:{function.__qualname__}.{ATTRIBUTES}.{key}", function, key, ATTRIBUTES)


def stored_later(module: types.ModuleType, keys: Collection[str] | None = None) -> set[str]:
    """Globals that code of the module (what stands under these names) assigns, whether or not they exist yet."""
    names: set[str] = set()
    for code in codes_of(module, keys):
        names |= globals_stored(code)
        if "globals" in code.co_names:  # globals()["RATE"] = 3
            names |= names_used(code).difference(code.co_names)
    return {name for name in names if not is_special(name)}


def attributes_stored_later(module: types.ModuleType, name: str, keys: Collection[str] | None) -> Iterator[Place]:
    """Attributes of functions and classes of the module that its code assigns, and that do not exist yet."""
    own_name = namespace_of(module).get("__name__")
    for owner_name, key in sorted({pair for code in codes_of(module, keys) for pair in attributes_stored(code)}):
        owner = namespace_of(module).get(owner_name)
        if is_special(key):
            continue
        if type(owner) is types.FunctionType and owner.__module__ == own_name and key not in vars(owner):
            yield Place(f"{name}:{owner.__qualname__}.{ATTRIBUTES}.{key}", owner, key, ATTRIBUTES)
        elif is_class(owner) and text_of_class(owner, "__module__") == own_name and key not in namespace_of(owner):
            yield Place(f"{name}:{text_of_class(owner, '__qualname__')}.{key}", owner, key)


def codes_of(module: types.ModuleType, keys: Collection[str] | None = None) -> Iterator[types.CodeType]:
    """The code of the functions of a module and of its classes (of those that stand under some names)."""
    values = [
        *(value for _, value in entries_of(module, keys)),
        *(value for owner in classes_of(module, keys) for value in namespace_of(owner).values()),
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
