"""What a worker says of its calls. Those of which just the expected came are told many at a time.

How far a batch is stands in memory that the process in which the calls run shares with its parent. Where that
process ends before it has told of a call, its parent does; so what was done counts as done, whatever comes next.
"""

from __future__ import annotations

import mmap
import time

from legacy_seam.replay.frames import send

SECONDS_BETWEEN = 0.05
"""Calls that are done are told of after so many seconds at the latest, or when the call that goes on ends."""
_DONE, _TOLD, _COUNTERS = 0, 1, 2
_monotonic = time.monotonic  # bound before the clock is replaced


class Telling:
    """Tells of the calls of one batch that run in one process, in their order.

    Args:
        results: file descriptor to write to.
        seal: what each message begins with.
        number: that of the batch.
        first: the index of the first of these calls in the batch.
        one_by_one: tell of each call at once.
    """

    def __init__(self, results: int, seal: bytes, number: int, first: int, one_by_one: bool) -> None:
        self._results, self._seal = results, seal
        self._number, self._first = number, first
        self._shared = mmap.mmap(-1, 8 * _COUNTERS)
        self._counters = memoryview(self._shared).cast("Q")
        self._between = 0.0 if one_by_one else SECONDS_BETWEEN
        self._due = 0.0

    @property
    def done(self) -> int:
        """How many of these calls were dealt with, in whichever process."""
        return self._counters[_DONE]

    def begun(self, process: int) -> None:
        """They run in this process."""
        self._say("child", self._number, self._first, process)

    def is_due(self) -> bool:
        """Has some time passed since this was last so?"""
        now = _monotonic()
        if now < self._due:
            return False
        self._due = now + self._between
        return True

    def same(self) -> None:
        """Of the next call came just what was expected."""
        self._counters[_DONE] += 1

    def other(self, kind: str, *what: object) -> None:
        """Of the next call came something else.

        Args:
            kind: `case` or `refused`, as the replayer knows them.
            what: which.
        """
        self.tell()
        done = self._counters[_DONE]
        self._say(kind, self._number, self._first + done, *what)
        self._counters[_DONE] = self._counters[_TOLD] = done + 1

    def tell(self) -> None:
        """Tell of all calls that were done and not yet told of."""
        done, told = self._counters[_DONE], self._counters[_TOLD]
        if done > told:
            self._say("same", self._number, self._first + told, done - told)
            self._counters[_TOLD] = done

    def ended(self, status: int) -> None:
        """The next call was the end of its process."""
        done = self._counters[_DONE]
        self._say("ended", self._number, self._first + done, status)
        self._counters[_DONE] = self._counters[_TOLD] = done + 1

    def _say(self, *message: object) -> None:
        send(self._results, message, self._seal)

    def close(self) -> None:
        """Let go of the memory."""
        self._counters.release()
        self._shared.close()
