"""What stands in the namespaces of modules and classes: data, functions behind their decorators, classes.

Reading a namespace runs no code of the program: no descriptor, no `__getattr__`, no property.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

_NOT_DATA: tuple[type, ...] = (
    type,
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.GenericAlias,
    staticmethod,
    classmethod,
    property,
    functools.cached_property,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
)


def classes_of(module: types.ModuleType) -> Iterator[type]:
    """The classes written in a module, inner classes included."""
    waiting: list[object] = list(vars(module).values())
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if not is_class(thing) or id(thing) in seen:
            continue
        seen.add(id(thing))
        if text_of_class(thing, "__module__") == module.__name__:
            yield thing
            waiting.extend(namespace_of(thing).values())


def functions_within(value: object) -> Iterator[types.FunctionType]:
    """The functions behind a value of a namespace, however many decorators stand around them."""
    waiting, seen = [value], set[int]()
    while waiting and len(seen) < 50:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = type(thing)
        if kind is types.FunctionType:
            yield thing  # type: ignore[misc]
            waiting.extend(_behind_function(thing))  # type: ignore[arg-type]
        elif kind in _UNWRAPPED:
            waiting.extend(_UNWRAPPED[kind](thing))


def function_defaults(function: types.FunctionType) -> dict[str, object]:
    """Parameter -> default value, positional and keyword-only ones."""
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    held = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=False))
    return held | (function.__kwdefaults__ or {})


def is_data(value: object) -> bool:
    """Is this data, not code?"""
    kind = type(value)
    if issubclass(kind, _NOT_DATA) or kind.__module__ == "__future__" or kind is functools._lru_cache_wrapper:
        return False
    return not any("__get__" in vars(base) for base in type.__getattribute__(kind, "__mro__"))


def codes_held(value: object, depth: int = 2) -> Iterator[types.CodeType]:
    """The code of functions that stand in a table."""
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        items: list[object] = list(value)  # type: ignore[call-overload]
    elif kind is dict:
        items = list(value.values())  # type: ignore[attr-defined]
    else:
        return
    if len(items) > 1000:
        return
    for item in items:
        for function in functions_within(item):
            yield function.__code__
        if is_class(item):
            for inner in namespace_of(item).values():
                for function in functions_within(inner):
                    yield function.__code__
        elif depth > 1:
            yield from codes_held(item, depth - 1)


def _behind_function(function: types.FunctionType) -> list[object]:
    behind: list[object] = []
    wrapped = vars(function).get("__wrapped__")
    if wrapped is not None:
        behind.append(wrapped)
    for cell in function.__closure__ or ():
        try:
            behind.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return behind


_UNWRAPPED: dict[type, Callable[[Any], list[object]]] = {
    staticmethod: lambda thing: [thing.__func__],
    classmethod: lambda thing: [thing.__func__],
    types.MethodType: lambda thing: [thing.__func__],
    property: lambda thing: [thing.fget, thing.fset, thing.fdel],
    functools.cached_property: lambda thing: [thing.func],
    functools.partial: lambda thing: [thing.func],
    functools.partialmethod: lambda thing: [thing.func],
    functools._lru_cache_wrapper: lambda thing: [thing.__wrapped__],
}


def is_class(thing: object) -> TypeGuard[type]:
    """Is this a class, whatever its `__class__` says?"""
    return issubclass(type(thing), type)


def text_of_class(owner: type, name: str) -> str:
    """`__module__`, `__name__` or `__qualname__` of a class, past its metaclass."""
    return str(type.__getattribute__(owner, name))


def namespace_of(owner: types.ModuleType | type) -> Mapping[str, object]:
    """The names of a module or class and what stands behind them, unbound."""
    if not is_class(owner):
        return vars(owner)
    namespace: Mapping[str, object] = type.__dict__["__dict__"].__get__(owner)
    return namespace


def is_special(name: str) -> bool:
    """Is this a name like `__doc__`?"""
    return name.startswith("__") and name.endswith("__")


def is_enumeration(owner: type) -> bool:
    """Is this a class of enumerated members? (They never change.)"""
    enum = sys.modules.get("enum")
    return enum is not None and issubclass(type(owner), enum.EnumMeta)
