"""The spool: where a running program leaves its calls, so that not even SIGKILL loses one.

Each process appends to a file of its own, `<pid>-<nanoseconds>-<random>.0000.spool`, one `write` per frame.
Nothing is buffered: when `append` has returned, the frame is with the operating system. A file that has grown large
is left behind for a next one (`….0001.spool`), so that a program which runs for days does not hold on to all that
it ever wrote. A spool is lines of bytes,

    legacy-seam spool 1
    0000002f 9b8e5a17 ["finding",{"target":null,...}]

a heading with the version of this format, then frames: the length of the JSON that follows and its CRC-32, both in
hexadecimal, and the JSON itself, which never contains a line feed. So a reader finds its way back after any damage.

A process holds a shared lock on its file for as long as it lives, in every pid namespace; whoever gets the
exclusive lock knows that nobody will append any more. See `legacy_seam.store.folding`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import zlib
from _thread import allocate_lock
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from os import fstat, getpid, urandom, write  # bound now: the program may put something else in their place
from pathlib import Path
from time import time_ns
from typing import Any, Final

from legacy_seam.plaindata import dataclass
from legacy_seam.store.errors import StoreTooNew, WireError
from legacy_seam.store.wire import from_bytes, to_bytes

VERSION: Final = 1
LARGE: Final = 16 << 20
"""A file that has grown beyond so many bytes is left behind."""
SUFFIX: Final = ".spool"

_TITLE: Final = b"legacy-seam spool "
_HEADING: Final = b"%s%d\n" % (_TITLE, VERSION)
_PREFIX: Final = re.compile(rb"(?=([0-9a-f]{8}) ([0-9a-f]{8}) )")
_PREFIX_LENGTH: Final = 18
_MANGLED: Final = "length or checksum do not match"
_OUT_OF_THE_WAY: Final = 200
"""File descriptors below this one are left to the program, whose own numbers should be what they always were."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing that was written down.

    kind:  "run", "call", "count" or "finding".
    data:  plain data, see `legacy_seam.store.wire`.
    start: offset of its first byte in the file.
    end:   offset after its last.
    """

    kind: str
    data: Mapping[str, Any]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a spool that cannot be read.

    start: offset of its first byte in the file.
    end:   offset after its last.
    torn:  it is a last line without an end: the process was killed while it wrote, or is still writing.
    """

    path: Path
    start: int
    end: int
    why: str
    torn: bool = False

    def __str__(self) -> str:
        if str(self.path) in self.why:
            return self.why
        stretch = f": {self.end - self.start} bytes from offset {self.start}" if self.end > self.start else ""
        return f"{self.path}{stretch} cannot be read: {self.why}"


class _Series:
    """The names of the files of one process, one after the other."""

    __slots__ = ("_begun", "_name")

    def __init__(self, process: int) -> None:
        self._name = f"{process}-{time_ns()}-{urandom(4).hex()}"  # the clock may jump back
        self._begun = count()

    def next(self) -> str:
        """The name of the next file."""
        return f"{self._name}.{next(self._begun):04}"


class _Opened:
    """A file that this very process opened."""

    __slots__ = ("_files", "_turn", "descriptor", "size")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.size = 0
        self._files = {_file(fstat(descriptor))}
        self._turn = allocate_lock()

    def is_still_itself(self) -> bool:
        """Does the descriptor still name our file? A program that turns into a daemon closes all it finds open."""
        while True:
            files = self._files
            try:
                status = fstat(self.descriptor)
            except OSError:
                return False
            self.size = status.st_size
            if _file(status) in files:
                return True
            if self._files is files:  # otherwise another thread has gone on in the next file meanwhile
                return False

    def go_on_in(self, directory: Path, series: _Series) -> None:
        """Leave this file behind. Whoever is writing meanwhile writes into the one or the other, whole.

        Raises:
            OSError: where no other can be begun; this one then goes on.
        """
        if not self._turn.acquire(blocking=False):
            return
        try:
            descriptor = _begin(directory, series)
            before, after = self._files, {_file(fstat(descriptor))}
            self._files = before | after
            os.dup2(descriptor, self.descriptor, inheritable=False)
            self._files = after
            os.close(descriptor)
        finally:
            self._turn.release()


