"""In a forked copy of the legacy process, which is the snapshot: it holds everything as it was before the call.

The copy is made before the legacy function runs, waits, and is let go afterwards. It has no descriptor but its
pipes, so that what it writes over an open file or connection goes nowhere. The strongest way for arguments that
cannot be copied, and the dearest: a fork takes longer the more memory the process has. A program that waits for
any child of its own (`os.wait()`) will meet these.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import threading
import warnings
from collections.abc import Callable
from time import monotonic
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.forks import renew_after_fork
from legacy_seam.experiment.guard import audit
from legacy_seam.experiment.guard.notes import CANDIDATE, HERE_ALONE, Notes
from legacy_seam.experiment.models import made_ready
from legacy_seam.experiment.runners.running import Arguments, Done, Named, Ran
from legacy_seam.experiment.runners.wire import Gone, Incoming, TooLate, answer_of, ran_from, send
from legacy_seam.experiment.snapshots import CannotSnapshot, snapshot_of_call

_MOST_AT_ONCE = 64


class _Copy:
    """One forked copy."""

    __slots__ = ("answer", "gate", "inputs", "pid")

    def __init__(self, pid: int, gate: int, answer: int, inputs: tuple[Arguments, Named] | None) -> None:
        self.pid, self.gate, self.answer, self.inputs = pid, gate, answer, inputs

    def go(self, byte: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self.gate, byte)
        os.close(self.gate)

    def end(self) -> None:
        """Kill it, if it is still there, and have it forgotten."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except OSError:  # the legacy system has waited for it
            pass
        os.close(self.answer)


