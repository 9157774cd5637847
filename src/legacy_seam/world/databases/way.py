"""The way from one state of a database to another, as statements: what an open transaction has done so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

from legacy_seam.world.databases.rows import (
    columns,
    definitions,
    has_rowid,
    identifier,
    opened,
    tables,
    where_changed,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

Step: TypeAlias = tuple[str, tuple[object, ...] | None]
"""A statement, and the values with which it is said; None where it takes none."""

_DEFINED = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
)
_SEQUENCE = "SELECT name, seq FROM sqlite_sequence ORDER BY name"


def way(before: bytes, after: bytes) -> Iterator[Step]:
    """Statements that make one state of a database of another.

    Tables that came or are defined otherwise are made anew. No trigger fires meanwhile: they come last.

    Args:
        before: a database, as SQLite serializes it; empty for none.
        after: the state that it is to come to.

    Raises:
        ValueError: where a virtual table came, went or changed: what it keeps beside it is its own affair.

    >>> list(way(b"", b""))
    []
    """
    if before == after:
        return
    with closing(opened(before)) as old, closing(opened(after, beside=before)) as new:
        for side in (old, new):
            side.text_factory = str
        changed = set(definitions(old, new))
        was, now = old.execute(_DEFINED).fetchall(), new.execute(_DEFINED).fetchall()
        if any(f"{kind} {name}" in changed and _is_virtual(sql) for kind, name, _, sql in (*was, *now)):
            raise ValueError("virtual tables were changed in a transaction that was open")
        rebuilt = {name for kind, name, _, _ in (*was, *now) if kind == "table" and f"table {name}" in changed}
        put_aside = [one for one in was if _is_put_aside(one, changed, rebuilt)]
        known = {name for _, name, _, _ in was} - {name for _, name, _, _ in put_aside}
        yield from ((f"DROP {kind} {identifier(name)}", None) for kind, name, _, _ in reversed(put_aside))
        missing = [(kind, name, sql) for kind, name, _, sql in now if name not in known]
        yield from ((sql, None) for kind, _, sql in missing if kind == "table")
        for table, key in tables(new).items():
            yield from _rows_put(new, table) if table in rebuilt else _rows_changed(old, new, table, key)
        yield from _numbers_given(old, new)
        yield from ((sql, None) for kind, _, sql in missing if kind != "table")


def _is_virtual(sql: str) -> bool:
    return sql.upper().startswith("CREATE VIRTUAL")


def _is_put_aside(defined: tuple[str, str, str, str], changed: set[str], rebuilt: set[str]) -> bool:
    """Is it dropped on the way? An index goes with its table."""
    kind, name, table, _ = defined
    if kind == "table":
        return name in rebuilt
    if kind == "index" and table in rebuilt:
        return False
    return kind == "trigger" or f"{kind} {name}" in changed


def _rows_put(new: Connection, table: str) -> Iterator[Step]:
    """All rows of a table that is empty so far."""
    named, told = identifier(table), _told(new, table)
    for row in new.execute(f"SELECT {', '.join(told)} FROM {named}"):
        yield f"INSERT INTO {named} ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", row


def _rows_changed(old: Connection, new: Connection, table: str, key: tuple[str, ...]) -> Iterator[Step]:
    """What is gone or changed is deleted first, then what is new or changed is put there."""
    named, told = identifier(table), _told(old, table)
    where = where_changed(old, new, table)
    if where is None:
        return
    asked = f"SELECT {', '.join(told)} FROM {named}{where}"
    before, after = ({_typed(row): row for row in side.execute(asked)} for side in (old, new))
    apart = ["rowid"] if told[0] == "rowid" else [identifier(column) for column in key]
    places = [told.index(column) for column in apart]
    condition = " AND ".join(f"{column} = ?" for column in apart)
    for typed, row in before.items():
        if typed not in after:
            yield f"DELETE FROM {named} WHERE {condition}", tuple([row[at] for at in places])
    marks = ", ".join("?" * len(told))
    for typed, row in after.items():
        if typed not in before:
            yield f"INSERT INTO {named} ({', '.join(told)}) VALUES ({marks})", row


def _numbers_given(old: Connection, new: Connection) -> Iterator[Step]:
    """How far the numbers of AUTOINCREMENT have come: rows that are gone have had theirs."""
    if not new.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        return
    there = old.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()
    after = new.execute(_SEQUENCE).fetchall()
    if not there or old.execute(_SEQUENCE).fetchall() != after:
        yield "DELETE FROM sqlite_sequence", None
        yield from (("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", row) for row in after)


def _told(connection: Connection, table: str) -> list[str]:
    """The columns of a row, the number that tells it apart first."""
    named = columns(connection, table)
    return ["rowid", *named] if has_rowid(connection, table) else named


def _typed(row: tuple[object, ...]) -> tuple[object, ...]:
    return *map(type, row), *row
