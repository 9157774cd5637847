"""Folding: what lies in the spools goes into the database, each frame exactly once.

One spool is one transaction, which also notes how far the spool was read. So folding may be broken off at any
point, done twice, or done by two processes at the same time, and comes out the same. A spool is removed only when
it is in the database and its process has let go of it; one that could not be read in full is kept, in
`spools/damaged/`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from legacy_seam.calls import Run
from legacy_seam.store import tallies
from legacy_seam.store.errors import StoreTooNew, WireError
from legacy_seam.store.layout import Layout
from legacy_seam.store.ledger import Finding
from legacy_seam.store.schema import Database
from legacy_seam.store.spool import SUFFIX, Damage, Frame, process_of, read
from legacy_seam.store.wire import (
    call_from_data,
    count_from_data,
    finding_from_data,
    finding_to_data,
    from_bytes,
    run_from_data,
    run_to_data,
    to_bytes,
)

_BATCH: Final = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Folded:
    """What one folding brought in.

    calls:   calls that were not known before.
    again:   calls that were: same target, same inputs.
    runs:    runs that were not known before.
    damages: what could not be read; the files concerned are kept.
    """

    calls: int = 0
    again: int = 0
    runs: int = 0
    damages: tuple[Damage, ...] = ()

    def __add__(self, other: Folded) -> Folded:
        return Folded(
            self.calls + other.calls,
            self.again + other.again,
            self.runs + other.runs,
            self.damages + other.damages,
        )


def fold(layout: Layout, database: Database) -> Folded:
    """Fold every spool of a store into its database, the oldest first.

    Raises:
        sqlite3.Error: where the database cannot be written; what is not in it is still in the spools.
    """
    folded = Folded()
    for path in spool_files(layout):
        folded += _fold_spool(path, layout, database)
    return folded


def spool_files(layout: Layout) -> list[Path]:
    """The spool files of a store, the oldest first."""
    return sorted(layout.spools.glob(f"*{SUFFIX}"), key=_age)


def _age(path: Path) -> tuple[str, str]:
    process, _, started = path.stem.partition("-")
    return started, process


@contextlib.contextmanager
def alone_with(path: Path) -> Iterator[bool]:
    """Whether nobody will append to a spool any more; while it is so here, no process can begin to.

    Raises:
        OSError: where the file cannot be opened.
    """
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _fold_spool(path: Path, layout: Layout, database: Database) -> Folded:
    try:
        with alone_with(path) as alone:
            with database.transaction() as connection:
                folding = _Folding(connection, path.name)
                folded = folding.take(path, alone)
            if not alone:
                return folded
            kept = _put_away(path, layout, folding.damaged)
            return replace(folded, damages=tuple(replace(damage, path=kept) for damage in folded.damages))
    except FileNotFoundError:  # another process has just folded and removed it
        return Folded()
    except (StoreTooNew, OSError) as error:
        return Folded(damages=(Damage(path, 0, 0, getattr(error, "strerror", None) or str(error)),))


def _put_away(path: Path, layout: Layout, damaged: bool) -> Path:
    """Remove a spool that is wholly in the database, or lay it aside; where that fails, it is not folded again."""
    with contextlib.suppress(OSError):
        if not damaged:
            path.unlink()
        else:
            layout.damaged.mkdir(exist_ok=True)
            return path.rename(layout.damaged / path.name)
    return path


@dataclass(slots=True)
class _Folding:
    """One spool on its way into the database, within one transaction."""

    connection: sqlite3.Connection
    spool: str
    damaged: bool = False
    waiting: dict[str, list[Row]] = field(default_factory=dict)

    def take(self, path: Path, alone: bool) -> Folded:
        """Fold what was not folded yet. A last line without an end may still get one, unless we are alone."""
        position, frames, damages = self._position(), 0, list[Damage]()
        before = self._known()
        for piece in read(path, position):
            if isinstance(piece, Damage) and piece.torn and not alone:
                position = piece.start
                break
            position = piece.end
            damage = piece if isinstance(piece, Damage) else self._accept(piece, path)
            if damage is not None:
                damages.append(damage)
                self._put("findings", _finding_of(damage))
            elif isinstance(piece, Frame) and piece.kind == "call":
                frames += 1
        self._flush()
        self.damaged |= bool(damages)
        self._settle(position)
        if alone and not _may_go_on(path):
            tallies.close(self.connection, process_of(self.spool))
        calls, runs = (after - then for after, then in zip(self._known(), before, strict=True))
        return Folded(calls, frames - calls, runs, tuple(damages))

    def _position(self) -> int:
        # Writing first takes the lock at once: reading first could find it taken when it comes to writing.
        name = (self.spool,)
        self.connection.execute("INSERT OR IGNORE INTO spools (name, folded, damaged) VALUES (?, 0, 0)", name)
        known = self.connection.execute("SELECT folded, damaged FROM spools WHERE name = ?", name)
        folded, damaged = known.fetchone()
        self.damaged = bool(damaged)
        return int(folded)

    def _settle(self, position: int) -> None:
        now = (position, self.damaged, self.spool)
        self.connection.execute("UPDATE spools SET folded = ?, damaged = ? WHERE name = ?", now)

    def _known(self) -> tuple[int, int]:
        both = "SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM runs)"
        calls, runs = self.connection.execute(both).fetchone()
        return int(calls), int(runs)

    def _accept(self, frame: Frame, path: Path) -> Damage | None:
        try:
            table, row = self._row(frame)
            for value in row.values():
                if isinstance(value, str):
                    value.encode()  # the database holds no lone surrogates
        except (WireError, UnicodeEncodeError) as error:
            return Damage(path, frame.start, frame.end, str(error))
        self._put(table, row)
        return None

    def _row(self, frame: Frame) -> tuple[str, Row]:
        body = to_bytes(frame.data)
        match frame.kind:
            case "call":
                call = call_from_data(frame.data)
                row: Row = {"target": str(call.target), "identity": call.identity, "instant": call.instant}
                return "calls", row | {"seen": 1, "body": body}
            case "run":
                run = run_from_data(frame.data)
                return "runs", {"identity": run.identity, "started": run.started, "body": body}
            case "count":
                target, _ = count_from_data(frame.data)
                return "counts", {"run": str(frame.data.get("run", "")), "target": str(target), "body": body}
            case "finding":
                return "findings", {"body": to_bytes(finding_to_data(finding_from_data(frame.data)))}
            case _:
                raise WireError(f"frames of kind {frame.kind!r} are not known to this version of legacy-seam")

    def _put(self, table: str, row: Row) -> None:
        self.waiting.setdefault(table, []).append(row)
        if len(self.waiting[table]) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self.waiting.items():
            if table == "counts":
                tallies.take_in(self.connection, process_of(self.spool), rows)
            else:
                self.connection.executemany(_UPSERTS[table], self._merged(rows) if table == "runs" else rows)
        self.waiting.clear()

    def _merged(self, rows: list[Row]) -> list[Row]:
        """Each run as all processes that belong to it know it together."""
        known: dict[str, Run] = {}
        for row in rows:
            identity, run = row["identity"], run_from_data(from_bytes(row["body"]))
            if identity not in known:
                mine = self.connection.execute("SELECT body FROM runs WHERE identity = ?", (identity,)).fetchone()
                known[identity] = run if mine is None else run_from_data(from_bytes(mine[0]))
            known[identity] = _together(known[identity], run)
        return [
            {"identity": identity, "started": run.started, "body": to_bytes(run_to_data(run))}
            for identity, run in known.items()
        ]


def _finding_of(damage: Damage) -> Row:
    what = f"bytes {damage.start}-{damage.end} of the spool {damage.path.name}"
    return {"body": to_bytes(finding_to_data(Finding(None, what, damage.why)))}


def _may_go_on(path: Path) -> bool:
    """May there be more from the process behind a spool that it has let go of?"""
    process = process_of(path.name)
    if any(other != path for other in path.parent.glob(f"{process}.*")):
        return True
    try:
        os.kill(int(process.partition("-")[0]), 0)
    except (OSError, ValueError):
        return False
    return True


def _together(one: Run, other: Run) -> Run:
    """A run as two processes of it describe it: what both have taken from their surroundings."""
    files = {state.path: state for state in (*other.files, *one.files)}
    return replace(
        other,
        started=min(one.started, other.started),
        main=other.main or one.main,
        search_path=tuple(dict.fromkeys((*one.search_path, *other.search_path))),
        environment={**other.environment, **one.environment},
        files=tuple(files.values()),
        imports=tuple(dict.fromkeys((*one.imports, *other.imports))),
    )


_UPSERTS: Final = {
    "calls": "INSERT INTO calls (target, identity, instant, seen, body)"
    " VALUES (:target, :identity, :instant, :seen, :body) ON CONFLICT DO UPDATE SET seen = seen + 1",
    "runs": "INSERT INTO runs (identity, started, body) VALUES (:identity, :started, :body)"
    " ON CONFLICT DO UPDATE SET body = excluded.body",
    "findings": "INSERT OR IGNORE INTO findings (body) VALUES (:body)",
}
