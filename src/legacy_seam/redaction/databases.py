"""Secrets in SQLite databases: a copy in memory is searched by column and by pattern, and changed through SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from legacy_seam.redaction.cleaned import Cleaned, Searches
from legacy_seam.redaction.search import Place, Search

_WRITE_AHEAD = slice(18, 20)
_TABLES = "select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
_TRIGGERS = "select name, sql from sqlite_schema where type = 'trigger'"
_ORDINARY = "pragma table_xinfo({})"
_MOST_BYTES = 64 * 1024 * 1024
_MOST_CELLS = 1_000_000
_MOST_STATES = 4

Cells: TypeAlias = set[tuple[str, type, object]]
"""Where a cell stands (`accounts.name`), its type, what it holds."""


class Innocents:
    """Cells of databases in which nothing was found, by column: most are there again when a database has changed.

    What is taken for a secret depends on those that are known already, so there is a set for each state of that.
    """

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], Cells] = {}

    def of(self, search: Search) -> Cells:
        """The cells that a search would find nothing in, as far as that is known; they are added to it."""
        known = frozenset(search.known)
        cells = self._sets.pop(known, None)
        if cells is None or len(cells) > _MOST_CELLS:
            cells = set()
        while len(self._sets) >= _MOST_STATES:
            del self._sets[next(iter(self._sets))]
        self._sets[known] = cells  # as the latest
        return cells


def clean_database(content: bytes, search: Searches, innocents: Innocents) -> Cleaned:
    """Take the secrets out of the content of a database.

    Args:
        content: its file.
        search: makes a search.
        innocents: what earlier searches found nothing in.
    """
    import _sqlite3 as sqlite3  # the program need not find a module that it has not imported

    if len(content) > _MOST_BYTES:
        return Cleaned(content, "it was not examined for secrets: the database is too large")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        # The file may be in write-ahead mode, which a database in memory cannot be in: mark it as plain.
        connection.deserialize(content[:18] + b"\1\1" + content[20:])
        first = search(())
        if not _change(connection, first, innocents.of(first)) and not first.met:
            return Cleaned(content)
        again = search(first.met)
        _change(connection, again, innocents.of(again))
        connection.execute("vacuum")  # what was deleted goes, too
        changed: bytes = connection.serialize()
        return Cleaned(changed[:18] + content[_WRITE_AHEAD] + changed[20:])
    except (sqlite3.Error, ValueError, OverflowError) as error:
        return Cleaned(content, f"it was not examined for secrets: the database cannot be read ({error})")
    finally:
        connection.close()


def _change(connection: Any, search: Search, innocent: Cells) -> bool:
    """Cover what is secret in all tables; whether there was anything."""
    connection.execute("pragma ignore_check_constraints = on")
    connection.execute("pragma foreign_keys = off")
    triggers = connection.execute(_TRIGGERS).fetchall()
    connection.execute("begin")
    for name, _ in triggers:
        connection.execute(f"drop trigger {_quoted(name)}")
    found = False
    for table, sql in connection.execute(_TABLES).fetchall():
        if sql and not sql.lower().startswith("create virtual"):
            found |= _change_table(connection, table, search, innocent)
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("commit")
    return found


def _change_table(connection: Any, table: str, search: Search, innocent: Cells) -> bool:
    found = False
    for _, column, _, _, _, _, hidden in connection.execute(_ORDINARY.format(_quoted(table))).fetchall():
        if hidden:  # computed from others
            continue
        place = Place(f"{table}.{column}", column, search.weigh(column))
        connection.create_function("covered", 1, _coverer(search, place, innocent))
        name = _quoted(column)
        changed = connection.execute(
            f"update {_quoted(table)} set {name} = covered({name})"
            f" where typeof({name}) <> 'null' and {name} is not covered({name})"
        )
        found |= changed.rowcount > 0
    return found


def _coverer(search: Search, place: Place, innocent: Cells) -> Callable[[object], object]:
    """What a column is passed through."""

    def covered(value: object) -> object:
        cell = (place.way, type(value), value)
        if cell in innocent:
            return value
        before = search.covered, len(search.met)
        found = search.tree(value, place)
        if (search.covered, len(search.met)) == before:
            innocent.add(cell)
        return found

    return covered


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
