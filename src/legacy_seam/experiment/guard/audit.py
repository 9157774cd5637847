"""The audit hook: what a candidate may not do to the world outside is refused before it happens.

The refusal is a `PermissionError`, which well-made libraries expect of a cache they cannot write. A hook cannot be
taken away again, so there is one for the process, which lets everything pass that no candidate does.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from legacy_seam.experiment.guard.notes import CANDIDATE, HERE_ALONE, Notes

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_REFUSED = frozenset(
    {
        "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
        "os.chown", "os.chflags", "os.utime", "os.setxattr", "os.removexattr", "os.chdir", "os.fchdir",
        "shutil.chown", "shutil.move", "shutil.rmtree", "shutil.unpack_archive",
        "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
        "os.kill", "os.killpg", "signal.pthread_kill", "pty.spawn", "os.startfile",
        "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "syslog.syslog", "webbrowser.open",
    }
)  # fmt: skip

_THREADS = frozenset({"_thread.start_new_thread", "_thread.start_joinable_thread"})
"""Refused where the legacy system is, since no context follows into them; free in a process of its own."""

_armed = False


class Refused(PermissionError):
    """A candidate tried to change the world outside."""


def arm() -> None:
    """Install the hook, once in a process."""
    global _armed
    if not _armed:
        _armed = True
        sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    notes = HERE_ALONE[0] if HERE_ALONE else CANDIDATE.get(None)
    if notes is None:
        return
    if event == "open":
        if _opens_for_writing(*arguments[:3]):
            _refuse(notes, f"write {_named(arguments[0])}")
    elif event in _REFUSED:
        if event != "os.mkdir" or not _is_cache_of_bytecode(arguments[0]):
            _refuse(notes, event)
    elif event in _THREADS and not HERE_ALONE:
        _refuse(notes, event)
    elif event == "sqlite3.connect":
        if not _harmless_database(arguments[0]):
            _refuse(notes, f"open database {_named(arguments[0])}")
    elif event in ("os.putenv", "os.unsetenv"):
        name = os.fsdecode(arguments[0])
        notes.environment.setdefault(name, os.environ.get(name))


def _refuse(notes: Notes, what: str) -> None:
    notes.deny(what)
    raise Refused(f"a candidate may not: {what}")


def _opens_for_writing(path: Any, mode: Any, flags: Any) -> bool:
    if not (isinstance(flags, int) and flags & _WRITES) and not (isinstance(mode, str) and set(mode) & set("wax+")):
        return False
    return path != os.devnull and not _is_cache_of_bytecode(path)


def _is_cache_of_bytecode(path: Any) -> bool:
    """Python keeps what it has compiled there; a candidate that imports something does so too."""
    return isinstance(path, (str, bytes)) and "__pycache__" in os.fsdecode(path)


def _harmless_database(name: Any) -> bool:
    if not isinstance(name, (str, bytes)):
        return False
    text = os.fsdecode(name)
    return text in (":memory:", "") or (text.startswith("file:") and ("mode=ro" in text or "mode=memory" in text))


def _named(path: Any) -> str:
    return os.fsdecode(path) if isinstance(path, (str, bytes)) else repr(path)
