"""Replaying many calls: workers are forked, given batches, watched, and replaced when they die."""

from __future__ import annotations

import contextlib
import os
import random
import select
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol

from legacy_seam.calls import Call, Run
from legacy_seam.redaction import DEFAULT as NO_RULES
from legacy_seam.redaction import Redactor, Rules
from legacy_seam.replay import wire
from legacy_seam.replay.batch import Batch, Conditions, Limits, Replayed, Setting
from legacy_seam.replay.forkserver import Zygotes
from legacy_seam.replay.frames import Inbox
from legacy_seam.replay.hearing import ended, hear
from legacy_seam.replay.shift import PREPARATION_SECONDS, Lot, Shift, World
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError
from legacy_seam.store.pieces import MARK, digests

_MOST_WORKERS = 2
_ENOUGH_FOR_TWO = 100
"""So many calls of a few milliseconds each take longer than it takes a second worker to begin."""
_LENGTH_OF_DIRECTORIES = 80
_LENGTH_OF_SEALS = 16
_SECONDS_BETWEEN_LOOKS = 1.0
_ROOM_FOR_DIRECTORIES = 1 << 20
"""A file may be as large as the limit, which the kernel sees to, and directories have a size, too: what becomes of
a call must not hang on whether somebody looks while it is there."""


class Contents(Protocol):
    """Gives contents of files by digest (`Blobs`)."""

    def get(self, digest: str) -> bytes:
        """The content with that digest."""

    def has(self, digest: str) -> bool:
        """Is there such a content?"""


