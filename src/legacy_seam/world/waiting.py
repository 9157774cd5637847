"""Waiting without time passing: sleeping, waiting for events, for other threads, for files to be ready.

Time is a thing that passes only when all threads wait. Then the one whose wait ends first goes on, and the clock is
moved to that moment. So nothing is waited for in earnest, and threads that sleep come in the order in which they
would have come, the same each time.

A thread may also stand still where we do not see it (in the lock of a C extension, say). Where nothing happens and
nothing is computed for a while, it is taken to wait, too.

Where all threads wait without a limit, and no alarm is set, the call waits for ever: that is told at once.
"""

from __future__ import annotations

import _thread
import contextlib
import select
import selectors
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from legacy_seam.world.alarms import WaitsForEver
from legacy_seam.world.clock import Clock
from legacy_seam.world.substitution import Replacement

_SLICE = 0.002
_PATIENCE = 0.2
_IDLE_SHARE = 0.2
"""A process that computes for less than this share of the time does nothing that is worth waiting for."""
_FOR_EVER = float("inf")
_monotonic, _process_time, _sleep_really = time.monotonic, time.process_time, time.sleep
_join_really = threading.Thread.join


@dataclass(eq=False, slots=True)
class _Wait:
    """One thread that waits: until when, in which case, and whether what it waits for is there already."""

    until_ns: float
    case: int
    is_over: Callable[[], bool]


