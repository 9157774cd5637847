"""Where in the project something happened: the innermost frame of the project's own code."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Sequence

OUTSIDE = "outside the project"
_INSTALLED = ("/site-packages/", "/dist-packages/")
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/"
"""Where we lie: never the project's, though a directory on PYTHONPATH may hold us both."""


class Sites:
    """Tells places in the code of the project, relative to the directories it is imported from.

    Args:
        roots: those directories, absolute, that of the project first. Of the others those that libraries were
            installed into do not count.

    >>> Sites(["/home/me/shop"]).relative("/home/me/shop/rules/vat.py")
    'rules/vat.py'
    >>> Sites(["/home/me/shop"]).relative("/usr/lib/python3/json.py") is None
    True
    """

    def __init__(self, roots: Sequence[str]) -> None:
        given = [root.rstrip("/") + "/" for root in dict.fromkeys(roots)]
        ours = [*given[:1], *(root for root in given[1:] if not root.endswith(_INSTALLED))]
        self._roots = tuple(sorted(ours, key=len, reverse=True))

    def relative(self, filename: str) -> str | None:
        """The path of a source file as people know it, or None for one that is not the project's."""
        if filename.startswith(_OURS):
            return None
        for root in self._roots:
            if filename.startswith(root):
                below = filename[len(root) :]
                return None if any(part in f"/{below}" for part in _INSTALLED) else below
        return None

    def function(self, frame: types.FrameType | None = None) -> str:
        """File and function (`bureau.py, fetch_score`): stays the same when lines move."""
        found = self._innermost(frame or sys._getframe(1))
        return OUTSIDE if found is None else f"{found[0]}, {found[1].f_code.co_name}"

    def line(self, frame: types.FrameType | None = None) -> str | None:
        """File and line (`bureau.py:33`)."""
        found = self._innermost(frame or sys._getframe(1))
        return None if found is None else f"{found[0]}:{found[1].f_lineno}"

    def line_of_traceback(self, traceback: types.TracebackType | None) -> str | None:
        """File and line where an exception was raised, or passed last in the project's code."""
        site = None
        while traceback is not None:
            name = self.relative(traceback.tb_frame.f_code.co_filename)
            site = f"{name}:{traceback.tb_lineno}" if name else site
            traceback = traceback.tb_next
        return site

    def _innermost(self, start: types.FrameType) -> tuple[str, types.FrameType] | None:
        frame: types.FrameType | None = start
        while frame is not None:
            name = self.relative(frame.f_code.co_filename)
            if name is not None:
                return name, frame
            frame = frame.f_back
        return None
