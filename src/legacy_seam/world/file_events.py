"""Which files an audit event of Python tells of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from legacy_seam.world.collecting import Asked

_MOST_IN_A_DIRECTORY = 1000


def _first_path(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[:1])


def _second_path(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[1:2])


def _both_paths(arguments: tuple[Any, ...]) -> list[str]:
    return _as_paths(arguments[:2])


def database_files(arguments: tuple[Any, ...]) -> list[str]:
    """The files of the database that `sqlite3.connect` is asked for."""
    paths = _as_paths(arguments[:1])
    if not paths or paths[0] in ("", ":memory:"):
        return []
    path = paths[0]
    if path.startswith("file:"):
        path = path.removeprefix("file:").partition("?")[0]
        path = path.removeprefix("//") if path.startswith("///") else path
    return [path, path + "-wal", path + "-journal"]


def _entries(arguments: tuple[Any, ...]) -> list[str]:
    directory = arguments[0] if arguments and arguments[0] is not None else "."
    if isinstance(directory, int):
        return []
    name = os.fsdecode(directory)
    try:
        entries = sorted(os.listdir(name))
    except OSError:
        return []
    if not entries:
        return [os.path.join(name, "")]
    return [os.path.join(name, entry) for entry in entries[:_MOST_IN_A_DIRECTORY]]


def _as_paths(candidates: Iterable[Any]) -> list[str]:
    return [os.fsdecode(c) for c in candidates if isinstance(c, (str, bytes, os.PathLike))]


TOUCHED: dict[str, Callable[[tuple[Any, ...]], list[str]]] = {
    "open": _first_path,
    "os.listdir": _entries,
    "os.scandir": _entries,
    "os.remove": _first_path,
    "os.rename": _both_paths,
    "os.truncate": _first_path,
    "os.mkdir": _first_path,
    "os.rmdir": _first_path,
    "os.link": _both_paths,
    "os.symlink": _second_path,
    "os.chmod": _first_path,
    "os.utime": _first_path,
    "os.chdir": _first_path,
    "sqlite3.connect": database_files,
}
"""By event: gives for its arguments the paths that matter to whoever caused it."""

LISTINGS = frozenset({"os.listdir", "os.scandir"})
"""Events that touch all that is in a directory, whatever becomes of it."""

ENTERED = "os.chdir"
"""The event after which the process stands elsewhere."""

_STATUS: tuple[Asked, ...] = ("content", "status")
_ASKED: dict[str, tuple[Asked, ...]] = {ENTERED: ("existence",), "os.chmod": _STATUS, "os.utime": _STATUS}
"""Of a directory that a call goes to, it matters that it is there. What it opens then is seen then."""


def asked_by(event: str) -> tuple[Asked, ...]:
    """What matters of the paths that an event touches.

    >>> asked_by("open"), asked_by("os.chmod")
    (('content',), ('content', 'status'))
    """
    return _ASKED.get(event, ("content",))


def concerns_sources(event: str, arguments: tuple[Any, ...]) -> bool:
    """Does it matter that a source file is touched? Modules are imported by opening them to be read."""
    if event != "open":
        return True
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