class Replayer:
    """Replays calls in worker processes; a context manager.

    Args:
        project: the directory from which modules are imported.
        blobs: where contents of files are (one, or several that are asked in turn).
        allow: modules (with all below them) whose classes and functions recorded values may name.
        limits: what one call may take.
        search_path: directories that are looked through before all others, absolute or relative to the project;
            those of PYTHONPATH come after them.
        keeps_workers: let a worker wait for the next `run` in its world, which saves the import of the program. The
            program must not be edited in between.
        redaction: what the project says about its secrets: outcomes end up in golden masters, which hold none.
        zygotes: what workers are forked from, where that is shared with other replayers; by default its own.

    >>> with Replayer(Path("."), blobs, allow=("shop",)) as replayer:                     # doctest: +SKIP
    ...     for replayed in replayer.run([Batch(target, calls, run)], Conditions()):
    ...         print(replayed.identity, replayed.outcome)
    """

    def __init__(
        self,
        project: Path,
        blobs: Contents | Sequence[Contents],
        allow: tuple[str, ...],
        limits: Limits | None = None,
        search_path: tuple[str, ...] = (),
        keeps_workers: bool = False,
        redaction: Rules = NO_RULES,
        zygotes: Zygotes | None = None,
    ) -> None:
        self._project = str(Path(project).resolve())
        self._contents: Sequence[Contents] = blobs if isinstance(blobs, Sequence) else [blobs]
        self._allow = tuple(allow)
        self._limits = limits or Limits()
        self._search_path = (*search_path, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
        self._zygotes = zygotes or Zygotes()
        self._shares_zygotes = zygotes is not None
        self._shifts: list[Shift] = []
        self._keeps_workers = keeps_workers
        self._redactor = Redactor.public(redaction)
        self._idle: dict[World, Shift] = {}
        self._held: set[str] = set()

    def __enter__(self) -> Replayer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes and remove all private directories."""
        self._end_shifts()
        while self._idle:
            self._end_shift(self._idle.popitem()[1])
        if not self._shares_zygotes:
            self._zygotes.close()
            self._held.clear()

    def run(self, batches: Sequence[Batch], conditions: Conditions | None = None) -> Iterator[Replayed]:
        """Replay batches, and give the result of each call as soon as it is there.

        Args:
            batches: calls of one target and run each. Those of the same run share workers, so give all at once.
            conditions: what of the world is varied.

        Returns:
            one `Replayed` for each call, those of a batch in the order in which they were replayed.

        Raises:
            SeamError: where no processes can be started.
        """
        conditions = conditions or Conditions()
        waiting = self._by_run(batches, conditions)
        try:
            while waiting or self._shifts:
                while waiting and len(self._shifts) < min(_MOST_WORKERS, os.cpu_count() or 1):
                    self._shifts.append(self._begin_shift(waiting.popleft(), conditions))
                for shift in self._wait():
                    yield from self._advance(shift, waiting)
        finally:
            self._end_shifts()

    @contextmanager
    def hired(self, batches: Sequence[Batch]) -> Iterator[Shift]:
        """A worker in the world of some batches, which does not replay them, but is told by others what to do.

        Args:
            batches: calls of one run.

        Raises:
            SeamError: where it cannot be started.
        """
        lots = deque(Lot(batch, batch.calls) for batch in batches)
        run = batches[0].run
        asks = _asks(run, lots)
        shift = self._new_shift(lots, (run.identity, run.started, Conditions(), asks), _elsewhere(run, lots))
        try:
            yield shift
        finally:
            shift.worker.close()

    @property
    def zygotes(self) -> Zygotes:
        """What workers are forked from; as long as this is not closed, others can share it."""
        return self._zygotes

    @property
    def redactor(self) -> Redactor:
        """What puts stand-ins in the place of secrets."""
        return self._redactor

    # --- dividing up ----------------------------------------------------------------------------------------

    def _by_run(self, batches: Sequence[Batch], conditions: Conditions) -> deque[deque[Lot]]:
        """Batches of one run go to one worker, which imports the program once; two of them share a large run."""
        by_run: dict[tuple[str, float], deque[Lot]] = {}
        for batch in batches:
            key = (batch.run.identity, batch.run.started)
            by_run.setdefault(key, deque()).append(Lot(batch, _ordered(batch.calls, conditions)))
        groups: deque[deque[Lot]] = deque()
        for lots in by_run.values():
            is_large = len(lots) > 8 and sum(len(lot.calls) for lot in lots) >= _ENOUGH_FOR_TWO
            halves = _MOST_WORKERS if len(by_run) == 1 and is_large and (os.cpu_count() or 1) > 1 else 1
            groups.extend(deque(list(lots)[half::halves]) for half in range(halves))
        return groups

    def _begin_shift(self, lots: deque[Lot], conditions: Conditions) -> Shift:
        run = lots[0].batch.run
        asks = _asks(run, lots)
        world = (run.identity, run.started, conditions, asks)
        readable = _elsewhere(run, lots)
        waited = self._idle.pop(world, None)
        if (
            waited is not None
            and readable <= waited.readable
            and not select.select([waited.worker.results], [], [], 0)[0]
        ):
            waited.lots = lots
            self._hand_out(run, lots)
            waited.give_lot()
            return waited
        if waited is not None:  # it has ended meanwhile, or may not read enough
            self._end_shift(waited)
        return self._new_shift(lots, world, readable)

    def _new_shift(self, lots: deque[Lot], world: World, readable: frozenset[str]) -> Shift:
        run, (_, _, conditions, asks) = lots[0].batch.run, world
        worker = self._zygotes.zygote(conditions.hash_seed).fork()
        seal = os.urandom(_LENGTH_OF_SEALS)
        shift = Shift(worker, lots, world, readable, Inbox(seal), self._limits)
        worker.directory = tempfile.mkdtemp(prefix="run-", dir=self._zygotes.home)
        directory = _of_constant_length(os.path.join(worker.directory, conditions.directory or "work"))
        os.makedirs(directory)
        blobs = self._hand_out(run, lots)
        setting = Setting(
            run,
            conditions,
            self._limits,
            self._project,
            directory,
            self._search_path,
            self._allow,
            tuple(sorted(readable)),
            asks,
            seal,
        )
        shift.post(wire.setting_to_data(setting, blobs))
        os.set_blocking(worker.jobs, False)
        shift.deadline = time.monotonic() + PREPARATION_SECONDS
        return shift

    def _hand_out(self, run: Run, lots: deque[Lot]) -> Path:
        """Put the contents that a worker will need where it finds them."""
        shared = Blobs(Path(self._zygotes.home) / "blobs")
        states = [*run.files, *(state for lot in lots for call in lot.calls for state in call.files)]
        needed = {state.digest for state in states if state.digest}
        with contextlib.suppress(StoreError):  # the worker says so, of the calls that need what is not there
            for text in [text for lot in lots for call in lot.calls for text in call.texts() if MARK in text]:
                needed |= digests(text, self._content)
        for digest in needed - self._held:
            with contextlib.suppress(StoreError):
                shared.put(self._content(digest))
                self._held.add(digest)
        return Path(self._zygotes.home) / "blobs"

    def _content(self, digest: str) -> bytes:
        """The content with that digest, from the first place that has it."""
        for contents in self._contents[:-1]:
            if contents.has(digest):
                return contents.get(digest)
        return self._contents[-1].get(digest)

    # --- talking to workers ---------------------------------------------------------------------------------

    def _wait(self) -> list[Shift]:
        """The shifts in which something has happened: an answer, an end, or no answer in time."""
        by_results = {shift.worker.results: shift for shift in self._shifts}
        by_jobs = {shift.worker.jobs: shift for shift in self._shifts if shift.outbox}
        until = min(shift.deadline for shift in self._shifts) - time.monotonic()
        patience = max(0.0, min(until, _SECONDS_BETWEEN_LOOKS))
        answers, writable, _ = select.select(list(by_results), list(by_jobs), [], patience)
        for descriptor in writable:
            by_jobs[descriptor].write_some()
        if not answers and not writable:
            self._look_at_disk()
        now = time.monotonic()
        for shift in self._shifts:
            if shift.deadline <= now and shift.worker.results not in answers:
                shift.is_late = True
                shift.deadline = now + PREPARATION_SECONDS
                shift.worker.kill(shift.child)
        return [by_results[descriptor] for descriptor in answers]

    def _look_at_disk(self) -> None:
        """End what fills the disk: the kernel limits a file, but not how many there are."""
        for shift in self._shifts:
            directory = shift.worker.directory
            most = self._limits.disk_bytes + _ROOM_FOR_DIRECTORIES
            if shift.breach is None and directory and _size_of(directory) > most:
                shift.breach = f"more than {self._limits.disk_bytes:,} bytes of files"
                shift.worker.kill(shift.child)

    def _advance(self, shift: Shift, waiting: deque[deque[Lot]]) -> Iterator[Replayed]:
        """Take in what a worker says."""
        piece = os.read(shift.worker.results, 1 << 18)
        shift.inbox.add(piece)
        try:
            for message in shift.inbox.messages():
                yield from hear(shift, message, self._redactor)
        except (ValueError, KeyError, IndexError, TypeError):
            shift.breach = "it wrote where only the replay writes its results"
            if shift.child is not None:
                shift.worker.kill(shift.child)
            shift.worker.kill()
            piece = b""
        if not piece:
            yield from self._after_death(shift, waiting)
        elif shift.is_ready and not shift.lots:
            self._let_rest(shift)

    # --- ends -----------------------------------------------------------------------------------------------

    def _after_death(self, shift: Shift, waiting: deque[deque[Lot]]) -> Iterator[Replayed]:
        """A worker died: the call it was at is told as ended; the others go to a new worker.

        Where calls were told of many at a time, nobody knows which one it was at: a new worker is to say so.
        """
        status = shift.worker.status()
        if shift.lots and not shift.is_ready:
            sentence = f"the process ended while the program was being imported ({shift.end_in_words(status)})"
            while shift.lots:
                yield from self._refuse_rest(shift, sentence)
        elif shift.lots and not shift.is_begun:
            sentence = f"the process ended while {shift.lots[0].batch.target.module} was being imported"
            yield from self._refuse_rest(shift, f"{sentence} ({shift.end_in_words(status)})")
        elif shift.lots and shift.lots[0].done < len(shift.lots[0].calls):
            if shift.lots[0].one_by_one:
                yield shift.result(outcome=ended(status, shift))
            shift.lots[0].one_by_one = True
        lots = deque(lot for lot in shift.lots if lot.done < len(lot.calls))
        shift.lots = deque()
        self._end_shift(shift)
        if lots:
            waiting.appendleft(lots)

    def _refuse_rest(self, shift: Shift, sentence: str) -> Iterator[Replayed]:
        lot = shift.lots[0]
        while lot.done < len(lot.calls):
            yield shift.result(refusal=sentence, refusal_kind="import-failed")
        shift.lots.popleft()

    def _let_rest(self, shift: Shift) -> None:
        """A worker has done all it was given."""
        if not self._keeps_workers or shift.world in self._idle:
            self._end_shift(shift)
            return
        self._shifts.remove(shift)
        while len(self._idle) >= _MOST_WORKERS:
            self._end_shift(self._idle.pop(next(iter(self._idle))))
        self._idle[shift.world] = shift

    def _end_shift(self, shift: Shift) -> None:
        if shift in self._shifts:
            self._shifts.remove(shift)
        shift.worker.close()

    def _end_shifts(self) -> None:
        for shift in list(self._shifts):
            self._end_shift(shift)


def _asks(run: Run, lots: Iterable[Lot]) -> bool:
    """Is anything to be answered from the recording?"""
    return bool(run.answers) or any(call.answers for lot in lots for call in lot.calls)


def _elsewhere(run: Run, lots: deque[Lot]) -> frozenset[str]:
    """Files outside the working directory that were opened when the calls were recorded."""
    states = [*run.files, *(state for lot in lots for call in lot.calls for state in call.files)]
    return frozenset(state.path for state in states if os.path.isabs(state.path))


def _size_of(directory: str) -> int:
    """Bytes on disk below a directory, while somebody may be changing it."""
    total, waiting = 0, [directory]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total


def _of_constant_length(directory: str) -> str:
    """A path made as long as all others: programs lay out what they print by the length of paths."""
    return directory + "-" * (_LENGTH_OF_DIRECTORIES - len(directory))


def _ordered(calls: tuple[Call, ...], conditions: Conditions) -> tuple[Call, ...]:
    if conditions.order == "given":
        return calls
    if conditions.order == "reversed":
        return calls[::-1]
    shuffled = list(calls)
    random.Random(conditions.order).shuffle(shuffled)
    return tuple(shuffled)
