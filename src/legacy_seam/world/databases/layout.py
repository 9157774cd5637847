"""How a database is laid out: its tables, with their keys and columns. Learnt once for all that are defined alike.

A program has few databases, and calls make thousands of states of them: a state is looked at with one question, and
the others are asked where what it defines was not met before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from legacy_seam.plaindata import dataclass

if TYPE_CHECKING:
    from sqlite3 import Connection

Defined: TypeAlias = tuple[str, str, str, str | None]
"""Type, name, the table that it belongs to, and SQL; None for what SQLite makes by itself."""

_MOST_KNOWN = 16
_OWN = "sqlite_"
"""Names of what SQLite makes for its own ends begin so."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a database defines.

    parts:    all of it, in order; not what is SQLite's own.
    keys:     table -> the columns of its primary key; where there are none, the number of a row tells it apart.
    columns:  table -> its columns, as SQL takes them.
    numbered: the tables that number their rows.
    has_sequence: does it keep the numbers that AUTOINCREMENT has given?
    """

    parts: tuple[Defined, ...]
    keys: dict[str, tuple[str, ...]]
    columns: dict[str, list[str]]
    numbered: frozenset[str]
    has_sequence: bool

    def definitions(self) -> dict[str, str | None]:
        """What there is (`table accounts`) -> its SQL."""
        return {f"{kind} {name}": sql for kind, name, _, sql in self.parts}

    def tables_as_in(self, other: Layout) -> frozenset[str]:
        """The tables that are defined just so in another."""
        if other is self:
            return frozenset(self.keys)
        theirs = {part for part in other.parts if part[0] == "table"}
        return frozenset(part[1] for part in self.parts if part in theirs)

    def compared(self, table: str) -> list[str] | None:
        """The columns by which rows of the same number are compared; None where none tells rows apart so."""
        told = self.columns[table]
        return told if table in self.numbered and '"rowid"' not in map(str.lower, told) else None


_known: dict[tuple[Defined, ...], Layout] = {}


def layout_of(connection: Connection, within: str = "main") -> Layout:
    """The layout of a database.

    Args:
        connection: to it; its texts are made by a plain factory.
        within: its name there.

    Raises:
        sqlite3.Error: where it cannot be read.
    """
    asked = f"SELECT type, name, tbl_name, sql FROM {within}.sqlite_master ORDER BY rowid"
    defined = tuple(connection.execute(asked).fetchall())
    known = _known.get(defined)
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[defined] = _learnt(connection, within, defined)
    return known


def roots_of(connection: Connection, within: str = "main") -> dict[str, int]:
    """Where in its file each table and index of a database begins: its name -> the number of a page.

    Args:
        connection: to it.
        within: its name there.
    """
    return dict(connection.execute(f"SELECT name, rootpage FROM {within}.sqlite_master WHERE rootpage > 0"))


def _learnt(connection: Connection, within: str, defined: tuple[Defined, ...]) -> Layout:
    parts = tuple(part for part in defined if not part[1].lower().startswith(_OWN))
    tables = [name for kind, name, _, sql in parts if kind == "table" and not is_virtual(sql)]
    return Layout(
        parts,
        {table: tuple(_key(connection, within, table)) for table in tables},
        {table: [identifier(name) for name in _columns(connection, within, table)] for table in tables},
        frozenset(table for table in tables if _has_numbers(connection, within, table)),
        any(name == "sqlite_sequence" for _, name, _, _ in defined),
    )


def is_virtual(sql: str | None) -> bool:
    """Does this make a virtual table?"""
    return (sql or "").upper().startswith("CREATE VIRTUAL")


def _key(connection: Connection, within: str, table: str) -> Iterator[str]:
    asked = "SELECT name FROM pragma_table_info(?, ?) WHERE pk > 0 ORDER BY pk"
    return (name for (name,) in connection.execute(asked, (table, within)).fetchall())


def _columns(connection: Connection, within: str, table: str) -> Iterator[str]:
    asked = "SELECT name FROM pragma_table_info(?, ?)"
    return (name for (name,) in connection.execute(asked, (table, within)).fetchall())


def _has_numbers(connection: Connection, within: str, table: str) -> bool:
    import sqlite3

    try:
        connection.execute(f"SELECT rowid FROM {within}.{identifier(table)} LIMIT 0")
    except sqlite3.Error:
        return False
    return True


def identifier(name: str) -> str:
    """A name, as SQL takes it.

    >>> print(identifier('the "new" ones'))
    "the ""new"" ones"
    """
    return '"{}"'.format(name.replace('"', '""'))
