"""The limit of recursion as the program sees and sets it, however deep we are ourselves when we call it."""

from __future__ import annotations

import sys
import types

_MARGIN = 500
"""Frames that we ourselves may need between calls."""
_get_really, _set_really = sys.getrecursionlimit, sys.setrecursionlimit


class RecursionLimit:
    """Keeps apart the frames of the program and ours; a context manager for one call.

    Attributes:
        now: the limit as the program has it.
        at_first: the limit with which each call begins.
        above: how many calls deep we ourselves are when the program is called.

    >>> limit = RecursionLimit()
    >>> with limit:
    ...     limit.set(limit.now + 50)
    >>> limit.now - limit.at_first
    50
    """

    def __init__(self) -> None:
        self.at_first = self.now = _get_really()
        self.above = 0

    def take(self) -> None:
        """Take the limit as it is now for that of every call."""
        self.at_first = self.now

    def __enter__(self) -> None:
        _set_really(self.at_first + self.above)
        self.now = self.at_first

    def __exit__(self, *failure: object) -> None:
        _set_really(self.at_first + _MARGIN)

    def get(self) -> int:
        """What the program is told of it."""
        return self.now

    def set(self, limit: int, /) -> None:
        """What the program sets it to.

        Raises:
            RecursionError, ValueError, TypeError: as `sys.setrecursionlimit`.
        """
        _set_really(limit + self.above if isinstance(limit, int) and limit > 0 else limit)
        self.now = limit

    def replacements(self) -> list[tuple[object, str, object]]:
        """What to put in place of what: (module, name of a function in it, function)."""
        return [(sys, "getrecursionlimit", self.get), (sys, "setrecursionlimit", self.set)]


def frames_above() -> int:
    """How many calls deep the caller is, itself among them."""
    frame: types.FrameType | None = sys._getframe(1)
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count
