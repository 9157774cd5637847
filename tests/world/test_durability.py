"""Databases of a replay do not wait for the disk, nor for anything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from legacy_seam.world.databases.durability import spare_the_disk


def asked(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def test_a_connection_does_not_wait_for_the_disk_and_is_otherwise_as_it_was(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db", timeout=1.5)) as connection:
        connection.row_factory = lambda cursor, row: list(row)
        spare_the_disk(connection)
        assert asked(connection, "synchronous") == 0
        assert asked(connection, "busy_timeout") == 1500
        assert (connection.in_transaction, connection.total_changes) == (False, 0)
        assert connection.execute("SELECT 1").fetchone() == [1]


def test_a_database_that_somebody_holds_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=3600)) as other:
        holder.execute("CREATE TABLE t (a)")
        holder.execute("BEGIN EXCLUSIVE")
        spare_the_disk(other)
        assert asked(other, "busy_timeout") == 3_600_000


def test_what_is_no_database_is_left_to_the_program_to_find_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"no database at all, but long enough to be looked at " * 20)
    with closing(sqlite3.connect(path)) as connection:
        spare_the_disk(connection)
        assert not connection.in_transaction
