"""Paths as recordings have them: what some of them stand for, and which may be brought about in a replay."""

from __future__ import annotations

import os
import sys

STANDARD_INPUT = "/dev/stdin"
"""The path under which what a call reads from standard input is kept among its files."""

STANDING = "/proc/self/cwd"
"""The path under which it is told where the program stood when a call began, where that was not its first working
directory: a link that leads there, as Linux has it for each process."""

WORKING_DIRECTORY = "<directory>/"
"""What a link says that leads there by its absolute path."""

BINARY_SUFFIXES = (".pyc", ".pyo", ".so", ".pyd")
SOURCE_SUFFIXES = (".py", ".pyi", ".pth", ".egg-link", *BINARY_SUFFIXES)
_SYSTEM_PREFIXES = ("/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo/", "/usr/share/locale/", "/usr/lib/locale/")


def interpreter_directories() -> tuple[str, ...]:
    """Where the standard library and installed packages lie, and what the system keeps for itself."""
    return tuple(dict.fromkeys(d.rstrip("/") + "/" for d in library_directories())) + _SYSTEM_PREFIXES


def library_directories() -> list[str]:
    """Where the standard library and installed packages lie."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    installed = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    return [library, os.path.realpath(library), *(os.path.abspath(p) for p in installed)]


def outside(path: str) -> bool:
    """Is a recorded path the absolute one of a file that can be put into a tree of its own?

    >>> outside("/data/prices.csv"), outside("/data/../etc/passwd"), outside("/proc/1/mem"), outside("data.csv")
    (True, False, False, False)
    """
    parts = path.removesuffix("/").split("/")[1:]
    is_plain = path.startswith("/") and not {"", ".", ".."} & set(parts) and "\0" not in path
    return is_plain and not path.startswith(_SYSTEM_PREFIXES)


def inside(path: str) -> bool:
    """Does a recorded path stay below the working directory? (It comes from a file: it may say anything.)

    >>> inside("data/accounts.csv"), inside("../etc/passwd"), inside("/etc/passwd")
    (True, False, False)
    """
    return not os.path.isabs(path) and ".." not in path.split("/") and "\0" not in path
