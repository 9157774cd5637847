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
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import FileState
from legacy_seam.store.blobs import digest_of
from legacy_seam.values import encode
from legacy_seam.values.held import Held
from legacy_seam.values.kinds import Unreadable, django_databases
from legacy_seam.world import django_use
from legacy_seam.world.collecting import Asked, Collector
from legacy_seam.world.file_events import ENTERED, LISTINGS, TOUCHED, asked_by, concerns_sources, database_files
from legacy_seam.world.links import through_links
from legacy_seam.world.packages import is_of_a_package
from legacy_seam.world.recorded_paths import (
    BINARY_SUFFIXES,
    SOURCE_SUFFIXES,
    STANDARD_INPUT,
    STANDING,
    WORKING_DIRECTORY,
    interpreter_directories,
)
from legacy_seam.world.templates import is_read_as_template

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from legacy_seam.store.blobs import Blobs

LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is named in `FileObserver.oversized` and not kept."""

_SETTLED_NS = 100_000_000
"""A file that was changed less than this before we read it may change again without its time stamp moving."""

_OWN_STORE = ".legacy-seam"
_HARDLY_ASKED = 1024 * 1024
"""Bytes; of a larger file that is only asked about, the content is not kept."""
_OWNER = stat.S_IRUSR | stat.S_IWUSR


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
        django_use.watch(self._database_used)

    def stop(self) -> None:
        """See no more."""
        global _observer
        if _observer is self:
            _observer = None
            django_use.watch(None)

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
        self._has_moved |= event == ENTERED
        if getattr(self._local, "busy", False):
            return
        self._local.busy = True
        try:
            if event == "sqlite3.connect":
                self.database_opened(database_files(arguments))
                django_use.watch(self._database_used)
            stack = self.collecting()
            frame = sys._getframe(2)
            if not stack or _is_import(frame) or is_read_as_template(frame):
                return
            with_sources = concerns_sources(event, arguments)
            for path in TOUCHED[event](arguments):
                for asked in asked_by(event):
                    known = "existence" if event in LISTINGS and is_of_a_package(path) else asked
                    self._note(path, stack, known, with_sources=with_sources)
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

    def _database_used(self, database: Any) -> None:
        """Django is about to ask a database something: note for the calls that have not done so yet what it holds.

        (A call that has seen it being opened knows the file.)
        """
        if getattr(self._local, "busy", False):
            return
        with self.looking_away():
            try:
                name = self.relative(str(database.settings_dict["NAME"]))
                waiting = [
                    one
                    for one in self.collecting()
                    if django_use.PLACE not in one.noted and not one.knows(name, "content")
                ]
                if waiting:
                    self._note_databases(waiting)
            except Exception as failure:
                self._count(failure)

    def _note_databases(self, collectors: list[Collector]) -> None:
        held = Held(self.keep)
        with held:
            text = encode(django_databases.opened())
        for collector in collectors:
            collector.noted[django_use.PLACE] = text
            for path, digest in held.contents.items():
                collector.note(FileState(path, digest))

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
            or absolute.endswith((f"/{_OWN_STORE}", *(BINARY_SUFFIXES if with_sources else SOURCE_SUFFIXES)))
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
        if asked == "existence" and is_of_a_package(absolute):
            return None
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
    if event in TOUCHED and _observer is not None:
        _observer.see(event, arguments)


def _is_import(frame: FrameType) -> bool:
    """Is it the machinery of imports that looks at files?"""
    return frame.f_code.co_filename.startswith("<frozen importlib")
