"""Where a process leaves its verdicts: memory that it shares with its parent.

Until it says something, the verdict is `NONE`. A process that dies, however it does, has said nothing of the mutant
that it was at: it is neither killed nor does it survive by default.
"""

from __future__ import annotations

import mmap

NONE, KILLED, SURVIVED, TIMEOUT, SAME_CODE, NO_CODE, UNREACHABLE, FAILED = range(8)
"""What is known of a mutant.

KILLED: a call gave something else. SURVIVED: none did. TIMEOUT: its loops ran out of fuel. SAME_CODE: it compiles
to what was there. NO_CODE: it does not compile. UNREACHABLE: no function has the code that it changes. FAILED: we
ourselves failed on it.
"""

_HEAD = 4
_AT, _CASE, _CANARY, _END = range(_HEAD)
_FINISHED, _BROKEN = 1, 2


class Board:
    """Verdicts of so many mutants.

    Args:
        mutants: how many.
    """

    def __init__(self, mutants: int) -> None:
        self._shared = mmap.mmap(-1, 8 * _HEAD + max(mutants, 1))
        self._head = memoryview(self._shared)[: 8 * _HEAD].cast("Q")
        self._verdicts = memoryview(self._shared)[8 * _HEAD :]

    @property
    def at(self) -> int:
        """The mutant that is being tried."""
        return self._head[_AT]

    @at.setter
    def at(self, number: int) -> None:
        self._head[_AT] = number

    @property
    def case(self) -> int:
        """The case that is being replayed."""
        return self._head[_CASE]

    @case.setter
    def case(self, number: int) -> None:
        self._head[_CASE] = number

    @property
    def canary_lives(self) -> bool:
        """Does the original still give what it gave, after all mutants of the process?"""
        return bool(self._head[_CANARY])

    @canary_lives.setter
    def canary_lives(self, lives: bool) -> None:
        self._head[_CANARY] = lives

    @property
    def is_finished(self) -> bool:
        """Has the process done what it was there for? If not, the program has ended it, whatever its status."""
        return self._head[_END] == _FINISHED

    @property
    def is_broken(self) -> bool:
        """Have we ourselves failed in the process?"""
        return self._head[_END] == _BROKEN

    def finish(self, *, is_broken: bool = False) -> None:
        """Note that the process is at its end, by our doing."""
        self._head[_END] = _BROKEN if is_broken else _FINISHED

    def __getitem__(self, number: int) -> int:
        return self._verdicts[number]

    def __setitem__(self, number: int, verdict: int) -> None:
        self._verdicts[number] = verdict

    def close(self) -> None:
        """Let go of the memory."""
        self._head.release()
        self._verdicts.release()
        self._shared.close()
