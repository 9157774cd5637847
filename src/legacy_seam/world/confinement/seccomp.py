"""seccomp: the kernel refuses system calls that no replay has a use for, whoever makes them.

A filter is a small program that the kernel runs before each system call. It sees numbers only, no paths and no
addresses, so it says nothing of files (Landlock does). `PROGRAM` is for all code of the program under test;
`call_rules` is added for the process in which calls are replayed, which starts no other.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from legacy_seam.world.confinement.kernel import NUMBERS, call, control, give_up_privileges

_SET_SECCOMP, _FILTER = 22, 2
_IS_AVAILABLE = 2
_KILL, _ERROR, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
_ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_FIRST_OF_X32 = 0x4000_0000

_LOAD, _RETURN, _TO_INDEX, _OR_INDEX = 0x20, 0x06, 0x07, 0x4C
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT = 0x15, 0x35, 0x45
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_INSTRUCTION = struct.Struct("=HBBI")

_Instruction = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one argument: its lower half (all of it for `given`).

    argument: which, from 0; relation: `is`, `is not`, `has` any of these bits, `lacks` all of them, `given`: not 0.
    """

    argument: int
    relation: Literal["is", "is not", "has", "lacks", "given"]
    value: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to a system call for which all conditions hold.

    error: the number with which it fails; None where it ends the process.
    """

    name: str
    error: int | None
    conditions: tuple[Condition, ...] = ()


def _failing(error: int, names: str) -> list[Rule]:
    return [Rule(name, error) for name in names.split()]


_NAMES_FATAL = "execve execveat ptrace process_vm_readv process_vm_writev kexec_load kexec_file_load reboot"
_NAMES_REFUSED = (
    "connect bind listen sendmsg sendmmsg vfork pidfd_send_signal pidfd_getfd kcmp process_madvise ioprio_set"
    " sched_setscheduler sched_setparam sched_setattr migrate_pages move_pages mount umount2 pivot_root chroot"
    " unshare setns open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr bpf keyctl add_key"
    " request_key init_module finit_module delete_module swapon swapoff sethostname setdomainname acct quotactl"
    " quotactl_fd syslog iopl ioperm open_by_handle_at settimeofday clock_settime userfaultfd perf_event_open"
    " fanotify_init memfd_create memfd_secret shmget semget msgget mq_open setsid"
)
_NEW_NAMESPACES = 0x7E02_0080
_OF_A_THREAD = 0x0001_0000
_LOCAL, _INTERNET, _INTERNET_6 = 1, 2, 10

PROGRAM: tuple[Rule, ...] = (
    *[Rule(name, None) for name in _NAMES_FATAL.split()],
    *_failing(errno.EPERM, _NAMES_REFUSED),
    # Those who know these have another way where a kernel lacks them.
    *_failing(errno.ENOSYS, "clone3 io_uring_setup io_uring_enter io_uring_register"),
    Rule("socket", errno.EPERM, tuple(Condition(0, "is not", one) for one in (_LOCAL, _INTERNET, _INTERNET_6))),
    Rule("sendto", errno.EPERM, (Condition(4, "given"),)),
    Rule("clone", errno.EPERM, (Condition(0, "has", _NEW_NAMESPACES),)),
    Rule("prlimit64", errno.EPERM, (Condition(0, "is not", 0),)),
    Rule("setpriority", errno.EPERM, (Condition(1, "is not", 0),)),
    Rule("sched_setaffinity", errno.EPERM, (Condition(0, "is not", 0),)),
    # Signals sent by the kernel to whom a file descriptor names, and keys pressed on a terminal.
    *[Rule("fcntl", errno.EPERM, (Condition(1, "is", command),)) for command in (8, 15)],
    *[Rule("ioctl", errno.EPERM, (Condition(1, "is", request),)) for request in (0x8901, 0x8902, 0x5412)],
)


def program_rules(parent: int) -> tuple[Rule, ...]:
    """What no code of the program may do, while it is imported or later.

    Args:
        parent: the process from which we were forked.
    """
    spared = (1, -1, parent, -parent)
    return (*PROGRAM, *[Rule("kill", errno.EPERM, (Condition(0, "is", one),)) for one in spared])


def call_rules(process: int) -> tuple[Rule, ...]:
    """What is refused on top of that while calls are replayed: other processes, new or old.

    Args:
        process: the number of the process itself, which may send signals to itself.
    """
    other = Condition(0, "is not", process)
    sending = ("tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
    return (
        *_failing(errno.EPERM, "fork setpgid"),
        Rule("clone", errno.EPERM, (Condition(0, "lacks", _OF_A_THREAD),)),
        Rule("kill", errno.EPERM, (other, Condition(0, "is not", 0))),
        *[Rule(name, errno.EPERM, (other,)) for name in sending],
        Rule("prctl", errno.EPERM, (Condition(0, "is", 1),)),  # to live on without the parent
    )


def is_available() -> bool:
    """Does this kernel have it, and do we know its numbers here?"""
    if not NUMBERS:
        return False
    try:
        control(21)  # PR_GET_SECCOMP: fails where the kernel was built without it
        call("seccomp", _IS_AVAILABLE, 0, struct.pack("=I", _KILL))
    except OSError:
        return False
    return True


def install(rules: Iterable[Rule]) -> None:
    """Hold this thread, and all it starts, to the rules, for good. Rules of several filters add up.

    Raises:
        OSError: where the kernel refuses.
    """
    code = assemble(list(rules), NUMBERS, _ARCHITECTURES[os.uname().machine])
    held = ctypes.create_string_buffer(code, len(code))
    told = struct.pack("@HP", len(code) // _INSTRUCTION.size, ctypes.addressof(held))
    pointer = ctypes.create_string_buffer(told, len(told))
    give_up_privileges()
    control(_SET_SECCOMP, _FILTER, ctypes.addressof(pointer))


def assemble(rules: Sequence[Rule], numbers: dict[str, int], architecture: int) -> bytes:
    """The program for the kernel.

    Args:
        rules: the first that fits decides; without one the call is allowed.
        numbers: name of a system call -> number; rules for others are left out.
        architecture: the only one that is spoken here. Calls in another have other numbers: they end the process.
    """
    code: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 0, 1, _FIRST_OF_X32),
        (_RETURN, 0, 0, _KILL),
    ]
    for rule in rules:
        if rule.name in numbers:
            code += _block(rule, numbers[rule.name])
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(_INSTRUCTION.pack(*one) for one in code)


def _block(rule: Rule, number: int) -> list[_Instruction]:
    """The instructions for one rule. They begin and end with the number of the call loaded."""
    verdict = (_RETURN, 0, 0, _KILL if rule.error is None else _ERROR | rule.error)
    if not rule.conditions:
        return [(_IF_EQUAL, 0, 1, number), verdict]
    body: list[_Instruction] = []
    for position, condition in enumerate(rule.conditions):
        rest = sum(_length(later) for later in rule.conditions[position + 1 :])
        body += _checked(condition, rest + 1)
    return [(_IF_EQUAL, 0, len(body) + 2, number), *body, verdict, (_LOAD, 0, 0, _NUMBER_AT)]


def _length(condition: Condition) -> int:
    return 5 if condition.relation == "given" else 2


def _checked(condition: Condition, past_verdict: int) -> list[_Instruction]:
    """Go on where the condition holds; otherwise jump over so many instructions."""
    low = _ARGUMENTS_AT + 8 * condition.argument
    value = condition.value & 0xFFFF_FFFF
    match condition.relation:
        case "is":
            return [(_LOAD, 0, 0, low), (_IF_EQUAL, 0, past_verdict, value)]
        case "is not":
            return [(_LOAD, 0, 0, low), (_IF_EQUAL, past_verdict, 0, value)]
        case "has":
            return [(_LOAD, 0, 0, low), (_IF_ANY_BIT, 0, past_verdict, value)]
        case "lacks":
            return [(_LOAD, 0, 0, low), (_IF_ANY_BIT, past_verdict, 0, value)]
        case "given":
            both = [(_LOAD, 0, 0, low), (_TO_INDEX, 0, 0, 0), (_LOAD, 0, 0, low + 4), (_OR_INDEX, 0, 0, 0)]
            return [*both, (_IF_EQUAL, past_verdict, 0, 0)]
