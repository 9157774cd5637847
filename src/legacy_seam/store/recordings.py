"""Recordings: everything that was recorded, to be asked; and what was decided about it.

Not for use within the program that is being recorded: it imports `sqlite3`.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from legacy_seam.calls import Call, Count, Run
from legacy_seam.store import folding, schema
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError
from legacy_seam.store.folding import Folded
from legacy_seam.store.layout import Layout
from legacy_seam.store.ledger import Finding, Verdict
from legacy_seam.store.tallies import added
from legacy_seam.store.wire import (
    call_from_data,
    count_from_data,
    finding_from_data,
    from_bytes,
    run_from_data,
    to_bytes,
    verdict_from_data,
    verdict_to_data,
)
from legacy_seam.targets import Target

_PATIENCE: Final = 30.0


class Recordings:
    """The store in a directory; made, and left out of git, where there is none yet.

    It does not fold spools by itself: call `fold` first. Every method may raise `StoreError`.

    Args:
        directory: the directory of the store (`.legacy-seam`).
        patience: seconds to wait for another process that is writing.

    Raises:
        StoreTooNew: where a later version of legacy-seam made the store.
        StoreError: where it cannot be opened or made.

    >>> recordings = Recordings(Path(".legacy-seam"))                   # doctest: +SKIP
    >>> recordings.fold().damages                                       # doctest: +SKIP
    ()
    >>> [len(recordings.calls(target)) for target in recordings.targets()]  # doctest: +SKIP
    [12, 3]
    """

    def __init__(self, directory: Path, patience: float = _PATIENCE) -> None:
        self.layout = Layout(directory.absolute()).prepare()
        self.blobs = Blobs(self.layout.blobs)
        self._database = schema.open_database(self.layout.database, patience)

    @property
    def directory(self) -> Path:
        """The directory of the store, absolute."""
        return self.layout.directory

    def fold(self) -> Folded:
        """Take in what recorded programs have left since the last time.

        Returns:
            What came in, with everything that could not be read. Damaged files are kept; all others are processed.
        """
        with self._plain_errors():
            return folding.fold(self.layout, self._database)

    def targets(self) -> list[Target]:
        """All targets of which there are calls, sorted."""
        rows = self._rows("SELECT DISTINCT target FROM calls")
        return sorted(Target.parse(name) for (name,) in rows)

    def calls(self, target: Target) -> list[Call]:
        """The calls of a target, each distinct input once, in order of the instant when it was first met."""
        rows = self._rows("SELECT body FROM calls WHERE target = ? ORDER BY instant, identity", str(target))
        return [call_from_data(from_bytes(body)) for (body,) in rows]

    def each_call(
        self, target: Target, since: float | None = None, until: float | None = None
    ) -> Iterator[tuple[Call, int]]:
        """The same calls one after the other, however many, each with how many times it was recorded.

        Args:
            target: the target.
            since, until: seconds since the epoch: from the one, to before the other.
        """
        mine = "SELECT body, seen FROM calls WHERE target = ?"
        values: list[str | float] = [str(target)]
        for bound, condition in ((since, " AND instant >= ?"), (until, " AND instant < ?")):
            if bound is not None:
                mine += condition
                values.append(bound)
        with self._plain_errors(), self._database.connection() as connection:
            for body, seen in connection.execute(mine + " ORDER BY instant, identity", values):
                yield call_from_data(from_bytes(body)), seen

    def seen(self, target: Target) -> dict[str, int]:
        """How many times each call of a target was recorded, over all runs: identity of the call -> times."""
        return dict(self._rows("SELECT identity, seen FROM calls WHERE target = ? ORDER BY identity", str(target)))

    def runs(self) -> list[Run]:
        """All runs, the earliest first."""
        rows = self._rows("SELECT body FROM runs ORDER BY started, identity")
        return [run_from_data(from_bytes(body)) for (body,) in rows]

    def run(self, identity: str) -> Run:
        """The run with this identity.

        Raises:
            StoreError: where there is none.
        """
        for (body,) in self._rows("SELECT body FROM runs WHERE identity = ?", identity):
            return run_from_data(from_bytes(body))
        raise StoreError(
            f"The recordings in {self.layout.database} have calls of a run {identity} but not the run itself: "
            "record the program again."
        )

    def counts(self, runs: Collection[str] | None = None) -> dict[Target, Count]:
        """How many calls of each target went where, over all processes of these runs.

        A process that was killed could not say the last of it; the calls that it kept are counted all the same.

        Args:
            runs: identities of the runs; None for all.
        """
        counts: dict[Target, Count] = {}
        of_said = of_stored = ""
        if runs is not None:
            places = ", ".join("?" * len(runs))
            of_said = f" WHERE run IN ({places})"
            of_stored = f" WHERE json_extract(CAST(body AS TEXT), '$.run') IN ({places})"
        for (body,) in self._rows("SELECT body FROM counts" + of_said, *runs or ()):
            target, count = count_from_data(from_bytes(body))
            counts[target] = added(counts.get(target, Count()), count)
        for name, kept in self._rows(f"SELECT target, count(*) FROM calls{of_stored} GROUP BY target", *runs or ()):
            target = Target.parse(name)
            counts[target] = _at_least(kept, counts.get(target, Count()))
        return dict(sorted(counts.items()))

    def findings(self) -> list[Finding]:
        """What could not be recorded or read, each thing once."""
        rows = self._rows("SELECT body FROM findings ORDER BY body")
        return [finding_from_data(from_bytes(body)) for (body,) in rows]

    def verdict(self, target: Target) -> Verdict | None:
        """What was decided about a target, or None where nothing was yet."""
        rows = self._rows("SELECT body FROM verdicts WHERE target = ?", str(target))
        return next((verdict_from_data(from_bytes(body)) for (body,) in rows), None)

    def verdicts(self) -> list[Verdict]:
        """What was decided about each target, sorted by target."""
        rows = self._rows("SELECT body FROM verdicts")
        return sorted((verdict_from_data(from_bytes(body)) for (body,) in rows), key=lambda verdict: verdict.target)

    def save_verdict(self, verdict: Verdict) -> None:
        """Note what was decided about a target, in place of what was before."""
        row = (str(verdict.target), to_bytes(verdict_to_data(verdict)))
        with self._plain_errors(), self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO verdicts (target, body) VALUES (?, ?)", row)

    def clear(self) -> None:
        """Forget everything: recordings, verdicts and stored files. Golden masters lie elsewhere and stay.

        Raises:
            StoreError: where a program is still being recorded into this store. Nothing is then removed.
        """
        with self._plain_errors(), contextlib.ExitStack() as stack:
            spools = folding.spool_files(self.layout)
            for path in spools:
                if not stack.enter_context(folding.alone_with(path)):
                    raise StoreError(
                        f"A program is still being recorded into {path}: clear {self.layout.directory} "
                        "when it has ended."
                    )
            with self._database.transaction() as connection:
                for table in schema.RECORDED:
                    connection.execute(f"DELETE FROM {table}")
            for path in spools:
                path.unlink()
            for directory in (self.layout.damaged, self.layout.blobs):
                shutil.rmtree(directory, ignore_errors=True)
            self.layout.prepare()

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._plain_errors(), self._database.connection() as connection:
            return connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            with schema.plain_errors(self.layout.database):
                yield
        except OSError as error:
            raise StoreError(
                f"The store {self.layout.directory} cannot be used ({error.strerror or error}): "
                "check its permissions and the free space on its disk."
            ) from error


def _at_least(kept: int, count: Count) -> Count:
    uncounted = max(0, kept - count.kept - count.unserialisable)
    return added(count, Count(seen=uncounted, kept=uncounted))
