"""What differs between two states of a database: by table and primary key, with what was there before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.world.databases.layout import Layout, identifier, layout_of, roots_of
from legacy_seam.world.databases.pages import untouched

if TYPE_CHECKING:
    from sqlite3 import Connection

_MAGIC = b"SQLite format 3\0"
_PLAIN_MODE = b"\1\1"
_MOST_ROWS = 200
_MOST_SHOWN = 20
_MOST_NUMBERS = 2000
_NUMBERS = {"user_version": 60, "application_id": 68}
"""Where they stand in the head of a file."""
Row: TypeAlias = dict[str, object]
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
        return _changes_between(before, after)
    except (sqlite3.Error, ValueError) as unreadable:
        reason = f"unreadable: {type(unreadable).__name__}"
        return {"content": (_digest(before), _digest(after)), "reason": reason}


@dataclass(frozen=True, slots=True)
class Sides:
    """Two states of a database.

    both:      a connection to copies in memory; the first one is called `was` there.
    old:       what the first one defines.
    new:       what the other defines.
    untouched: the tables all of whose rows are the same.
    """

    both: Connection
    old: Layout
    new: Layout
    untouched: frozenset[str]


@contextmanager
def opened(before: bytes, after: bytes) -> Iterator[Sides]:
    """Look into two states of a database.

    Nothing is kept open for the next time: a program that looks for connections among all objects would come upon
    it.

    Args:
        before: as SQLite serializes it; empty for none.
        after: the other.

    Raises:
        sqlite3.Error: where one cannot be read.
    """
    import sqlite3

    both = sqlite3.Connection(":memory:", isolation_level=None)  # none that is controlled as the program's
    with closing(both):
        both.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        both.execute("ATTACH ':memory:' AS was")
        for name, state in (("was", before), ("main", after)):
            if is_database(state):
                both.deserialize(_in_plain_mode(state), name=name)
        old, new = layout_of(both, "was"), layout_of(both)
        still = untouched(before, after, roots_of(both, "was"), roots_of(both))
        yield Sides(both, old, new, still & old.tables_as_in(new))


def _changes_between(before: bytes, after: bytes) -> dict[str, object]:
    with opened(before, after) as sides:
        old, new = sides.old, sides.new
        defined = _pairs(old.definitions(), new.definitions()) if old is not new else {}
        return {**defined, **_numbers(before, after), **_all_rows(sides)}


def _in_plain_mode(content: bytes) -> bytes:
    """The file may be in write-ahead mode, which a database in memory cannot be in."""
    return content[:18] + _PLAIN_MODE + content[20:]


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


def _all_rows(sides: Sides) -> dict[str, object]:
    both, old, new, changed = sides.both, sides.old.keys, sides.new.keys, {}
    for table in dict.fromkeys([*old, *new]):
        where = where_changed(sides, table) if table in old and table in new else ""
        if where is None:
            continue
        before = _rows(both, table, old.get(table), where, within="was")
        changed[table] = _different(before, _rows(both, table, new.get(table), where))
    if sum(map(len, changed.values())) <= _MOST_ROWS:
        return {name: pair for rows in changed.values() for name, pair in _told(rows)}
    return {f"table {table}": _summed(rows) for table, rows in changed.items() if rows}


def where_changed(sides: Sides, table: str) -> str | None:
    """A condition under which all rows stand that are not the same in both; SQLite finds them sooner than we do.

    None where there is no such row. Nothing ("") where that takes too long to say, or where the rows of the two
    cannot be told to be the same by number.

    Args:
        sides: the two states.
        table: which both have.
    """
    if table in sides.untouched:
        return None
    told = sides.new.compared(table)
    if told is None or told != sides.old.columns[table]:
        return ""
    named = identifier(table)
    apart = "".join(
        f" OR o.{column} IS NOT n.{column} COLLATE BINARY OR typeof(o.{column}) <> typeof(n.{column})"
        for column in told
    )
    found = sides.both.execute(
        f"SELECT o.rowid FROM was.{named} AS o LEFT JOIN main.{named} AS n ON n.rowid = o.rowid"
        f" WHERE n.rowid IS NULL{apart} UNION ALL"
        f" SELECT n.rowid FROM main.{named} AS n LEFT JOIN was.{named} AS o ON o.rowid = n.rowid"
        f" WHERE o.rowid IS NULL LIMIT {_MOST_NUMBERS + 1}"
    ).fetchall()
    if len(found) > _MOST_NUMBERS:
        return ""
    return f" WHERE rowid IN ({', '.join(str(number) for (number,) in found)})" if found else None


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


def _digest(content: bytes) -> str:
    from hashlib import blake2b

    return blake2b(content, digest_size=16).hexdigest()
