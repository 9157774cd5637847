"""Other processes: starting, signalling, limiting them. A replay does none of it, and has a constant identity."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

PROCESS, PARENT = 4242, 4241
"""The process numbers that a replayed program sees."""

_NAMES_REACHING_OUT = (
    "system popen fork vfork clone execl execle execlp execv execve execvp posix_spawn posix_spawnp kill killpg "
    "unlink unlinkat remove rename renameat rmdir creat connect sendto sendmsg socket syscall ptrace mprotect "
    "prctl setrlimit mount chroot reboot"
)
_REACHING_OUT = frozenset(_NAMES_REACHING_OUT.split())
"""C functions that act on the world outside, or could open a way round the sandbox."""


def _command(command: Any) -> str:
    if isinstance(command, (list, tuple)):
        return " ".join(_command(part) for part in command)
    if isinstance(command, bytes):
        return command.decode("utf-8", "backslashreplace")
    return os.fspath(command) if isinstance(command, os.PathLike) else str(command)


def denied(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What a replay is not allowed to do here, in words that are the same every time; None for anything else.

    >>> denied("os.system", (b"rm -rf /",))
    'process: os.system of rm -rf /'
    """
    if event in ("os.kill", "os.killpg"):
        itself = event == "os.kill" and arguments[0] == _real_pid()
        return None if itself else f"process: {event}"
    if event == "subprocess.Popen":
        return f"process: subprocess.Popen of {_command(arguments[1])}"
    if event == "os.system":
        return f"process: os.system of {_command(arguments[0])}"
    if event in ("os.exec", "os.posix_spawn", "os.spawn"):
        return f"process: {event} of {_command(arguments[1] if event == 'os.spawn' else arguments[0])}"
    if event in ("ctypes.dlsym", "ctypes.dlsym/handle"):
        return f"process: the C function {arguments[1]}" if arguments[1] in _REACHING_OUT else None
    return f"process: {event}"


EVENTS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
    "os.kill",
    "os.killpg",
    "resource.setrlimit",
    "resource.prlimit",
    "syslog.openlog",
    "syslog.syslog",
    "ctypes.dlsym",
    "ctypes.dlsym/handle",
)


def replacements(refuse: Callable[[str], None]) -> list[tuple[Any, str, object]]:
    """What to put in place of what: (module, name in it, replacement).

    Args:
        refuse: called with what is attempted where no audit event tells of it; it raises.
    """
    real_kill = os.kill

    def kill(pid: int, signal: int, /) -> None:
        real_kill(_real_pid() if pid == PROCESS else pid, signal)

    def fork_exec(*arguments: Any) -> int:
        refuse(f"process: start of {_command(arguments[0])}")
        raise AssertionError("refusing raises")

    replaced: list[tuple[Any, str, object]] = [
        (os, "getpid", lambda: PROCESS),
        (os, "getppid", lambda: PARENT),
        (os, "kill", kill),
    ]
    socket = sys.modules.get("socket")
    if socket is not None:
        replaced.append((socket, "gethostname", lambda: "localhost"))
    if sys.platform != "win32":
        import _posixsubprocess

        replaced.append((_posixsubprocess, "fork_exec", fork_exec))
    return replaced


_real_pid = os.getpid
