"""What keeps a replay in where Python cannot: the operating system, as far as it can be had without privileges.

The audit hook of `sandbox` sees what goes through the interpreter and says what it was. Compiled code goes round
it, and so would code that finds the hook and disarms it. So a worker has the kernel hold it to the same, once,
before it loads anything of the program; and the processes in which calls are replayed give up a little more.

| file | what it asks of the kernel |
|---|---|
| `landlock` | no files but those of the program, none to be written but its own, no TCP, no signals |
| `seccomp` | no network, no other processes, nothing that administers the machine |
| `capabilities` | root is no more than a user |
| `reading` | which files are the program's to read, and which are the developer's |
| `guarantees` | what of this holds here, as data |

Each mechanism is used where it is there; where it is not, the hook stands alone.
"""

from __future__ import annotations

import contextlib
import os
import sys

from legacy_seam.world.confinement import capabilities, landlock, seccomp
from legacy_seam.world.confinement.guarantees import Guarantee, guarantees
from legacy_seam.world.confinement.reading import Reading, homes, of_the_interpreter, reading

__all__ = [
    "Guarantee",
    "Reading",
    "confine",
    "confine_call",
    "guarantees",
    "homes",
    "of_the_interpreter",
    "reading",
]

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_SHARED_MEMORY = "/dev/shm"
"""Where the C library keeps the semaphores that Python's own pools and locks are made of."""

_process, _parent = os.getpid, os.getppid  # bound before a replay gives them other answers


def confine(directory: str, allowed: Reading) -> tuple[str, ...]:
    """Have the kernel keep this process, and all it starts, from harm: once, while it has one thread.

    Args:
        directory: where files may be changed.
        allowed: what may be read.

    Returns:
        the mechanisms that are in force.
    """
    if sys.platform != "linux":
        return ()
    in_force: list[str] = []
    with contextlib.suppress(OSError):
        capabilities.drop()
        in_force.append("capabilities")
    if landlock.version():
        with contextlib.suppress(OSError):
            landlock.restrict(_places(directory, allowed))
            in_force.append("landlock")
    if seccomp.is_available():
        with contextlib.suppress(OSError):
            seccomp.install(seccomp.program_rules(_parent()))
            in_force.append("seccomp")
    return tuple(in_force)


def confine_call() -> None:
    """Have the kernel keep this process, in which calls are replayed, from starting and signalling others."""
    if seccomp.is_available():
        with contextlib.suppress(OSError):
            seccomp.install(seccomp.call_rules(_process()))


def _places(directory: str, allowed: Reading) -> list[tuple[str, int]]:
    return [
        (directory, landlock.OWN),
        *((device, landlock.USE) for device in _DEVICES),
        (_SHARED_MEMORY, landlock.OWN),
        *((tree, landlock.READ) for tree in allowed.trees()),
        *((root, landlock.LIST) for root in allowed.roots()),
    ]
