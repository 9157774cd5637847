"""Connections to SQLite databases, by what they lead to and how they were set up; cursors, by their connection.

A connection is looked at through a cursor of our own, whose questions return bytes and numbers only: no row
factory, text factory or converter of the program runs. Nothing that is asked begins or ends a transaction.
"""

from __future__ import annotations

import os
from gc import get_referents
from types import ModuleType
from typing import Any

from legacy_seam.values.anatomy import getter
from legacy_seam.values.held import (
    PLACE,
    Opening,
    is_replayed,
    keep,
    name_in_memory,
    name_made_here,
    name_of_file,
    opener,
)
from legacy_seam.values.kinds import sql_functions
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call
from legacy_seam.values.kinds.outside import write_outside
from legacy_seam.values.layout import Draft

CONTROLLED = frozenset(
    [
        "date",
        "time",
        "datetime",
        "julianday",
        "unixepoch",
        "strftime",
        "current_timestamp",
        "current_date",
        "current_time",
        "random",
        "randomblob",
    ]
)
"""Functions of SQL that have others in their place while a call is replayed."""

LARGEST = 16 * 1024 * 1024
"""Bytes; a larger database is not kept: it lies outside, and what it is asked is answered from the recording."""
_SMALL = 256 * 1024
_SWITCHES = ["foreign_keys", "recursive_triggers", "query_only", "ignore_check_constraints", "defer_foreign_keys"]
_SCHEMAS = "SELECT cast(name AS blob), cast(file AS blob) FROM pragma_database_list"
_SIZE = "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
_FUNCTIONS = "SELECT cast(name AS blob), narg FROM pragma_function_list WHERE builtin = 0"
_COLLATIONS = "SELECT cast(name AS blob) FROM pragma_collation_list"
_COLUMNS = (
    "SELECT cast(t.name AS blob), cast(c.name AS blob), cast(c.type AS blob)"
    " FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type != ''"
)
_CLOSED = "Cannot operate on a closed database."
_NEVER_OPENED = "Base Connection.__init__ not called."


def _connection(value: Any) -> Written:
    import sqlite3

    try:
        ask = Questions(value)
    except sqlite3.Error as refusal:
        return _unasked(value, refusal)
    if not is_replayed() and any(type(one) is ModuleType for one in get_referents(value)):
        raise Unreadable("a connection to a database with a callback of the program, which would be disturbed")
    try:
        return write_outside(value) if _is_too_large(ask) else _described(value, ask)
    except sqlite3.Error as refusal:
        raise Unreadable(f"a connection to a database that does not answer: {refusal}") from None


def _is_too_large(ask: Questions) -> bool:
    return not is_replayed() and ask.size() > LARGEST


def _unasked(value: Any, refusal: Exception) -> Draft:
    """A connection that is closed, or that may not be used here."""
    if str(refusal) == _CLOSED:
        name = name_made_here(value)
        return call("sqlite3.connect", *([] if name is None else [name]), **_factories(value), closed=True)
    if str(refusal) == _NEVER_OPENED:
        raise Unreadable("a connection to a database that was never opened")
    raise Unreadable("a connection to a database that belongs to another thread")


def _described(value: Any, ask: Questions) -> Draft:
    (_, file), *others = [
        (schema.decode(), path_in_bytes(file)) for schema, file in ask(_SCHEMAS) if schema != b"temp"
    ]
    if others:
        raise Unreadable(f"a connection with another database attached to it ({others[0][0]})")
    if ask("SELECT count(*) FROM sqlite_temp_master")[0][0]:
        raise Unreadable("a connection with temporary tables")
    name = name_of_file(value, lambda: file) if file else name_in_memory(value)
    is_within = getter(ask.base, "in_transaction")(value)
    if not is_replayed():
        keep_content(value, name, file, ask, is_within)
    how: dict[str, tuple[object, object]] = {
        "isolation_level": (getter(ask.base, "isolation_level")(value), ""),
        "autocommit": (_autocommit(ask.base, value), -1),
        "detect_types": (_detect_types(value, ask), 0),
        "functions": (ask.functions(), []),
        "collations": (ask.collations(), []),
        **{switch: (bool(ask(f"SELECT {switch} FROM pragma_{switch}")[0][0]), False) for switch in _SWITCHES},
        "in_transaction": (is_within, False),
    }
    said = {key: held for key, (held, usual) in how.items() if held is not usual and held != usual}
    return call("sqlite3.connect", name, **_factories(value), **said)


