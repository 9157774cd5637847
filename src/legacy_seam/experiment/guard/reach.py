"""What a function can reach through the names it uses: functions, and the module variables they assign or read.

Found in compiled code, without running anything. It is a lower bound: what is reached through objects or computed
names is not seen, which is one reason why a candidate of somebody else belongs into a worker.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from opcode import opmap
from typing import Any

_MOST_FUNCTIONS = 400
_EXTENDED, _STORES = opmap["EXTENDED_ARG"], (opmap["STORE_GLOBAL"], opmap["DELETE_GLOBAL"])
_CHANGES_ITEMS = (opmap["STORE_SUBSCR"], opmap["DELETE_SUBSCR"])
_CHANGING_METHODS = frozenset(
    {
        "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update",
        "setdefault", "popitem", "appendleft", "popleft", "subtract",
    }
)  # fmt: skip

Place = tuple[dict[str, Any], str]
"""A module variable: the namespace, and the name in it."""


class Reach:
    """What can be reached from one function.

    Attributes:
        namespaces: The namespaces of all functions that were found, by identity.
        assigned: Module variables that some of them assign.
        changed: Module variables that some of them may change in place.
        read: Module variables that some of them read.
    """

    def __init__(self, function: Any) -> None:
        self.namespaces: dict[int, dict[str, Any]] = {}
        self.assigned: list[Place] = []
        self.changed: list[Place] = []
        self.read: list[Place] = []
        found: dict[int, types.FunctionType] = {}
        waiting = list(functions_in(function))
        while waiting and len(found) < _MOST_FUNCTIONS:
            one = waiting.pop()
            if id(one) not in found:
                found[id(one)] = one
                self.namespaces[id(one.__globals__)] = one.__globals__
                for code in _nested(one.__code__):
                    waiting.extend(self._look_at(code, one.__globals__))

    def _look_at(self, code: types.CodeType, namespace: dict[str, Any]) -> Iterator[types.FunctionType]:
        assigned, changes = _assigned_in(code)
        self.assigned.extend((namespace, name) for name in assigned)
        changes = changes or not _CHANGING_METHODS.isdisjoint(code.co_names)
        for name in code.co_names:
            if name in namespace:
                value = namespace[name]
            elif name in sys.modules:  # imported within the function
                value = sys.modules[name]
            else:
                continue
            if isinstance(value, types.ModuleType):
                if _of_the_project(value):
                    for attribute in code.co_names:
                        if attribute in vars(value):
                            yield from self._found(vars(value), attribute, changes)
            else:
                yield from self._found(namespace, name, changes)

    def _found(self, namespace: dict[str, Any], name: str, changes: bool) -> Iterator[types.FunctionType]:
        value = namespace[name]
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            if _of_the_project(sys.modules.get(value.__module__ or "")):
                yield from functions_in(value)
            return
        if hasattr(value, "__wrapped__"):
            yield from functions_in(value)
        self.read.append((namespace, name))
        if changes and isinstance(value, (dict, list, set, bytearray)):
            self.changed.append((namespace, name))


def functions_in(value: Any) -> Iterator[types.FunctionType]:
    """The functions behind something that can be called.

    >>> import functools
    >>> [function.__name__ for function in functions_in(functools.partial(functions_in, 1))]
    ['functions_in']
    """
    for _ in range(20):
        if isinstance(value, types.MethodType):
            value = value.__func__
        elif hasattr(value, "func") and hasattr(value, "keywords"):  # functools.partial
            value = value.func
        elif hasattr(value, "__wrapped__"):
            if isinstance(value, types.FunctionType):
                yield value
            value = value.__wrapped__
        else:
            break
    if isinstance(value, types.FunctionType):
        yield value
    elif isinstance(value, type):
        yield from (member for member in vars(value).values() if isinstance(member, types.FunctionType))
    elif isinstance(vars(type(value)).get("__call__"), types.FunctionType):
        yield from functions_in(type(value))


def coroutine_function(value: Any) -> bool:
    """Whether calling it gives something to await: what is called itself, not what it wraps."""
    while hasattr(value, "func") and hasattr(value, "keywords"):  # functools.partial
        value = value.func
    if isinstance(value, type):
        return False
    if callable(value) and not isinstance(value, (types.FunctionType, types.MethodType)):
        value = type(value).__call__
    value = getattr(value, "__func__", value)
    return isinstance(value, types.FunctionType) and bool(value.__code__.co_flags & _COROUTINE)


_COROUTINE = 0x80


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _assigned_in(code: types.CodeType) -> tuple[set[str], bool]:
    """The module variables a body assigns, and whether it changes items of anything."""
    names, changes, extended = set(), False, 0
    text = code.co_code
    for place in range(0, len(text), 2):
        operation, argument = text[place], text[place + 1] | extended
        extended = argument << 8 if operation == _EXTENDED else 0
        if operation in _STORES:
            names.add(code.co_names[argument])
        changes = changes or operation in _CHANGES_ITEMS
    return names, changes


def _of_the_project(module: Any) -> bool:
    """Whether a module is neither Python's own nor an installed library."""
    if module is None:
        return False
    file = getattr(module, "__file__", None) or ""
    top = module.__name__.partition(".")[0]
    return top not in sys.stdlib_module_names and "site-packages" not in file and top != "legacy_seam"
