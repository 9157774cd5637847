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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from legacy_seam.calls import FileState
from legacy_seam.store.blobs import digest_of
from legacy_seam.values.kinds import Unreadable
from legacy_seam.world.links import through_links

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from legacy_seam.store.blobs import Blobs

STANDARD_INPUT = "/dev/stdin"
"""The path under which what a call reads from standard input is kept among its files."""

STANDING = "/proc/self/cwd"
"""The path under which it is told where the program stood when a call began, where that was not its first working
directory: a link that leads there, as Linux has it for each process."""

LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is named in `FileObserver.oversized` and not kept."""

_MOST_IN_A_DIRECTORY = 1000
_SETTLED_NS = 100_000_000
"""A file that was changed less than this before we read it may change again without its time stamp moving."""

_BINARY_SUFFIXES = (".pyc", ".pyo", ".so", ".pyd")
SOURCE_SUFFIXES = (".py", ".pyi", ".pth", ".egg-link", *_BINARY_SUFFIXES)
_LEAVES_SOURCES_ALONE = ("open",)
"""Events in which a source file is not noted: modules are imported thus. One that is written or listed is."""
_SYSTEM_PREFIXES = ("/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo/", "/usr/share/locale/", "/usr/lib/locale/")
_OWN_STORE = ".legacy-seam"


Asked: TypeAlias = Literal["links", "existence", "status", "content"]
"""What a program wants to know of a path: where links lead; is something there; when was it changed, and who may do
what; all."""
WORKING_DIRECTORY = "<directory>/"
"""What a link says that leads there by its absolute path."""

_HARDLY_ASKED = 1024 * 1024
"""Bytes; of a larger file that is only asked about, the content is not kept."""
_OWNER = stat.S_IRUSR | stat.S_IWUSR
_STATUS_EVENTS = ("os.chmod", "os.utime")
_ENTERED = "os.chdir"
"""Of a directory that a call goes to, it matters that it is there. The files that it opens then are seen then."""


class Collector:
    """The files that were opened while it stood on the stack of the thread, in the order of first opening.

    >>> observer = FileObserver(blobs, root)                              # doctest: +SKIP
    >>> files = observer.collector()                                      # doctest: +SKIP
    >>> files.push(); target(); files.pop(); files.states()               # doctest: +SKIP
    """

    __slots__ = ("_first", "_frame", "_input", "_observer", "is_open")

    def __init__(self, observer: FileObserver) -> None:
        self._observer = observer
        self._first: dict[str, FileState] = {}
        self._frame: int | None = None
        self._input: list[str] = []
        self.is_open = False

    def push(self) -> None:
        """From now on, files opened by this thread are noted here, too."""
        self.is_open = True
        self._observer.active().append(self)

    def follow(self, frame: int) -> None:
        """From now on, files are noted that are opened while a frame runs (it may rest, and go on elsewhere).

        Args:
            frame: its `id`.
        """
        self.is_open = True
        self._frame = frame
        self._observer.by_frame[frame] = self

    def pop(self) -> None:
        """No longer note files. Collectors pushed after this one and never popped go with it."""
        self.is_open = False
        if self._frame is not None:
            self._observer.by_frame.pop(self._frame, None)
            return
        active = self._observer.active()
        if self in active:
            place = active.index(self)
            for collector in active[place:]:
                collector.is_open = False
            del active[place:]

    def note(self, state: FileState) -> None:
        """Keep what was found at this path; of what is known of it already, only what was not asked before."""
        key = state.path.rstrip("/")
        known = self._first.setdefault(key, state)
        if known is not state and not known.is_missing and known.link is None:
            has_content = known.size is None
            self._first[key] = FileState(
                known.path,
                known.digest if has_content else state.digest,
                None if has_content or state.digest is not None else known.size,
                state.mode if known.mode is None else known.mode,
                state.modified if known.modified is None else known.modified,
            )

    def knows(self, path: str, asked: Asked) -> bool:
        """Is known of this path what is asked?"""
        known = self._first.get(path.rstrip("/"))
        if known is None or known.link is not None:
            return False
        return known.is_missing or not (
            (asked == "content" and known.size is not None) or (asked == "status" and known.modified is None)
        )

    def states(self) -> tuple[FileState, ...]:
        """The files as they were when they were first opened. A path that ends in `/` is an empty directory."""
        taken = self._observer.input_state("".join(self._input)) if self._input else None
        return (*self._first.values(), taken) if taken is not None else tuple(self._first.values())

    def note_input(self, text: str) -> None:
        """Keep what was read from standard input."""
        self._input.append(text)


class FileObserver:
    """Sees files being opened, by means of an audit hook, and keeps their content as it was before.

    Args:
        blobs: where the contents go.
        root: the working directory of the program; paths below it are written relative to it.
        limit: bytes above which a file is not kept.
        ignored: directories whose files are not noted (where the recordings go).
        covered: gives for a path and its content what may be kept of it; None where that is nothing.

    What belongs to the interpreter, source files, devices and our own store are not noted. Nothing that goes wrong
    here reaches the program: it is counted in `failures`. `inherited` gives the collectors of the calls that the
    present thread works for, and that began in another; `database_opened` is called with the files of a database.
    """

    def __init__(
        self,
        blobs: Blobs,
        root: Path,
        limit: int = LIMIT,
        ignored: Sequence[Path] = (),
        covered: Callable[[str, bytes], bytes | None] = lambda path, content: content,
    ) -> None:
        self.oversized: dict[str, int] = {}
        self.failures: dict[str, int] = {}
        self._blobs = blobs
        self._limit = limit
        self._covered = covered
        self._roots = tuple(
            dict.fromkeys(r.rstrip("/") + "/" for r in (os.path.abspath(root), os.path.realpath(root)))
        )
        self._ignored = interpreter_directories() + tuple(os.path.abspath(d).rstrip("/") + "/" for d in ignored)
        self._held: dict[str, tuple[tuple[int, ...], str]] = {}
        self._local = threading.local()
        self._kept: dict[tuple[str, str], str] = {}
        self._has_moved = False
        self.by_frame: dict[int, Collector] = {}
        self.inherited: Callable[[], list[Collector]] = list
        self.database_opened: Callable[[list[str]], None] = lambda files: None

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

    def standing(self) -> tuple[FileState, ...]:
        """Where the program stands, and the directory there; nothing where that is where it stood at first."""
        if not self._has_moved:
            return ()
        try:
            there = os.getcwd() + "/"
        except OSError:
            return ()
        here = self.relative(there)
        if not here or not here.isprintable():
            return ()
        leads_to = here if os.path.isabs(here) else WORKING_DIRECTORY + here
        return FileState(STANDING, None, link=leads_to.rstrip("/") or "/"), FileState(here, None)

    def active(self) -> list[Collector]:
        """The stack of collectors of the current thread."""
        try:
            stack: list[Collector] = self._local.stack
        except AttributeError:
            stack = self._local.stack = []
        return stack

    def collecting(self) -> list[Collector]:
        """The collectors of all calls that the current thread is in the middle of, or works for."""
        pushed = self.active() + self.inherited()
        if not self.by_frame:
            return pushed
        following: list[Collector] = []
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            collector = self.by_frame.get(id(frame))
            if collector is not None:
                following.append(collector)
            frame = frame.f_back
        return pushed + following

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one audit event."""
        self._has_moved |= event == _ENTERED
        if getattr(self._local, "busy", False):
            return
        self._local.busy = True
        try:
            if event == "sqlite3.connect":
                self.database_opened(_database(arguments))
            stack = self.collecting()
            if not stack or _is_import(sys._getframe(2)):
                return
            is_looked_at = event not in _LEAVES_SOURCES_ALONE or _is_written(arguments)
            for path in _TOUCHED[event](arguments):
                asked: Asked = "existence" if event == _ENTERED else "content"
                self._note(path, stack, asked, with_sources=is_looked_at)
                if event in _STATUS_EVENTS:
                    self._note(path, stack, "status", with_sources=is_looked_at)
        except Exception as failure:
            self._count(failure)
        finally:
            self._local.busy = False

    def asked(self, paths: Iterable[str], asked: Asked) -> None:
        """The program asks about these paths, which it does not open: no audit event says so."""
        stack = self.collecting()
        if not stack or getattr(self._local, "busy", False):
            return
        with self.looking_away():
            for path in paths:
                try:
                    self._note(path, stack, asked, with_sources=False)
                except Exception as failure:
                    self._count(failure)

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Do not see what this thread does meanwhile: it is we who act."""
        before = getattr(self._local, "busy", False)
        self._local.busy = True
        try:
            yield
        finally:
            self._local.busy = before

    def keep(self, path: str, content: bytes) -> str:
        """Keep what was read of something that is open already, and give its digest.

        Raises:
            Unreadable: where it is too large, or nothing of it may be kept.
        """
        if len(content) > self._limit:
            raise Unreadable(f"something open of {len(content)} bytes: more than is kept")
        found = (path, digest_of(content))
        digest = self._kept.get(found)
        if digest is None:
            kept = self._covered(path, content)
            if kept is None:
                raise Unreadable("something open that holds secrets")
            digest = self._kept[found] = self._blobs.put(kept)
        return digest

    def see_input(self, text: str) -> None:
        """This was read from standard input."""
        for collector in self.collecting():
            collector.note_input(text)

    def input_state(self, text: str) -> FileState | None:
        """What a call has read from standard input, as a file; None where that cannot be kept."""
        try:
            content = self._covered(STANDARD_INPUT, text.encode("utf-8", "surrogateescape"))
            if content is not None and len(content) > self._limit:
                self.oversized[STANDARD_INPUT] = len(content)
                return None
            return None if content is None else FileState(STANDARD_INPUT, self._blobs.put(content))
        except Exception as failure:
            self._count(failure)
            return None

    def _count(self, failure: Exception) -> None:
        name = type(failure).__name__
        self.failures[name] = self.failures.get(name, 0) + 1

    def _note(self, path: str, stack: list[Collector], asked: Asked, *, with_sources: bool) -> None:
        absolute = os.path.abspath(path) + ("/" if path.endswith("/") else "")
        if self._is_ignored(absolute, with_sources):
            return
        known_as = self.relative(absolute)
        if all(collector.knows(known_as, asked) for collector in stack):
            return
        if asked != "content" and f"{absolute.rstrip('/')}/" in ("/", *self._roots):
            return  # it is there, wherever that is
        links, absolute = self._links_to(absolute, with_sources)
        states: list[FileState | None] = [*links]
        if links:
            known_as = self.relative(absolute)
        if asked != "links":
            states += [self._state(absolute, known_as, asked), *self._directory_of(absolute, known_as)]
        for state in states:
            if state is not None:
                for collector in stack:
                    collector.note(state)

    def _links_to(self, absolute: str, with_sources: bool) -> tuple[list[FileState], str]:
        """The links on the way to a path, and where they lead; none where that is nothing we would keep."""
        links, place = through_links(absolute, self._start_of)
        if not links or self._is_ignored(place, with_sources) or not all(map(str.isprintable, links.values())):
            return [], absolute
        states = [FileState(self.relative(at), None, link=self._as_it_says(at, to)) for at, to in links.items()]
        return states, place + "/" if absolute.endswith("/") else place

    def _start_of(self, absolute: str) -> int:
        """How much of a path is that of a root, where links are of no interest."""
        return next((len(root) - 1 for root in self._roots if absolute.startswith(root)), 0)

    def _as_it_says(self, path: str, link: str) -> str:
        """Where a link leads, in a way that holds wherever the two trees of a replay lie."""
        place = os.path.normpath(os.path.join(os.path.dirname(path), link))
        here, there = self.relative(path), self.relative(place + "/")
        if not os.path.isabs(link) and os.path.isabs(here) == os.path.isabs(there):
            return link
        return place if os.path.isabs(there) else WORKING_DIRECTORY + there.rstrip("/")

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

    def _is_ignored(self, absolute: str, with_sources: bool) -> bool:
        return (
            absolute.startswith(self._ignored)
            or absolute.endswith((f"/{_OWN_STORE}", *(_BINARY_SUFFIXES if with_sources else SOURCE_SUFFIXES)))
            or "/__pycache__" in absolute
            or f"/{_OWN_STORE}/" in absolute
        )

    def _state(self, absolute: str, known_as: str, asked: Asked) -> FileState | None:
        """What lies at a path now; None for what cannot be kept as a file."""
        try:
            found = os.stat(absolute)
        except (FileNotFoundError, NotADirectoryError):
            return FileState(known_as, None)
        is_private = not stat.S_ISDIR(found.st_mode) and found.st_mode & _OWNER != _OWNER
        mode = stat.S_IMODE(found.st_mode) if asked == "status" or is_private else None
        modified = found.st_mtime_ns if asked == "status" else None
        if stat.S_ISDIR(found.st_mode):
            return FileState(known_as.rstrip("/") + "/", None, None, mode, modified)
        if not stat.S_ISREG(found.st_mode):
            return None
        digest = self._content(absolute, known_as, found, asked)
        if digest is None and asked == "content" and known_as not in self.oversized:
            return None
        return FileState(known_as, digest, found.st_size if digest is None else None, mode, modified)

    def _content(self, absolute: str, known_as: str, found: os.stat_result, asked: Asked) -> str | None:
        """The digest of a file's content; None where it is not kept."""
        if found.st_size > (self._limit if asked == "content" else min(self._limit, _HARDLY_ASKED)):
            if asked == "content":
                self.oversized[known_as] = found.st_size
            return None
        stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        held = self._held.get(absolute)
        if held is not None and held[0] == stamp:
            return held[1]
        try:
            with open(absolute, "rb") as file:
                content = self._covered(known_as, file.read())
        except OSError:
            if asked == "content":
                raise
            return None
        if content is None:
            return None
        digest = self._blobs.put(content)
        if found.st_mtime_ns + _SETTLED_NS < time.time_ns():
            self._held[absolute] = (stamp, digest)
        return digest


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


