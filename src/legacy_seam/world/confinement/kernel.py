"""The kernel, asked directly: libraries that wrap these calls are missing on most machines.

Everything here is for Linux on the two machines of which the numbers are known, and says so elsewhere: `NUMBERS` is
empty there, and nothing is attempted.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from typing import Any

_SET_SIGNAL_OF_PARENTS_DEATH = 1
_ADOPT_ORPHANS = 36
_SET_NO_NEW_PRIVILEGES = 38
_MACHINES = ("x86_64", "aarch64")

# Name, number on x86_64, number on aarch64; `-` where that machine has no such call.
_TABLE = """
execve 59 221           execveat 322 281         ptrace 101 117            process_vm_readv 310 270
process_vm_writev 311 271 process_madvise 440 440 kcmp 312 272             socket 41 198
connect 42 203          bind 49 200              listen 50 201             sendto 44 206
sendmsg 46 211          sendmmsg 307 269         fork 57 -                 vfork 58 -
clone 56 220            clone3 435 435           kill 62 129               tkill 200 130
tgkill 234 131          rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240 pidfd_send_signal 424 424
pidfd_open 434 434      pidfd_getfd 438 438      fcntl 72 25               ioctl 16 29
prlimit64 302 261       setpriority 141 140      ioprio_set 251 30         sched_setscheduler 144 119
sched_setparam 142 118  sched_setattr 314 274    sched_setaffinity 203 122 migrate_pages 256 238
move_pages 279 239      mount 165 40             umount2 166 39            pivot_root 155 41
chroot 161 51           unshare 272 97           setns 308 268             open_tree 428 428
move_mount 429 429      fsopen 430 430           fsconfig 431 431          fsmount 432 432
fspick 433 433          mount_setattr 442 442    bpf 321 280               keyctl 250 219
add_key 248 217         request_key 249 218      kexec_load 246 104        kexec_file_load 320 294
init_module 175 105     finit_module 313 273     delete_module 176 106     reboot 169 142
swapon 167 224          swapoff 168 225          sethostname 170 161       setdomainname 171 162
acct 163 89             quotactl 179 60          quotactl_fd 443 443       syslog 103 116
iopl 172 -              ioperm 173 -             open_by_handle_at 304 265 settimeofday 164 170
clock_settime 227 112   userfaultfd 323 282      perf_event_open 298 241   fanotify_init 300 262
io_uring_setup 425 425  io_uring_enter 426 426   io_uring_register 427 427 memfd_create 319 279
memfd_secret 447 447    shmget 29 194            semget 64 190             msgget 68 186
mq_open 240 180         setsid 112 157           setpgid 109 154           prctl 157 167
capget 125 90           capset 126 91            seccomp 317 277           landlock_create_ruleset 444 444
landlock_add_rule 445 445                        landlock_restrict_self 446 446
"""


def _numbers() -> dict[str, int]:
    machine = os.uname().machine if sys.platform == "linux" else ""
    if machine not in _MACHINES or sys.maxsize < 2**32:
        return {}
    words = iter(_TABLE.split())
    column = _MACHINES.index(machine)
    found = {name: numbers[column] for name, *numbers in zip(words, words, words, strict=True)}
    return {name: int(number) for name, number in found.items() if number != "-"}


NUMBERS = _numbers()
"""Name of a system call -> its number here; empty where we know none."""

_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_prctl: Any = _libc.prctl if _libc is not None else None
_syscall: Any = _libc.syscall if _libc is not None else None


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call.

    Args:
        name: which one.
        arguments: numbers, or bytes to which a pointer is passed.

    Returns:
        what the kernel gives back.

    Raises:
        OSError: where it refuses, or is not known here.

    >>> call("no_such_call")
    Traceback (most recent call last):
    OSError: [Errno 38] no_such_call
    """
    if name not in NUMBERS:
        raise OSError(38, name)
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result: int = _syscall(ctypes.c_long(NUMBERS[name]), *given)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def control(option: int, *arguments: int) -> int:
    """`prctl`: ask something of this process, or change it.

    Raises:
        OSError: where the kernel refuses, or there is no such thing here.
    """
    if _prctl is None:
        raise OSError(38, "prctl")
    given = [ctypes.c_ulong(one) for one in (*arguments, 0, 0, 0, 0)[:4]]
    result: int = _prctl(ctypes.c_int(option), *given)
    if result == -1:
        raise OSError(ctypes.get_errno(), "prctl")
    return result


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies (Linux; nothing elsewhere)."""
    if _prctl is not None:
        _prctl(_SET_SIGNAL_OF_PARENTS_DEATH, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of what descendants leave behind, so that it can be found and ended (Linux)."""
    with contextlib.suppress(OSError):
        control(_ADOPT_ORPHANS, 1)


def give_up_privileges() -> None:
    """Nothing that is executed from here on gains rights. Landlock and seccomp ask for it.

    Raises:
        OSError: where the kernel refuses.
    """
    control(_SET_NO_NEW_PRIVILEGES, 1)
