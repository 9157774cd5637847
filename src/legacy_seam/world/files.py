"""Files: which ones a call opens, as they were just before, and what it made of them.

While recording, an audit hook sees each file at the moment it is opened, before it is truncated, and puts its
content into the blobs. While replaying, those files are put back into a private directory.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import FileState

if TYPE_CHECKING:
    from pathlib import Path

    from legacy_seam.store.blobs import Blobs

LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is named in `FileObserver.oversized` and not kept."""

_MOST_IN_A_DIRECTORY = 1000
_SETTLED_NS = 100_000_000
"""A file that was changed less than this before we read it may change again without its time stamp moving."""

_SOURCE_SUFFIXES = (".py", ".pyc", ".pyo", ".pyi", ".so", ".pyd", ".pth", ".egg-link")
_SYSTEM_PREFIXES = ("/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo/", "/usr/share/locale/", "/usr/lib/locale/")
_OWN_STORE = ".legacy-seam"


class Collector:
    """The files that were opened while it stood on the stack of the thread, in the order of first opening.

    >>> observer = FileObserver(blobs, root)                              # doctest: +SKIP
    >>> files = observer.collector()                                      # doctest: +SKIP
    >>> files.push(); target(); files.pop(); files.states()               # doctest: +SKIP
    """

    __slots__ = ("_first", "_observer")

    def __init__(self, observer: FileObserver) -> None:
        self._observer = observer
        self._first: dict[str, FileState] = {}

    def push(self) -> None:
        """From now on, files opened by this thread are noted here, too."""
        self._observer.active().append(self)

    def pop(self) -> None:
        """No longer note files. Collectors pushed after this one and never popped go with it."""
        active = self._observer.active()
        if self in active:
            del active[active.index(self) :]

    def note(self, state: FileState) -> None:
        """Keep what was found at the first opening of this path."""
        self._first.setdefault(state.path, state)

    def knows(self, path: str) -> bool:
        """Was this path opened already?"""
        return path in self._first

    def states(self) -> tuple[FileState, ...]:
        """The files as they were when they were first opened. A path that ends in `/` is an empty directory."""
        return tuple(self._first.values())


