"""The sandbox: an audit hook that refuses what a replay must not do, and notes that it was tried.

Python raises an audit event just before it opens a file, connects a socket, starts a process and so on. While the
sandbox is armed, the hook raises `Denied` there: the act is never performed. The denial is kept even where the
program swallows the exception. A hook cannot be removed, so a sandbox lives as long as its process.

This tells what legacy code does, by name, on every system. Code that goes round Python (C extensions, say) goes
round the hook: `confinement` has the operating system stop that.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from _thread import get_ident
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from legacy_seam.world import network, processes
from legacy_seam.world.calm import Calm
from legacy_seam.world.confinement.reading import Reading
from legacy_seam.world.working_directory import from_where_we_stand

if TYPE_CHECKING:
    from legacy_seam.world.sites import Sites

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STANDARD = (0, 1, 2)
_MOST_DESCRIPTORS = 64
"""Descriptors that are looked at where no directory of them tells which there are."""
_fstat, _listdir = os.fstat, os.listdir  # bound before the program can see others
_HARMLESS_FILES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/full", "/dev/zero")
_OF_THE_MACHINE = re.compile(r"/etc/(passwd|group)|/proc/[^/]+/(task/[^/]+/)?(environ|mem|maps|cmdline)")
"""Files that tell of this machine, and are not a program's business. (The C library may read the first two.)"""


class Denied(PermissionError):
    """The controlled world refused an act; the message says which."""