def _factories(value: Any) -> dict[str, object]:
    """What makes rows and texts, if that is not what usually does."""
    import sqlite3

    usual = {"row_factory": None, "text_factory": str}
    held = {name: getter(sqlite3.Connection, name)(value) for name in usual}
    return {name: factory for name, factory in held.items() if factory is not usual[name]}


def own_cursor(connection: Any) -> Any:
    """A cursor of a connection to SQLite that is the plain one, and gives plain rows. No code of the program runs.

    A connection remembers all cursors that it has. It forgets those that are gone when it is asked for one, and not
    when somebody calls `sqlite3.Cursor`: a program with one connection would carry along all that we ever asked.
    """
    import sqlite3

    cursor = sqlite3.Connection.cursor(connection)
    cursor.row_factory = None
    return cursor


class Questions:
    """Asks a connection by a cursor that nothing of the program has a part in.

    Args:
        connection: it; an error of SQLite is raised where it cannot be asked.
    """

    def __init__(self, connection: Any) -> None:
        import sqlite3

        self.base: Any = sqlite3.Connection
        self._connection = connection
        getter(self.base, "total_changes")(connection)  # raises if it is closed
        own_cursor(connection)  # or if it belongs to another thread

    def __call__(self, statement: str) -> list[Any]:
        """All rows that come as an answer."""
        cursor = own_cursor(self._connection)
        try:
            return list(cursor.execute(statement))
        finally:
            cursor.close()

    def size(self) -> int:
        """Of the database, in bytes."""
        size: int = self(_SIZE)[0][0]
        return size

    def functions(self) -> list[tuple[Any, ...]]:
        """The functions that the program has registered: name, number of arguments, and what it is, where known."""
        plain = _plain(_FUNCTIONS)
        mine = [(name.decode(), count) for name, count in self(_FUNCTIONS) if (name, count) not in plain]
        return [
            (name, count, *sql_functions.found(self._connection, name, count))
            for name, count in sorted(mine)
            if name not in CONTROLLED
        ]

    def collations(self) -> list[str | tuple[Any, ...]]:
        """The orders of text that the program has registered: the name; with what it is, where that is known."""
        names = sorted(name.decode() for (name,) in set(self(_COLLATIONS)) - _plain(_COLLATIONS))
        known = {name: sql_functions.found(self._connection, name, sql_functions.COLLATION) for name in names}
        return [(name, *made) if made else name for name, made in known.items()]


_asked_plainly: dict[str, frozenset[Any]] = {}


def _plain(statement: str) -> frozenset[Any]:
    """What a connection answers that nobody has done anything to."""
    known = _asked_plainly.get(statement)
    if known is None:
        import _sqlite3

        connection = _sqlite3.Connection(":memory:")
        try:
            known = _asked_plainly[statement] = frozenset(connection.execute(statement))
        finally:
            connection.close()
    return known


def path_in_bytes(file: bytes | None) -> str:
    """A path as text, as SQLite gives it."""
    return (file or b"").decode("utf-8", "surrogateescape")


def _autocommit(base: Any, value: Any) -> object:
    return getter(base, "autocommit")(value) if "autocommit" in vars(base) else -1


def keep_content(value: Any, name: str, file: str, ask: Questions, is_within: bool) -> None:
    """As the connection sees it; and, within a transaction, as all others do."""

    def seen() -> bytes:
        content: bytes = ask.base.serialize(value) if ask.size() else b""
        return content

    if is_within or not file:
        keep(PLACE + name, seen)
    if file:
        keep(name, (lambda: _committed(file)) if is_within else seen)


def _committed(file: str) -> bytes:
    """Through another connection: to open and close the file itself would take away SQLite's locks on it."""
    import _sqlite3

    other = _sqlite3.Connection(f"file:{quoted(file)}?mode=ro", uri=True, timeout=0)
    try:
        content: bytes = other.serialize()
        return content
    finally:
        other.close()


