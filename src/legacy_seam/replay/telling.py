"""What a worker says of its calls: many at a time, and those of which just the expected came in one message.

How far a batch is stands in memory that the process in which the calls run shares with its parent, and so does
what has not been said yet. Where that process ends before it has told of a call, its parent does; so what was done
counts as done, whatever comes next.
"""

from __future__ import annotations

import mmap
import os
import time

from legacy_seam.replay.frames import pack, write

SECONDS_BETWEEN = 0.05
"""Calls that are done are told of after so many seconds at the latest, or when the call that goes on ends."""
_ROOM = 1 << 18
"""Bytes for what has not been said yet; memory that nobody writes to costs nothing."""
_DONE, _TOLD, _HELD, _COUNTERS = 0, 1, 2, 3
_START = 8 * _COUNTERS
_monotonic = time.monotonic  # bound before the clock is replaced
_fstat = os.fstat


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
        self._shared = mmap.mmap(-1, _START + _ROOM)
        self._memory = memoryview(self._shared)
        self._counters = self._memory[:_START].cast("Q")
        self._way = _identity_of(results)
        self._between = 0.0 if one_by_one else SECONDS_BETWEEN
        self._due = 0.0

    @property
    def done(self) -> int:
        """How many of these calls were dealt with, in whichever process."""
        return self._counters[_DONE]

    def begun(self, process: int) -> None:
        """They run in this process."""
        self._say("child", self._number, self._first, process)
        self.tell()

    def can_be_told(self) -> bool:
        """Do the results still go to the replayer? Calls may close what they never opened, or put something else in
        its place: what they gave is told by the parent then."""
        return _identity_of(self._results) == self._way

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

    def same_in_time(self) -> bool:
        """The same; and it is not yet time to tell of the calls that were done."""
        self._counters[_DONE] += 1
        return _monotonic() < self._due

    def other(self, kind: str, *what: object) -> None:
        """Of the next call came something else.

        Args:
            kind: `case` or `refused`, as the replayer knows them.
            what: which.
        """
        self._tell_same()
        done = self._counters[_DONE]
        self._say(kind, self._number, self._first + done, *what)
        self._counters[_DONE] = self._counters[_TOLD] = done + 1

    def tell(self) -> None:
        """Tell of all calls that were done and not yet told of."""
        self._tell_same()
        held = self._counters[_HELD]
        if held:
            self._counters[_HELD] = 0
            write(self._results, self._memory[_START : _START + held])

    def _tell_same(self) -> None:
        done, told = self._counters[_DONE], self._counters[_TOLD]
        if done > told:
            self._say("same", self._number, self._first + told, done - told)
            self._counters[_TOLD] = done

    def ended(self, status: int) -> None:
        """The next call was the end of its process."""
        done = self._counters[_DONE]
        self._say("ended", self._number, self._first + done, status)
        self._counters[_DONE] = self._counters[_TOLD] = done + 1
        self.tell()

    def _say(self, *message: object) -> None:
        said = pack(message, self._seal)
        if self._counters[_HELD] + len(said) > _ROOM:
            self.tell()
        if len(said) > _ROOM:
            write(self._results, memoryview(said))
            return
        start = _START + self._counters[_HELD]
        self._memory[start : start + len(said)] = said
        self._counters[_HELD] += len(said)

    def close(self) -> None:
        """Let go of the memory."""
        self._counters.release()
        self._memory.release()
        self._shared.close()


def _identity_of(descriptor: int) -> tuple[int, int] | None:
    try:
        found = _fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
