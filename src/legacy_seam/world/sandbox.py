"""The sandbox: an audit hook that refuses what a replay must not do, and notes that it was tried.

Python raises an audit event just before it opens a file, connects a socket, starts a process and so on. While the
sandbox is armed, the hook raises `Denied` there: the act is never performed. The denial is kept even where the
program swallows the exception. A hook cannot be removed, so a sandbox lives as long as its process.

This holds against legacy code, not against an attacker: code that goes round Python (C extensions, say) goes round
the hook.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from legacy_seam.world import network, processes

if TYPE_CHECKING:
    from legacy_seam.world.sites import Sites

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_HARMLESS_FILES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/full", "/dev/zero")


class Denied(PermissionError):
    """The controlled world refused an act; the message says which."""


class Sandbox:
    """Refuses network, processes, and changes of files outside one directory.

    Args:
        directory: where files may be changed: absolute, without symbolic links.
        sites: tells where in the project's code a denial happened.

    `denials` are the sentences of what was refused, in order. `touched` are the paths below the directory that the
    program opened for writing, made, moved or removed; `databases` those it opened as SQLite databases.
    `connections` collects connections to databases while `is_importing` (and would keep those of a call open).
    """

    def __init__(self, directory: str, sites: Sites) -> None:
        self.denials: list[str] = []
        self.touched: dict[str, None] = {}
        self.databases: dict[str, None] = {}
        self.connections: list[Any] = []
        self.is_importing = False
        self.armed = False
        self._directory = directory
        self._below = directory.rstrip("/") + "/"
        self._sites = sites
        self._judges: dict[str, Callable[[str, tuple[Any, ...]], str | None]] = {
            **dict.fromkeys(network.EVENTS, network.denied),
            **dict.fromkeys(processes.EVENTS, processes.denied),
            **dict.fromkeys(_CHANGING, self._changing),
            "open": self._opening,
            "sqlite3.connect": self._connecting,
            "sqlite3.connect/handle": self._connected,
        }

    def install(self) -> None:
        """Add the hook to this process, for good. It does nothing until `armed` is set."""
        judges = self._judges

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in judges and self.armed:
                act = judges[event](event, arguments)
                if act is not None:
                    self.refuse(act)

        sys.addaudithook(hook)

    def replacements(self) -> list[tuple[Any, str, object]]:
        """What to put in place of what, because no audit event tells enough of it: (module, name, replacement)."""
        real_open = os.open

        def open_(path: Any, flags: int, mode: int = 0o777, *, dir_fd: Any = None) -> int:
            if self.armed and dir_fd is not None and flags & _WRITING:
                self._refuse_outside(path, "files: os.open for writing of", dir_fd)
            return real_open(path, flags, mode, dir_fd=dir_fd)

        replaced: list[tuple[Any, str, object]] = [(os, "open", open_)]
        for name in ("mkfifo", "mknod"):
            if hasattr(os, name):
                replaced.append((os, name, self._guarded(getattr(os, name), f"files: os.{name} of")))
        return replaced

    def _guarded(self, act: Callable[..., Any], told: str) -> Callable[..., Any]:
        def guarded(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self.armed:
                self._refuse_outside(path, told, kwargs.get("dir_fd") or -1)
            return act(path, *args, **kwargs)

        return guarded

    def _refuse_outside(self, path: Any, told: str, handle: Any) -> None:
        denial = self._within(path, told, handle)
        if denial is not None:
            self.refuse(denial)

    def refuse(self, act: str) -> None:
        """Keep a denial and raise it, if the sandbox is armed.

        Raises:
            Denied: always, while armed.
        """
        if self.armed:
            self.denials.append(f"{act} ({self._sites.function(sys._getframe(1))})")
            raise Denied(errno.EPERM, f"{act}: not done during a replay")

    def _opening(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & _WRITING or isinstance(path, int):
            return None
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
            self.databases[os.path.realpath(path)] = None
        return denial

    def _connected(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_importing:
            self.connections.append(arguments[0])

    def _changing(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        for position, directory_position in _CHANGING[event]:
            path = arguments[position]
            if isinstance(path, int):
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
        if isinstance(handle, int) and handle >= 0 and not os.path.isabs(name):
            name = os.path.join(os.readlink(f"/proc/self/fd/{handle}"), name)
        parent, last = os.path.split(os.path.abspath(name))
        # The last part is not followed for removal and renaming, but a link may lead out when opened for writing.
        real = os.path.realpath(name) if act.startswith(("files: open", "files: sqlite3")) else None
        real = real or os.path.join(os.path.realpath(parent), last)
        if real.startswith(self._below) or real == self._directory:
            self.touched[real] = None
            return None
        return f"{act} {self._readable(name)}"

    def _readable(self, name: str) -> str:
        return self._sites.relative(os.path.abspath(name)) or name


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
