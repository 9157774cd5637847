"""What differs between two states of a database: by table and primary key, with what was there before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from legacy_seam.plaindata import dataclass

if TYPE_CHECKING:
    from sqlite3 import Connection

_MAGIC = b"SQLite format 3\0"
_PLAIN_MODE = b"\1\1"
_MOST_ROWS = 200
_MOST_SHOWN = 20
_MOST_NUMBERS = 2000
_NUMBERS = {"user_version": 60, "application_id": 68}
"""Where they stand in the head of a file."""
_LARGEST_KEPT = 1 << 20
"""Bytes of a database whose tables are remembered."""

Row: TypeAlias = dict[str, object]
Tables: TypeAlias = dict[str, tuple[str, ...]]
"""Table -> the columns of its key."""
Rows: TypeAlias = dict[str, Row]
"""Name of a row (`accounts[7]`) -> its columns."""


def is_database(content: bytes) -> bool:
    """Is this the content of an SQLite database?"""
    return content.startswith(_MAGIC)


def changes_of_database(before: bytes, after: bytes) -> dict[str, object]:
    """What differs between two states of a database: what it is -> what was there before and after (None: nothing).

    A row that is there in both is told by the columns that differ (`accounts[7].balance`), one that came or went as
    a whole (`accounts[8]`), tables and indices by their SQL. Above 200 rows, each table tells how many there are of
    each sort, with a digest of all and the first few.

    >>> changes_of_database(b"", b"")
    {}
    """
    import sqlite3

    if before == after:
        return {}
    try:
        if len(before) <= _LARGEST_KEPT and is_database(before) and is_database(after):
            return _changes_to(before, after)
        return _changes_between(before, after)
    except (sqlite3.Error, ValueError) as unreadable:
        reason = f"unreadable: {type(unreadable).__name__}"
        return {"content": (_digest(before), _digest(after)), "reason": reason}


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two states of a database: connections, the tables of each with their keys, and where rows of one differ.

    within: the name of the first one in its connection.
    """

    old: Connection
    new: Connection
    before: Tables
    after: Tables
    where: Callable[[str], str | None]
    within: str = "main"


class _Known:
    """What the tables of a database are, of which many states are compared with one.

    No connection stays open: a program that looks for connections among all objects would come upon it.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        with closing(opened(content)) as connection:
            self._definitions = _definitions(connection)
            self._tables = tables(connection)
            self._compared = {table: _compared(connection, table) for table in self._tables}

    def changes_to(self, after: bytes) -> dict[str, object]:
        """What differs between it and another state."""
        with closing(opened(after, beside=self.content)) as new:
            defined = _definitions(new)
            if list(defined.items()) != list(self._definitions.items()):
                return _changes_between(self.content, after)
            where = partial(self._where_changed, new)
            sides = _Sides(new, new, self._tables, self._tables, where, within="was")
            return {**_numbers(self.content, after), **_all_rows(sides)}

    def _where_changed(self, new: Connection, table: str) -> str | None:
        told = self._compared[table]
        return "" if told is None else _where_changed(new, table, told)


_last: list[_Known] = []
"""The one that was compared with last."""


def _changes_to(before: bytes, after: bytes) -> dict[str, object]:
    """What differs; what was there before is mostly what was there before the last call, too."""
    if not _last or _last[0].content != before:
        _last[:] = [_Known(before)]
    return _last[0].changes_to(after)


def _changes_between(before: bytes, after: bytes) -> dict[str, object]:
    with closing(opened(before)) as old, closing(opened(after, beside=before)) as new:
        sides = _Sides(old, new, tables(old), tables(new), partial(where_changed, old, new))
        return {**definitions(old, new), **_numbers(before, after), **_all_rows(sides)}


def opened(content: bytes, *, beside: bytes = b"") -> Connection:
    """A connection to a copy in memory; under the name `was`, it has another database beside it."""
    import sqlite3

    connection = sqlite3.Connection(":memory:", isolation_level=None)  # none that is controlled as the program's
    try:
        connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        if is_database(beside):
            connection.execute("ATTACH ':memory:' AS was")
            connection.deserialize(_in_plain_mode(beside), name="was")
        if is_database(content):
            connection.deserialize(_in_plain_mode(content))
            connection.execute("PRAGMA schema_version").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _in_plain_mode(content: bytes) -> bytes:
    """The file may be in write-ahead mode, which a database in memory cannot be in."""
    return content[:18] + _PLAIN_MODE + content[20:]


def definitions(old: Connection, new: Connection) -> dict[str, object]:
    """Tables, indices, views and triggers that came, went or changed."""
    return _pairs(_definitions(old), _definitions(new))


def _definitions(connection: Connection) -> dict[str, str | None]:
    statement = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return dict(connection.execute(statement))


def _pairs(before: dict[str, str | None], after: dict[str, str | None]) -> dict[str, object]:
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: (before.get(name), after.get(name)) for name in names if before.get(name, 0) != after.get(name, 0)
    }


def _numbers(before: bytes, after: bytes) -> dict[str, object]:
    held = {name: (_number(before, at), _number(after, at)) for name, at in _NUMBERS.items()}
    return {name: pair for name, pair in held.items() if pair[0] != pair[1]}


def _number(content: bytes, at: int) -> int:
    """A number that programs may put into the head of a database; 0 where there is no database yet."""
    return int.from_bytes(content[at : at + 4], "big", signed=True)


# --- rows --------------------------------------------------------------------------------------------------------


def _all_rows(sides: _Sides) -> dict[str, object]:
    changed = {}
    for table in dict.fromkeys([*sides.before, *sides.after]):
        where = sides.where(table) if table in sides.before and table in sides.after else ""
        if where is None:
            continue
        before = _rows(sides.old, table, sides.before.get(table), where, sides.within)
        changed[table] = _different(before, _rows(sides.new, table, sides.after.get(table), where))
    if sum(map(len, changed.values())) <= _MOST_ROWS:
        return {name: pair for rows in changed.values() for name, pair in _told(rows)}
    return {f"table {table}": _summed(rows) for table, rows in changed.items() if rows}


def where_changed(old: Connection, new: Connection, table: str) -> str | None:
    """A condition under which all rows stand that are not the same in both; SQLite finds them sooner than we do.

    None where there is no such row. Nothing ("") where that takes too long to say, or where the rows of the two
    cannot be told to be the same by number.
    """
    told = _compared(new, table)
    return "" if told is None or told != columns(old, table) else _where_changed(new, table, told)


def _compared(connection: Connection, table: str) -> list[str] | None:
    """The columns by which rows of the same number are compared; None where rows have no numbers to be told by."""
    told = columns(connection, table)
    return told if has_rowid(connection, table) and '"rowid"' not in map(str.lower, told) else None


def _where_changed(new: Connection, table: str, told: list[str]) -> str | None:
    named = identifier(table)
    apart = "".join(
        f" OR o.{column} IS NOT n.{column} COLLATE BINARY OR typeof(o.{column}) <> typeof(n.{column})"
        for column in told
    )
    found = new.execute(
        f"SELECT o.rowid FROM was.{named} AS o LEFT JOIN main.{named} AS n ON n.rowid = o.rowid"
        f" WHERE n.rowid IS NULL{apart} UNION ALL"
        f" SELECT n.rowid FROM main.{named} AS n LEFT JOIN was.{named} AS o ON o.rowid = n.rowid"
        f" WHERE o.rowid IS NULL LIMIT {_MOST_NUMBERS + 1}"
    ).fetchall()
    if len(found) > _MOST_NUMBERS:
        return ""
    return f" WHERE rowid IN ({', '.join(str(number) for (number,) in found)})" if found else None


def tables(connection: Connection) -> Tables:
    """Table -> the columns of its primary key; where there are none, the number of a row tells it apart."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return {table: tuple(_key_columns(connection, table)) for (table,) in found.fetchall()}