def _file(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


class Spool:
    """Appends frames to the spool file of the present process; a forked child begins a file of its own.

    No lock is held while writing: it may be called from any thread, from signal handlers, and just after a fork.

    Args:
        directory: where spool files stand (`Layout.spools`); made at the first `append` if need be.
        large: a file that has grown beyond so many bytes is left behind.

    >>> spool = Spool(Path(".legacy-seam/spools"))                      # doctest: +SKIP
    >>> spool.append("finding", {"target": None, "what": "rules.py", "why": "not UTF-8"})  # doctest: +SKIP
    """

    def __init__(self, directory: Path, large: int = LARGE) -> None:
        self._directory = directory.absolute()  # the program may change its working directory
        self._large = large
        self._opened: dict[int, _Opened] = {}
        self._series: dict[int, _Series] = {}
        self._cut_short = False

    def append(self, kind: str, data: Mapping[str, object]) -> None:
        """Write one frame.

        Raises:
            OSError: where the file cannot be opened or written to (full disk, read-only directory, no descriptors
                left). The frame is then lost; later ones are tried anew.
        """
        line = _line(kind, data)
        if self._cut_short:
            line = b"\n" + line
        descriptor = self._descriptor()
        written = 0
        try:
            while written < len(line):
                written += write(descriptor, line[written:])
        finally:
            self._cut_short = 0 < written < len(line) or (self._cut_short and written == 0)

    def close(self) -> None:
        """Say that this process has nothing more to append. (A later `append` begins another file.)"""
        opened = self._opened.pop(getpid(), None)
        if opened is not None and opened.is_still_itself():
            os.close(opened.descriptor)

    def _descriptor(self) -> int:
        process = getpid()
        opened = self._opened.get(process)
        series = self._series.get(process) or self._series.setdefault(process, _Series(process))
        if opened is not None and opened.is_still_itself():
            if opened.size > self._large:
                with suppress(OSError):
                    opened.go_on_in(self._directory, series)
            return opened.descriptor
        if opened is not None and self._opened.get(process) is opened:
            self._opened.pop(process, None)
        mine = _Opened(_begin(self._directory, series))
        ours = self._opened.setdefault(process, mine)
        if ours is not mine:  # another thread was first
            os.close(mine.descriptor)
        else:
            self._let_go_of_parents(process)
        return ours.descriptor

    def _let_go_of_parents(self, process: int) -> None:
        """Close what was inherited, lest a long-lived child make its parent's file look as if it were in use."""
        self._cut_short = False
        for parent in [other for other in self._series if other != process]:
            del self._series[parent]
        for parent in [other for other in self._opened if other != process]:
            inherited = self._opened.pop(parent)
            if inherited.is_still_itself():
                os.close(inherited.descriptor)


def _line(kind: str, data: Mapping[str, object]) -> bytes:
    payload = to_bytes([kind, data])
    return b"%08x %08x %s\n" % (len(payload), zlib.crc32(payload), payload)


def process_of(name: str) -> str:
    """What the names of all spool files of one process begin with.

    >>> process_of("12-34-5a6b7c8d.0001.spool")
    '12-34-5a6b7c8d'
    """
    return name.partition(".")[0]


def _begin(directory: Path, series: _Series) -> int:
    """Make a new spool file, lock it as in use, and write its heading."""
    directory.mkdir(parents=True, exist_ok=True)
    while True:
        path = directory / f"{series.next()}{SUFFIX}"
        descriptor = _moved_up(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666))
        if _lock_as_used(descriptor):
            break
        os.close(descriptor)  # somebody took it for a dead one before it was locked, and will remove it
    try:
        if write(descriptor, _HEADING) < len(_HEADING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    except OSError:
        os.close(descriptor)
        path.unlink(missing_ok=True)
        raise
    return descriptor


def _moved_up(descriptor: int) -> int:
    try:
        higher = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
    except OSError:  # so many descriptors are not allowed here
        return descriptor
    os.close(descriptor)
    return higher


def _lock_as_used(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody can lock the file as dead either, so it stays
        return True
    return fstat(descriptor).st_nlink > 0


# --- reading --------------------------------------------------------------------------------------------------


def read(path: Path, start: int = 0) -> Iterator[Frame | Damage]:
    """The frames of a spool file, in order, with what could not be read in their midst as `Damage`.

    Adjoining damaged lines make one `Damage`.

    Args:
        path: the spool file.
        start: offset to read from: 0, or the end of some frame.

    Raises:
        StoreTooNew: where a later version of legacy-seam wrote the file.
        OSError: where it cannot be read.
    """
    damage: Damage | None = None
    for piece in _pieces(path, start):
        if isinstance(piece, Frame):
            if damage is not None:
                yield damage
                damage = None
            yield piece
        elif damage is None:
            damage = piece
        else:
            damage = Damage(path, damage.start, piece.end, damage.why, piece.torn)
    if damage is not None:
        yield damage


def _pieces(path: Path, start: int) -> Iterator[Frame | Damage]:
    with path.open("rb") as file:
        end = file.seek(start)
        for line in file:
            begin, end = end, end + len(line)
            if begin == 0:
                _check_version(line, path)
            # An empty line closes a frame that a full disk cut short.
            if line not in (b"\n", _HEADING):
                yield from _pieces_of_line(line, path, begin, end)


def _check_version(heading: bytes, path: Path) -> None:
    version = heading.removeprefix(_TITLE).strip()
    if heading.startswith(_TITLE) and version.isdigit() and int(version) > VERSION:
        raise StoreTooNew(
            f"The spool {path} was written by a later version of legacy-seam (format {int(version)}, this one "
            f"reads up to {VERSION}): upgrade legacy-seam, or move the file away."
        )


def _pieces_of_line(line: bytes, path: Path, start: int, end: int) -> Iterator[Frame | Damage]:
    if not line.endswith(b"\n"):
        yield Damage(path, start, end, "the last line was cut short", torn=True)
        return
    for prefix in _PREFIX.finditer(line):  # more than one where the line feed before a whole frame was overwritten
        begin = prefix.start()
        payload = memoryview(line)[begin + _PREFIX_LENGTH : -1]
        if int(prefix[1], 16) == len(payload) and int(prefix[2], 16) == zlib.crc32(payload):
            if begin > 0:
                yield Damage(path, start, start + begin, _MANGLED)
            yield _frame(bytes(payload), path, start + begin, end)
            return
    yield Damage(path, start, end, _MANGLED)


def _frame(payload: bytes, path: Path, start: int, end: int) -> Frame | Damage:
    try:
        content = from_bytes(payload)
    except WireError as error:
        return Damage(path, start, end, str(error))
    match content:
        case [str(kind), dict(data)]:
            return Frame(kind, data, start, end)
        case _:
            return Damage(path, start, end, "it is not a frame")
