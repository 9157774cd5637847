"""Which sources of nondeterminism a call reads, and where: found by watching it run.

A profile function sees each call. What reads a clock, draws a random number, hashes text or looks at the machine is
noted with the innermost line of the project that led to it. It is slow: for diagnosis only.
"""

from __future__ import annotations

import builtins
import os
import random
import sys
import threading
import time
import types
from collections.abc import Iterable
from datetime import date
from typing import Any

from legacy_seam.replay.batch import SourceRead
from legacy_seam.world.sites import Sites

_BUILT_IN: dict[int, tuple[object, str]] = {}
"""id of a built-in function -> (the function, the source it reads)."""

_BY_CODE = {
    ("uuid.py", "uuid1"): "uuid",
    ("uuid.py", "uuid4"): "uuid",
    ("uuid.py", "getnode"): "machine",
    ("secrets.py", "token_bytes"): "randomness of the system",
    ("tempfile.py", "mkstemp"): "temporary names",
    ("tempfile.py", "mkdtemp"): "temporary names",
    ("tempfile.py", "mktemp"): "temporary names",
    ("locale.py", "getlocale"): "locale",
    ("locale.py", "getdefaultlocale"): "locale",
    ("platform.py", "uname"): "machine",
    ("platform.py", "node"): "machine",
    ("getpass.py", "getuser"): "machine",
    ("clock.py", "_seconds"): "running clock",
    ("clock.py", "_nanoseconds"): "running clock",
    ("waiting.py", "_sleep"): "running clock",
    ("randomness.py", "bytes"): "randomness of the system",
    ("randomness.py", "_getrandom"): "randomness of the system",
    ("processes.py", "<lambda>"): "process",
    ("glob.py", "glob"): "order of a directory",
    ("threading.py", "start"): "order of threads",
}
_RANDOM = "random"
_ENVIRON = ("__getitem__", "__iter__", "__len__")


def _register(source: str, functions: Iterable[object]) -> None:
    for function in functions:
        if function is not None:
            _BUILT_IN[id(function)] = (function, source)


_register(
    "clock", (getattr(time, name, None) for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime"))
)
_register(
    "running clock", (getattr(time, n, None) for n in ("monotonic", "perf_counter", "process_time", "thread_time"))
)
_register("address", (builtins.id,))
_register("hash of text", (builtins.hash,))
_register("process", (os.getpid, os.getppid, threading.get_ident, threading.get_native_id))
_register("machine", (os.uname, os.cpu_count, os.getlogin, os.getloadavg, os.statvfs))
_register("working directory", (os.getcwd, os.getcwdb))
_register("order of a directory", (os.listdir, os.scandir))
_register("randomness of the system", (os.urandom, getattr(os, "getrandom", None)))
_register("file times", (os.stat, os.lstat, os.fstat))

_CLOCK_METHODS = {"now", "today", "utcnow"}


class SourceTracer:
    """Watches one call; used as a context manager.

    >>> tracer = SourceTracer(Sites([os.getcwd()]))
    >>> with tracer:
    ...     pass
    >>> tracer.reads()
    ()
    """

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._found: dict[SourceRead, None] = {}

    def reads(self) -> tuple[SourceRead, ...]:
        """What was read and where, in the order of first reading."""
        return tuple(self._found)

    def __enter__(self) -> SourceTracer:
        sys.setprofile(self._see)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.setprofile(None)

    def _see(self, frame: types.FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            source = _source_of_built_in(called)
        elif event == "call":
            source = _source_of_code(frame.f_code)
        else:
            return
        if source is not None:
            site = self._sites.line(frame)
            if site is not None and not self._is_within_another(frame if event == "c_call" else frame.f_back):
                self._found[SourceRead(source, site)] = None

    def _is_within_another(self, frame: types.FrameType | None) -> bool:
        """Is it a source that reads this one, for the project (`uuid4` reads `os.urandom`)?"""
        while frame is not None and self._sites.relative(frame.f_code.co_filename) is None:
            if _source_of_code(frame.f_code) is not None:
                return True
            frame = frame.f_back
        return False


def _source_of_built_in(called: Any) -> str | None:
    held = _BUILT_IN.get(id(called))
    if held is not None:
        return held[1]
    owner = getattr(called, "__self__", None)
    if called.__name__ in _CLOCK_METHODS and isinstance(owner, type) and issubclass(owner, date):
        return "clock"
    if isinstance(owner, random.Random):
        return _RANDOM
    module = type(owner).__module__
    if module.startswith("numpy.random"):
        return _RANDOM
    return None


def _source_of_code(code: types.CodeType) -> str | None:
    directory, _, file = code.co_filename.rpartition("/")
    if file == "random.py" and directory == _LIBRARY:
        return _RANDOM
    if file == "<frozen os>" or (file == "os.py" and directory == _LIBRARY):
        return "environment" if code.co_qualname.startswith("_Environ.") and code.co_name in _ENVIRON else None
    source = _BY_CODE.get((file, code.co_name))
    return source if source and directory in (_LIBRARY, _WORLD) else None


_LIBRARY = os.path.dirname(os.__file__)
_WORLD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "world")
