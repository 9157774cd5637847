"""The private directory of a replay: files put back as they were, and what became of them.

Files are restored in place (same inode), because the program may have opened one at import and still hold it. Only
a call that touched a file pays for looking at files.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from legacy_seam.calls import FileState
from legacy_seam.values import encode
from legacy_seam.world.databases import changes_of_database, is_database
from legacy_seam.world.databases.wal import database_of, merged
from legacy_seam.world.links import Link
from legacy_seam.world.recorded_paths import WORKING_DIRECTORY, inside, outside
from legacy_seam.world.trees import Tree, make_directories, put, status_of, tree_below

_Stamp = tuple[int, int, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_chmod, _lstat, _rmdir, _stat, _unlink, _utime = os.chmod, os.lstat, os.rmdir, os.stat, os.unlink, os.utime
"""The system's own: a replay puts others in their place."""
_FILE, _DIRECTORY = 0o644, 0o755
"""Permissions of what is made in a replay, where its umask is 022."""


class PrivateDirectory:
    """A directory whose content is known, so that it can be put back.

    Args:
        path: the directory, absolute, without symbolic links; it exists.
        content_of: digest -> bytes (from the blobs).
        elsewhere: a directory for files that lay elsewhere, under their full names; "" where there is none.

    `sizes` are those of files whose content was not kept, by the numbers of their device and inode.
    """

    def __init__(self, path: str, content_of: Callable[[str], bytes], elsewhere: str = "") -> None:
        self.path = path
        self._elsewhere = elsewhere
        self._content_of = content_of
        self._base: dict[str, bytes | None] = {}
        self._files: dict[str, bytes | None] = {}
        self._asked: dict[str, FileState] = {}
        self._base_modes: dict[str, int] = {}
        self._base_asked: dict[str, FileState] = {}
        self._modes: dict[str, int] = {}
        self._moments: dict[str, int] = {}
        self.sizes: dict[tuple[int, int], int] = {}
        self._dated: dict[tuple[int, int], int] = {}
        self._stamps: dict[str, _Stamp] = {}
        self._held_open: list[str] = []
        self._written: dict[str, None] = {}
        self._last: tuple[tuple[FileState, ...], dict[str, bytes | None]] = (), {}
        self._last_asked: dict[str, FileState] = {}
        self._read: Tree | None = None

    def restore(self, files: Iterable[FileState], instant: float) -> None:
        """Put files there (those opened while the program was imported): the base of every call."""
        files = tuple(files)
        self._base.update(self._wanted(files))
        self._base_asked.update(_asked(files))
        self._bring_about(self._base, self._base_asked, instant)

    def baseline(self, touched: Iterable[str], instant: float) -> None:
        """Take what is there now, after the import, as the base of every call.

        Args:
            touched: absolute paths that were opened for writing meanwhile: they may still be open.
            instant: time of change that all files get.
        """
        tree = self._on_disk()
        self._base, self._base_modes = tree.contents, tree.modes()
        self._files, self._modes = dict(self._base), dict(self._base_modes)
        self._held_open = [path for path in touched if os.path.isfile(path)]
        self._stamp(instant)

    def begin(self, files: Iterable[FileState], instant: float, untidy: bool, is_as_read: bool = False) -> None:
        """Put there what a call found when it began.

        Args:
            files: what it opened, as it was; on top of the base.
            instant: the time of last change that files get: the instant of the call.
            untidy: did the call before this one touch anything?
            is_as_read: is there nobody who can have done anything there since `changes` was asked?
        """
        if not is_as_read:
            self._read = None
        wanted = self._wanted_again(tuple(files))
        if untidy or not self._is_there(wanted):
            self._bring_about(self._base | wanted, self._base_asked | self._last_asked, instant)
        elif wanted:
            self._stamp(instant)

    def _is_there(self, wanted: dict[str, bytes | None]) -> bool:
        """Is just that there, on top of the base, as long as nobody has touched it?"""
        if self._last_asked or self._asked != self._base_asked:
            return False
        return self._files == (self._base | wanted if wanted else self._base)

    def _wanted_again(self, files: tuple[FileState, ...]) -> dict[str, bytes | None]:
        """What these files are, which are mostly those of the call before."""
        if files != self._last[0]:
            self._last = files, self._wanted(files)
            self._last_asked = _asked(files)
        return self._last[1]

    def watch(self, touched: Iterable[str]) -> None:
        """A call has opened these (absolute paths) for writing: it may have kept them open for a later one."""
        self._written.update(dict.fromkeys(touched))

    def is_disturbed(self) -> bool:
        """Was something written through a handle that is older than the call?"""
        if not (self._held_open or self._written):
            return False
        open_then = (*self._held_open, *self._written)
        return any(_stamp_of(path) != self._stamps.get(path) for path in open_then)

    def is_untouched(self) -> bool:
        """Was nothing written through a handle that is older than the call? (Else the sandbox hears of it.)"""
        return not self.is_disturbed()

    def touched_while_open(self) -> bool:
        """Was a file written through a handle that was opened at import?"""
        return bool(self._held_open) and any(_stamp_of(path) != self._stamps.get(path) for path in self._held_open)

    def content_before(self, path: str) -> bytes:
        """What a database held when the call began."""
        return merged(path, self._files, os.path.dirname(self.path))

    def changes(self, is_now: Callable[[int], bool] = lambda moment: True) -> list[tuple[str, str]]:
        """What is different from the beginning of the call: (relative path, text).

        A text file is told as its whole text, a database as its changed rows, anything else as digest and size, a
        file that is gone as `None`. Permissions and the time of change are told where the call has set them:
        (`a.csv, mode`, `'rw-r-----'`).

        Args:
            is_now: is a moment (nanoseconds since the epoch) one at which the call ran?
        """
        tree = self._read = self._on_disk()
        now, modes = tree.contents, tree.modes()
        changed = [
            path for path in self._files.keys() | now.keys() if self._files.get(path, b"") != now.get(path, b"")
        ]
        changed += [path for path in self._files.keys() ^ now.keys() if path not in changed]
        unkept = [path for path, state in self._asked.items() if state.size is not None and path in now]
        changed += [path for path in unkept if path not in changed and self._unkept_size(path) is None]
        changed = self._with_databases(changed, now)
        bare = [path for path in changed if not (path.endswith("/") and _is_implied(path, [*changed, *now]))]
        told = [(path, self._told(path, self._files.get(path), now)) for path in bare]
        for path, mode in modes.items():
            if mode != self._modes.get(path, _default_mode(path)):
                told.append((f"{path}, mode", encode(stat.filemode(mode)[1:])))
            if (
                not path.endswith("/")
                and (moment := self._moment_set(path, tree.statuses[path], is_now)) is not None
            ):
                told.append((f"{path}, modified", encode(moment)))
        return sorted(told)

    def _moment_set(self, path: str, found: os.stat_result, is_now: Callable[[int], bool]) -> str | None:
        """The time of change that the call gave to a file; None where it is as before, or that of its writing."""
        moment = found.st_mtime_ns
        if moment == self._moments.get(path) or is_now(moment):
            return None
        if moment == self._dated.get((found.st_dev, found.st_ino)):
            return None
        return (_EPOCH + timedelta(microseconds=moment // 1000)).isoformat(" ")

    def _unkept_size(self, path: str) -> int | None:
        """The size of a file whose content was not kept, wherever the call has moved it; None for all others."""
        if not self.sizes:
            return None
        found = _lstat(self._at(path))
        return None if found.st_size else self.sizes.get((found.st_dev, found.st_ino))

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
        if (size := self._unkept_size(path)) is not None:
            return encode({"bytes": size})
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
            elif state.size is not None:
                wanted[state.path] = b""
            elif state.link is not None and (link := self._link(state.path, state.link)) is not None:
                wanted[state.path] = link
        return wanted | dict.fromkeys(parent for path in wanted for parent in _parents(path))

    def _link(self, path: str, link: str) -> Link | None:
        """A link as it has to be to lead there in our two trees; None where it would lead out of them."""
        if link.startswith(WORKING_DIRECTORY):
            link = os.path.join(self.path, link.removeprefix(WORKING_DIRECTORY))
        elif os.path.isabs(link):
            if not self._elsewhere:
                return None
            link = self._elsewhere + link
        place = os.path.normpath(os.path.join(os.path.dirname(self._at(path)), link))
        trees = [tree for tree in (self.path, self._elsewhere) if tree]
        is_within = any(f"{place}/".startswith(f"{tree}/") for tree in trees)
        return Link.to(link) if is_within else None

    def _bring_about(
        self, wanted: Mapping[str, bytes | None], asked: Mapping[str, FileState], instant: float
    ) -> None:
        wanted = {path: content for path, content in wanted.items() if f"{path}/" not in wanted}
        tree, self._read = self._read or self._on_disk(), None
        present, modes = tree.contents, tree.modes()
        for path, mode in modes.items():
            if path.endswith("/") and mode & stat.S_IRWXU != stat.S_IRWXU:
                _chmod(self._at(path), mode | stat.S_IRWXU)
                modes[path] = mode | stat.S_IRWXU
        for path in sorted(present.keys() - wanted.keys(), reverse=True):
            self._remove(path)
        for path, content in wanted.items():
            if path not in present or present[path] != content:
                put(self._at(path), content)
                modes.pop(path, None)
        self._files, self._asked = dict(wanted), dict(asked)
        found = {path: _stat(self._at(path)) for path in asked if path in wanted}
        numbers = {path: (one.st_dev, one.st_ino) for path, one in found.items()}
        self.sizes = {numbers[p]: size for p in found if (size := asked[p].size) is not None}
        self._dated = {numbers[p]: moment for p in found if (moment := asked[p].modified) is not None}
        self._give_modes(modes)
        self._stamp(instant)

    def _give_modes(self, known: Mapping[str, int]) -> None:
        """Give every file the permissions that it had; a directory after all that lies in it.

        Args:
            known: those that files and directories have, as far as that is known.
        """
        self._modes = {
            path: state.mode
            if (state := self._asked.get(path)) is not None and state.mode is not None
            else self._base_modes.get(path, _default_mode(path))
            for path in self._files
        }
        for path in sorted(self._modes, reverse=True):
            mode = known.get(path)
            if mode is None:
                status = _lstat(self._at(path)).st_mode
                if stat.S_ISLNK(status):
                    continue
                mode = stat.S_IMODE(status)
            if mode != self._modes[path]:
                _chmod(self._at(path), self._modes[path])

    def _remove(self, path: str) -> None:
        absolute = self._at(path)
        with contextlib.suppress(OSError):
            _rmdir(absolute) if path.endswith("/") else _unlink(absolute)

    def _stamp(self, instant: float) -> None:
        usual = round(instant * 1e9)
        self._moments = {}
        for path in self._files:
            state = self._asked.get(path)
            moment = usual if state is None or state.modified is None else state.modified
            with contextlib.suppress(OSError):
                _utime(self._at(path), ns=(moment, moment), follow_symlinks=False)
                self._moments[path] = moment
        # what is gone was told of by its name, and nobody can write to it by that name through an old handle
        self._written = {path: None for path in self._written if status_of(path) is not None}
        self._stamps = {path: _stamp_of(path) for path in (*self._held_open, *self._written)}

    def make(self, place: str) -> None:
        """Make a directory, given by where it lies, that was always there as far as the program knows."""
        make_directories(place)
        path = self._path_of(place) + "/"
        made = [path, *_parents(path)]
        self._files |= dict.fromkeys(made)
        self._modes |= {one: _default_mode(one) for one in made}

    def _on_disk(self) -> Tree:
        """All that is there."""
        return tree_below(self.path, self._elsewhere)

    def _at(self, path: str) -> str:
        return self._elsewhere + path if path.startswith("/") else f"{self.path}/{path}"

    def _path_of(self, place: str) -> str:
        if self._elsewhere and place.startswith(self._elsewhere):
            return place[len(self._elsewhere) :]
        return os.path.relpath(place, self.path)


def _asked(files: Iterable[FileState]) -> dict[str, FileState]:
    """Those of which more is known than their content."""
    return {
        state.path: state
        for state in files
        if not (state.size is None and state.mode is None and state.modified is None)
    }


def _default_mode(path: str) -> int:
    return _DIRECTORY if path.endswith("/") else _FILE


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


def _stamp_of(path: str) -> _Stamp:
    try:
        found = _stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns)