class FileObserver:
    """Sees files being opened, by means of an audit hook, and keeps their content as it was before.

    Args:
        blobs: where the contents go.
        root: the working directory of the program; paths below it are written relative to it.
        limit: bytes above which a file is not kept.
        ignored: directories whose files are not noted (where the recordings go).

    What belongs to the interpreter, source files, devices and our own store are not noted. Nothing that goes wrong
    here reaches the program: it is counted in `failures`.
    """

    def __init__(self, blobs: Blobs, root: Path, limit: int = LIMIT, ignored: Sequence[Path] = ()) -> None:
        self.oversized: dict[str, int] = {}
        self.failures: dict[str, int] = {}
        self._blobs = blobs
        self._limit = limit
        self._roots = tuple(
            dict.fromkeys(r.rstrip("/") + "/" for r in (os.path.abspath(root), os.path.realpath(root)))
        )
        self._ignored = _interpreter_directories() + tuple(os.path.abspath(d).rstrip("/") + "/" for d in ignored)
        self._held: dict[str, tuple[tuple[int, ...], str]] = {}
        self._local = threading.local()

    def start(self) -> None:
        """Begin to see. The hook itself can never be removed from a process; `stop` makes it idle."""
        global _observer
        _observer = self
        _install()

    def stop(self) -> None:
        """See no more."""
        global _observer
        if _observer is self:
            _observer = None

    def collector(self) -> Collector:
        """A collector for one call (or for the import of a module); push it to begin."""
        return Collector(self)

    def active(self) -> list[Collector]:
        """The stack of collectors of the current thread."""
        try:
            stack: list[Collector] = self._local.stack
        except AttributeError:
            stack = self._local.stack = []
        return stack

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one audit event."""
        stack = self.active()
        if not stack or getattr(self._local, "busy", False):
            return
        self._local.busy = True
        try:
            for path in _TOUCHED[event](arguments):
                self._note(path, stack)
        except Exception as failure:
            name = type(failure).__name__
            self.failures[name] = self.failures.get(name, 0) + 1
        finally:
            self._local.busy = False

    def _note(self, path: str, stack: list[Collector]) -> None:
        absolute = os.path.abspath(path) + ("/" if path.endswith("/") else "")
        if self._is_ignored(absolute):
            return
        known_as = self.relative(absolute)
        if all(collector.knows(known_as) for collector in stack):
            return
        states = [self._state(absolute, known_as), *self._directory_of(absolute, known_as)]
        for state in states:
            if state is not None:
                for collector in stack:
                    collector.note(state)

    def _directory_of(self, absolute: str, known_as: str) -> list[FileState]:
        """The directory of a file that is not there: a call that makes the file depends on it."""
        above = os.path.dirname(known_as)
        if not above or os.path.lexists(absolute) or not os.path.isdir(os.path.dirname(absolute)):
            return []
        return [FileState(above.rstrip("/") + "/", None)]

    def relative(self, absolute: str) -> str:
        """A path as `FileState` has it: relative to the root where it lies below, with forward slashes."""
        for root in self._roots:
            if absolute.startswith(root):
                return absolute[len(root) :].replace(os.sep, "/")
        return absolute

    def _is_ignored(self, absolute: str) -> bool:
        return (
            absolute.startswith(self._ignored)
            or absolute.endswith(_SOURCE_SUFFIXES)
            or f"/{_OWN_STORE}/" in absolute
            or absolute.endswith(f"/{_OWN_STORE}")
        )

    def _state(self, absolute: str, known_as: str) -> FileState | None:
        """What lies at a path now; None for what cannot be kept as a file."""
        try:
            found = os.stat(absolute)
        except (FileNotFoundError, NotADirectoryError):
            return FileState(known_as, None)
        if stat.S_ISDIR(found.st_mode) and known_as.endswith("/"):
            return FileState(known_as, None)
        if not stat.S_ISREG(found.st_mode):
            return None
        if found.st_size > self._limit:
            self.oversized[known_as] = found.st_size
            return None
        stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        held = self._held.get(absolute)
        if held is not None and held[0] == stamp:
            return FileState(known_as, held[1])
        with open(absolute, "rb") as file:
            digest = self._blobs.put(file.read())
        if found.st_mtime_ns + _SETTLED_NS < time.time_ns():
            self._held[absolute] = (stamp, digest)
        return FileState(known_as, digest)


_observer: FileObserver | None = None
_installed = False


def _install() -> None:
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _TOUCHED and _observer is not None:
        _observer.see(event, arguments)


def _first_path(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[:1])


def _both_paths(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[:2])


def _database(arguments: tuple[Any, ...]) -> list[str]:
    paths = _as_paths(arguments[:1])
    if not paths or paths[0] in ("", ":memory:"):
        return []
    path = paths[0]
    if path.startswith("file:"):
        path = path.removeprefix("file:").partition("?")[0]
        path = path.removeprefix("//") if path.startswith("///") else path
    return [path, path + "-wal", path + "-journal"]


def _entries(arguments: tuple[Any, ...]) -> list[str]:
    directory = arguments[0] if arguments and arguments[0] is not None else "."
    if isinstance(directory, int):
        return []
    name = os.fsdecode(directory)
    try:
        entries = sorted(os.listdir(name))
    except OSError:
        return []
    if not entries:
        return [os.path.join(name, "")]
    return [os.path.join(name, entry) for entry in entries[:_MOST_IN_A_DIRECTORY]]


def _as_paths(candidates: Iterable[Any]) -> list[str]:
    return [os.fsdecode(c) for c in candidates if isinstance(c, (str, bytes, os.PathLike))]


_TOUCHED: dict[str, Callable[[tuple[Any, ...]], list[str]]] = {
    "open": _first_path,
    "os.listdir": _entries,
    "os.scandir": _entries,
    "os.remove": _first_path,
    "os.rename": _both_paths,
    "os.truncate": _first_path,
    "sqlite3.connect": _database,
}


def _interpreter_directories() -> tuple[str, ...]:
    """Where the standard library and installed packages lie, and what the system keeps for itself."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    installed = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    directories = [library, os.path.realpath(library), *(os.path.abspath(p) for p in installed)]
    return tuple(dict.fromkeys(d.rstrip("/") + "/" for d in directories)) + _SYSTEM_PREFIXES


def inside(path: str) -> bool:
    """Does a recorded path stay below the working directory? (It comes from a file: it may say anything.)

    >>> inside("data/accounts.csv"), inside("../etc/passwd"), inside("/etc/passwd")
    (True, False, False)
    """
    return not os.path.isabs(path) and ".." not in path.split("/") and "\0" not in path
