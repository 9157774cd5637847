"""Which branches a call takes, cheaply enough to ask it of every call of a search.

A branch is a number: the code object it is in, where it leaves and where it goes. From Python 3.12 on the
interpreter itself tells of branches (`sys.monitoring`); before that, of lines, and a branch is the step from one
line to another. Numbers hold for one interpreter and one text of the program: they are good for comparing only.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from typing import Any, Protocol

_BITS = 20
_MOST = (1 << _BITS) - 1
FIRST_BRANCH = 1 << 2 * _BITS
"""No branch has a lesser number."""
_TOOL = 4
_NAME = "legacy-seam explore"


class Branches(Protocol):
    """What watches the branches of some code objects; used as a context manager around many calls."""

    seen: set[int]
    """The branches that were taken since this was emptied last."""

    @property
    def is_costly(self) -> bool:
        """Does it slow down all that runs meanwhile, so that it is better entered around each call?"""

    def __enter__(self) -> Branches: ...

    def __exit__(self, *failure: object) -> None: ...

    def line(self, branch: int) -> int:
        """The line that a branch goes to."""


def branches_of(codes: Iterable[types.CodeType], seen: set[int] | None = None) -> Branches:
    """What watches the branches of some code objects, by the best means that this interpreter has.

    Args:
        codes: the code objects.
        seen: where branches are put that are taken.
    """
    held = set() if seen is None else seen
    return _Monitored(codes, held) if sys.version_info >= (3, 12) else _Traced(codes, held)


class _Traced:
    """By `sys.settrace`, line by line."""

    is_costly = True

    def __init__(self, codes: Iterable[types.CodeType], seen: set[int]) -> None:
        self.seen = seen
        self._steps = {code: self._step_in(number) for number, code in enumerate(codes, 1)}

    def __enter__(self) -> Branches:
        sys.settrace(self._enter)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.settrace(None)

    def line(self, branch: int) -> int:
        return branch & _MOST

    def _enter(self, frame: types.FrameType, event: str, argument: object) -> Any:
        begin = self._steps.get(frame.f_code)
        return None if begin is None else begin(frame)

    def _step_in(self, number: int) -> Callable[[types.FrameType], Any]:
        head = number << 2 * _BITS

        def begin(frame: types.FrameType) -> Any:
            seen, before = self.seen, 0

            def step(frame: types.FrameType, event: str, argument: object) -> Any:
                nonlocal before
                if event == "line":
                    line = frame.f_lineno
                    seen.add(head | before << _BITS | line)
                    before = line
                return step

            return step

        return begin


class _Monitored:
    """By `sys.monitoring`."""

    is_costly = False

    def __init__(self, codes: Iterable[types.CodeType], seen: set[int]) -> None:
        self.seen = seen
        self._heads = {code: number << 2 * _BITS for number, code in enumerate(codes, 1)}
        self._codes = {head >> 2 * _BITS: code for code, head in self._heads.items()}

    def __enter__(self) -> Branches:
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            monitoring.use_tool_id(_TOOL, _NAME)
            monitoring.register_callback(_TOOL, monitoring.events.BRANCH, self._branch)
            monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._start)
            for code in self._heads:
                monitoring.set_local_events(_TOOL, code, monitoring.events.BRANCH | monitoring.events.PY_START)
        return self

    def __exit__(self, *failure: object) -> None:
        if sys.version_info >= (3, 12):
            for code in self._heads:
                sys.monitoring.set_local_events(_TOOL, code, 0)
            sys.monitoring.free_tool_id(_TOOL)

    def line(self, branch: int) -> int:
        code, there = self._codes[branch >> 2 * _BITS], branch & _MOST
        lines = (line for start, end, line in code.co_lines() if start <= there < end and line)
        return next(lines, code.co_firstlineno)

    def _branch(self, code: types.CodeType, here: int, there: int) -> None:
        self.seen.add(self._heads[code] | here << _BITS | there)

    def _start(self, code: types.CodeType, here: int) -> None:
        self.seen.add(self._heads[code] | here)
