"""The tables of the database of recordings, and how it is opened.

What is asked for by name has a column; everything else of a noun lies in `body`, as `legacy_seam.store.wire` writes
it, so that nouns may grow without a change of tables. The database is only an index made from spools: a version of
it that is too old to be read could be thrown away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from legacy_seam.store.errors import StoreError, StoreTooNew

VERSION: Final = 1

_metadata: Final = MetaData()

format_table: Final = Table("format", _metadata, Column("version", Integer, primary_key=True))

spools: Final = Table(
    "spools",
    _metadata,
    Column("name", String, primary_key=True),
    Column("folded", Integer, nullable=False, comment="offset up to which it was folded"),
    Column("damaged", Boolean, nullable=False),
)

runs: Final = Table(
    "runs",
    _metadata,
    Column("identity", String, primary_key=True),
    Column("started", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

calls: Final = Table(
    "calls",
    _metadata,
    Column("target", String, primary_key=True),
    Column("identity", String, primary_key=True),
    Column("instant", Float, nullable=False),
    Column("seen", Integer, nullable=False, comment="how many times it was recorded"),
    Column("body", LargeBinary, nullable=False),
)

counts: Final = Table(
    "counts",
    _metadata,
    Column("spool", String, primary_key=True),
    Column("run", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

findings: Final = Table("findings", _metadata, Column("body", LargeBinary, primary_key=True))

verdicts: Final = Table(
    "verdicts",
    _metadata,
    Column("target", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

RECORDED: Final = (spools, runs, calls, counts, findings, verdicts)
"""All that was recorded or decided: every table but the one with the version."""


def open_database(path: Path, patience: float) -> Engine:
    """Open the database, and make its tables where there are none yet.

    Args:
        path: the SQLite file; its directory exists.
        patience: seconds to wait for another process that is writing.

    Raises:
        StoreTooNew: where a later version of legacy-seam made it.
        StoreError: where it cannot be opened or made.
    """
    # No pool: a connection costs a fraction of a millisecond, and none is left open in a process that forks.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": patience})
    with plain_errors(path):
        version = _version(engine)
        if version is None:
            _make_tables(engine)
        elif version > VERSION:
            raise StoreTooNew(
                f"The recordings in {path} were made by a later version of legacy-seam (format {version}, this one "
                f"reads up to {VERSION}): upgrade legacy-seam, or choose another store with --store."
            )
    return engine


def _version(engine: Engine) -> int | None:
    if not inspect(engine).has_table(format_table.name):
        return None
    with engine.connect() as connection:
        return connection.scalar(select(format_table.c.version))


def _make_tables(engine: Engine) -> None:
    """Several processes may do this at once: each step is harmless where it is already done, the version last."""
    with engine.begin() as connection:
        for table in _metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
        connection.execute(format_table.insert().prefix_with("OR IGNORE").values(version=VERSION))


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Have whatever the database engine complains of told as a `StoreError`, in one sentence."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"The recordings in {path} cannot be used: {_plainly(str(error.orig))}.") from error


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
