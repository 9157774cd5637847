"""SQLite databases: told by their rows, not by their bytes; put back between calls; without clocks of their own."""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

_MAGIC = b"SQLite format 3\0"
_MOST_ROWS = 200


class Connections:
    """Connections that the program opened when it was imported, and what is only in memory."""

    def __init__(self) -> None:
        self._held: list[tuple[Any, bytes | None]] = []

    def take(self, connections: Iterable[Any]) -> None:
        """Take these as they are now for what every call begins with."""
        for connection in connections:
            with contextlib.suppress(Exception):  # a closed one, or one that was never opened
                self._held.append((connection, _content_in_memory(connection)))

    def put_back(self) -> None:
        """End what a call left open, and give databases in memory the content they had."""
        for connection, content in self._held:
            with contextlib.suppress(Exception):
                if connection.in_transaction:
                    connection.rollback()
                if content is not None and connection.serialize() != content:
                    connection.deserialize(content)


def _content_in_memory(connection: Any) -> bytes | None:
    file = connection.execute("pragma database_list").fetchone()[2]
    if file or connection.in_transaction:
        return None
    content: bytes = connection.serialize()
    return content


class SqlFunctions:
    """SQL's own clocks and random numbers, taken from the controlled ones of Python.

    Every connection gets functions in place of `CURRENT_TIMESTAMP`, `datetime('now')`, `random()` and their like.

    Args:
        draw: gives so many random bytes.
    """

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self._connect: Any = None
        self._plain: Any = None

    def replacements(self) -> list[tuple[Any, str, object]]:
        """What to put in place of what, if sqlite3 is loaded: (module, name in it, replacement)."""
        sqlite3 = sys.modules.get("sqlite3")
        if sqlite3 is None:
            return []
        self._connect = sqlite3.connect
        self._plain = sqlite3.connect(":memory:", check_same_thread=False)
        return [(sqlite3, "connect", self.connect), (sys.modules["sqlite3.dbapi2"], "connect", self.connect)]

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """`sqlite3.connect`."""
        connection = self._connect(*args, **kwargs)
        for name in _MOMENTS:
            connection.create_function(name, -1, functools.partial(self._moment, name, 0), deterministic=True)
        connection.create_function(
            "strftime", -1, functools.partial(self._moment, "strftime", 1), deterministic=True
        )
        for name, plain in _CURRENT.items():
            connection.create_function(name, 0, functools.partial(self._moment, plain, 0), deterministic=True)
        connection.create_function("random", 0, lambda: int.from_bytes(self._draw(8), "big", signed=True))
        connection.create_function("randomblob", 1, lambda count: self._draw(max(1, count)))
        return connection

    def _moment(self, function: str, position: int, *args: Any) -> object:
        """One of SQLite's functions of time, with the controlled instant for `now`."""
        given = list(args) if len(args) > position else [*args, "now"]
        if isinstance(given[position], str) and given[position].lower() == "now":
            now = datetime.fromtimestamp(time.time(), UTC)
            given[position] = now.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        asked = f"select {function}({','.join('?' * len(given))})"
        return self._plain.execute(asked, given).fetchone()[0]


_MOMENTS = ("date", "time", "datetime", "julianday", "unixepoch")
_CURRENT = {"current_timestamp": "datetime", "current_date": "date", "current_time": "time"}


def is_database(content: bytes) -> bool:
    """Is this the content of an SQLite database?"""
    return content.startswith(_MAGIC)


def changes_of_database(before: bytes, after: bytes) -> dict[str, object]:
    """What differs between two states of a database: statements that would make it, gone and new.

    Above 200 changed rows only their number, and a digest of the whole, is told.

    >>> changes_of_database(b"", b"")
    {}
    """
    old, new = _statements(before), _statements(after)
    gone, made = list((old - new).elements()), list((new - old).elements())
    if len(gone) + len(made) > _MOST_ROWS:
        import hashlib

        digest = hashlib.blake2b("\n".join(sorted(new.elements())).encode(), digest_size=16).hexdigest()
        return {"rows removed": len(gone), "rows added": len(made), "digest": digest}
    return {name: rows for name, rows in (("removed", gone), ("added", made)) if rows}


def _statements(content: bytes) -> Counter[str]:
    if not is_database(content):
        return Counter()
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        # The file may be in write-ahead mode, which a database in memory cannot be in: mark it as plain.
        connection.deserialize(content[:18] + b"\1\1" + content[20:])
        return Counter(connection.iterdump())
    except (sqlite3.Error, ValueError) as unreadable:
        return Counter([f"unreadable: {type(unreadable).__name__}"])
    finally:
        connection.close()
