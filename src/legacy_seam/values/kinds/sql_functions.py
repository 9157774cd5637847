"""What a program registers with a connection to SQLite: functions, aggregates, orders of text.

A connection tells their names and never gives them back, so whoever sees one being registered says so
(`registered`). To be noted keeps nothing alive.
"""

from __future__ import annotations

import sys
from _weakref import ref
from collections.abc import Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import derives, name_of

COLLATION = -2
"""In the place of the number of arguments, of which -1 says that there may be any."""
_METHODS = {
    "create_function": ("name", "narg", "func"),
    "create_aggregate": ("name", "n_arg", "aggregate_class"),
    "create_collation": ("name", "callable"),
}
_OTHERS = (FunctionType, MethodType, BuiltinFunctionType, type)
"""What nearly all callees are."""
_METHOD_IN_C = "builtins:builtin_method"
_MOST_KNOWN = 1000


@dataclass(frozen=True, slots=True)
class _Registered:
    made: ref[Any]
    is_deterministic: bool


_known: dict[tuple[int, str, int], _Registered] = {}
"""By the `id` of the connection, the name, the number of arguments. There are no weak references to a connection:
one that has the `id` of another now is taken to hold what that one held, where it has a function of that name."""


def registered(callee: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """A call is about to be made: does it register something? Runs no code of the program.

    Args:
        callee: what is called.
        arguments: positional ones.
        keywords: the others.
    """
    if not _registers(callee):
        return
    names = _METHODS[callee.__name__]
    given = dict(zip(names, arguments, strict=False)) | dict(keywords)
    name, count = given.get(names[0]), given.get(names[1]) if len(names) > 2 else COLLATION
    if type(name) is str and type(count) is int:
        is_deterministic = keywords.get("deterministic") is True
        note(callee.__self__, name, count, given.get(names[-1]), is_deterministic=is_deterministic)


def noting(callee: Any) -> Any:
    """What is called in the place of something that registers, so that it is noted; None for all else."""
    if not _registers(callee):
        return None

    def register(*arguments: Any, **keywords: Any) -> object:
        registered(callee, arguments, keywords)
        result: object = callee(*arguments, **keywords)
        return result

    return register


def may_register(source: bytes) -> bool:
    """May this source of a module register anything?"""
    return any(name.encode() in source for name in _METHODS)


def _registers(callee: Any) -> bool:
    if type(callee) in _OTHERS or name_of(type(callee)) != _METHOD_IN_C or callee.__name__ not in _METHODS:
        return False
    below = sys.modules.get("_sqlite3")
    return below is not None and derives(type(callee.__self__), below.Connection)


def note(connection: object, name: str, count: int, made: object, *, is_deterministic: bool = False) -> None:
    """Something is registered with a connection under a name.

    Args:
        connection: the connection.
        name: in SQL.
        count: of its arguments, or `COLLATION`.
        made: a function, or the class of an aggregate; of anything else nothing is known later.
        is_deterministic: it gives the same for the same.
    """
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    key = id(connection), name.lower(), count
    if type(made) is FunctionType or derives(type(made), type):
        _known[key] = _Registered(ref(made), is_deterministic)
    else:
        _known.pop(key, None)


def found(connection: object, name: str, count: int) -> tuple[Any, ...]:
    """What was registered, and True where it gives the same for the same; nothing where it is not known."""
    known = _known.get((id(connection), name.lower(), count))
    made = None if known is None else known.made()
    if known is None or made is None:
        return ()
    return (made, True) if known.is_deterministic else (made,)
