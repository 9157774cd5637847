"""The clock: the name of the time zone while recording."""

from __future__ import annotations

import os

_ZONE_DIRECTORIES = ("/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/")


def timezone_name() -> str:
    """The zone of the machine as a value for TZ: that of the variable, or where /etc/localtime points, or UTC.

    >>> timezone_name() != ""
    True
    """
    named = os.environ.get("TZ", "").removeprefix(":")
    if named:
        return named
    try:
        target = os.path.realpath("/etc/localtime")
    except OSError:
        return "UTC"
    for directory in _ZONE_DIRECTORIES:
        if target.startswith(directory):
            return target.removeprefix(directory).removeprefix("posix/").removeprefix("right/")
    try:
        with open("/etc/timezone", encoding="ascii") as file:  # noqa: PTH123 (pathlib is not worth loading here)
            return file.read().strip() or "UTC"
    except (OSError, UnicodeError):
        return "UTC"