def quoted(file: str) -> str:
    """The path of a file as a part of a URI."""
    return file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _detect_types(value: Any, ask: Questions) -> int:
    """Python does not tell; it shows in how results are prepared (none is ever fetched here).

    Names of columns lose what stands in brackets, and a list of converters is made for the result.
    """
    import sqlite3

    cursor = own_cursor(value)
    try:
        cursor.execute('SELECT 1 AS "a [b]" WHERE 0')
        by_name = sqlite3.PARSE_COLNAMES if cursor.description[0][0] == "a" else 0
        if not _converters(cursor):
            return 0
        if not by_name:
            return sqlite3.PARSE_DECLTYPES
        for table, column, kind in set(ask(_COLUMNS)):
            if kind.decode().partition("(")[0].partition(" ")[0].upper() in sqlite3.converters:
                cursor.execute(f"SELECT {_identifier(column)} FROM {_identifier(table)} WHERE 0")
                found = any(one is not None for one in _converters(cursor)[0])
                return by_name | (sqlite3.PARSE_DECLTYPES if found else 0)
        return by_name
    finally:
        cursor.close()


def _converters(cursor: Any) -> list[list[Any]]:
    return [one for one in get_referents(cursor) if type(one) is list]


def _identifier(name: bytes) -> str:
    return '"{}"'.format(name.decode().replace('"', '""'))


def _blank_connection(cls: Any) -> object:
    import sqlite3

    return sqlite3.Connection.__new__(cls)


def _opening(name: str = "", **how: object) -> Opening:
    return Opening(name, how)


def _pour_connection(blank: Any, made: Any) -> None:
    if type(made) is Opening:
        opener().connect(blank, made)
    else:  # the plain connection that a class of the program's is built on
        opener().take_over(blank, made)


def _stamp(value: Any) -> tuple[object, ...]:
    """What tells that nothing has changed: of a small database the content, of others what SQLite counts."""
    ask = Questions(value)
    if any(type(one) is ModuleType for one in get_referents(value)) and not is_replayed():
        raise Unreadable("a callback of the program would be disturbed")
    base = ask.base
    file = path_in_bytes(ask(_SCHEMAS)[0][1])
    size = ask.size()
    settings = [getter(base, name)(value) for name in ("isolation_level", "in_transaction", "total_changes")]
    factories = [id(getter(base, name)(value)) for name in ("row_factory", "text_factory")]
    switches = [ask(f"SELECT {switch} FROM pragma_{switch}")[0][0] for switch in _SWITCHES]
    seen: list[object] = [id(value), size]
    if 0 < size <= _SMALL:
        seen = [base.serialize(value)]
        del settings[-1]
    elif file:
        seen = [_stat_of(file), _stat_of(file + "-wal"), ask("SELECT data_version FROM pragma_data_version")[0][0]]
    return (file, *settings, *factories, *switches, *seen)


def _stat_of(file: str) -> tuple[int, ...]:
    try:
        found = os.stat(file)
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


# --- cursors -----------------------------------------------------------------------------------------------------


def _cursor(value: Any) -> Written:
    import sqlite3

    connection = getter(sqlite3.Cursor, "connection")(value)
    if connection is None:
        raise Unreadable("a cursor of a database that was never opened")
    if not is_replayed() and _leads_to_a_large_one(connection):
        return write_outside(value)
    if any(type(one).__name__ == "Statement" for one in get_referents(value)):
        if is_replayed():
            raise Unreadable("a cursor of a database in the middle of its results")
        return write_outside(value)  # what is left of them is asked, and answered from the recording
    settings = {
        "arraysize": (getter(sqlite3.Cursor, "arraysize")(value), 1),
        "row_factory": (getter(sqlite3.Cursor, "row_factory")(value), None),
    }
    return call("sqlite3.Cursor", connection, **{k: held for k, (held, usual) in settings.items() if held != usual})


def _leads_to_a_large_one(connection: Any) -> bool:
    import sqlite3

    try:
        return _is_too_large(Questions(connection))
    except sqlite3.Error:
        return False


def _blank_cursor(cls: Any) -> object:
    import sqlite3

    return sqlite3.Cursor.__new__(cls)


def _pour_cursor(blank: Any, made: tuple[Any, int, Any]) -> None:
    import sqlite3

    connection, arraysize, row_factory = made
    sqlite3.Cursor.__init__(blank, connection)
    blank.arraysize, blank.row_factory = arraysize, row_factory


KINDS = (
    Kind(
        ("sqlite3:Connection",),
        _connection,
        "sqlite3.connect",
        _opening,
        blank=_blank_connection,
        pour=_pour_connection,
        has_identity=True,
        content=_stamp,
    ),
    Kind(
        ("sqlite3:Cursor",),
        _cursor,
        "sqlite3.Cursor",
        lambda connection, arraysize=1, row_factory=None: (connection, arraysize, row_factory),
        blank=_blank_cursor,
        pour=_pour_cursor,
        has_identity=True,
    ),
)
