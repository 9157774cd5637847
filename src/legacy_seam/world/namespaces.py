"""What stands in the namespaces of modules and classes: data, functions behind their decorators, classes.

Reading a namespace runs no code of the program: no descriptor, no `__getattr__`, no property.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Collection, Iterator, Mapping
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


_CLASS_DICT: Any = type.__dict__["__dict__"]
_MODULE_DICT: Any = _CLASS_DICT.__get__(types.ModuleType)["__dict__"]
_ORDER: Any = type.__dict__["__mro__"]
_CLASS_TEXTS: dict[str, Any] = {name: type.__dict__[name] for name in ("__module__", "__name__", "__qualname__")}
"""What classes and modules say of themselves, whatever their own classes would answer in their place."""


def entries_of(module: types.ModuleType, names: Collection[str] | None = None) -> list[tuple[str, Any]]:
    """What stands in a module now, by name.

    Args:
        module: the module.
        names: of which; all where None is given.
    """
    namespace = namespace_of(module)
    if names is None:
        return list(namespace.items())
    return [(name, namespace[name]) for name in names if name in namespace]


def classes_of(module: types.ModuleType, names: Collection[str] | None = None) -> Iterator[type]:
    """The classes written in a module, inner classes included.

    Args:
        module: the module.
        names: under which they stand there; all where None is given.
    """
    waiting: list[object] = [value for _, value in entries_of(module, names)]
    name = namespace_of(module).get("__name__")
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if not is_class(thing) or id(thing) in seen:
            continue
        seen.add(id(thing))
        if text_of_class(thing, "__module__") == name:
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
        elif id(kind) in _UNWRAPPED:
            waiting.extend(_UNWRAPPED[id(kind)](thing))


def is_written_as(value: object, name: str, module: types.ModuleType) -> bool:
    """Is this the very function or class that is written under a name in a module, not what became of it?"""
    if type(value) is types.FunctionType:
        return value.__globals__ is namespace_of(module) and value.__code__.co_qualname == name
    if not is_class(value):
        return False
    home = namespace_of(module).get("__name__")
    return text_of_class(value, "__module__") == home and text_of_class(value, "__qualname__") == name


def function_defaults(function: types.FunctionType) -> dict[str, object]:
    """Parameter -> default value, positional and keyword-only ones."""
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    held = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=False))
    return held | (function.__kwdefaults__ or {})


_MODULES_WITHOUT_DATA = (
    *("__future__", "werkzeug.local"),
    *("django.apps.registry", "django.conf", "django.db.models.options", "django.dispatch.dispatcher"),
    "django.utils.connection",
)
"""Of Werkzeug these are proxies: what they lead to depends on who asks, and is no state of the module. Of Django it
is what the program is made of."""


def is_data(value: object) -> bool:
    """Is this data, not code?"""
    kind = type(value)
    if issubclass(kind, _NOT_DATA) or kind is functools._lru_cache_wrapper:
        return False
    if namespace_of(kind).get("__module__") in _MODULES_WITHOUT_DATA:
        return False
    return not any("__get__" in namespace_of(base) for base in _ORDER.__get__(kind))


def codes_held(value: object, depth: int = 2) -> Iterator[types.CodeType]:
    """The code of functions that stand in a table."""
    kind = type(value)
    if any(kind is one for one in (list, tuple, set, frozenset)):
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


_BEHIND: dict[type, Callable[[Any], list[object]]] = {
    staticmethod: lambda thing: [thing.__func__],
    classmethod: lambda thing: [thing.__func__],
    types.MethodType: lambda thing: [thing.__func__],
    property: lambda thing: [thing.fget, thing.fset, thing.fdel],
    functools.cached_property: lambda thing: [thing.func],
    functools.partial: lambda thing: [thing.func],
    functools.partialmethod: lambda thing: [thing.func],
    functools._lru_cache_wrapper: lambda thing: [thing.__wrapped__],
}
_UNWRAPPED = {id(kind): behind for kind, behind in _BEHIND.items()}
"""By `id`: to look a class up by itself would run the `__hash__` of its metaclass."""


def is_class(thing: object) -> TypeGuard[type]:
    """Is this a class, whatever its `__class__` says?"""
    return issubclass(type(thing), type)


def text_of_class(owner: type, name: str) -> str:
    """`__module__`, `__name__` or `__qualname__` of a class, past its metaclass."""
    return str(_CLASS_TEXTS[name].__get__(owner))


def namespace_of(owner: types.ModuleType | type) -> Mapping[str, object]:
    """The names of a module or class and what stands behind them, unbound."""
    namespace: Mapping[str, object]
    if is_class(owner):
        namespace = _CLASS_DICT.__get__(owner)
    else:
        namespace = _MODULE_DICT.__get__(owner) if issubclass(type(owner), types.ModuleType) else vars(owner)
    return namespace


def is_special(name: str) -> bool:
    """Is this a name like `__doc__`?"""
    return name.startswith("__") and name.endswith("__")


def is_enumeration(owner: type) -> bool:
    """Is this a class of enumerated members? (They never change.)"""
    enum = sys.modules.get("enum")
    return enum is not None and issubclass(type(owner), enum.EnumMeta)