class Fork:
    """Runs the candidate in a copy of the process.

    Args:
        candidate: What is run.
        deadline: Seconds for an answer; then the copy is killed.
        logged: Whether the arguments are wanted for a log as well.

    Raises:
        SeamError: The platform cannot fork.
    """

    name = "fork"
    may_serve = True

    def __init__(self, candidate: Callable[..., Any], deadline: float, logged: bool) -> None:
        if not hasattr(os, "fork"):
            raise SeamError("This platform cannot fork: use mode='worker'.")
        audit.arm()
        self._candidate, self._deadline, self._logged = candidate, deadline, logged
        self._closed = False
        self.after_fork()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """The copies are the parent's."""
        self._lock = threading.Condition(threading.Lock())
        self._under_way: dict[_Copy, tuple[Done, float]] = {}
        self._thread: threading.Thread | None = None
        self._wake: tuple[int, int] | None = None

    def start(self) -> None:
        """Load the candidate, if it is one that is loaded, so that every copy has it."""
        with contextlib.suppress(Exception):  # each call will say so
            made_ready(self._candidate)

    def prepare(self, arguments: Arguments, named: Named) -> _Copy:
        """Make the copy."""
        if len(self._under_way) >= _MOST_AT_ONCE:
            raise CannotSnapshot("too many copies of the process are under way")
        inputs = None
        if self._logged:
            with contextlib.suppress(CannotSnapshot):
                inputs = snapshot_of_call(arguments, named)
        _hush()
        gate, gate_end = os.pipe()
        answer, answer_end = os.pipe()
        pid = os.fork()
        if not pid:
            self._live_and_die(gate, gate_end, answer_end, arguments, named)
        os.close(gate)
        os.close(answer_end)
        return _Copy(pid, gate_end, answer, inputs)

    def _live_and_die(self, gate: int, gate_end: int, answer_end: int, arguments: Arguments, named: Named) -> None:
        """In the copy: wait to be let go, answer, end. Nothing returns from here."""
        try:
            os.close(gate_end)
            if os.read(gate, 1) != b"g":
                return
            gc.disable()  # nobody's finalizer is to run a second time
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _keep_only(answer_end)
            notes = Notes()
            HERE_ALONE.append(notes)
            CANDIDATE.set(notes)
            send(answer_end, answer_of(lambda: self._candidate(*arguments, **named), notes))
        finally:
            os._exit(0)

    def inputs(self, prepared: _Copy) -> tuple[Arguments, Named] | None:
        """The arguments, if they could be copied."""
        return prepared.inputs

    def discard(self, prepared: _Copy) -> None:
        """Let the copy end."""
        prepared.go(b"x")
        prepared.end()

    def serve(self, prepared: _Copy) -> Ran:
        """Let it go, and wait."""
        prepared.go(b"g")
        return self._answer(prepared, monotonic() + self._deadline)

    async def serve_awaited(self, prepared: _Copy) -> Ran:
        """The same, without holding up the event loop."""
        import asyncio

        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Ran] = loop.create_future()

        def arrived(ran: Ran) -> None:
            if not answer.done():
                answer.set_result(ran)

        self.shadow(prepared, lambda ran: void(loop.call_soon_threadsafe(arrived, ran)))
        return await answer

    def shadow(self, prepared: _Copy, done: Done) -> None:
        """Let it go; a thread gathers the answers."""
        prepared.go(b"g")
        with self._lock:
            self._under_way[prepared] = (done, monotonic() + self._deadline)
            if self._thread is None:
                self._wake = os.pipe()
                os.set_blocking(self._wake[1], False)
                self._thread = threading.Thread(target=self._gather, name="legacy-seam copies", daemon=True)
                self._thread.start()
        self._stir()

    def _stir(self) -> None:
        if self._wake is not None:
            with contextlib.suppress(OSError):  # it is full of these already, or closed
                os.write(self._wake[1], b"w")

    def _gather(self) -> None:
        assert self._wake is not None
        wake = self._wake[0]
        while True:
            with self._lock:
                if self._closed and not self._under_way:
                    return
                waiting = dict(self._under_way)
                if not waiting:
                    self._lock.notify_all()
            poll = select.poll()
            poll.register(wake, select.POLLIN)
            for copy in waiting:
                poll.register(copy.answer, select.POLLIN)
            first = min((deadline for _, deadline in waiting.values()), default=None)
            ready = {
                descriptor
                for descriptor, _ in poll.poll(None if first is None else max(0.0, first - monotonic()) * 1000)
            }
            if wake in ready:
                os.read(wake, 4096)
            now = monotonic()
            for copy, (done, deadline) in waiting.items():
                if copy.answer in ready or now >= deadline:
                    done(self._answer(copy, deadline))
                    with self._lock:
                        del self._under_way[copy]

    def _answer(self, copy: _Copy, deadline: float) -> Ran:
        try:
            return ran_from(Incoming(copy.answer).frame(deadline))
        except TooLate:
            return Ran(None, "timeout", f"no answer within {self._deadline:g} s")
        except Gone:
            return Ran(None, "exception", "the copy of the process died")
        finally:
            copy.end()

    def settle(self, timeout: float) -> bool:
        """Wait until no copy is under way."""
        end = monotonic() + timeout
        with self._lock:
            while self._under_way:
                left = end - monotonic()
                if left <= 0:
                    return False
                self._lock.wait(left)
        return True

    def close(self) -> None:
        """Let the thread end with the last copy."""
        self._closed = True
        self._stir()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(self._deadline + 1)
            if self._wake is not None and not thread.is_alive():
                for descriptor in self._wake:
                    os.close(descriptor)
                self._wake = None


def void(ignored: object) -> None:
    """For a callback that has to return nothing."""


def _keep_only(kept: int) -> None:
    """Close every descriptor but one; what is printed or read goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    limit = os.sysconf("SC_OPEN_MAX") if hasattr(os, "sysconf") else 4096
    os.closerange(3, kept)
    os.closerange(kept + 1, min(limit, 1 << 20))


def _hush() -> None:
    """Python 3.12 warns of forks among threads: that is known here, and the copy only ever computes and ends."""
    if not any(one[0] == "ignore" and getattr(one[3], "pattern", "") == _HERE for one in warnings.filters):
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=_HERE)


_HERE = r"legacy_seam\.experiment\.runners\.fork"
