"""A connection made again as it was: its settings, what the program had registered, an open transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from legacy_seam.values.held import Opening
from legacy_seam.values.kinds import sql_functions
from legacy_seam.values.kinds.connections import own_cursor
from legacy_seam.world.databases.way import way

_SETTINGS = ("detect_types", "isolation_level")
_ATTRIBUTES = ("row_factory", "text_factory", "autocommit")
_NOT_SWITCHES = (*_SETTINGS, *_ATTRIBUTES, "closed", "in_transaction", "functions", "collations")


def reopen(blank: Any, path: str, opening: Opening, content: bytes = b"") -> None:
    """Make a connection of an instance that is none yet.

    Args:
        blank: of the program's class, perhaps.
        path: where the database lies.
        opening: how it was opened.
        content: of a database in memory.
    """
    import sqlite3

    base: Any = sqlite3.Connection
    how = opening.how
    settings = {name: how[name] for name in _SETTINGS if name in how}
    base.__init__(blank, path, check_same_thread=False, **settings)
    if how.get("closed"):
        base.close(blank)
        return
    if content:
        _fill(blank, content)
    for switch, is_on in how.items():
        if switch not in _NOT_SWITCHES:
            execute(blank, f"PRAGMA {_word(switch)} = {int(bool(is_on))}")
    for name in _ATTRIBUTES:
        if name in how:
            getattr(base, name).__set__(blank, how[name])


def _fill(blank: Any, content: bytes) -> None:
    """Page by page: of a database that took its content as a whole, SQLite does not show what is not committed."""
    import sqlite3

    with contextlib.closing(sqlite3.Connection(":memory:")) as source:
        source.deserialize(content)
        sqlite3.Connection.backup(source, blank)


def register(connection: Any, opening: Opening, gone: Callable[[str], Callable[..., Any]]) -> None:
    """Register what the program had registered; something in its place where nobody saw what that was.

    Args:
        connection: a connection.
        opening: how it was opened.
        gone: makes what is called instead, by what it was.
    """
    import sqlite3

    base: Any = sqlite3.Connection
    for name, count, *known in opening.how.get("functions", ()):
        made, *flag = known or [gone(f"the function {name} of SQL")]
        is_deterministic = bool(flag)
        if isinstance(made, type):
            base.create_aggregate(connection, name, count, made)
        else:
            base.create_function(connection, name, count, made, deterministic=is_deterministic)
        if known:
            sql_functions.note(connection, name, count, made, is_deterministic=is_deterministic)
    for one in opening.how.get("collations", ()):
        name, *known = (one,) if isinstance(one, str) else one
        base.create_collation(connection, name, known[0] if known else gone(f"the collation {name} of SQL"))
        if known:
            sql_functions.note(connection, name, sql_functions.COLLATION, known[0])


def begin_transaction(connection: Any, committed: bytes, seen: bytes) -> bool:
    """Begin a transaction in which a connection sees what it saw, while its file holds what was committed.

    Returns:
        whether anything had to be done for that.

    Raises:
        ValueError: where that cannot be brought about.
    """
    if not connection.in_transaction:
        execute(connection, "BEGIN")
    if not seen or seen == committed:
        return False
    execute(connection, "PRAGMA defer_foreign_keys = 1")
    for statement, same in groupby(way(committed, seen), itemgetter(0)):
        rows = [values for _, values in same if values is not None]
        execute(connection, statement, rows or None)
    execute(connection, "PRAGMA defer_foreign_keys = 0")
    return True


def execute(connection: Any, statement: str, rows: Sequence[tuple[object, ...]] | None = None) -> None:
    """Say something to a connection, past the program's class; transactions stay as they are.

    Args:
        connection: a connection.
        statement: what is said.
        rows: the values with which it is said, once for each; None where it takes none.
    """
    import sqlite3

    base: Any = sqlite3.Connection
    level = base.isolation_level.__get__(connection)
    is_old_style = getattr(connection, "autocommit", -1) == -1
    if is_old_style and level is not None and not connection.in_transaction:
        base.isolation_level.__set__(connection, None)
    try:
        cursor = own_cursor(connection)
        if rows is None:
            cursor.execute(statement)
        else:
            cursor.executemany(statement, rows)
        cursor.close()
    finally:
        if is_old_style:
            base.isolation_level.__set__(connection, level)


def _word(name: str) -> str:
    if not name.isidentifier():
        raise ValueError(f"{name} is no setting of a database")
    return name
