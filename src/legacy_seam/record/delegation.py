"""What a generator passes on from another to which it delegates (`yield from`), where the interpreter tells.

Nothing can be put between the two without the program seeing it. From Python 3.12 on, the interpreter itself
reports each `yield` of a code object that is watched, those that are passed on included. The report is asked for
generators that delegate only, and is given up at each place where nobody is interested: from then on it costs
nothing there. What is sent or thrown into a generator while it delegates is not seen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

_NAME = "legacy-seam"
_FREE_FOR_ALL = (4, 3)
"""Numbers of tools that no kind of tool has a claim to."""


class Delegations:
    """Watches generators that delegate."""

    def __init__(self) -> None:
        self._watched: dict[int, tuple[CodeType, Callable[[int, object], bool]]] = {}
        self._tool: int | None = None

    @property
    def are_seen(self) -> bool:
        """Can what is passed on be seen here?"""
        return self._start() is not None

    def watch(self, code: CodeType, passed_on: Callable[[int, object], bool]) -> None:
        """From now on, see what is passed on by a code object.

        Args:
            code: the body of a generator.
            passed_on: called with the `id` of its frame and what it yields; says whether that call is looked at.
        """
        tool = self._start()
        if tool is not None:
            self._watched[id(code)] = code, passed_on
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined]
            monitoring.set_local_events(tool, code, monitoring.events.PY_YIELD)

    def stop(self) -> None:
        """See no more."""
        if self._tool is not None:
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined]
            monitoring.register_callback(self._tool, monitoring.events.PY_YIELD, None)
            monitoring.free_tool_id(self._tool)
            self._tool = None

    def _start(self) -> int | None:
        if self._tool is None and sys.version_info >= (3, 12):
            monitoring: Any = sys.monitoring
            for tool in _FREE_FOR_ALL:
                if monitoring.get_tool(tool) is None:
                    monitoring.use_tool_id(tool, _NAME)
                    monitoring.register_callback(tool, monitoring.events.PY_YIELD, self._yields)
                    self._tool = tool
                    break
        return self._tool

    def _yields(self, code: CodeType, offset: int, value: object) -> Any:
        try:
            watched = self._watched.get(id(code))
            if watched is not None and watched[1](id(sys._getframe(1)), value):
                return None
        except Exception:  # the recorder's own trouble is never the program's
            return None
        return sys.monitoring.DISABLE  # type: ignore[attr-defined]