class Sandbox:
    """Refuses network, processes, changes of files outside one directory, and reading what is private.

    Args:
        directory: where files may be changed: absolute, without symbolic links.
        sites: tells where in the project's code a denial happened.
        elsewhere: another such directory.
        calm: is told where the program does anything that the sandbox hears of.

    `denials` are the sentences of what was refused, in order. `touched` are the paths below the directory that the
    program opened for writing, made, moved or removed; `databases` those it opened as SQLite databases.
    `connections` collects connections to databases while `is_importing` (and would keep those of a call open).
    `reading` is what may be read.

    Only the thread that made it can be let through, by `armed`: our own work is done there. Any other thread is the
    program's, and may still be running when its call has ended.
    """

    def __init__(self, directory: str, sites: Sites, elsewhere: str = "", calm: Calm | None = None) -> None:
        self._calm = calm or Calm()
        self._stir = self._calm.stir
        self.denials: list[str] = []
        self.touched: dict[str, None] = {}
        self.databases: dict[str, None] = {}
        self.connections: list[Any] = []
        self.is_importing = False
        self.armed = False
        self.reading = Reading()
        self._our_thread = get_ident()
        self._judging: set[int] = set()
        self._directories = tuple(one.rstrip("/") for one in (directory, elsewhere) if one)
        self._descriptors: dict[int, tuple[int, int]] = {}
        self._below = tuple(one + "/" for one in self._directories)
        self._sites = sites
        self._judges: dict[str, Callable[[str, tuple[Any, ...]], str | None]] = {
            **dict.fromkeys(network.EVENTS, network.denied),
            **dict.fromkeys(processes.EVENTS, processes.denied),
            **dict.fromkeys(_CHANGING, self._changing),
            "open": self._opening,
            "sqlite3.connect": self._connecting,
            "sqlite3.connect/handle": self._connected,
            "os.chdir": lambda event, arguments: None,  # it is heard of: that is enough
            "ctypes.dlsym": self._reaching_c,
            "ctypes.dlsym/handle": self._reaching_c,
            "os.listdir": self._listing,
            "os.scandir": self._listing,
        }

    def install(self) -> None:
        """Add the hook to this process, for good. It does nothing until `armed` is set."""
        judges = self._judges
        self._descriptors = _descriptors()

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in judges and self.is_watching():
                self._stir()
                act = self._judged(judges[event], event, arguments)
                if act is not None:
                    self.refuse(act)

        sys.addaudithook(hook)

    def touch(self, place: str) -> None:
        """The program has this open for writing, below the directory."""
        self._stir()
        self.touched[os.path.realpath(from_where_we_stand(place))] = None

    def is_watching(self) -> bool:
        """Is it the program that acts, and not we?"""
        thread = get_ident()
        return (self.armed or thread != self._our_thread) and thread not in self._judging

    def _judged(self, judge: Callable[..., str | None], *what: Any) -> str | None:
        """What a judge says. While it looks at files it is we who act: it is to see them as they are."""
        thread = get_ident()
        self._judging.add(thread)
        try:
            return judge(*what)
        finally:
            self._judging.discard(thread)

    def replacements(self) -> list[tuple[Any, str, object]]:
        """What to put in place of what, because no audit event tells enough of it: (module, name, replacement)."""
        real_open = os.open

        def open_(path: Any, flags: int, mode: int = 0o777, *, dir_fd: Any = None) -> int:
            if dir_fd is not None and self.is_watching():
                if flags & _WRITING:
                    self._refuse_outside(path, "files: os.open for writing of", dir_fd)
                else:
                    self._refuse_private(path, "files: os.open of", dir_fd)
            return real_open(path, flags, mode, dir_fd=dir_fd)

        replaced: list[tuple[Any, str, object]] = []
        for owner in processes.modules_of_os():
            replaced.append((owner, "open", open_))
            for name in ("mkfifo", "mknod"):
                if hasattr(os, name):
                    replaced.append((owner, name, self._guarded(getattr(os, name), f"files: os.{name} of")))
        return replaced

    def _guarded(self, act: Callable[..., Any], told: str) -> Callable[..., Any]:
        def guarded(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self.is_watching():
                self._refuse_outside(path, told, kwargs.get("dir_fd") or -1)
            return act(path, *args, **kwargs)

        return guarded

    def _refuse_outside(self, path: Any, told: str, handle: Any) -> None:
        denial = self._judged(self._within, path, told, handle)
        if denial is not None:
            self.refuse(denial)

    def _refuse_private(self, path: Any, told: str, handle: Any) -> None:
        denial = self._judged(self._private, _located(os.fsdecode(path), handle), told)
        if denial is not None:
            self.refuse(denial)

    def refuse(self, act: str) -> None:
        """Keep a denial and raise it, unless it is we who are at work.

        Raises:
            Denied: always, while armed.
        """
        if self.is_watching():
            self._stir()
            self.denials.append(f"{act} ({self._sites.function(sys._getframe(1))})")
            raise Denied(errno.EPERM, f"{act}: not done during a replay")

    def _opening(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        path, _, flags = arguments
        if isinstance(path, int):
            is_ours = path in self._descriptors and self._descriptors[path] == _identity(path)
            return f"files: {event} of descriptor {path}, which the program has not opened" if is_ours else None
        if not isinstance(flags, int):
            return None
        if not flags & _WRITING:
            return self._private(os.fsdecode(path), f"files: {event} of")
        return self._within(path, f"files: {event} for writing of")

    def _connecting(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        path = os.fsdecode(arguments[0])
        if path.startswith("file:"):
            path, _, options = path.removeprefix("file:").partition("?")
            if "mode=memory" in options:
                return None
        if path in ("", ":memory:"):
            return None
        denial = self._within(path, f"files: {event} to")
        if denial is None:
            self.databases[os.path.realpath(from_where_we_stand(path))] = None
        return denial

    def _connected(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_importing:
            self.connections.append(arguments[0])

    def _reaching_c(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        self._calm.meet_foreign_code()
        return processes.denied(event, arguments)

    def _listing(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        path = arguments[0] if arguments else None
        name = "." if path is None else _path_of_handle(path) if isinstance(path, int) else os.fsdecode(path)
        return self._private(name, f"files: {event} of")

    def _private(self, name: str, act: str) -> str | None:
        """None for what may be read; otherwise the denial."""
        real = os.path.realpath(from_where_we_stand(name))
        if self.reading.allows(real) and not _OF_THE_MACHINE.fullmatch(real):
            return None
        return f"{act} {self._readable(name)}"

    def _changing(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        for position, directory_position in _CHANGING[event]:
            path = arguments[position]
            if isinstance(path, int):
                path = _path_of_handle(path)
                if not path.startswith("/"):  # a pipe, a socket
                    continue
            handle = arguments[directory_position] if 0 < directory_position < len(arguments) else -1
            denial = self._within(path, f"files: {event} of", handle)
            if denial is not None:
                return denial
        return None

    def _within(self, path: Any, act: str, handle: Any = -1) -> str | None:
        """None for a path in the directory, which is noted as touched; otherwise the denial."""
        name = os.fsdecode(path)
        if name in _HARMLESS_FILES:
            return None
        name = _located(name, handle)
        place = from_where_we_stand(name)
        parent, last = os.path.split(os.path.normpath(place))
        if act.removeprefix("files: ").startswith(_OF_LINKS_THEMSELVES):
            real = os.path.join(os.path.realpath(parent), last)
        else:  # a link may lead out
            real = os.path.realpath(place)
        if real.startswith(self._below) or real in self._directories:
            self.touched[real] = None
            return None
        return f"{act} {self._readable(name)}"

    def _readable(self, name: str) -> str:
        absolute = os.path.normpath(from_where_we_stand(name))
        return self._sites.relative(absolute) or self.reading.readable(name)


def _located(name: str, handle: Any) -> str:
    """A path that may be relative to an open directory."""
    if isinstance(handle, int) and handle >= 0 and not os.path.isabs(name):
        return os.path.join(_path_of_handle(handle), name)
    return name


def _path_of_handle(handle: int) -> str:
    """Where an open file lies; for a pipe or a socket something that does not begin with a slash."""
    if sys.platform == "linux":
        try:
            return os.readlink(f"/proc/self/fd/{handle}")
        except OSError:
            return ""
    import fcntl

    try:
        found = fcntl.fcntl(handle, getattr(fcntl, "F_GETPATH", 50), bytes(1024))
    except OSError:
        return ""
    return os.fsdecode(found.rstrip(b"\0"))


_OF_LINKS_THEMSELVES = ("os.remove", "os.rmdir", "os.rename", "os.mkdir", "os.symlink", "os.lchmod", "os.mk")
"""Acts that do not follow a symbolic link which is the last part of a path."""

# For each event that changes a file: where its paths stand, and the handles of directories they are relative to.
_CHANGING: dict[str, tuple[tuple[int, int], ...]] = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, -1),),
    "os.chmod": ((0, 2),),
    "os.lchmod": ((0, -1),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, -1),),
    "os.removexattr": ((0, -1),),
    "os.chflags": ((0, -1),),
}


def _descriptors() -> dict[int, tuple[int, int]]:
    """What is open before the program is there, and leads to other processes of ours. Who reads it may wait for
    ever, and take away what is for others. Input and output are the program's."""
    try:
        numbers = [int(one) for one in _listdir("/dev/fd")]
    except OSError:
        numbers = list(range(_MOST_DESCRIPTORS))
    found = {number: _identity(number) for number in numbers if number not in _STANDARD}
    return {number: identity for number, identity in found.items() if identity is not None}


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        status = _fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
