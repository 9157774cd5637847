"""The way from one state of a database to another, as statements: what an open transaction has done so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from legacy_seam.world.databases.layout import Defined, Layout, identifier, is_virtual
from legacy_seam.world.databases.rows import Sides, opened, where_changed

Step: TypeAlias = tuple[str, tuple[object, ...] | None]
"""A statement, and the values with which it is said; None where it takes none."""

_SEQUENCE = "SELECT name, seq FROM {}.sqlite_sequence ORDER BY name"


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
    with opened(before, after) as sides:
        sides.both.text_factory = str
        old, new = sides.old, sides.new
        was, now = old.definitions(), new.definitions()
        changed = {name for name in (*was, *now) if was.get(name, 0) != now.get(name, 0)}
        if any(f"{kind} {name}" in changed and is_virtual(sql) for kind, name, _, sql in (*old.parts, *new.parts)):
            raise ValueError("virtual tables were changed in a transaction that was open")
        rebuilt = {name for kind, name, _, _ in (*old.parts, *new.parts) if f"table {name}" in changed}
        put_aside = [one for one in old.parts if _is_put_aside(one, changed, rebuilt)]
        known = {name for _, name, _, _ in old.parts} - {name for _, name, _, _ in put_aside}
        yield from ((f"DROP {kind} {identifier(name)}", None) for kind, name, _, _ in reversed(put_aside))
        missing = [(kind, sql) for kind, name, _, sql in new.parts if name not in known and sql is not None]
        yield from ((sql, None) for kind, sql in missing if kind == "table")
        for table in new.keys:
            yield from _rows_put(sides, table) if table in rebuilt else _rows_changed(sides, table)
        yield from _numbers_given(sides)
        yield from ((sql, None) for kind, sql in missing if kind != "table")


def _is_put_aside(defined: Defined, changed: set[str], rebuilt: set[str]) -> bool:
    """Is it dropped on the way? An index goes with its table."""
    kind, name, table, _ = defined
    if kind == "table":
        return name in rebuilt
    if kind == "index" and table in rebuilt:
        return False
    return kind == "trigger" or f"{kind} {name}" in changed


def _rows_put(sides: Sides, table: str) -> Iterator[Step]:
    """All rows of a table that is empty so far."""
    named, told = identifier(table), _told(sides.new, table)
    for row in sides.both.execute(f"SELECT {', '.join(told)} FROM main.{named}"):
        yield f"INSERT INTO {named} ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", row


def _rows_changed(sides: Sides, table: str) -> Iterator[Step]:
    """What is gone or changed is deleted first, then what is new or changed is put there."""
    where = where_changed(sides, table)
    if where is None:
        return
    named, told = identifier(table), _told(sides.old, table)
    asked = (f"SELECT {', '.join(told)} FROM {side}.{named}{where}" for side in ("was", "main"))
    before, after = ({_typed(row): row for row in sides.both.execute(question)} for question in asked)
    apart = ["rowid"] if told[0] == "rowid" else [identifier(column) for column in sides.old.keys[table]]
    places = [told.index(column) for column in apart]
    condition = " AND ".join(f"{column} = ?" for column in apart)
    for typed, row in before.items():
        if typed not in after:
            yield f"DELETE FROM {named} WHERE {condition}", tuple([row[at] for at in places])
    marks = ", ".join("?" * len(told))
    for typed, row in after.items():
        if typed not in before:
            yield f"INSERT INTO {named} ({', '.join(told)}) VALUES ({marks})", row


def _numbers_given(sides: Sides) -> Iterator[Step]:
    """How far the numbers of AUTOINCREMENT have come: rows that are gone have had theirs."""
    if not sides.new.has_sequence:
        return
    after = sides.both.execute(_SEQUENCE.format("main")).fetchall()
    if not sides.old.has_sequence or sides.both.execute(_SEQUENCE.format("was")).fetchall() != after:
        yield "DELETE FROM sqlite_sequence", None
        yield from (("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", row) for row in after)


def _told(layout: Layout, table: str) -> list[str]:
    """The columns of a row, the number that tells it apart first."""
    named = layout.columns[table]
    return ["rowid", *named] if table in layout.numbered else named


def _typed(row: tuple[object, ...]) -> tuple[object, ...]:
    return *map(type, row), *row
