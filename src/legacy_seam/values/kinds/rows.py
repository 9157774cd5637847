"""Rows of database results."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.kinds.kind import Kind, Written, call, call_of
from legacy_seam.values.layout import TUPLE, Draft


def _row(value: Any) -> Written:
    """By column, as one reads it; by position where two columns have the same name."""
    import sqlite3

    row: Any = sqlite3.Row
    names, items = row.keys(value), [row.__getitem__(value, place) for place in range(row.__len__(value))]
    if len(set(names)) == len(items):
        return call_of("Row", (), dict(zip(names, items, strict=True)))
    return call("Row", Draft(TUPLE, names), Draft(TUPLE, items))


def _make_row(names: tuple[str, ...] = (), items: tuple[object, ...] = (), **columns: object) -> object:
    """A row needs a cursor that has such columns: one of a database that is nowhere."""
    import sqlite3

    names, items = (*names, *columns), (*items, *columns.values())
    quoted = ", ".join('NULL AS "{}"'.format(name.replace('"', '""')) for name in names)
    connection = sqlite3.connect(":memory:")
    try:
        return sqlite3.Row(connection.execute(f"SELECT {quoted}"), items)
    finally:
        connection.close()


KINDS = (Kind(("sqlite3:Row",), _row, "Row", _make_row, has_identity=True),)
