"""What holds on this machine, as data: which harm a replay cannot do, and by what it is kept from it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from legacy_seam.world.confinement import landlock, seccomp

Strength = Literal["any code", "Python code", "none"]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One kind of harm.

    harm:    what a replay cannot do.
    against: which code it holds against: `any code`, compiled code included; `Python code` which goes through the
             interpreter; or `none`.
    by:      what sees to it, the strongest first.
    """

    harm: str
    against: Strength
    by: tuple[str, ...]


def guarantees() -> tuple[Guarantee, ...]:
    """What holds on this machine, found out by asking its kernel.

    >>> {one.harm for one in guarantees()} >= {"reach the network", "change files of others"}
    True
    """
    version = landlock.version()
    filtered = ("seccomp",) if seccomp.is_available() else ()
    files = ("landlock",) if version else ()
    on_linux = sys.platform == "linux"
    return (
        _of("reach the network", filtered),
        _of("start processes", filtered),
        _of("signal other processes", (*filtered, *(("landlock",) if version >= 6 else ()))),
        _of("look into other processes", (*filtered, *files)),
        _of("change files of others", files if version >= 3 else (), () if version >= 3 else files),
        _of("change modes and times of files of others", ()),
        _of("read the developer's files", files),
        Guarantee("see the developer's environment", "any code", ("a process without it",)),
        _kept("take all memory", ("limits",) if on_linux else ()),
        _kept("take all processor time or disk", ("limits",) if sys.platform != "win32" else ()),
        _kept("outlive the replay", ("signal at the parent's death",) if on_linux else ()),
    )


def _kept(harm: str, by: tuple[str, ...]) -> Guarantee:
    """What no audit event tells of."""
    return Guarantee(harm, "any code" if by else "none", by)


def _of(harm: str, kernel: tuple[str, ...], partly: tuple[str, ...] = ()) -> Guarantee:
    return Guarantee(harm, "any code" if kernel else "Python code", (*kernel, *partly, "audit hook"))
