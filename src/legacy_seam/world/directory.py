"""The private directory of a replay: files put back as they were, and what became of them.

Files are restored in place (same inode), because the program may have opened one at import and still hold it. Only
a call that touched a file pays for looking at files.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping

from legacy_seam.calls import FileState
from legacy_seam.values import encode
from legacy_seam.world.databases import changes_of_database, is_database
from legacy_seam.world.databases.wal import database_of, merged
from legacy_seam.world.files import inside, outside

_Stamp = tuple[int, int, int]


class PrivateDirectory:
    """A directory whose content is known, so that it can be put back.

    Args:
        path: the directory, absolute, without symbolic links; it exists.
        content_of: digest -> bytes (from the blobs).
        elsewhere: a directory for files that lay elsewhere, under their full names; "" where there is none.
    """

    def __init__(self, path: str, content_of: Callable[[str], bytes], elsewhere: str = "") -> None:
        self.path = path
        self._elsewhere = elsewhere
        self._content_of = content_of
        self._base: dict[str, bytes | None] = {}
        self._files: dict[str, bytes | None] = {}
        self._stamps: dict[str, _Stamp] = {}
        self._held_open: list[str] = []
        self._written: dict[str, None] = {}
        self._last: tuple[tuple[FileState, ...], dict[str, bytes | None]] = (), {}

    def restore(self, files: Iterable[FileState], instant: float) -> None:
        """Put files there (those opened while the program was imported): the base of every call."""
        self._base.update(self._wanted(files))
        self._bring_about(self._base, instant)

    def baseline(self, touched: Iterable[str], instant: float) -> None:
        """Take what is there now, after the import, as the base of every call.

        Args:
            touched: absolute paths that were opened for writing meanwhile: they may still be open.
            instant: time of change that all files get.
        """
        self._base = self._on_disk()
        self._files = dict(self._base)
        self._held_open = [path for path in touched if os.path.isfile(path)]
        self._stamp(instant)

    def begin(self, files: Iterable[FileState], instant: float, untidy: bool) -> None:
        """Put there what a call found when it began.

        Args:
            files: what it opened, as it was; on top of the base.
            instant: the time of last change that files get: the instant of the call.
            untidy: did the call before this one touch anything?
        """
        wanted = self._wanted_again(tuple(files))
        if untidy or not self._is_there(wanted):
            self._bring_about(self._base | wanted, instant)
        elif wanted:
            self._stamp(instant)

    def _is_there(self, wanted: dict[str, bytes | None]) -> bool:
        """Is just that there, on top of the base, as long as nobody has touched it?"""
        return self._files == (self._base | wanted if wanted else self._base)

    def _wanted_again(self, files: tuple[FileState, ...]) -> dict[str, bytes | None]:
        """What these files are, which are mostly those of the call before."""
        if files != self._last[0]:
            self._last = files, self._wanted(files)
        return self._last[1]

    def watch(self, touched: Iterable[str]) -> None:
        """A call has opened these (absolute paths) for writing: it may have kept them open for a later one."""
        self._written.update(dict.fromkeys(touched))

    def is_disturbed(self) -> bool:
        """Was something written through a handle that is older than the call?"""
        return any(_stamp_of(path) != self._stamps.get(path) for path in (*self._held_open, *self._written))

    def touched_while_open(self) -> bool:
        """Was a file written through a handle that was opened at import?"""
        return any(_stamp_of(path) != self._stamps.get(path) for path in self._held_open)

    def content_before(self, path: str) -> bytes:
        """What a database held when the call began."""
        return merged(path, self._files, os.path.dirname(self.path))

    def changes(self) -> list[tuple[str, str]]:
        """What is different from the beginning of the call: (relative path, text).

        A text file is told as its whole text, a database as its changed rows, anything else as digest and size, a
        file that is gone as `None`.
        """
        now = self._on_disk()
        changed = [
            path for path in self._files.keys() | now.keys() if self._files.get(path, b"") != now.get(path, b"")
        ]
        changed += [path for path in self._files.keys() ^ now.keys() if path not in changed]
        changed = self._with_databases(changed, now)
        bare = [path for path in changed if not (path.endswith("/") and _is_implied(path, [*changed, *now]))]
        return [(path, self._told(path, self._files.get(path), now)) for path in sorted(bare)]

    def _with_databases(self, changed: Iterable[str], now: Mapping[str, bytes | None]) -> list[str]:
        """Databases in the place of what SQLite keeps beside them, where that says something else now."""
        files = {**self._files, **now}
        databases = [database_of(path, files) or path for path in changed]
        return [
            path
            for path in dict.fromkeys(databases)
            if path in changed
            or merged(path, self._files, beside := os.path.dirname(self.path)) != merged(path, now, beside)
        ]

    def _told(self, path: str, before: bytes | None, now: Mapping[str, bytes | None]) -> str:
        after = now.get(path)
        if path not in now:
            return "None"
        if after is None:
            return encode({})
        if is_database(after):
            beside = os.path.dirname(self.path)
            return encode(changes_of_database(merged(path, self._files, beside), merged(path, now, beside)))
        return text_of_content(after)

    def _wanted(self, files: Iterable[FileState]) -> dict[str, bytes | None]:
        """Relative path -> content; None for a directory (its path ends in `/`)."""
        wanted: dict[str, bytes | None] = {}
        for state in files:
            if not (inside(state.path) or (self._elsewhere and outside(state.path))):
                continue
            if state.path.endswith("/"):
                wanted[state.path] = None
            elif state.digest is not None:
                wanted[state.path] = self._content_of(state.digest)
        return wanted | dict.fromkeys(parent for path in wanted for parent in _parents(path))

    def _bring_about(self, wanted: Mapping[str, bytes | None], instant: float) -> None:
        wanted = {path: content for path, content in wanted.items() if f"{path}/" not in wanted}
        present = self._on_disk()
        for path in sorted(present.keys() - wanted.keys(), reverse=True):
            self._remove(path)
        for path, content in wanted.items():
            if path not in present or present[path] != content:
                self._write(path, content)
        self._files = dict(wanted)
        self._stamp(instant)

    def _write(self, path: str, content: bytes | None) -> None:
        absolute = self._at(path)
        _makedirs(os.path.dirname(absolute))
        if content is None:
            _makedirs(absolute)
            return
        with contextlib.suppress(OSError):
            if os.path.islink(absolute) or os.path.exists(absolute):
                os.chmod(absolute, 0o644)
        if os.path.islink(absolute):
            os.unlink(absolute)
        handle = os.open(absolute, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        with open(handle, "wb") as file:
            file.write(content)

    def _remove(self, path: str) -> None:
        absolute = self._at(path)
        with contextlib.suppress(OSError):
            os.rmdir(absolute) if path.endswith("/") else os.unlink(absolute)

    def _stamp(self, instant: float) -> None:
        for path in self._files:
            with contextlib.suppress(OSError):
                os.utime(self._at(path), (instant, instant))
        self._stamps = {path: _stamp_of(path) for path in (*self._held_open, *self._written)}

    def make(self, place: str) -> None:
        """Make a directory, given by where it lies, that was always there as far as the program knows."""
        _makedirs(place)
        path = self._path_of(place) + "/"
        self._files |= dict.fromkeys([path, *_parents(path)])

    def _at(self, path: str) -> str:
        return self._elsewhere + path if path.startswith("/") else os.path.join(self.path, path)

    def _path_of(self, place: str) -> str:
        if self._elsewhere and place.startswith(self._elsewhere):
            return place[len(self._elsewhere) :]
        return os.path.relpath(place, self.path)

    def _on_disk(self) -> dict[str, bytes | None]:
        """Path -> content of all that is there; None for directories, with a `/` at the end."""
        found: dict[str, bytes | None] = {}
        waiting = ["", "/"] if self._elsewhere and os.path.isdir(self._elsewhere) else [""]
        while waiting:
            within = waiting.pop()
            entries = sorted(os.listdir(self._at(within)))
            if within.strip("/"):
                found[within] = None
            for name in entries:
                path = within + name
                absolute = self._at(path)
                mode = os.lstat(absolute).st_mode
                if stat.S_ISDIR(mode):
                    waiting.append(path + "/")
                elif stat.S_ISREG(mode):
                    found[path] = _read(absolute)
                elif stat.S_ISLNK(mode):
                    found[path] = b"link to " + os.fsencode(os.readlink(absolute))
        return found


def _parents(path: str) -> list[str]:
    """The directories above a path, each with a `/` at the end."""
    parts = path.rstrip("/").split("/")[:-1]
    return ["/".join(parts[: count + 1]) + "/" for count in range(len(parts)) if parts[count]]


def _is_implied(directory: str, paths: Iterable[str]) -> bool:
    """Does another of the paths lie in the directory? Then it need not be told itself."""
    return any(path != directory and path.startswith(directory) for path in paths)


def text_of_content(content: bytes) -> str:
    """A file's content as notation: text where it is UTF-8, otherwise size and digest.

    >>> text_of_content(b"total 12")
    "'total 12'"
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return encode(text)
    import hashlib

    return encode({"bytes": len(content), "digest": hashlib.blake2b(content, digest_size=16).hexdigest()})


def _makedirs(path: str) -> None:
    os.makedirs(path, exist_ok=True)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _stamp_of(path: str) -> _Stamp:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns)
