"""Libraries that hold an SQLite database open: a call that uses one reads its file, and opens nothing.

An engine of SQLAlchemy, a model of peewee, a cache on disk connects when it is used first. A later call finds the
connection there: no event tells of a file then. So it is remembered on whose way a database was opened, and when a
call site calls anything of that library, the files of its databases count as opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from legacy_seam.boundary.rules import module_of

_NO_HOLDERS = ("sqlite3", "legacy_seam", "importlib", "runpy", "threading")


class Holders:
    """Knows which library holds which databases.

    Args:
        is_own: is this a module of the program? Its own connections are state, and recorded as such.
    """

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self._held: dict[str, dict[str, None]] = {}

    def opened(self, files: Sequence[str]) -> None:
        """A database is being opened, by whoever is at work.

        Args:
            files: it, and those that SQLite keeps beside it.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            module = frame.f_globals.get("__name__")
            if type(module) is str:
                if self._is_own(module):
                    return
                package = module.partition(".")[0]
                if package == "django":  # it says itself which calls ask a database
                    return
                if package not in _NO_HOLDERS:
                    self._held.setdefault(package, {}).update(dict.fromkeys(map(os.path.abspath, files)))
            frame = frame.f_back

    def held_by(self, callee: Any) -> Sequence[str]:
        """The files of the databases that the library of a callee holds."""
        return tuple(self._held.get(module_of(callee).partition(".")[0], ())) if self._held else ()
