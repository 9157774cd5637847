"""Asking a database something through a connection of the program, without leaving a trace in it."""

from __future__ import annotations

from typing import Any


def own_cursor(connection: Any) -> Any:
    """A cursor of a connection to SQLite that is the plain one, and gives plain rows. No code of the program runs.

    A connection remembers all cursors that it has. It forgets those that are gone when it is asked for one, and not
    when somebody calls `sqlite3.Cursor`: a program with one connection would carry along all that we ever asked.
    """
    import sqlite3

    cursor = sqlite3.Connection.cursor(connection)
    cursor.row_factory = None
    return cursor
