"""What a program can ask of the machine and its user: the same everywhere, so that golden masters travel.

The kind of system (`sys.platform`, the first part of `os.uname`) is as it is: code that is made for another one
behaves otherwise there.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from legacy_seam.world.processes import modules_of_os

HOST, USER, NUMBER, PROCESSORS = "localhost", "user", 1000, 4
"""What a replayed program sees: the machine's name, the user's name and number, how many processors there are."""

_NUMBERS = ("getuid", "geteuid", "getgid", "getegid")
_NAMES_OF_USER = ("LOGNAME", "USER", "LNAME", "USERNAME")


def replacements() -> list[tuple[Any, str, object]]:
    """What to put in place of what: (module, name in it, replacement)."""
    import getpass  # not before it is needed

    answers: dict[str, object] = {
        "cpu_count": lambda: PROCESSORS,
        "process_cpu_count": lambda: PROCESSORS,
        "sched_getaffinity": lambda pid, /: set(range(PROCESSORS)),
        "getloadavg": lambda: (0.0, 0.0, 0.0),
        "getlogin": lambda: USER,
        **{name: lambda: NUMBER for name in _NUMBERS},
    }
    if hasattr(os, "uname"):
        name = os.uname_result((os.uname().sysname, HOST, "1.0.0", "#1", "x86_64"))
        answers["uname"] = lambda: name
    platform: Any = sys.modules.get("platform")
    if platform is not None:
        platform._uname_cache = None
    replaced = [
        (owner, name, answer)
        for owner in modules_of_os()
        for name, answer in answers.items()
        if hasattr(owner, name)
    ]
    return [*replaced, (getpass, "getuser", _getuser)]


def _getuser() -> str:
    """The variables that the program was recorded to read come first, as ever."""
    return next((found for name in _NAMES_OF_USER if (found := os.environ.get(name))), USER)
