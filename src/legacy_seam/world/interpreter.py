"""What belongs to the interpreter as a whole and outlives a call: put back before each one."""

from __future__ import annotations

import _locale
import os
import signal
import sys
import time
from typing import Any

from legacy_seam.world.sites import Sites


class Interpreter:
    """Working directory, environment, locale, decimal context, arguments, search path, timers, loaded modules.

    Args:
        directory: the working directory of every call.
        sites: tells which modules are the project's.
    """

    def __init__(self, directory: str, sites: Sites) -> None:
        self.recursion_limit = sys.getrecursionlimit()
        self._directory = directory
        self._sites = sites
        self._environment: dict[bytes, bytes] = {}
        self._locale = ""
        self._arguments: list[str] = []
        self._path: list[str] = []
        self._modules: set[str] = set()
        self._mask = 0o022
        self._decimal: Any = None

    def baseline(self) -> None:
        """Take all of it as it is now, after the import, for that of every call."""
        self.recursion_limit = sys.getrecursionlimit()
        self._environment = dict(os.environ._data)  # type: ignore[attr-defined]
        self._locale = _locale.setlocale(_locale.LC_ALL)
        self._arguments, self._path = list(sys.argv), list(sys.path)
        self._modules = set(sys.modules)
        self._mask = os.umask(0o022)
        os.umask(self._mask)
        decimal = sys.modules.get("decimal")
        self._decimal = decimal.getcontext().copy() if decimal is not None else None

    def put_back(self) -> None:
        """Put all of it back."""
        os.chdir(self._directory)
        os.umask(self._mask)
        if os.environ._data != self._environment:  # type: ignore[attr-defined]
            os.environb.clear()
            os.environb.update(self._environment)
            time.tzset()
        if _locale.setlocale(_locale.LC_ALL) != self._locale:
            _locale.setlocale(_locale.LC_ALL, self._locale)
        if sys.argv != self._arguments:
            sys.argv = list(self._arguments)
        if sys.path != self._path:
            sys.path[:] = self._path
        signal.setitimer(signal.ITIMER_REAL, 0)
        decimal = sys.modules.get("decimal")
        if decimal is not None:
            decimal.setcontext(decimal.DefaultContext.copy() if self._decimal is None else self._decimal.copy())
        if len(sys.modules) != len(self._modules):
            self._forget_modules()

    def _forget_modules(self) -> None:
        """Forget modules of the project that a call imported: what their import does is part of each call."""
        for name in [name for name in sys.modules if name not in self._modules]:
            file = getattr(sys.modules[name], "__file__", None)
            if isinstance(file, str) and self._sites.relative(file) is not None:
                del sys.modules[name]
                package, _, last = name.rpartition(".")
                if package in sys.modules:
                    vars(sys.modules[package]).pop(last, None)
            else:
                self._modules.add(name)
