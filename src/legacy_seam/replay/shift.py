"""A worker at work: what it has been given to do, how far it is, and how it ends, in words."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from typing import Any, TypeAlias

from legacy_seam.calls import Call
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import NO_ANSWER, Batch, Conditions, Limits, Replayed
from legacy_seam.replay.forkserver import Worker
from legacy_seam.replay.frames import Inbox, pack
from legacy_seam.replay.jobs import portions

PREPARATION_SECONDS = 120.0
"""How long a worker may take until it begins with a batch: it imports the program."""

World: TypeAlias = tuple[str, float, Conditions, bool]


@dataclass(slots=True)
class Lot:
    """A batch on its way: its calls in the order in which they are replayed; `done` of them have been.

    one_by_one: each call is told of at once, so that it is known which one ended the worker.
    """

    batch: Batch
    calls: tuple[Call, ...]
    done: int = 0
    one_by_one: bool = False


@dataclass(slots=True)
class Shift:
    """A worker at work: what it is doing, what it is to do next, until when an answer is expected.

    world: the run and the conditions that it was set up for; readable: files elsewhere that it may read.
    breach: how it went beyond what it may do, in words for people.
    """

    worker: Worker
    lots: deque[Lot]
    world: World
    readable: frozenset[str]
    inbox: Inbox
    limits: Limits
    outbox: deque[memoryview] = field(default_factory=deque)
    deadline: float = 0.0
    is_ready: bool = False
    is_begun: bool = False
    child: int | None = None
    is_late: bool = False
    breach: str | None = None

    def post(self, message: Any) -> None:
        """Have this said to the worker, as soon as it listens."""
        self.outbox.append(memoryview(pack(message)))

    def write_some(self) -> None:
        """Write as much of what is to be said as the pipe takes."""
        while self.outbox:
            rest = self.outbox[0]
            try:
                written = os.write(self.worker.jobs, rest)
            except BlockingIOError:
                return
            except BrokenPipeError:
                self.outbox.clear()
                return
            if written == len(rest):
                self.outbox.popleft()
            else:
                self.outbox[0] = rest[written:]

    def give_lot(self) -> None:
        """The next batch, or what is left of it."""
        self.is_begun = False
        if self.lots:
            lot = self.lots[0]
            calls = lot.calls[lot.done :]
            messages = list(portions(calls, lot.batch.approved))
            self.deadline = time.monotonic() + PREPARATION_SECONDS
            self.post([lot.done, str(lot.batch.target), len(calls), len(messages), lot.one_by_one])
            for message in messages:
                self.post(message)

    def result(self, **what: Any) -> Replayed:
        """What came of the next call."""
        lot = self.lots[0]
        call = lot.calls[lot.done]
        lot.done += 1
        return Replayed(call.identity, target=lot.batch.target, **what)

    def end_in_words(self, status: int) -> str:
        """How a process ended, in words that are the same every time."""
        if self.breach is not None:
            return f"killed: {self.breach}"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                return f"{NO_ANSWER} {self.limits.cpu_seconds} s of CPU time"
            if number == signal.SIGKILL and self.is_late:
                return f"{NO_ANSWER} {self.limits.wall_seconds:g} s"
            if number == signal.SIGSYS:
                return "killed: it asked the operating system for what a replay must not do"
            return f"killed by {signal.Signals(number).name}"
        return f"left by os._exit({os.WEXITSTATUS(status)})"
