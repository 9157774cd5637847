"""The tables of the database of recordings, and how it is opened.

What is asked for by name has a column; everything else of a noun lies in `body`, as `legacy_seam.store.wire` writes
it, so that nouns may grow without a change of tables. The database is only an index made from spools: a version of
it that is too old to be read could be thrown away.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from legacy_seam.store.errors import StoreError, StoreTooNew

VERSION: Final = 1

_FORMAT: Final = "CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL PRIMARY KEY)"

RECORDED: Final = {
    "spools": """
        name VARCHAR NOT NULL PRIMARY KEY,
        folded INTEGER NOT NULL, -- offset up to which it was folded
        damaged BOOLEAN NOT NULL""",
    "runs": """
        identity VARCHAR NOT NULL PRIMARY KEY,
        started FLOAT NOT NULL,
        body BLOB NOT NULL""",
    "calls": """
        target VARCHAR NOT NULL,
        identity VARCHAR NOT NULL,
        instant FLOAT NOT NULL,
        seen INTEGER NOT NULL, -- how many times it was recorded
        body BLOB NOT NULL,
        PRIMARY KEY (target, identity)""",
    "counts": """
        spool VARCHAR NOT NULL,
        run VARCHAR NOT NULL,
        target VARCHAR NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (spool, run, target)""",
    "findings": """
        body BLOB NOT NULL PRIMARY KEY""",
    "verdicts": """
        target VARCHAR NOT NULL PRIMARY KEY,
        body BLOB NOT NULL""",
}
"""All that was recorded or decided, each table with its columns: every table but the one with the version."""


@dataclass(frozen=True, slots=True)
class Database:
    """The file with the tables. Each use of it has a connection of its own, so that none is open where one forks.

    Args:
        path: the SQLite file.
        patience: seconds to wait for another process that is writing.
    """

    path: Path
    patience: float

    @contextlib.contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with. What the engine complains of is raised as it is; see `plain_errors`."""
        with contextlib.closing(sqlite3.connect(self.path, timeout=self.patience)) as connection:
            yield connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection of which everything is written at the end, or nothing where something was raised."""
        with self.connection() as connection, connection:
            yield connection


def open_database(path: Path, patience: float) -> Database:
    """Open the database, and make its tables where there are none yet.

    Args:
        path: the SQLite file; its directory exists.
        patience: seconds to wait for another process that is writing.

    Raises:
        StoreTooNew: where a later version of legacy-seam made it.
        StoreError: where it cannot be opened or made.
    """
    database = Database(path, patience)
    with plain_errors(path):
        version = _version(database)
        if version is None:
            _make_tables(database)
        elif version > VERSION:
            raise StoreTooNew(
                f"The recordings in {path} were made by a later version of legacy-seam (format {version}, this one "
                f"reads up to {VERSION}): upgrade legacy-seam, or choose another store with --store."
            )
    return database


def _version(database: Database) -> int | None:
    with database.connection() as connection:
        tables = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'format'")
        if tables.fetchone() is None:
            return None
        found = connection.execute("SELECT version FROM format").fetchone()
        return None if found is None else int(found[0])


def _make_tables(database: Database) -> None:
    """Several processes may do this at once: each step is harmless where it is already done, the version last."""
    with database.transaction() as connection:
        for name, columns in RECORDED.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        connection.execute(_FORMAT)
        connection.execute("INSERT OR IGNORE INTO format (version) VALUES (?)", (VERSION,))


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Have whatever the database engine complains of told as a `StoreError`, in one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The recordings in {path} cannot be used: {_plainly(str(error))}.") from error


_ADVICE: Final = {
    "locked": "another process is using them; try again when it has ended",
    "readonly": "they may not be written to; change that, or choose another store with --store",
    "unable to open": "the file cannot be opened; make its directory writable, or choose another with --store",
    "full": "the disk is full; make some room and try again",
    "not a database": "it is no database of recordings; move it away and record again",
    "malformed": "the file is damaged; move it away and record again",
}


def _plainly(complaint: str) -> str:
    return next((advice for sign, advice in _ADVICE.items() if sign in complaint), complaint)
