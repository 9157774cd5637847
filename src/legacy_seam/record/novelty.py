"""Lines of learnt functions that no call had reached before: Python itself tells of them, from 3.12 on.

A learnt function is looked at now and then only, so a rare branch would mostly be taken unseen. `sys.monitoring`
tells of each line once, at the price of one call, and costs nothing afterwards. A line that is reached for the
first time in a call that was only counted wakes the function up: the next calls are looked at. That call itself is
gone, its inputs were not written down; so the line goes on being told of until it is reached in a call that is
looked at.

What shows in no line (another type of result; on 3.11, which has no `sys.monitoring`, everything) is noticed
at the next look: the pauses between looks double from 256 calls to 65,536.
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legacy_seam.record.sites import Site

_TOOLS = (4, 3)
"""Numbers that `sys.monitoring` has for tools without a name of their own."""
_MOST_ALARMS = 20
"""Of one function: so often a line that is reached unseen wakes it up."""


class Novelty:
    """Wakes up learnt functions when something happens in them for the first time."""

    def __init__(self) -> None:
        self._sites: dict[int, Site] = {}
        self._monitoring: Any = getattr(sys, "monitoring", None)
        self._tool: int | None = None
        self._disable: object = None

    def watch(self, site: Site) -> None:
        """From now on, tell this function of lines that it never reached before."""
        if self._monitoring is None or site.code is None:
            return
        try:
            if self._tool is None and not self._begin():
                self._monitoring = None
                return
            self._sites[id(site.code)] = site
            self._monitoring.set_local_events(self._tool, site.code, self._monitoring.events.LINE)
        except Exception:  # another tool is in the way: the function is looked at now and then, as ever
            self._sites.pop(id(site.code), None)

    def stop(self) -> None:
        """Tell of nothing any more."""
        if self._tool is None:
            return
        tool, self._tool = self._tool, None
        for site in self._sites.values():
            self._monitoring.set_local_events(tool, site.code, 0)
        self._monitoring.register_callback(tool, self._monitoring.events.LINE, None)
        self._monitoring.free_tool_id(tool)
        self._monitoring = None
        self._sites.clear()

    def _begin(self) -> bool:
        for tool in _TOOLS:
            if self._monitoring.get_tool(tool) is None:
                self._monitoring.use_tool_id(tool, "legacy-seam")
                self._monitoring.register_callback(tool, self._monitoring.events.LINE, self._line)
                self._tool, self._disable = tool, self._monitoring.DISABLE
                return True
        return False

    def _line(self, code: CodeType, line: int) -> object:
        """A line is about to be run; gives what has it told of no more, or None."""
        try:
            site = self._sites.get(id(code))
            if site is not None and site.reaches(line):
                return None
        except Exception:  # the recorder's own trouble is never the program's
            return self._disable
        return self._disable


class Lines:
    """The lines of one function that were reached.

    >>> lines = Lines()
    >>> lines.reach(7, is_seen=True), lines.reach(8, is_seen=False), lines.reach(7, is_seen=False)
    (False, True, False)
    >>> lines.reach(8, is_seen=True), lines.reach(8, is_seen=False)
    (False, False)
    """

    __slots__ = ("_alarms", "_seen")

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._alarms = 0

    def reach(self, line: int, *, is_seen: bool) -> bool:
        """A line is reached in a call that is looked at, or in one that is only counted. Is that news?"""
        if is_seen:
            self._seen.add(line)
            return False
        if line in self._seen or self._alarms >= _MOST_ALARMS:
            return False
        self._alarms += 1
        return True
