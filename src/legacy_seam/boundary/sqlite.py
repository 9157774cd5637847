"""SQLite: its files are restored and compared (`world.databases`), so that nothing is asked outside.

A database that is too large to be kept with a recording is one of those that are asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from legacy_seam.values.anatomy import attribute_of, attributes_of, derives, name_of
from legacy_seam.values.kinds.connections import LARGEST

CONNECT = "sqlite3:connect"
"""The name under which a large database is opened."""

_LEADS = ("dialect", "engine", "bind", "session", "connection", "_real_result", "raw", "registry", "createfunc")
"""Attributes that lead from an object of SQLAlchemy to the dialect that it speaks."""
_FARTHEST = 8


def connects(callee: Any) -> bool:
    """Does calling this open an SQLite database?"""
    library, below = sys.modules.get("sqlite3"), sys.modules.get("_sqlite3")
    if library is None or below is None:
        return False
    if callee is below.connect or callee is getattr(library, "connect", None):  # a replay has its own there
        return True
    kind = type(callee)
    if kind is BuiltinFunctionType or kind is FunctionType or kind is MethodType:
        return False
    return derives(kind, type) and derives(callee, below.Connection)


def opens_a_large_one(arguments: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    """Would the database that is opened with these arguments be too large to be kept?

    Runs no code of the program: a path of a class of its own is not looked at.
    """
    named = arguments[0] if arguments else keywords.get("database")
    if type(named) is bytes:
        named = os.fsdecode(named)
    elif name_of(type(named)).startswith("pathlib"):
        named = str(named)
    path = named if type(named) is str else ""
    if path.startswith("file:"):
        from urllib.parse import unquote

        path = unquote(path.removeprefix("file:").partition("?")[0])
    try:
        return os.path.getsize(path) > LARGEST
    except (OSError, ValueError):
        return False


def speaks_sqlite(thing: Any) -> bool:
    """Is this engine, connection, session, query or result of SQLAlchemy one of an SQLite database?

    Follows attributes only, and runs no code of the program. Of a session with several databases, all have to be.
    """
    for _ in range(_FARTHEST):
        if thing is None or not name_of(type(thing)).startswith("sqlalchemy."):
            return False
        if name_of(type(thing)).startswith("sqlalchemy.dialects."):
            return bool(attribute_of(type(thing), "name") == "sqlite")
        held = attributes_of(thing)
        several = held.get("_Session__binds") or held.get("binds")
        if type(several) is dict and several:
            return all(speaks_sqlite(bind) for bind in several.values())
        named = held.get("kw")
        thing = next((held[lead] for lead in _LEADS if held.get(lead) is not None), None)
        if thing is None and type(named) is dict:
            thing = named.get("bind")
    return False
