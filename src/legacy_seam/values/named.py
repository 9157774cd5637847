"""What a name in a text leads to: a class, function or member of what is loaded, if the text may name it.

Nothing is imported, and no object is asked: its methods are found in its class.
"""

from __future__ import annotations

import types
from typing import Any

from legacy_seam.values.allow import Allow
from legacy_seam.values.anatomy import attribute_of, derives, module_called
from legacy_seam.values.decode_errors import NotAllowed, TypeGone
from legacy_seam.values.references import find
from legacy_seam.values.standin import StandIn, told

HIDDEN_TYPES: dict[str, type] = {
    f"builtins:{kind.__qualname__}": kind
    for kind in (
        types.NoneType,
        types.EllipsisType,
        types.NotImplementedType,
        types.FunctionType,
        types.MethodType,
        types.BuiltinFunctionType,
        types.GeneratorType,
        types.ModuleType,
        types.MappingProxyType,
    )
}
"""Types that say they stand in `builtins`, and do not."""
_OF_CONTAINERS = frozenset(
    ("__contains__", "__delitem__", "__eq__", "__getitem__", "__iter__", "__len__", "__ne__", "__setitem__")
)
"""Special methods that lead to nothing but what their object holds (`dict.__getitem__` as a key for sorting)."""


def referred(allow: Allow, name: str) -> Any:
    """The function, class, member or stream of that name.

    Raises:
        NotAllowed, TypeGone: see `decode`.
    """
    module, colon, path = name.partition(":")
    found: Any = find(module, path) if colon else None
    if derives(type(found), type) and allow.permits_class(found, module, path):
        return found
    if not allow.permits(module, path):
        raise NotAllowed(name)
    if found is None:
        raise TypeGone(name)
    return found


def module_named(allow: Allow, name: str) -> object:
    """`module(..)`: a module that is loaded.

    Raises:
        NotAllowed, TypeGone: see `decode`.
    """
    import sys

    if not allow.permits_module(name):
        raise NotAllowed(name)
    if module_called(name) is None:
        raise TypeGone(name)
    return sys.modules.get(name) or sys.modules["__main__"]


def method_of(allow: Allow, owner: object, function: Any) -> object:
    """`method(..)`: bound again to its object, without asking the object.

    Raises:
        TypeGone: see `decode`.
    """
    from types import FunctionType, MethodType

    if type(owner) is StandIn:
        return StandIn(*told(owner))  # a method of what could not be held cannot be held either
    if type(function) is not str:
        return MethodType(function, owner)
    cls: Any = owner if derives(type(owner), type) else type(owner)
    found = attribute_of(cls, function)
    if type(found) in (classmethod, staticmethod):
        found = found.__func__
    if type(found) is FunctionType:
        return MethodType(found, owner)
    get = getattr(type(found), "__get__", None)
    is_special = function.startswith("__") and (cls is owner or function not in _OF_CONTAINERS)
    if found is None or get is None or type(found).__module__ != "builtins" or is_special:
        raise TypeGone(f"{cls.__module__}:{cls.__qualname__}.{function}")
    if cls is owner:
        return get(found, None, owner)
    return get(found, owner, cls)  # without its class, some methods of C crash when they are bound (3.11)
