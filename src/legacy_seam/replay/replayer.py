"""Replaying many calls: workers are forked, given batches, watched, and replaced when they die."""

from __future__ import annotations

import contextlib
import os
import random
import select
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeAlias

from legacy_seam.calls import Call, Effect, Outcome, Run
from legacy_seam.replay import wire
from legacy_seam.replay.batch import Batch, Conditions, Limits, Replayed, Setting, SourceRead
from legacy_seam.replay.forkserver import Worker, Zygote
from legacy_seam.replay.frames import Inbox, pack
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError
from legacy_seam.store.pieces import digests
from legacy_seam.values import encode

_World: TypeAlias = tuple[str, float, Conditions]
_PREPARATION_SECONDS = 120.0
_MOST_WORKERS = 2
_LENGTH_OF_DIRECTORIES = 80


class Contents(Protocol):
    """Gives contents of files by digest (`Blobs`)."""

    def get(self, digest: str) -> bytes:
        """The content with that digest."""

    def has(self, digest: str) -> bool:
        """Is there such a content?"""


@dataclass(slots=True)
class _Lot:
    """A batch on its way: its calls in the order in which they are replayed; `done` of them have been."""

    batch: Batch
    calls: tuple[Call, ...]
    done: int = 0


@dataclass(slots=True)
class _Shift:
    """A worker at work: what it is doing, what it is to do next, until when an answer is expected.

    world: the run and the conditions that it was set up for.
    """

    worker: Worker
    lots: deque[_Lot]
    world: _World
    inbox: Inbox = field(default_factory=Inbox)
    outbox: deque[memoryview] = field(default_factory=deque)
    deadline: float = 0.0
    is_ready: bool = False
    is_begun: bool = False
    child: int | None = None
    is_late: bool = False


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
    ) -> None:
        self._project = str(Path(project).resolve())
        self._contents: Sequence[Contents] = blobs if isinstance(blobs, Sequence) else [blobs]
        self._allow = tuple(allow)
        self._limits = limits or Limits()
        self._search_path = (*search_path, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
        self._zygotes: dict[int, Zygote] = {}
        self._shifts: list[_Shift] = []
        self._keeps_workers = keeps_workers
        self._idle: dict[_World, _Shift] = {}
        self._home: str | None = None
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
        while self._zygotes:
            self._zygotes.popitem()[1].close()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None
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

    # --- dividing up ----------------------------------------------------------------------------------------

    def _by_run(self, batches: Sequence[Batch], conditions: Conditions) -> deque[deque[_Lot]]:
        """Batches of one run go to one worker, which imports the program once; two of them share a large run."""
        by_run: dict[tuple[str, float], deque[_Lot]] = {}
        for batch in batches:
            key = (batch.run.identity, batch.run.started)
            by_run.setdefault(key, deque()).append(_Lot(batch, _ordered(batch.calls, conditions)))
        groups: deque[deque[_Lot]] = deque()
        for lots in by_run.values():
            halves = _MOST_WORKERS if len(by_run) == 1 and len(lots) > 8 and (os.cpu_count() or 1) > 1 else 1
            groups.extend(deque(list(lots)[half::halves]) for half in range(halves))
        return groups

    def _begin_shift(self, lots: deque[_Lot], conditions: Conditions) -> _Shift:
        run = lots[0].batch.run
        world = (run.identity, run.started, conditions)
        waited = self._idle.pop(world, None)
        if waited is not None and not select.select([waited.worker.results], [], [], 0)[0]:
            waited.lots = lots
            self._hand_out(run, lots)
            self._give_lot(waited)
            return waited
        if waited is not None:  # it has ended meanwhile
            self._end_shift(waited)
        worker = self._zygote(conditions.hash_seed).fork()
        shift = _Shift(worker, lots, world)
        worker.directory = tempfile.mkdtemp(prefix="run-", dir=self._private_home())
        directory = _of_constant_length(os.path.join(worker.directory, conditions.directory or "work"))
        os.makedirs(directory)
        blobs = self._hand_out(run, lots)
        setting = Setting(run, conditions, self._limits, self._project, directory, self._search_path, self._allow)
        self._post(shift, wire.setting_to_data(setting, blobs))
        os.set_blocking(worker.jobs, False)
        shift.deadline = time.monotonic() + _PREPARATION_SECONDS
        return shift

    def _zygote(self, hash_seed: int) -> Zygote:
        if hash_seed not in self._zygotes:
            self._zygotes[hash_seed] = Zygote(hash_seed, self._private_home())
        return self._zygotes[hash_seed]

    def _private_home(self) -> str:
        if self._home is None:
            self._home = os.path.realpath(tempfile.mkdtemp(prefix="legacy-seam-"))
        return self._home

    def _hand_out(self, run: Run, lots: deque[_Lot]) -> Path:
        """Put the contents that a worker will need where it finds them."""
        shared = Blobs(Path(self._private_home()) / "blobs")
        states = [*run.files, *(state for lot in lots for call in lot.calls for state in call.files)]
        needed = {state.digest for state in states if state.digest}
        with contextlib.suppress(StoreError):  # the worker says so, of the calls that need what is not there
            for text in (text for lot in lots for call in lot.calls for text in call.texts()):
                needed |= digests(text, self._content)
        for digest in needed - self._held:
            with contextlib.suppress(StoreError):
                shared.put(self._content(digest))
                self._held.add(digest)
        return Path(self._private_home()) / "blobs"

    def _content(self, digest: str) -> bytes:
        """The content with that digest, from the first place that has it."""
        for contents in self._contents[:-1]:
            if contents.has(digest):
                return contents.get(digest)
        return self._contents[-1].get(digest)

    # --- talking to workers ---------------------------------------------------------------------------------

    def _post(self, shift: _Shift, message: Any) -> None:
        shift.outbox.append(memoryview(pack(message)))

    def _wait(self) -> list[_Shift]:
        """The shifts in which something has happened: an answer, an end, or no answer in time."""
        by_results = {shift.worker.results: shift for shift in self._shifts}
        by_jobs = {shift.worker.jobs: shift for shift in self._shifts if shift.outbox}
        patience = max(0.0, min(shift.deadline for shift in self._shifts) - time.monotonic())
        answers, writable, _ = select.select(list(by_results), list(by_jobs), [], patience)
        for descriptor in writable:
            _write_some(by_jobs[descriptor])
        now = time.monotonic()
        for shift in self._shifts:
            if shift.deadline <= now and shift.worker.results not in answers:
                shift.is_late = True
                shift.deadline = now + _PREPARATION_SECONDS
                shift.worker.kill(shift.child)
        return [by_results[descriptor] for descriptor in answers]

    def _advance(self, shift: _Shift, waiting: deque[deque[_Lot]]) -> Iterator[Replayed]:
        """Take in what a worker says."""
        piece = os.read(shift.worker.results, 1 << 18)
        shift.inbox.add(piece)
        try:
            for message in shift.inbox.messages():
                yield from self._hear(shift, message)
        except (ValueError, KeyError, IndexError, TypeError):  # the program wrote into our pipe
            shift.worker.kill()
            piece = b""
        if not piece:
            yield from self._after_death(shift, waiting)
        elif shift.is_ready and not shift.lots:
            self._let_rest(shift)

    def _hear(self, shift: _Shift, message: list[Any]) -> Iterator[Replayed]:
        shift.deadline = time.monotonic() + self._limits.wall_seconds
        match message:
            case ["ready"]:
                shift.is_ready = True
                self._give_lot(shift)
            case ["batch", _]:
                shift.is_begun = True
            case ["case", _, _, effects, notes, sources]:
                outcome = Outcome(tuple(Effect(kind, place, text) for kind, place, text in effects))
                reads = tuple(SourceRead(source, site) for source, site in sources)
                yield self._result(shift, outcome=outcome, notes=tuple(notes), sources=reads)
            case ["same", _, _, notes]:
                lot = shift.lots[0]
                same = lot.batch.approved[lot.calls[lot.done].identity]
                yield self._result(shift, outcome=same, notes=tuple(notes))
            case ["refused", _, _, kind, sentence, site]:
                yield self._result(shift, refusal=sentence, refusal_kind=kind, site=site)
            case ["child", _, _, child]:
                shift.child = child
            case ["ended", first, index, status]:
                shift.child = None
                if shift.lots and shift.lots[0].done == first + index:
                    yield self._result(shift, outcome=self._ended(status, shift))
                shift.is_late = False
            case ["done", _]:
                shift.lots.popleft()
                self._give_lot(shift)

    def _give_lot(self, shift: _Shift) -> None:
        """The next batch, or what is left of it."""
        shift.is_begun = False
        if shift.lots:
            lot = shift.lots[0]
            calls = [wire.call_to_data(call) for call in lot.calls[lot.done :]]
            approved = lot.batch.approved.items()
            expected = {identity: wire.digest_of(outcome.effects) for identity, outcome in approved}
            shift.deadline = time.monotonic() + _PREPARATION_SECONDS
            self._post(shift, [lot.done, str(lot.batch.target), calls, expected])

    def _result(self, shift: _Shift, **what: Any) -> Replayed:
        lot = shift.lots[0]
        call = lot.calls[lot.done]
        lot.done += 1
        return Replayed(call.identity, target=lot.batch.target, **what)

    # --- ends -----------------------------------------------------------------------------------------------

    def _after_death(self, shift: _Shift, waiting: deque[deque[_Lot]]) -> Iterator[Replayed]:
        """A worker died: the call it was at is told as ended; the others go to a new worker."""
        status = shift.worker.status()
        if shift.lots and not shift.is_ready:
            sentence = (
                f"the process ended while the program was being imported ({_end(status, shift, self._limits)})"
            )
            while shift.lots:
                yield from self._refuse_rest(shift, sentence)
        elif shift.lots and not shift.is_begun:
            sentence = f"the process ended while {shift.lots[0].batch.target.module} was being imported"
            yield from self._refuse_rest(shift, f"{sentence} ({_end(status, shift, self._limits)})")
        elif shift.lots and shift.lots[0].done < len(shift.lots[0].calls):
            yield self._result(shift, outcome=self._ended(status, shift))
        lots = deque(lot for lot in shift.lots if lot.done < len(lot.calls))
        shift.lots = deque()
        self._end_shift(shift)
        if lots:
            waiting.appendleft(lots)

    def _refuse_rest(self, shift: _Shift, sentence: str) -> Iterator[Replayed]:
        lot = shift.lots[0]
        while lot.done < len(lot.calls):
            yield self._result(shift, refusal=sentence, refusal_kind="import-failed")
        shift.lots.popleft()

    def _ended(self, status: int, shift: _Shift) -> Outcome:
        return Outcome((Effect("ended", "", encode(_end(status, shift, self._limits))),))

    def _let_rest(self, shift: _Shift) -> None:
        """A worker has done all it was given."""
        if not self._keeps_workers or shift.world in self._idle:
            self._end_shift(shift)
            return
        self._shifts.remove(shift)
        while len(self._idle) >= _MOST_WORKERS:
            self._end_shift(self._idle.pop(next(iter(self._idle))))
        self._idle[shift.world] = shift

    def _end_shift(self, shift: _Shift) -> None:
        if shift in self._shifts:
            self._shifts.remove(shift)
        shift.worker.close()

    def _end_shifts(self) -> None:
        for shift in list(self._shifts):
            self._end_shift(shift)


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


def _write_some(shift: _Shift) -> None:
    """Write as much of what is to be said as the pipe takes."""
    while shift.outbox:
        rest = shift.outbox[0]
        try:
            written = os.write(shift.worker.jobs, rest)
        except BlockingIOError:
            return
        except BrokenPipeError:
            shift.outbox.clear()
            return
        if written == len(rest):
            shift.outbox.popleft()
        else:
            shift.outbox[0] = rest[written:]


def _end(status: int, shift: _Shift, limits: Limits) -> str:
    """How a process ended, in words that are the same every time."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return f"killed: no answer within {limits.cpu_seconds} s of CPU time"
        if number == signal.SIGKILL and shift.is_late:
            return f"killed: no answer within {limits.wall_seconds:g} s"
        return f"killed by {signal.Signals(number).name}"
    return f"left by os._exit({os.WEXITSTATUS(status)})"
