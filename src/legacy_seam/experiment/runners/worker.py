"""In a process of its own, which holds nothing but the candidate and can be killed.

Callers write down their arguments and go on. One thread hands them to the process one by one, and has it killed and
started again when an answer is late. The process is started anew (not forked): it has nothing of the legacy system
in it, and its main script is not run there.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.forks import renew_after_fork
from legacy_seam.experiment.runners.running import Arguments, Done, Named, Ran
from legacy_seam.experiment.runners.wire import Gone, Incoming, TooLate, ran_from, send
from legacy_seam.experiment.snapshots import CannotSnapshot

_STARTUP = 120.0
"""Seconds that a candidate has to be loaded."""

_RETRY = 30.0
"""Seconds until a candidate that could not be loaded is tried again."""

_FAREWELL = 1.0
"""Seconds for what is still waiting when the program ends."""

_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from legacy_seam.experiment.runners.child import main; main()"


class _Process:
    """One started process; everything that may go wrong with it is `Gone` or `TooLate`."""

    def __init__(self, candidate: bytes) -> None:
        import subprocess

        from legacy_seam.experiment.runners.child import path_of_this_process

        first = subprocess.Popen(
            [_interpreter(), *_flags(), "-c", _BOOT, *path_of_this_process()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert first.stdin is not None and first.stdout is not None
        self._files = first.stdin, first.stdout
        self._to, self._from = first.stdin.fileno(), Incoming(first.stdout.fileno())
        self._pid = 0
        try:
            first.wait(_STARTUP)  # it forks the real one and ends
            self._pid = int(pickle.loads(self._from.frame(monotonic() + _STARTUP)))
            send(self._to, candidate)
            self.reason, self.detail = pickle.loads(self._from.frame(monotonic() + _STARTUP))
        except (Gone, TooLate, OSError, subprocess.TimeoutExpired) as error:
            self.reason, self.detail = "model_load_failed", f"the worker did not start: {told(error)}"
        if self.reason:
            self.kill()

    def ask(self, request: bytes, deadline: float) -> bytes:
        send(self._to, request)
        return self._from.frame(deadline)

    def kill(self) -> None:
        import signal

        for file in self._files:
            with contextlib.suppress(OSError):
                file.close()
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = 0


class _Job:
    __slots__ = ("deadline", "done", "request")

    def __init__(self, request: bytes, done: Done, deadline: float | None) -> None:
        self.request, self.done, self.deadline = request, done, deadline


class Worker:
    """Runs the candidate in a process of its own.

    Args:
        candidate: What is run: a function of a module (not of the script that was started), a `LoadedModel`, or
            anything else that can be pickled.
        deadline: Seconds for one answer.
        waiting: How many calls may wait.

    Raises:
        SeamError: The candidate cannot be sent to another process.
    """

    name = "worker"
    may_serve = True

    def __init__(self, candidate: Callable[..., Any], deadline: float, waiting: int) -> None:
        self._candidate = _sendable(candidate)
        self._deadline, self._most = deadline, waiting
        self._closed = False
        self.after_fork()
        renew_after_fork(self)
        farewell = weakref.WeakMethod(self.settle)
        atexit.register(lambda: (settle := farewell()) is not None and settle(_FAREWELL))

    def after_fork(self) -> None:
        """A child starts a worker of its own; what its parent was waiting for is none of its business."""
        self._lock = threading.Condition(threading.Lock())
        self._jobs: deque[_Job] = deque()
        self._urgent: deque[_Job] = deque()
        self._busy = False
        self._thread: threading.Thread | None = None
        self._process: _Process | None = None
        self._ready = False
        self._refusal: Ran | None = None
        self._retry_at = 0.0

    def start(self) -> None:
        """Start the process and wait until the candidate is loaded."""
        loaded = threading.Event()
        self._submit(_Job(b"", lambda ran: loaded.set(), None), self._urgent)
        loaded.wait(_STARTUP)

    def prepare(self, arguments: Arguments, named: Named) -> bytes:
        """Write down the arguments."""
        try:
            return pickle.dumps((arguments, named), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            raise CannotSnapshot(told(error)) from error

    def inputs(self, prepared: bytes) -> tuple[Arguments, Named] | None:
        """What was written down."""
        found: tuple[Arguments, Named] = pickle.loads(prepared)
        return found

    def discard(self, prepared: bytes) -> None:
        """Nobody has seen it yet."""

    def shadow(self, prepared: bytes, done: Done) -> None:
        """Put it into the queue."""
        if len(self._jobs) >= self._most:
            done(Ran(failure="dropped"))
        else:
            self._submit(_Job(prepared, done, None), self._jobs)

    def serve(self, prepared: bytes) -> Ran:
        """Put it before all others, and wait."""
        refusal = self._not_ready()
        if refusal is not None:
            return refusal
        answered = threading.Lock()
        answered.acquire()
        answer: list[Ran] = []

        def done(ran: Ran) -> None:
            answer.append(ran)
            answered.release()

        self._submit(_Job(prepared, done, monotonic() + self._deadline), self._urgent)
        answered.acquire(timeout=self._deadline)
        return answer[0] if answer else self._late()

    async def serve_awaited(self, prepared: bytes) -> Ran:
        """The same, without holding up the event loop."""
        import asyncio

        refusal = self._not_ready()
        if refusal is not None:
            return refusal
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Ran] = loop.create_future()

        def arrived(ran: Ran) -> None:
            if not answer.done():
                answer.set_result(ran)

        def done(ran: Ran) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(arrived, ran)

        self._submit(_Job(prepared, done, monotonic() + self._deadline), self._urgent)
        done_in_time, _ = await asyncio.wait({answer}, timeout=self._deadline)
        return answer.result() if done_in_time else self._late()

    def _not_ready(self) -> Ran | None:
        """Callers do not wait for a process to start."""
        if self._ready:
            return None
        if self._refusal is not None and monotonic() < self._retry_at:
            return self._refusal
        self._submit(_Job(b"", lambda ran: None, None), self._urgent)
        return Ran(None, "timeout", "the worker is still starting")

    def _late(self) -> Ran:
        return Ran(None, "timeout", f"no answer within {self._deadline:g} s")

    def _submit(self, job: _Job, queue: deque[_Job]) -> None:
        if self._closed:
            job.done(Ran(failure="dropped"))
            return
        with self._lock:
            queue.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="legacy-seam worker", daemon=True)
                self._thread.start()
            elif not self._busy:
                self._lock.notify_all()

    # --- in the thread

    def _work(self) -> None:
        while True:
            with self._lock:
                self._busy = False
                while not self._urgent and not self._jobs:
                    if self._closed:
                        return
                    self._lock.notify_all()  # whoever waits for it to settle
                    self._lock.wait()
                job = self._urgent.popleft() if self._urgent else self._jobs.popleft()
                self._busy = True
            try:
                ran = self._run(job)
            except Exception as error:
                ran = Ran(None, "exception", told(error))
            job.done(ran)

    def _run(self, job: _Job) -> Ran:
        process = self._started()
        if process is None:
            assert self._refusal is not None
            return self._refusal
        if not job.request:  # only to have it started
            return Ran()
        if job.deadline is not None and monotonic() >= job.deadline:
            return self._late()
        try:
            return ran_from(process.ask(job.request, job.deadline or monotonic() + self._deadline))
        except TooLate:
            self._stop()
            return self._late()
        except Gone:
            self._stop()
            return Ran(None, "exception", "the worker died")

    def _started(self) -> _Process | None:
        if self._process is None and monotonic() >= self._retry_at:
            process = _Process(self._candidate)
            if process.reason:
                self._refusal = Ran(None, process.reason, process.detail)
                self._retry_at = monotonic() + _RETRY
            else:
                self._process, self._ready = process, True
        return self._process

    def _stop(self) -> None:
        process, self._process, self._ready = self._process, None, False
        if process is not None:
            process.kill()

    # --- the end

    def settle(self, timeout: float) -> bool:
        """Wait until nothing waits any more."""
        end = monotonic() + timeout
        with self._lock:
            while self._jobs or self._urgent or self._busy:
                left = end - monotonic()
                if left <= 0 or self._thread is None:
                    return False
                self._lock.wait(left)
        return True

    def close(self) -> None:
        """End the process and the thread."""
        self._closed = True
        with self._lock:
            self._jobs.clear()
            self._urgent.clear()
            self._lock.notify_all()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(self._deadline + 1)
        self._stop()


def _sendable(candidate: Any) -> bytes:
    module = getattr(candidate, "__module__", None)
    if module == "__main__" and not isinstance(candidate, type) and hasattr(candidate, "__qualname__"):
        raise SeamError(
            f"The candidate {candidate.__qualname__} is part of the script that was started, which a worker does "
            "not run: put it into a module of its own."
        )
    try:
        return pickle.dumps(candidate, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise SeamError(
            f"The candidate {candidate!r:.80} cannot be sent to a worker ({told(error)}): "
            "give a function of a module, its name as 'module:function', or a LoadedModel."
        ) from None


def _flags() -> list[str]:
    """The options that this interpreter was started with: whether it writes bytecode, above all."""
    import subprocess

    found: list[str] = getattr(subprocess, "_args_from_interpreter_flags", list)()
    return found


def _interpreter() -> str:
    """The interpreter to start; where Python is embedded, `sys.executable` is something else."""
    if os.path.basename(sys.executable or "").lower().startswith(("python", "pypy")):
        return sys.executable
    return os.path.join(sys.exec_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
