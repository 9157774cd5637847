"""The functions through which Python gets at files, put in the place of the real ones in a replay.

Paths go where `redirection` says. What is told of files (`file_statuses`), and the order of a directory, is the
same each time. The tables below say which functions take paths, and what for; whatever goes round them meets the
sandbox.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import io
import os
import sys
from collections.abc import Callable
from typing import Any

from legacy_seam.values.kinds.entries import Entry
from legacy_seam.world.calm import Calm
from legacy_seam.world.directory_entries import Entries
from legacy_seam.world.file_statuses import FileStatuses
from legacy_seam.world.recorded_paths import SOURCE_SUFFIXES
from legacy_seam.world.redirection import Redirection
from legacy_seam.world.substitution import Replacement
from legacy_seam.world.working_directory import from_where_we_stand

_READING = ("access", "statvfs", "pathconf", "getxattr", "listxattr")
_CHANGING = (
    "rmdir",
    "remove",
    "unlink",
    "truncate",
    "chmod",
    "lchmod",
    "chown",
    "lchown",
    "utime",
    "setxattr",
    "removexattr",
)
_FROM_AND_TO = ("rename", "replace", "link")
_readlink = os.readlink
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_HANDLES = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks", "supports_effective_ids")
BOUND_EARLY = ("genericpath", "posixpath", "shutil", "glob", "pathlib", "pathlib._local", "tempfile", "fileinput")
"""Modules of the library which may hold some of these functions by other names."""


class FileFunctions:
    """The functions to be put in place.

    Args:
        redirection: tells where paths lead.
        is_active: is it the program that asks?
        statuses: what files tell of themselves.
        calm: is told where a file is told of.

    `lost` says what the call wanted to read and the recording does not have.
    """

    def __init__(
        self,
        redirection: Redirection,
        is_active: Callable[[], bool],
        statuses: FileStatuses,
        calm: Calm | None = None,
    ) -> None:
        self._stir = (calm or Calm()).stir
        self.lost: str | None = None
        self._statuses = statuses
        self._to = redirection
        self._is_active = is_active
        self._stat, self._lstat, self._fstat = os.stat, os.lstat, os.fstat
        self._listdir, self._utime = os.listdir, os.utime

    def begin(self) -> None:
        """Another call begins: files are numbered anew."""
        self._statuses.begin()
        self.lost = None

    def replacements(self) -> list[Replacement]:
        """What to put in place of what: (module, name in it, function)."""
        functions: dict[str, Any] = {
            **{name: self._one_path(getattr(os, name), self._to.reading) for name in _READING if hasattr(os, name)},
            **{
                name: self._one_path(getattr(os, name), self._to.changing)
                for name in _CHANGING
                if hasattr(os, name)
            },
            **{name: self._two_paths(getattr(os, name)) for name in _FROM_AND_TO},
            "mkdir": self._one_path(os.mkdir, functools.partial(self._to.changing, with_directory=True)),
            "symlink": self._symlink(),
            "readlink": self._readlink(),
            "open": self._os_open(),
            "stat": self._stat_function(os.stat),
            "lstat": self._stat_function(os.lstat),
            "fstat": self._fstat_function(),
            "listdir": self._listdir_function(),
            "scandir": self._scandir_function(),
            "chdir": self._chdir(os.chdir),
            "fchdir": self._chdir(os.fchdir),
            "getcwd": self._getcwd(os.getcwd, os.fsdecode),
            "getcwdb": self._getcwd(os.getcwdb, os.fsencode),
        }
        functions = {name: _like(getattr(os, name), function) for name, function in functions.items()}
        replaced: list[Replacement] = [(os, name, function) for name, function in functions.items()]
        self._support(functions)
        open_ = _like(io.open, self._open())
        replaced += [(builtins, "open", open_), (io, "open", open_)]
        sqlite3 = sys.modules.get("sqlite3")
        if sqlite3 is not None:
            connect = _like(sqlite3.connect, self._connect(sqlite3.connect))
            replaced += [(sqlite3, "connect", connect), (sys.modules["sqlite3.dbapi2"], "connect", connect)]
        return replaced

    def _support(self, functions: dict[str, Any]) -> None:
        """`shutil` and others ask these sets what a function can do."""
        for name in _HANDLES:
            supported = getattr(os, name)
            supported |= {new for known, new in functions.items() if getattr(os, known) in supported}

    # --- paths in, errors out -------------------------------------------------------------------------------

    def _leads(self, path: Any, tell: Callable[..., str | None], handle: Any = None) -> Any:
        """The path to be used for one that the program gives; the very same object where nothing changes."""
        if isinstance(path, int) or path is None:
            return path
        given = os.fspath(path)
        if handle is None and self._to.is_plain(given):
            return path
        actual = tell(os.fsdecode(given), handle)
        if actual is None:
            return path
        return os.fsencode(actual) if isinstance(given, bytes) else actual

    def _one_path(self, real: Callable[..., Any], tell: Callable[..., str | None]) -> Callable[..., Any]:
        def function(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self._to.is_plain(path) or not self._is_active():
                return real(path, *args, **kwargs)
            handle = kwargs.get("dir_fd")
            actual = self._leads(path, tell, handle)
            if actual is path:
                return real(path, *args, **kwargs)
            if handle is not None:
                del kwargs["dir_fd"]
            try:
                return real(actual, *args, **kwargs)
            except OSError as error:
                _name_error(error, {actual: path})
                raise

        return function

    def _two_paths(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def function(src: Any, dst: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._is_active():
                return real(src, dst, *args, **kwargs)
            from_ = self._leads(src, self._to.changing, kwargs.get("src_dir_fd"))
            to = self._leads(dst, self._to.changing, kwargs.get("dst_dir_fd"))
            if from_ is not src:
                kwargs.pop("src_dir_fd", None)
            if to is not dst:
                kwargs.pop("dst_dir_fd", None)
            try:
                return real(from_, to, *args, **kwargs)
            except OSError as error:
                _name_error(error, {from_: src, to: dst})
                raise

        return function

    def _symlink(self) -> Callable[..., Any]:
        """A link leads to where its target has its place; read, it tells what the program wrote into it."""
        real = os.symlink

        def symlink(src: Any, dst: Any, *args: Any, dir_fd: Any = None, **kwargs: Any) -> None:
            if not self._is_active():
                return real(src, dst, *args, dir_fd=dir_fd, **kwargs)
            to = self._leads(dst, self._to.changing, dir_fd)
            target = self._to.linked(os.fsdecode(src))
            if target is not None:
                src = os.fsencode(target) if isinstance(src, bytes) else target
            try:
                return real(src, to, *args, dir_fd=dir_fd if to is dst else None, **kwargs)
            except OSError as error:
                _name_error(error, {to: dst})
                raise

        return symlink

    def _readlink(self) -> Callable[..., Any]:
        real = self._one_path(os.readlink, self._to.reading)

        def readlink(path: Any, **kwargs: Any) -> Any:
            found = real(path, **kwargs)
            if not self._is_active():
                return found
            seen = self._to.seen(os.fsdecode(found))
            return os.fsencode(seen) if isinstance(found, bytes) else seen

        return readlink

    def _chdir(self, real: Callable[..., Any]) -> Callable[..., Any]:
        function = self._one_path(real, self._to.reading)

        def chdir(path: Any) -> None:
            function(path)
            self._to.note_directory()

        return chdir

    def _getcwd(self, real: Callable[[], Any], coded: Callable[[str], Any]) -> Callable[[], Any]:
        def getcwd() -> Any:
            return coded(self._to.working_directory(os.fsdecode(real())))

        return getcwd

    # --- opening --------------------------------------------------------------------------------------------

    def _os_open(self) -> Callable[..., int]:
        real = os.open

        def open_(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if not self._is_active():
                return real(path, flags, mode, dir_fd=dir_fd)
            actual = self._leads(path, self._for_opening(flags & _WRITING), dir_fd)
            actual = self._with_content(actual, is_replaced=flags & os.O_TRUNC, handle=dir_fd)
            if actual is path:
                return real(path, flags, mode, dir_fd=dir_fd)
            try:
                return real(actual, flags, mode)
            except OSError as error:
                _name_error(error, {actual: path})
                raise

        return open_

    def _open(self) -> Callable[..., Any]:
        real = io.open

        def open_(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            is_plain = self._to.is_plain(file) and not self._statuses.sizes()
            if is_plain or isinstance(file, int) or not self._is_active():
                try:
                    return real(file, mode, *args, **kwargs)
                except FileNotFoundError:
                    actual = self._on_this_machine(file) if is_plain and _is_only_read(mode) else None
                    if actual is None:
                        raise
            else:
                actual = self._leads(file, self._for_opening(not _is_only_read(mode)))
                actual = self._with_content(actual, is_replaced="w" in mode)
            if actual is file:
                return real(file, mode, *args, **kwargs)
            try:
                opened = real(actual, mode, *args, **kwargs)
            except OSError as error:
                _name_error(error, {actual: file})
                raise
            _name(opened, actual, file)
            return opened

        return open_

    def _on_this_machine(self, path: str) -> str | None:
        """A file that the program read before the call, and has remembered: a replay reads it again."""
        return self._to.reading_otherwise(path) if self._is_active() else None

    def _with_content(self, path: Any, *, is_replaced: object, handle: int | None = None) -> Any:
        """The path itself; that on this machine for a file whose content was not kept."""
        sizes = self._statuses.sizes()
        if not sizes or handle is not None:
            return path
        try:
            found = self._stat(path)
        except (OSError, ValueError):
            return path
        size = sizes.get((found.st_dev, found.st_ino))
        if size is None or found.st_size:
            return path
        self._stir()
        if is_replaced:
            del sizes[found.st_dev, found.st_ino]
            return path
        original = self._to.original(os.fsdecode(path))
        with contextlib.suppress(OSError):
            if self._stat(original).st_size == size or original.endswith(SOURCE_SUFFIXES):
                self._to.looked_up[original] = None
                return original
        self.lost = f"the content of {os.fsdecode(path)}, {size} bytes, is not in the recording"
        return path

    def _for_opening(self, is_written: object) -> Callable[..., str | None]:
        return functools.partial(self._to.changing, with_directory=True) if is_written else self._to.reading

    def _connect(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(database: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._is_active() or (isinstance(database, bytes | str) and not database):
                return real(database, *args, **kwargs)
            given = os.fsdecode(database)
            if given.startswith("file:") and kwargs.get("uri"):
                path, mark, options = given.removeprefix("file:").partition("?")
                path = path.removeprefix("//") if path.startswith("///") else path
                if "mode=memory" not in options and path != ":memory:":
                    return real(f"file:{self._leads(path, self._to.changing)}{mark}{options}", *args, **kwargs)
            elif given != ":memory:":
                return real(self._leads(database, self._to.changing), *args, **kwargs)
            return real(database, *args, **kwargs)

        return connect

    # --- what is told of files ------------------------------------------------------------------------------

    def _stat_function(self, real: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def function(path: Any, **kwargs: Any) -> os.stat_result:
            if not self._is_active():
                return real(path, **kwargs)
            if isinstance(path, int):
                return os.fstat(path)
            actual = self._leads(path, self._to.reading, kwargs.get("dir_fd"))
            if actual is not path:
                kwargs.pop("dir_fd", None)
            try:
                found = real(actual, **kwargs)
            except OSError as error:
                _name_error(error, {actual: path})
                raise
            is_ours = actual is not path or self._to.is_plain(path) or self._is_below(path, kwargs.get("dir_fd"))
            return self._told(found, functools.partial(self._utime, actual, **kwargs)) if is_ours else found

        return function

    def _is_below(self, path: Any, handle: int | None) -> bool:
        if handle is not None and not os.path.isabs(path):
            return self._to.is_ours(_path_of(handle))
        return self._to.is_ours(os.path.normpath(from_where_we_stand(os.fsdecode(path))))

    def _fstat_function(self) -> Callable[[int], os.stat_result]:
        def fstat(fd: int) -> os.stat_result:
            found = self._fstat(fd)
            if not self._is_active() or not self._to.is_ours(_path_of(fd)):
                return found
            return self._told(found, functools.partial(self._utime, fd))

        return fstat

    def _told(self, found: os.stat_result, stamp: Callable[..., None]) -> os.stat_result:
        self._stir()
        return self._statuses.told(found, stamp)

    def _names_in(self, path: Any) -> list[Any]:
        """The names in a directory, sorted; of one that is only partly in our trees, those of this machine too."""
        actual = self._leads(path, self._to.reading)
        try:
            names = set(self._listdir(actual))
        except OSError as error:
            _name_error(error, {actual: path})
            raise
        real = self._to.also_real(os.fsdecode(path)) if actual is not path else None
        if real is not None:
            with contextlib.suppress(OSError):
                names |= set(self._listdir(os.fsencode(real) if isinstance(os.fspath(path), bytes) else real))
        return sorted(names)

    def _listdir_function(self) -> Callable[..., list[Any]]:
        def listdir(path: Any = None) -> list[Any]:
            if not self._is_active():
                return self._listdir(path)
            return (
                sorted(self._listdir(path))
                if isinstance(path, int)
                else self._names_in("." if path is None else path)
            )

        return listdir

    def _scandir_function(self) -> Callable[..., Any]:
        real = os.scandir

        def scandir(path: Any = None) -> Any:
            if not self._is_active():
                return real(path)
            if isinstance(path, int):
                return Entries(Entry(name, name, path) for name in sorted(self._listdir(path)))
            given = "." if path is None else os.fspath(path)
            return Entries(Entry(name, os.path.join(given, name)) for name in self._names_in(given))

        return scandir


def _like(original: Any, function: Any) -> Any:
    """The function under the name of the one in whose place it stands, so that it is told as that one."""
    function.__name__ = function.__qualname__ = original.__name__
    function.__module__, function.__doc__ = original.__module__, original.__doc__
    return function


def _path_of(handle: int) -> str:
    try:
        return _readlink(f"/proc/self/fd/{handle}")
    except OSError:
        return ""


def _is_only_read(mode: str) -> bool:
    return not set(mode) & set("wax+")


def _name_error(error: OSError, given: dict[Any, Any]) -> None:
    """Let an error tell of the paths that the program gave."""
    if error.filename in given:
        error.filename = given[error.filename]
    if error.filename2 in given:
        error.filename2 = given[error.filename2]


def _name(opened: Any, actual: Any, given: Any) -> None:
    """Let an open file have the name that it was opened by."""
    raw = getattr(opened, "buffer", opened)
    raw = getattr(raw, "raw", raw)
    if getattr(raw, "name", None) == actual:
        raw.name = given