def _key_columns(connection: Connection, table: str) -> Iterator[str]:
    columns = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    return (name for (name,) in columns.fetchall())


def _rows(
    connection: Connection, table: str, key: tuple[str, ...] | None, where: str, within: str = "main"
) -> Rows:
    """The rows of a table; those with equal keys (keys may be NULL) are numbered."""
    if key is None:
        return {}
    told = ", ".join(map(identifier, key)) if key else "rowid"
    cursor = connection.execute(f"SELECT {told}, * FROM {within}.{identifier(table)}{where}")
    width = max(1, len(key))
    names = [column[0] for column in cursor.description[width:]]
    rows: Rows = {}
    for held in cursor:
        name = f"{table}[{', '.join(map(repr, held[:width]))}]"
        while name in rows:
            name += "'"
        rows[name] = dict(zip(names, held[width:], strict=False))
    return rows


def _different(before: Rows, after: Rows) -> dict[str, tuple[Row | None, Row | None]]:
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if not _is_same(*pair)}


def _is_same(before: Row | None, after: Row | None) -> bool:
    """Equal, and of the same types: SQLite tells 1 from 1.0."""
    if before is None or after is None or before.keys() != after.keys():
        return False
    return before == after and all(type(value) is type(after[name]) for name, value in before.items())


def _told(rows: dict[str, tuple[Row | None, Row | None]]) -> Iterator[tuple[str, object]]:
    for name, (before, after) in rows.items():
        if before is None or after is None:
            yield name, (before, after)
            continue
        for column in dict.fromkeys([*before, *after]):
            pair = before.get(column), after.get(column)
            if not _is_same({"": pair[0]}, {"": pair[1]}):
                yield f"{name}.{column}", pair


def _summed(rows: dict[str, tuple[Row | None, Row | None]]) -> dict[str, object]:
    sorts = {
        "added": sum(before is None for before, _ in rows.values()),
        "changed": sum(None not in pair for pair in rows.values()),
        "removed": sum(after is None for _, after in rows.values()),
    }
    first = dict(list(rows.items())[:_MOST_SHOWN])
    whole = "\n".join(f"{name} {pair!r}" for name, pair in rows.items()).encode("utf-8", "backslashreplace")
    return {**sorts, "digest": _digest(whole), "first": dict(_told(first))}


def columns(connection: Connection, table: str) -> list[str]:
    """The names of a table's columns, as SQL takes them."""
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [identifier(name) for (name,) in found]


def has_rowid(connection: Connection, table: str) -> bool:
    """Does a table number its rows?"""
    import sqlite3

    try:
        connection.execute(f"SELECT rowid FROM {identifier(table)} LIMIT 0")
    except sqlite3.Error:
        return False
    return True


def identifier(name: str) -> str:
    """A name, as SQL takes it."""
    return '"{}"'.format(name.replace('"', '""'))


def _digest(content: bytes) -> str:
    from hashlib import blake2b

    return blake2b(content, digest_size=16).hexdigest()
