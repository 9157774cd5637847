"""Names of functions, classes and enumeration members, and the live things behind them.

A name is followed by way of the namespaces of loaded modules and their classes, and no other way: nothing is
imported, no attribute is asked for, and nothing that a module merely imported from elsewhere is found under it.
"""

from __future__ import annotations

import enum
import sys
import types
from typing import Any

from legacy_seam.values.anatomy import (
    attribute_of,
    called,
    derives,
    is_one_of,
    module_called,
    name_of,
    namespace_of,
)

STREAMS = ("stdin", "stdout", "stderr")
_WRAPPED = (staticmethod, classmethod)
_C_METHODS = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)


_METHODS = (types.MethodType, types.BuiltinMethodType)
_scripts: set[str] = set()


def call_script(module: str) -> None:
    """From now on, take a module for a script of which a replay executes the definitions only.

    What stands in the place of one of its functions may be made by what is left out then, so it has no name.
    """
    _scripts.add(module)


_stood_for: dict[int, tuple[object, str]] = {}
"""`id` of what was put in the place of a function -> it, and the name of that function."""
_standing: dict[str, object] = {}


def stand_for(replacement: object, original: object) -> None:
    """From now on, what stands in the place of a function goes by the name of that, and is found under it."""
    name = name_stood_for(original) or _name(original)
    if name is not None:
        _stood_for[id(replacement)] = replacement, name
        _standing[name] = replacement


def stand_for_nothing(replacement: object) -> None:
    """It has been taken away again."""
    _, name = _stood_for.pop(id(replacement), (None, ""))
    if _standing.get(name) is replacement:
        del _standing[name]


def name_stood_for(thing: object) -> str | None:
    """The name of the function in whose place something was put; None for all else."""
    known = _stood_for.get(id(thing))
    return known[1] if known is not None and known[0] is thing else None


def shared_generator_name(method: Any) -> str | None:
    """The name of a function of `random`: a method of the one generator that all share. None for other methods."""
    random = module_called("random")
    owner = getattr(method, "__self__", None)  # methods of a class in C have none
    if random is None or owner is None or owner is not random.get("_inst"):
        return None
    name = method.__name__
    return f"random:{name}" if random.get(name) == method else None


def _name(function: Any) -> str | None:
    if type(function) is types.FunctionType:
        return function_name(function)
    return builtin_name(function) if type(function) is types.BuiltinFunctionType else None


def function_name(function: types.FunctionType) -> str | None:
    """The name under which a function is found again, or None where there is none (a closure, a lambda in a table).

    A decorated function goes by the name of what it stands for, like the wrapper that stands there.
    """
    if (stood_for := name_stood_for(function)) is not None:
        return stood_for
    module, qualname = function.__module__, function.__qualname__
    if type(module) is not str or not _stands_at(called(module), qualname, function):
        return None
    if called(module) in _scripts and function.__code__.co_qualname != qualname:
        return None
    return f"{called(module)}:{qualname}"


def builtin_name(function: Any) -> str | None:
    """The name of a function or method written in C that is bound to nothing but its module or class."""
    qualname = function.__qualname__
    owner: Any = getattr(function, "__objclass__", None) or getattr(function, "__self__", None)
    if derives(type(owner), type):
        name = f"{name_of(owner)}.{qualname.rpartition('.')[2]}"
    else:
        name = f"{called(function.__module__ or 'builtins')}:{qualname}"
    module, _, path = name.partition(":")
    found = find(module, path)
    return name if found is function or _are_same_bound(found, function) else None


def wrapper_name(wrapper: object, entries: dict[str, object]) -> str | None:
    """The name of a callable that has taken that of the function it wraps (`functools.lru_cache`)."""
    module, qualname = entries.get("__module__"), entries.get("__qualname__")
    if type(module) is str and type(qualname) is str and _stands_at(called(module), qualname, wrapper):
        return f"{called(module)}:{qualname}"
    return None


def member_name(member: Any) -> str | None:
    """The name of an enumeration member, or None for what is none of them (a combination of flags)."""
    cls = type(member)
    key = vars(member).get("_name_")
    members = namespace_of(cls).get("_member_map_", {})
    return f"{name_of(cls)}.{key}" if type(key) is str and members.get(key) is member else None


def find(module: str, path: str) -> object:
    """What stands at `module:path`, as it stands in its namespace (a static method is unwrapped).

    Returns:
        A function, class, enumeration member, C function or wrapper of a function; None where there is none, or
        where it comes from another module.
    """
    namespace = module_called(module)
    if namespace is None:
        return None
    if (standing := _standing.get(f"{module}:{path}")) is not None:
        return standing
    if module == "sys" and path in STREAMS:
        return namespace.get(path)
    if module == "random" and type(namespace.get(path)) in _METHODS:
        return namespace[path] if shared_generator_name(namespace[path]) else None
    first, *others = path.split(".")
    found: Any = namespace.get(first)
    walked = f"{module}:{first}"
    for part in others:
        found = _class_behind(found)
        if not derives(type(found), type) or name_of(found) != walked:
            return None
        found = _in_class(found, part)
        walked += f".{part}"
    if is_one_of(type(found), _WRAPPED):
        found = found.__func__
    return found if _belongs(found, module, path) else None


def _class_behind(found: object) -> object:
    """A class within an enumeration is a member of it up to Python 3.12; the class itself is the member's value."""
    if derives(type(type(found)), enum.EnumMeta):
        value = object.__getattribute__(found, "__dict__").get("_value_")
        return value if derives(type(value), type) else found
    return found


def _in_class(cls: type, name: str) -> object:
    if derives(type(cls), enum.EnumMeta):
        member = namespace_of(cls).get("_member_map_", {}).get(name)
        if member is not None:
            return member
    found = namespace_of(cls).get(name)
    if type(found) is types.ClassMethodDescriptorType:
        return found.__get__(None, cls)
    return found


def _belongs(found: Any, module: str, path: str) -> bool:
    """Is this a thing that may be named, and named so?"""
    kind = type(found)
    if kind is types.FunctionType:
        return type(found.__module__) is str and called(found.__module__) == module
    if derives(kind, type):
        return name_of(found) == f"{module}:{path}"
    if is_one_of(kind, _C_METHODS):
        home = getattr(found, "__module__", None)
        return not isinstance(home, str) or home == module
    if derives(kind, enum.Enum):
        return name_of(kind) == f"{module}:{path}".rpartition(".")[0]
    entries = attribute_of(kind, "__dict__")
    if type(entries) is types.GetSetDescriptorType and "__wrapped__" in entries.__get__(found):
        return called(str(entries.__get__(found).get("__module__"))) == module
    return False


def _stands_at(module: str, path: str, thing: object) -> bool:
    return "<" not in path and find(module, path) is thing


def _are_same_bound(one: object, other: object) -> bool:
    """`dict.fromkeys` is another object each time it is taken."""
    return (
        type(one) is type(other) is types.BuiltinFunctionType
        and one.__self__ is other.__self__
        and one.__qualname__ == other.__qualname__
    )


def stream_name(value: object) -> str | None:
    """`sys:stdout` and its kin, by identity with what stands there now or stood there at the start."""
    for name in STREAMS:
        if value is not None and (value is getattr(sys, name, None) or value is getattr(sys, f"__{name}__", None)):
            return f"sys:{name}"
    return None
