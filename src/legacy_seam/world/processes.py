"""Other processes: starting, signalling, limiting them. A replay does none of it, and has a constant identity."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

PROCESS, PARENT = 4242, 4241
"""The process numbers that a replayed program sees."""

_NAMES_REACHING_OUT = (
    "system popen fork vfork clone execl execle execlp execv execve execvp posix_spawn posix_spawnp kill "
    "killpg unlink unlinkat remove rename renameat rmdir creat connect sendto sendmsg socket syscall ptrace "
    "mprotect prctl setrlimit prlimit mount umount umount2 chroot reboot open openat open64 creat64 fopen "
    "fopen64 freopen link linkat symlink symlinkat mkdir mkdirat mknod mkfifo truncate truncate64 chmod "
    "fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimens futimes lutimes setxattr "
    "lsetxattr fsetxattr removexattr bind listen fexecve posix_spawn_file_actions_init tgkill tkill "
    "pthread_kill sigqueue setuid setgid setreuid setresuid unshare setns keyctl add_key sem_unlink "
    "shm_unlink shm_open process_vm_readv process_vm_writev daemon setsid nice setpriority"
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
    if event == "fcntl.fcntl":
        return f"process: {event} that sends signals" if arguments[1] in _SIGNALLING_COMMANDS else None
    if event == "fcntl.ioctl":
        return f"process: {event} that presses keys" if arguments[1] == _PRESS_KEY else None
    if event == "sys.addaudithook":
        return "interpreter: sys.addaudithook"
    return f"process: {event}"


_SIGNALLING_COMMANDS = (8, 15)
_PRESS_KEY = 0x5412

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
    "fcntl.fcntl",
    "fcntl.ioctl",
    "sys.addaudithook",
    "sqlite3.enable_load_extension",
    "sqlite3.load_extension",
)

_NAMES_UNTOLD = (
    "chroot unshare setns setuid setgid seteuid setegid setreuid setregid setresuid setresgid setgroups "
    "initgroups nice setpriority sched_setscheduler sched_setparam sched_setaffinity setsid setpgid setpgrp "
    "pidfd_open memfd_create"
)
"""Functions of `os` that act on the machine, or on what this process may do, and of which no audit event tells."""


def modules_of_os() -> list[Any]:
    """The modules in which programs find the functions of `os`."""
    return [os, *(sys.modules[name] for name in ("posix", "nt") if name in sys.modules)]


def replacements(refuse: Callable[[str], None]) -> list[tuple[Any, str, object]]:
    """What to put in place of what: (module, name in it, replacement).

    Args:
        refuse: called with what is attempted where no audit event tells of it; it raises.
    """
    real_kill = os.kill

    def kill(pid: int, signal: int, /) -> None:
        real_kill(_real_pid() if pid == PROCESS else pid, signal)

    def untold(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def refused(*arguments: Any, **keywords: Any) -> Any:
            refuse(f"process: os.{name}")
            return act(*arguments, **keywords)

        return refused

    def fork_exec(*arguments: Any) -> int:
        refuse(f"process: start of {_command(arguments[0])}")
        raise AssertionError("refusing raises")

    replaced: list[tuple[Any, str, object]] = []
    for owner in modules_of_os():
        replaced += [(owner, "getpid", lambda: PROCESS), (owner, "getppid", lambda: PARENT), (owner, "kill", kill)]
        replaced += [
            (owner, name, untold(name, getattr(os, name))) for name in _NAMES_UNTOLD.split() if hasattr(owner, name)
        ]
    socket = sys.modules.get("socket")
    if socket is not None:
        replaced.append((socket, "gethostname", lambda: "localhost"))
    if sys.platform != "win32":
        import _posixsubprocess

        replaced.append((_posixsubprocess, "fork_exec", fork_exec))
    return replaced


_real_pid = os.getpid
