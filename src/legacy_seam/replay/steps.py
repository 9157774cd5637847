"""Which steps the program's code takes, from one line to the next: what a report on coverage is made of.

A step is a pair of lines. Where a function begins, the first of them is its first line, made negative, and where it
ends the second is: so coverage.py writes steps down, which calls them arcs. To watch is slow: for measuring only.
"""

from __future__ import annotations

import dis
import functools
import sys
import threading
import types
from collections.abc import Callable
from typing import Any, TypeAlias

Step: TypeAlias = tuple[int, int]

_RESUME, _EXCEPTION_COMES = dis.opmap["RESUME"], dis.opmap["PUSH_EXC_INFO"]
_AFTER = 3
"""What says of a `RESUME` after what the frame goes on; none of it where a function begins."""
_TO_RESUME = 0 if sys.version_info[:2] == (3, 13) else 2
"""From where a generator says that it rests, to the instruction with which it goes on."""


class Steps:
    """Watches while it is entered; used as a context manager, as often as one likes.

    Args:
        covers: told a file; do its steps count?

    >>> steps = Steps(lambda file: False)
    >>> with steps:
    ...     pass
    >>> steps.take()
    {}
    """

    def __init__(self, covers: Callable[[str], bool]) -> None:
        self._covers = covers
        self._taken: dict[str, set[Step] | None] = {}

    def take(self) -> dict[str, list[Step]]:
        """The steps since this was asked last, by file."""
        found = {file: sorted(steps) for file, steps in self._taken.items() if steps}
        for steps in self._taken.values():
            if steps:
                steps.clear()
        return found

    def __enter__(self) -> Steps:
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # takes it away

    def _enter(self, frame: types.FrameType, event: str, argument: object) -> Any:
        file = frame.f_code.co_filename
        if file in self._taken:
            steps = self._taken[file]
        else:
            steps = self._taken[file] = set() if self._covers(file) else None
        return None if steps is None else _watcher(steps, frame)


def _watcher(steps: set[Step], frame: types.FrameType) -> Callable[[types.FrameType, str, object], Any]:
    """What is told of the events in one frame."""
    instructions = _instructions(frame.f_code)
    border = -frame.f_code.co_firstlineno
    goes_on = instructions[frame.f_lasti + 1] & _AFTER != 0
    before = frame.f_lineno if goes_on else border

    def watch(frame: types.FrameType, event: str, argument: object) -> Any:
        nonlocal before
        if event == "line":
            if instructions[frame.f_lasti] != _EXCEPTION_COMES:
                line = frame.f_lineno
                steps.add((before, line))
                before = line
        elif event == "return" and not _rests(instructions, frame.f_lasti):
            steps.add((before, border))
        return watch

    return watch


def _rests(instructions: bytes, at: int) -> bool:
    """Does a frame that is left there go on some time?"""
    return len(instructions) > at + 2 and instructions[at + _TO_RESUME] == _RESUME


@functools.cache
def _instructions(code: types.CodeType) -> bytes:
    return code.co_code
