"""Connections to SQLite that are open already: set to reading only while a candidate runs.

No audit hook sees what goes over a connection that is open. Those that its code or the
legacy function's names are found.
"""

from __future__ import annotations

import sys
import types
from typing import Any

from legacy_seam.experiment.guard.reach import Place, Reach

_NEVER_A_CONNECTION = (int, str, float, bytes, dict, list, tuple, set, types.ModuleType, type)


class Databases:
    """The connections that the code of a candidate or its control names."""

    def __init__(self, control: Reach, candidate: Reach) -> None:
        chosen: dict[tuple[int, str], Place] = {}
        for namespace, name in [*control.read, *candidate.read]:
            if not isinstance(namespace.get(name), _NEVER_A_CONNECTION):
                chosen[id(namespace), name] = (namespace, name)
        self._places = list(chosen.values())

    def held(self) -> list[Any]:
        """Set all of them to reading only; gives those that were not before."""
        sqlite3: Any = sys.modules.get("sqlite3")
        if sqlite3 is None or not self._places:
            return []
        shut = []
        for namespace, name in self._places:
            connection = namespace.get(name)
            if isinstance(connection, sqlite3.Connection) and _shut(connection, sqlite3.Error):
                shut.append(connection)
        return shut

    def put_back(self, held: list[Any]) -> None:
        """Let them write again."""
        for connection in held:
            _ask(connection, "PRAGMA query_only = OFF")


def _shut(connection: Any, failure: type[Exception]) -> bool:
    try:
        if _ask(connection, "PRAGMA query_only")[0]:
            return False
        _ask(connection, "PRAGMA query_only = ON")
    except (failure, TypeError):  # closed, or of another thread: no use to the candidate either
        return False
    return True


def _ask(connection: Any, question: str) -> Any:
    """Ask by a cursor of its own, whatever the connection makes of rows."""
    import sqlite3

    # One that is made by calling `Cursor` would never be forgotten by its connection.
    cursor = sqlite3.Connection.cursor(connection)
    cursor.row_factory = None
    try:
        return cursor.execute(question).fetchone()
    finally:
        cursor.close()
