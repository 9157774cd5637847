"""SQLite databases among the files: told by their rows, not by their bytes."""

from __future__ import annotations

from collections import Counter

_MAGIC = b"SQLite format 3\0"
_MOST_ROWS = 200


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
