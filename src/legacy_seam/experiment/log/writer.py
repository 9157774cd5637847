"""Writing aside: callers put observations into a bounded queue and go on; one thread writes them in batches.

What cannot be written is tried again, less and less often. Nothing that goes wrong here reaches a caller: when the
queue is full, what comes is dropped, and counted.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.forks import renew_after_fork
from legacy_seam.experiment.log.rows import Row, RowMaker
from legacy_seam.experiment.observation import Observation

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 5.0
_FAREWELL = 1.0
"""Seconds for what is still waiting when the program ends."""


class RowRefused(Exception):
    """A row that the database will never take."""


class Database(Protocol):
    """Where rows go. Used by one thread."""

    def write(self, rows: list[Row]) -> None:
        """Write all rows, or none; rows that are there already (by id) are left as they are.

        Raises:
            RowRefused: One of them will never be taken.
            Exception: It cannot be written now.
        """

    def forget(self) -> None:
        """Leave the connection to the parent process, without closing it."""

    def close(self) -> None:
        """End the connection."""


class Writer:
    """The queue and the thread.

    Args:
        database: Where rows go.
        maker: Makes rows.
        capacity: How many observations may wait.
        batch: How many rows are written at once.
        interval: Seconds after which fewer are written too.
    """

    def __init__(self, database: Database, maker: RowMaker, capacity: int, batch: int, interval: float) -> None:
        self._database, self._maker = database, maker
        self._capacity, self._batch, self._interval = capacity, batch, interval
        self._begin()
        renew_after_fork(self)
        farewell = weakref.WeakMethod(self.close)
        atexit.register(lambda: (close := farewell()) is not None and close(_FAREWELL))

    def _begin(self) -> None:
        self._waiting: deque[Observation] = deque()
        self._rows: list[Row] = []
        self._state = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self._closing = False
        self._flushing = self._busy = False
        self.written = self.dropped = self.refused = self.failures = 0
        self.error = ""

    def after_fork(self) -> None:
        """What waited is the parent's to write; so is its connection."""
        self._database.forget()
        self._maker.renew()
        self._begin()

    def put(self, observation: Observation) -> None:
        """Accept an observation. Takes no longer, whatever the database does."""
        waiting = self._waiting
        if self._closing or len(waiting) + len(self._rows) >= self._capacity:
            with self._state:
                self.dropped += 1
            return
        waiting.append(observation)
        if self._thread is None:
            self._start()
        elif len(waiting) == self._batch:
            with self._state:
                self._state.notify_all()

    @property
    def waiting(self) -> int:
        """How many are not written yet; one at least while the thread is at it."""
        return len(self._waiting) + len(self._rows) or int(self._busy)

    def _start(self) -> None:
        with self._state:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._work, name="legacy-seam log", daemon=True)
                self._thread.start()

    # --- in the thread

    def _work(self) -> None:
        wait = 0.0
        while True:
            with self._state:
                if wait:
                    self._state.wait(wait)
                elif not self._closing and not self._flushing and len(self._waiting) < self._batch:
                    self._state.wait(self._interval)
                self._busy = True
            wait = self._write_all(wait)
            with self._state:
                self._busy = False
                if not wait and not self._waiting and not self._rows:
                    self._flushing = False
                    self._state.notify_all()
                if self._closing and (wait or not (self._waiting or self._rows)):
                    self.dropped += len(self._waiting) + len(self._rows)
                    self._waiting.clear()
                    self._rows = []
                    self._thread = None
                    self._state.notify_all()
                    break
        self._quietly(self._database.close)

    def _write_all(self, wait: float) -> float:
        """Write what waits; gives how long to wait before trying again, 0 if nothing is left."""
        while self._rows or self._waiting:
            if not self._rows:
                self._take()
            try:
                self._database.write(self._rows)
            except RowRefused:
                self._write_one_by_one()
            except Exception as error:
                self.failures += 1
                self.error = told(error)
                return min(wait * 2 or _FIRST_WAIT, _LONGEST_WAIT)
            else:
                self.written += len(self._rows)
            self._rows = []
            wait = 0.0
        return 0.0

    def _take(self) -> None:
        for _ in range(min(self._batch, len(self._waiting))):
            observation = self._waiting.popleft()
            try:
                self._rows.append(self._maker.row(observation))
            except Exception as error:
                self.refused += 1
                self.error = told(error)

    def _write_one_by_one(self) -> None:
        for row in self._rows:
            try:
                self._database.write([row])
                self.written += 1
            except Exception as error:
                self.refused += 1
                self.error = told(error)

    def _quietly(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            self.error = told(error)

    # --- the end

    def flush(self, timeout: float) -> bool:
        """Wait until all that was accepted is written; whether that came about."""
        end = monotonic() + timeout
        with self._state:
            while self.waiting:
                if self._thread is None or monotonic() >= end:
                    return False
                self._flushing = True
                self._state.notify_all()
                self._state.wait(min(0.05, max(0.0, end - monotonic())))
        return True

    def close(self, timeout: float) -> None:
        """Write what waits, if that is possible within `timeout` seconds, and end the thread."""
        self.flush(timeout)
        with self._state:
            self._closing = True
            thread = self._thread
            self._state.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
