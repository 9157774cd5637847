"""Sparing the disk: nobody needs the databases of a replay after a power failure.

To wait until a disk has written takes longer than all else that a call does with a small database.
"""

from __future__ import annotations

import contextlib
from typing import Any

from legacy_seam.values.kinds.connections import own_cursor


def spare_the_disk(connection: Any) -> None:
    """Let a new connection not wait for the disk at each commit.

    SQLite looks into the database for that. It must not wait there for its turn: the program may hold the lock.
    """
    import sqlite3

    cursor = own_cursor(connection)
    with contextlib.suppress(sqlite3.Error):
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0").fetchone()
        try:
            cursor.execute("PRAGMA synchronous = OFF")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}").fetchone()
    cursor.close()
