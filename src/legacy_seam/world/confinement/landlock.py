"""Landlock: the kernel itself refuses files, TCP and signals outside what a process allowed itself.

What a process gives up it never gets back, and all it starts inherits that. No privilege is needed. The first
kernel with enough of it is 5.19 (renaming between directories); 6.2 adds truncating, 6.7 TCP, 6.12 signals.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from legacy_seam.world.confinement.kernel import call, give_up_privileges

_VERSION_FLAG, _PATH_BENEATH = 1, 1
_FIRST_USABLE = 2

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIRECTORY = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_DEVICES = 1 << 6 | 1 << 11
_TRUNCATE = 1 << 14
_UP_TO_RENAMING = (1 << 14) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

READ = _READ_FILE | _READ_DIRECTORY
"""Read files and list directories."""
LIST = _READ_DIRECTORY
"""List directories."""
USE = _READ_FILE | _WRITE_FILE | _TRUNCATE
"""Read and change files, make none."""
OWN = (_UP_TO_RENAMING | _TRUNCATE) & ~_EXECUTE & ~_MAKE_DEVICES
"""Everything but executing files and making devices."""


def version() -> int:
    """Which Landlock this kernel has; 0 where it has none, or one of too little use."""
    try:
        found = call("landlock_create_ruleset", None, 0, _VERSION_FLAG)
    except OSError:
        return 0
    return found if found >= _FIRST_USABLE else 0


def restrict(allowed: Iterable[tuple[str, int]]) -> None:
    """Let this process have these files only: no others, no TCP, no signals to processes outside.

    Args:
        allowed: paths, each with what may be done there and below. Those that do not exist are passed over.

    Raises:
        OSError: where the kernel refuses.
    """
    found = version()
    handled = _UP_TO_RENAMING | (_TRUNCATE if found >= 3 else 0)
    tcp, scopes = (0b11 if found >= 4 else 0), (0b11 if found >= 6 else 0)
    attributes = struct.pack("=QQQ", handled, tcp, scopes)[: 8 if found < 4 else 16 if found < 6 else 24]
    rules = call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path, rights in allowed:
            _allow(rules, path, rights & handled)
        give_up_privileges()
        call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is gone, or we may not see it ourselves
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        if rights:
            call("landlock_add_rule", rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