class Waiting:
    """Lets the threads of a process wait by a clock that stands still.

    Args:
        clock: that clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._guard = _thread.allocate_lock()
        self._waits: list[_Wait] = []
        self._left_behind = 0
        self._starting = 0
        self._case = 0
        self._changes = 0

    def begin(self) -> None:
        """Another call begins: threads that an earlier one left behind wait for ever."""
        self._case += 1

    def wait(
        self, seconds: float | None, came: Callable[[float], bool], is_over: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait until something comes, or time is up; did it come?

        Args:
            seconds: how long, in the program's time; None without a limit.
            came: waits for so many real seconds at most and tells whether it came.
            is_over: tells at once whether what is waited for is there.

        Raises:
            WaitsForEver: where it cannot come.
        """
        if came(0):
            return True
        if not (_thread._count() or self._starting):
            if seconds is None:
                return self._until_alarms_bring_it(came)
            self._clock.skip(seconds)
            return False
        until = _FOR_EVER if seconds is None else self._clock.forward_ns() + round(seconds * 1e9)
        return self._wait_among_others(_Wait(until, self._case, is_over), came)

    def _until_alarms_bring_it(self, came: Callable[[float], bool]) -> bool:
        """Nobody but an alarm of its own can wake the one thread that there is."""
        while self._clock.skip_to_alarm():
            if came(0):
                return True
        if came(_PATIENCE):  # a thread that ends is not counted for a moment before it can be joined
            return True
        raise WaitsForEver

    def until_threads_end(self, most: float) -> None:
        """Let threads that the call started come to their end: their output is the call's.

        Args:
            most: real seconds that this may take.
        """
        if not _thread._count():
            return
        until = _monotonic() + most
        for thread in threading.enumerate():
            if thread is threading.current_thread() or thread.daemon:
                continue

            def came(seconds: float, thread: threading.Thread = thread) -> bool:
                _join_really(thread, max(seconds, 0))
                return not thread.is_alive() or _monotonic() > until

            wait = _Wait(_FOR_EVER, self._case, lambda thread=thread: not thread.is_alive())  # type: ignore[misc]
            if not came(0):
                with contextlib.suppress(WaitsForEver):  # the thread does, and the call has ended
                    self._wait_among_others(wait, came)

    def _wait_among_others(self, wait: _Wait, came: Callable[[float], bool]) -> bool:
        self._enter(wait)
        stuck = _Stuck()
        try:
            while not came(_SLICE):
                if wait.case != self._case:
                    self._stay_behind(came)
                elif self._is_next(wait, is_stuck=stuck.since(self._changes)):
                    if came(0):
                        return True
                    self._clock.skip(max(wait.until_ns - self._clock.forward_ns(), 0) / 1e9)
                    return False
                elif self._all_wait_for_ever() and not came(0) and not self._clock.skip_to_alarm():
                    if came(_PATIENCE):
                        return True
                    if self._all_wait_for_ever():
                        raise WaitsForEver
            return True
        finally:
            self._leave(wait)

    def _enter(self, wait: _Wait) -> None:
        with self._guard:
            self._changes += 1
            self._waits.append(wait)

    def _leave(self, wait: _Wait) -> None:
        with self._guard:
            self._changes += 1
            self._waits.remove(wait)

    def _is_next(self, wait: _Wait, *, is_stuck: bool) -> bool:
        """Do all threads wait, and is this the wait that ends first?"""
        if wait.until_ns <= self._clock.forward_ns():
            return True
        with self._guard:
            waits = [other for other in self._waits if other.case == self._case]
        if self._starting or any(other.is_over() for other in waits):
            return False
        if len(waits) < _thread._count() + 1 - self._left_behind and not is_stuck:
            return False
        first = min(waits, key=lambda other: other.until_ns)
        return first is wait and wait.until_ns < _FOR_EVER

    def _all_wait_for_ever(self) -> bool:
        """Does nothing go on any more? Only the main thread is told: signals reach it alone."""
        if threading.current_thread() is not threading.main_thread():
            return False
        with self._guard:
            waits = [other for other in self._waits if other.case == self._case]
        return (
            not self._starting
            and len(waits) >= _thread._count() + 1 - self._left_behind
            and all(other.until_ns == _FOR_EVER and not other.is_over() for other in waits)
        )

    def _stay_behind(self, came: Callable[[float], bool]) -> None:
        """The call of this thread has ended long ago: it is not to see, or to change, anything of later ones."""
        self._left_behind += 1
        try:
            while not came(_PATIENCE):
                _sleep_really(_PATIENCE)
        finally:
            self._left_behind -= 1

    # --- what is put in place of what -----------------------------------------------------------------------

    def replacements(self) -> list[Replacement]:
        """What to put in place of what: (module or class, name in it, function)."""
        return [
            (time, "sleep", self._sleep),
            (threading.Condition, "wait", self._condition_wait()),
            (threading.Thread, "start", self._thread_start()),
            (threading.Thread, "join", self._thread_join()),
            (select, "select", self._select()),
            (selectors, "DefaultSelector", self._selector(selectors.DefaultSelector)),
        ]

    def _sleep(self, seconds: Any, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")

        def came(real: float) -> bool:
            if real > 0:
                _sleep_really(real)
            return False

        self.wait(seconds, came)

    def _condition_wait(self) -> Callable[..., bool]:
        waiting = self

        def wait(self: Any, timeout: float | None = None) -> bool:
            if not self._is_owned():
                raise RuntimeError("cannot wait on un-acquired lock")
            waiter = _thread.allocate_lock()
            waiter.acquire()
            self._waiters.append(waiter)
            held = self._release_save()
            got = False
            try:
                got = waiting.wait(
                    timeout, lambda real: _acquire(waiter, real), lambda: waiter not in self._waiters
                )
                return got
            finally:
                self._acquire_restore(held)
                if not got and waiter in self._waiters:
                    self._waiters.remove(waiter)

        return wait

    def _thread_start(self) -> Callable[[threading.Thread], None]:
        """A thread that is being started does not count as one yet, and whoever starts it waits for it."""
        start_really = threading.Thread.start

        def start(thread: threading.Thread) -> None:
            with self._guard:
                self._starting += 1
            try:
                start_really(thread)
            finally:
                with self._guard:
                    self._starting -= 1

        return start

    def _thread_join(self) -> Callable[..., None]:
        def join(thread: threading.Thread, timeout: float | None = None) -> None:
            def came(real: float) -> bool:
                _join_really(thread, real)
                return not thread.is_alive()

            self.wait(timeout if timeout is None else max(timeout, 0), came, lambda: not thread.is_alive())

        return join

    def _select(self) -> Callable[..., Any]:
        real_select = select.select

        def select_(reading: Any, writing: Any, failing: Any, timeout: float | None = None, /) -> Any:
            asked = list(reading), list(writing), list(failing)
            found: list[Any] = [real_select(*asked, 0)]

            def came(real: float) -> bool:
                found[0] = real_select(*asked, real)
                return any(found[0])

            if timeout is None or timeout > 0:
                self.wait(timeout, came, lambda: any(real_select(*asked, 0)))
            return found[0]

        return select_

    def _selector(self, base: type[Any]) -> type[Any]:
        """A selector that lets the clock skip where an event loop would wait for it."""
        waiting = self

        class ImpatientSelector(base):  # type: ignore[misc]
            def select(self, timeout: float | None = None) -> Any:
                real_select = super().select
                if timeout is not None and timeout <= 0:
                    return real_select(0)
                found: list[Any] = [[]]

                def came(real: float) -> bool:
                    found[0] = real_select(real)
                    return bool(found[0])

                waiting.wait(timeout, came, lambda: bool(real_select(0)))
                return found[0]

        return ImpatientSelector


class _Stuck:
    """Tells whether for a while nothing has changed and nothing was computed."""

    def __init__(self) -> None:
        self._changes = -1
        self._real = self._computed = 0.0

    def since(self, changes: int) -> bool:
        """Is it so, given how many changes there were?"""
        now = _monotonic()
        if changes != self._changes:
            self._changes, self._real, self._computed = changes, now, _process_time()
            return False
        if now - self._real < _PATIENCE:
            return False
        computed = _process_time() - self._computed
        if computed < _IDLE_SHARE * (now - self._real):
            return True
        self._real, self._computed = now, _process_time()
        return False


def _acquire(lock: Any, real: float) -> bool:
    taken: bool = lock.acquire(timeout=real) if real else lock.acquire(blocking=False)
    return taken
