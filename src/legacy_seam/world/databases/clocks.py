"""SQL's own clocks and random numbers; and what is said to a database, in order."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from legacy_seam.world.databases.durability import spare_the_disk
from legacy_seam.world.databases.statements import Statements


class SqlFunctions:
    """SQL's own clocks and random numbers, taken from the controlled ones of Python.

    Every connection gets functions in place of `CURRENT_TIMESTAMP`, `datetime('now')`, `random()` and their like.

    Args:
        draw: gives so many random bytes.
        statements: what is said to them goes there.
        name_of: what the database of a new connection is called; None where what is said to it is not heard.
    """

    def __init__(
        self, draw: Callable[[int], bytes], statements: Statements, name_of: Callable[[Any], str | None]
    ) -> None:
        self._draw = draw
        self._statements = statements
        self._name_of = name_of
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
        spare_the_disk(connection)
        self.control(connection, self._name_of(connection))
        return connection

    def control(self, connection: Any, name_of_database: str | None) -> None:
        """Have a connection use these functions, and report what is said to it."""
        if name_of_database is not None:
            connection.set_trace_callback(self._statements.listener(name_of_database))
        for name in _MOMENTS:
            connection.create_function(name, -1, functools.partial(self._moment, name, 0), deterministic=True)
        connection.create_function(
            "strftime", -1, functools.partial(self._moment, "strftime", 1), deterministic=True
        )
        for name, plain in _CURRENT.items():
            connection.create_function(name, 0, functools.partial(self._moment, plain, 0), deterministic=True)
        connection.create_function("random", 0, lambda: int.from_bytes(self._draw(8), "big", signed=True))
        connection.create_function("randomblob", 1, lambda count: self._draw(max(1, count)))

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
