"""What files tell of themselves: their times by the clock of the replay, their numbers in the order of asking."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

_BLOCK = 512


class FileStatuses:
    """The statuses of files, the same in every replay.

    Args:
        first_ns: the moment at which the clock stood when the call began.
        now_ns: the moment at which it stands.
        real_ns: what the clock of this machine says.
        sizes: those of files whose content was not kept, by the numbers of their device and inode.
    """

    def __init__(
        self,
        first_ns: Callable[[], int],
        now_ns: Callable[[], int],
        real_ns: Callable[[], int],
        sizes: Callable[[], dict[tuple[int, int], int]] = dict,
    ) -> None:
        self.sizes = sizes
        self._first_ns = first_ns
        self._now_ns = now_ns
        self._real_ns = real_ns
        self._began_ns = time.time_ns()
        self._numbers: dict[tuple[int, int], int] = {}

    def begin(self) -> None:
        """Another call begins: files are numbered anew."""
        self._numbers.clear()

    def is_of_now(self, moment: int) -> bool:
        """Is this a moment at which the present call ran, by its own clock or by that of this machine?"""
        return self._first_ns() <= moment <= self._now_ns() or self._began_ns <= moment <= self._real_ns()

    def told(self, found: os.stat_result, stamp: Callable[..., None]) -> os.stat_result:
        """The same without what differs from one replay to the next.

        Args:
            found: what the system says.
            stamp: puts other times to the file.
        """
        changed = found.st_mtime_ns
        if self._began_ns <= changed <= self._real_ns():  # written meanwhile: by the clock of this machine
            changed = self._now_ns()
            with contextlib.suppress(OSError):
                stamp(ns=(changed, changed))
        size = found.st_size or self.sizes().get((found.st_dev, found.st_ino), 0)
        number = self._numbers.setdefault((found.st_dev, found.st_ino), len(self._numbers) + 1)
        seconds, exact = changed // 10**9, changed / 10**9
        plain = (found.st_mode, number, 1, found.st_nlink, found.st_uid, found.st_gid, size)
        more = {
            **dict.fromkeys(("st_atime", "st_mtime", "st_ctime"), exact),
            **dict.fromkeys(("st_atime_ns", "st_mtime_ns", "st_ctime_ns"), changed),
            "st_blksize": 4096,
            "st_blocks": -(-size // _BLOCK),
            "st_rdev": found.st_rdev,
        }
        return os.stat_result((*plain, seconds, seconds, seconds), more)
