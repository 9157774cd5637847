"""The prediction log in a SQLite file: in WAL mode, so that nobody who reads holds up who writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.log.rows import COLUMNS, Row
from legacy_seam.experiment.log.writer import RowRefused

_VERSION = 1
_PATIENCE = 1.0
"""Seconds to wait for another writer, in the thread that writes."""

_AFFINITY = {
    "text": "TEXT",
    "time": "TEXT",
    "real": "REAL",
    "integer": "INTEGER",
    "truth": "INTEGER",
    "json": "TEXT",
}
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS predictions ("
    + ", ".join(f"{name} {_AFFINITY.get(kind, '')}".rstrip() for name, kind in COLUMNS)
    + ", PRIMARY KEY (id)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS predictions_at ON predictions (experiment, at)",
)
_INSERT = f"INSERT OR IGNORE INTO predictions VALUES ({', '.join('?' * len(COLUMNS))})"

_left_to_parents: list[Any] = []
"""Connections that a fork has brought along: SQLite does not allow that a child closes them."""


class SqliteDatabase:
    """One file, opened by whoever writes first.

    Args:
        path: The file; its directory has to be there.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: Any = None
        self._file: tuple[int, int] | None = None

    def write(self, rows: list[Row]) -> None:
        """Write rows in one transaction."""
        import sqlite3

        connection = self._opened()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_INSERT, rows)
            connection.execute("COMMIT")
        except (sqlite3.InterfaceError, sqlite3.DataError, sqlite3.IntegrityError, OverflowError) as error:
            self._roll_back(connection)
            raise RowRefused(str(error)) from error
        except sqlite3.DatabaseError:
            self._roll_back(connection)
            raise

    def _roll_back(self, connection: Any) -> None:
        import sqlite3

        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def _opened(self) -> Any:
        """The connection to the file that is there now: it may have been moved away, or deleted."""
        if self._connection is not None and self._file != _identity(self._path):
            self.close()
        if self._connection is None:
            self._connection = open_sqlite(self._path)
            self._file = _identity(self._path)
        return self._connection

    def forget(self) -> None:
        """Leave the connection to the parent process."""
        if self._connection is not None:
            _left_to_parents.append(self._connection)
        self._connection = None

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def open_sqlite(path: str) -> Any:
    """A connection to a prediction log, which is made if it is not there.

    Raises:
        SeamError: It was written by a newer version.
        sqlite3.Error: It cannot be opened.
    """
    import sqlite3

    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise SeamError(f"The prediction log {path} is of a newer version: use a newer legacy-seam.")
        if not version:
            for statement in (*_SCHEMA, f"PRAGMA user_version = {_VERSION}"):
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def read_sqlite(path: str, where: str, values: list[Any], order: str) -> Iterator[dict[str, Any]]:
    """The rows of a log, as they are stored."""
    import contextlib

    with contextlib.closing(open_sqlite(path)) as connection:
        names = [name for name, _ in COLUMNS]
        yield from (
            dict(zip(names, row, strict=True))
            for row in connection.execute(f"SELECT {', '.join(names)} FROM predictions {where} {order}", values)
        )


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
