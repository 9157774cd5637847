"""Counts in the database: the last word of each process, and the sum of what processes that ended have said.

The counts that a process writes down are running totals, and it writes them time and again, into one spool after
another. So the greatest of them counts, in whatever order spools are folded. When nothing more can come from a
process, its totals are added to those of its run: a pool of workers goes through thousands of processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from legacy_seam.calls import Count
from legacy_seam.store import schema
from legacy_seam.store.wire import count_from_data, count_to_data, from_bytes, to_bytes

ENDED: Final = ""
"""Stands in place of a process for all those of a run that have ended."""

Row = dict[str, Any]


def added(one: Count, other: Count) -> Count:
    """The calls of both.

    >>> added(Count(2, 2), Count(3, 1, 2)).kept
    3
    """
    numbers = {name: getattr(one, name) + getattr(other, name) for name in _NUMBERS}
    return Count(**numbers, why=dict(Counter(one.why) + Counter(other.why)))


def take_in(connection: Connection, process: str, rows: Iterable[Row]) -> None:
    """Note running totals of one process; of those of one run and target, the greatest stays.

    Args:
        connection: within a transaction.
        process: which one; see `legacy_seam.store.spool.process_of`.
        rows: `run`, `target` and `body` of each, in the order in which they were written.
    """
    newest = {(row["run"], row["target"]): row for row in rows}
    if not newest:
        return
    table = schema.counts
    known = connection.execute(select(table.c.run, table.c.target, table.c.body).where(table.c.spool == process))
    for run, target, body in known:
        row = newest.get((run, target))
        if row is not None and _seen(row["body"]) < _seen(body):
            del newest[run, target]
    _put(connection, [{**row, "spool": process} for row in newest.values()])


def close(connection: Connection, process: str) -> None:
    """Nothing more will come from a process: add its totals to those of the processes that ended before."""
    table = schema.counts
    mine = connection.execute(select(table).where(table.c.spool == process)).mappings().all()
    if not mine:
        return
    totals: list[Row] = []
    for row in mine:
        same = (table.c.spool == ENDED) & (table.c.run == row["run"]) & (table.c.target == row["target"])
        before = connection.scalar(select(table.c.body).where(same))
        target, count = count_from_data(from_bytes(row["body"]))
        if before is not None:
            count = added(count_from_data(from_bytes(before))[1], count)
        body = to_bytes({**count_to_data(target, count), "run": row["run"]})
        totals.append({"spool": ENDED, "run": row["run"], "target": row["target"], "body": body})
    _put(connection, totals)
    connection.execute(delete(table).where(table.c.spool == process))


def _seen(body: bytes) -> int:
    return count_from_data(from_bytes(body))[1].seen


def _put(connection: Connection, rows: list[Row]) -> None:
    if rows:
        statement = insert(schema.counts)
        connection.execute(statement.on_conflict_do_update(set_={"body": statement.excluded.body}), rows)


_NUMBERS: Final = tuple(one.name for one in fields(Count) if one.name != "why")
