"""Which lines of some files a call runs, and how many steps it takes."""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Collection
from typing import Any


class Watch:
    """Watches one call; used as a context manager, as often as parts of it run.

    Args:
        files: the files whose lines count.

    lines: by file; steps: how many lines were run, counting each time; functions: by file, the names of those that
    were called, with the lines on which they begin.
    """

    def __init__(self, files: Collection[str]) -> None:
        self.lines: dict[str, set[int]] = {file: set() for file in files}
        self.functions: dict[str, set[tuple[str, int]]] = {file: set() for file in files}
        self.steps = 0

    def __enter__(self) -> Watch:
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # takes it away

    def _enter(self, frame: types.FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        lines = self.lines.get(code.co_filename)
        if lines is None:
            return None
        self.functions[code.co_filename].add((code.co_qualname, code.co_firstlineno))
        add = lines.add

        def step(frame: types.FrameType, event: str, argument: object) -> Any:
            if event == "line":
                add(frame.f_lineno)
                self.steps += 1
            return step

        return step
