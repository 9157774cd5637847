"""Living connections: those opened at import, and those a call was handed; what it did to them.

The rows of a database that only a connection can see (in memory, or not yet committed) are told as that connection
sees them. All others are told by their files.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from legacy_seam.values.held import MEMORY
from legacy_seam.values.kinds.connections import own_cursor
from legacy_seam.world.databases.rows import changes_of_database


@dataclass(frozen=True, slots=True)
class _Held:
    """A connection, and what it saw when the call began.

    name: what the program calls the database; "" where it opened one in memory when it was imported.
    before: None where its file says that.
    """

    connection: Any
    name: str
    before: bytes | None


class Connections:
    """Connections that calls find when they begin."""

    def __init__(self) -> None:
        self._imported: list[_Held] = []
        self._handed: list[_Held] = []

    def are_any(self) -> bool:
        """Are there any that calls find?"""
        return bool(self._imported or self._handed)

    def is_untouched(self) -> bool:
        """Are there none that were opened at import? Nobody hears of what is done to those."""
        return not self._imported

    def take(self, connections: Iterable[Any]) -> None:
        """Take these, opened at import, for what every call begins with."""
        for connection in connections:
            with contextlib.suppress(Exception):  # a closed one, or one that was never opened
                self._imported.append(_Held(connection, "", _content_in_memory(connection)))

    def add(self, connection: Any, name: str, before: bytes) -> None:
        """This one is handed to the call that is about to begin."""
        self._handed.append(_Held(connection, name, before))

    def look_again(self, connection: Any) -> None:
        """This one, which was added, sees the same as was said, and not in the same bytes: it was led there.

        Where the call changes nothing, the bytes show it, and no rows are compared.
        """
        self._handed = [
            _Held(held.connection, held.name, content_of(connection)) if held.connection is connection else held
            for held in self._handed
        ]

    def put_back(self) -> None:
        """End what a call left open, and give databases in memory the content they had."""
        for held in self._imported:
            with contextlib.suppress(Exception):
                if held.connection.in_transaction:
                    held.connection.rollback()
                if held.before is not None and content_of(held.connection) != held.before:
                    held.connection.deserialize(held.before)

    def end(self) -> None:
        """Close what was handed to a call."""
        if not self._handed:
            return
        import sqlite3

        while self._handed:
            with contextlib.suppress(sqlite3.Error):
                sqlite3.Connection.close(self._handed.pop().connection)

    def drop(self, connection: Any) -> None:
        """This one is not handed to the call after all."""
        self._handed = [held for held in self._handed if held.connection is not connection]

    def changes(
        self, name_of: Callable[[str], str], content_before: Callable[[str], bytes]
    ) -> dict[str, dict[str, object]]:
        """Name of a database -> its changes, for those of which their files do not tell.

        Args:
            name_of: gives for the path of a database what the program calls it.
            content_before: gives for such a name what the file held when the call began.
        """
        found: dict[str, dict[str, object]] = {}
        for held in [*self._imported, *self._handed]:
            if not is_open(held.connection):
                continue
            name, before = held.name or MEMORY, held.before
            if before is None and held.connection.in_transaction:
                name = name_of(file_of(held.connection))
                before = content_before(name)
            if before is not None:
                found[name] = changes_of_database(before, content_of(held.connection))
        return found


def is_open(connection: Any) -> bool:
    """Can this connection still be asked something?"""
    import sqlite3

    base: Any = sqlite3.Connection
    try:
        base.total_changes.__get__(connection)
    except sqlite3.Error:
        return False
    return True


def content_of(connection: Any) -> bytes:
    """The database as a connection sees it, with what it has not committed."""
    import sqlite3

    try:
        content: bytes = sqlite3.Connection.serialize(connection)
    except sqlite3.Error:  # nothing was ever put into it
        return b""
    return content


def file_of(connection: Any) -> str:
    """The path of the database of a connection; "" where it is in memory."""
    cursor = own_cursor(connection)
    (path,) = cursor.execute("SELECT cast(file AS blob) FROM pragma_database_list WHERE name = 'main'").fetchone()
    return (path or b"").decode("utf-8", "surrogateescape")


def _content_in_memory(connection: Any) -> bytes | None:
    if file_of(connection) or connection.in_transaction:
        return None
    return content_of(connection)
