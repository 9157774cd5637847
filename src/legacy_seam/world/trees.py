"""The files that lie in the private directory of a replay: all of them read, and one put there.

What we do goes to the system's own functions, past what a replay puts in their place. A file is written over,
and not emptied first: some file systems bring one that was emptied to the disk at once, which takes longer than
the call.
"""

from __future__ import annotations

import contextlib
import os
import stat

from legacy_seam.plaindata import dataclass
from legacy_seam.world.links import Link

# The system's own, bound before a replay puts others in their place.
_open, _close, _read, _write, _fstat, _ftruncate = os.open, os.close, os.read, os.write, os.fstat, os.ftruncate
_listdir, _lstat, _readlink = os.listdir, os.lstat, os.readlink
_chmod, _mkdir, _unlink, _symlink = os.chmod, os.mkdir, os.unlink, os.symlink
_OWNER = stat.S_IRUSR | stat.S_IWUSR
_MOST_AT_ONCE = 1 << 20
_FILE = 0o644


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies there: path -> content (None for a directory, with a `/` at its end), and path -> status."""

    contents: dict[str, bytes | None]
    statuses: dict[str, os.stat_result]

    def modes(self) -> dict[str, int]:
        """The permissions of files and directories; links have none of their own."""
        return {
            path: stat.S_IMODE(status.st_mode)
            for path, status in self.statuses.items()
            if not stat.S_ISLNK(status.st_mode)
        }


def tree_below(directory: str, elsewhere: str) -> Tree:
    """All that lies there.

    Args:
        directory: where what has a relative path lies.
        elsewhere: where the rest lies, under its full name; "" where there is none.
    """
    tree = Tree({}, {})
    waiting = [("", f"{directory}/"), ("/", f"{elsewhere}/")] if elsewhere else [("", f"{directory}/")]
    while waiting:
        within, place = waiting.pop()
        status = tree.statuses.get(within) or status_of(place)
        if status is None:  # there is nothing elsewhere
            continue
        with _Readable(place, status.st_mode):
            entries = [(name, _lstat(place + name)) for name in sorted(_listdir(place))]
            if within.strip("/"):
                tree.contents[within] = None
            for name, status in entries:
                path, kind = within + name, stat.S_IFMT(status.st_mode)
                if kind == stat.S_IFDIR:
                    path += "/"
                    waiting.append((path, f"{place}{name}/"))
                elif kind == stat.S_IFREG:
                    tree.contents[path] = _content_of(place + name, status)
                elif kind == stat.S_IFLNK:
                    tree.contents[path] = Link.to(_readlink(place + name))
                else:
                    continue
                tree.statuses[path] = status
    return tree


def put(path: str, content: bytes | None) -> None:
    """Have this lie there.

    Args:
        path: where, absolute; the directories above are made if they are not there.
        content: of the file, or a link; None for a directory.
    """
    make_directories(os.path.dirname(path))
    if content is None:
        make_directories(path)
        return
    there = status_of(path)
    if there is not None and (stat.S_ISLNK(there.st_mode) or isinstance(content, Link)):
        _unlink(path)
    elif there is not None and stat.S_IMODE(there.st_mode) & _OWNER != _OWNER:
        with contextlib.suppress(OSError):
            _chmod(path, _FILE)
    if isinstance(content, Link):
        _symlink(content.leads_to, path)
    else:
        _write_over(path, content)


def make_directories(path: str) -> None:
    """Make a directory, and those above it, where they are not there."""
    missing: list[str] = []
    while path and status_of(path) is None:
        missing.append(path)
        path = os.path.dirname(path.rstrip("/"))
    for one in reversed(missing):
        _mkdir(one)


def status_of(path: str) -> os.stat_result | None:
    """The status of what lies there, not of what it leads to; None where there is nothing."""
    try:
        return _lstat(path)
    except OSError:
        return None


def _content_of(path: str, status: os.stat_result) -> bytes:
    """The content of a file; empty where it cannot be read."""
    if not status.st_size:  # most of many files that were merely seen: their content was not kept
        return b""
    try:
        with _Readable(path, status.st_mode):
            file = _open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                parts = [_read(file, status.st_size + 1)]
                while parts[-1]:
                    parts.append(_read(file, _MOST_AT_ONCE))
            finally:
                _close(file)
    except OSError:
        return b""
    return b"".join(parts)


def _write_over(path: str, content: bytes) -> None:
    """Have a file hold just that."""
    file = _open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _FILE)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[_write(file, rest) :]
        if _fstat(file).st_size != len(content):
            _ftruncate(file, len(content))
    finally:
        _close(file)


class _Readable:
    """Have the owner's permissions for a moment, whatever the program has left of them."""

    __slots__ = ("_lacks", "_mode", "_path")

    def __init__(self, path: str, mode: int) -> None:
        needed = stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR
        self._path, self._mode, self._lacks = path, stat.S_IMODE(mode), needed & ~mode

    def __enter__(self) -> None:
        if self._lacks:
            _chmod(self._path, self._mode | self._lacks)

    def __exit__(self, *raised: object) -> None:
        if self._lacks:
            _chmod(self._path, self._mode)
