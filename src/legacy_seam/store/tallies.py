"""Counts in the database: the last word of each process, and the sum of what processes that ended have said.

The counts that a process writes down are running totals, and it writes them time and again, into one spool after
another. So the greatest of them counts, in whatever order spools are folded. When nothing more can come from a
process, its totals are added to those of its run: a pool of workers goes through thousands of processes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from legacy_seam.calls import Count
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


def take_in(connection: sqlite3.Connection, process: str, rows: Iterable[Row]) -> None:
    """Note running totals of one process; of those of one run and target, the greatest stays.

    Args:
        connection: within a transaction.
        process: which one; see `legacy_seam.store.spool.process_of`.
        rows: `run`, `target` and `body` of each, in the order in which they were written.
    """
    newest = {(row["run"], row["target"]): row for row in rows}
    if not newest:
        return
    known = connection.execute("SELECT run, target, body FROM counts WHERE spool = ?", (process,))
    for run, target, body in known:
        row = newest.get((run, target))
        if row is not None and _seen(row["body"]) < _seen(body):
            del newest[run, target]
    _put(connection, [{**row, "spool": process} for row in newest.values()])


def close(connection: sqlite3.Connection, process: str) -> None:
    """Nothing more will come from a process: add its totals to those of the processes that ended before."""
    mine = connection.execute("SELECT run, target, body FROM counts WHERE spool = ?", (process,)).fetchall()
    if not mine:
        return
    totals: list[Row] = []
    for run, name, last in mine:
        same = (ENDED, run, name)
        before = connection.execute(
            "SELECT body FROM counts WHERE spool = ? AND run = ? AND target = ?", same
        ).fetchone()
        target, count = count_from_data(from_bytes(last))
        if before is not None:
            count = added(count_from_data(from_bytes(before[0]))[1], count)
        body = to_bytes({**count_to_data(target, count), "run": run})
        totals.append({"spool": ENDED, "run": run, "target": name, "body": body})
    _put(connection, totals)
    connection.execute("DELETE FROM counts WHERE spool = ?", (process,))


def _seen(body: bytes) -> int:
    return count_from_data(from_bytes(body))[1].seen


def _put(connection: sqlite3.Connection, rows: list[Row]) -> None:
    connection.executemany(
        "INSERT INTO counts (spool, run, target, body) VALUES (:spool, :run, :target, :body)"
        " ON CONFLICT DO UPDATE SET body = excluded.body",
        rows,
    )


_NUMBERS: Final = tuple(one.name for one in fields(Count) if one.name != "why")
