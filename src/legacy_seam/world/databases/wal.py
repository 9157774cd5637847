"""A database together with its write-ahead log: what is in both, as one content."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from legacy_seam.world.databases.rows import is_database

_COMPANIONS = ("-wal", "-shm", "-journal")
"""Ends of the names of files that SQLite keeps beside a database for its own ends."""


def database_of(path: str, contents: Mapping[str, bytes | None]) -> str | None:
    """The database that a file is kept beside; None for all other files.

    >>> database_of("shop.db-wal", {"shop.db": b"SQLite format 3" + bytes(1)}), database_of("x-wal", {})
    ('shop.db', None)
    """
    database = next((path.removesuffix(end) for end in _COMPANIONS if path.endswith(end)), "")
    return database if is_database(contents.get(database) or b"") else None


def merged(path: str, contents: Mapping[str, bytes | None], directory: str) -> bytes:
    """The content of a database with what its log holds.

    Args:
        path: of the database.
        contents: of all files, by path.
        directory: where copies may be made.
    """
    content, log = contents.get(path) or b"", contents.get(path + "-wal")
    if not log or not is_database(content):
        return content
    import sqlite3

    copy = os.path.join(directory, "merged")
    for name, part in ((copy, content), (copy + "-wal", log)):
        with open(name, "wb") as file:
            file.write(part)
    try:
        with contextlib.closing(sqlite3.Connection(copy)) as connection:
            whole: bytes = connection.serialize()
    except sqlite3.Error:
        return content
    finally:
        for name in (copy, *(copy + end for end in _COMPANIONS)):
            with contextlib.suppress(OSError):
                os.unlink(name)
    return whole