def _is_import(frame: FrameType) -> bool:
    """Is it the machinery of imports that looks at files?"""
    return frame.f_code.co_filename.startswith("<frozen importlib")


def _first_path(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[:1])


def _second_path(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[1:2])


def _is_written(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


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
    "os.mkdir": _first_path,
    "os.rmdir": _first_path,
    "os.link": _both_paths,
    "os.symlink": _second_path,
    "os.chmod": _first_path,
    "os.utime": _first_path,
    "os.chdir": _first_path,
    "sqlite3.connect": _database,
}


def interpreter_directories() -> tuple[str, ...]:
    """Where the standard library and installed packages lie, and what the system keeps for itself."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    installed = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    directories = [library, os.path.realpath(library), *(os.path.abspath(p) for p in installed)]
    return tuple(dict.fromkeys(d.rstrip("/") + "/" for d in directories)) + _SYSTEM_PREFIXES


def outside(path: str) -> bool:
    """Is a recorded path the absolute one of a file that can be put into a tree of its own?

    >>> outside("/data/prices.csv"), outside("/data/../etc/passwd"), outside("/proc/1/mem"), outside("data.csv")
    (True, False, False, False)
    """
    parts = path.removesuffix("/").split("/")[1:]
    is_plain = path.startswith("/") and not {"", ".", ".."} & set(parts) and "\0" not in path
    return is_plain and not path.startswith(_SYSTEM_PREFIXES)


def inside(path: str) -> bool:
    """Does a recorded path stay below the working directory? (It comes from a file: it may say anything.)

    >>> inside("data/accounts.csv"), inside("../etc/passwd"), inside("/etc/passwd")
    (True, False, False)
    """
    return not os.path.isabs(path) and ".." not in path.split("/") and "\0" not in path
