"""Functions that ask about files without opening them: whether something is there, how large, how old, for whom.

No audit event tells of them. Call sites do (`legacy_seam.boundary.asking`): this says of a call that is about to be
made which paths it asks about.
"""

from __future__ import annotations

import genericpath
import os
import pathlib
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType, MethodType
from typing import Any

from legacy_seam.world.collecting import Asked

Questions = tuple[Iterable[str], Asked]
"""The paths, and what is asked of them."""

_EXISTENCE: tuple[object, ...] = (
    genericpath.exists,
    genericpath.isfile,
    genericpath.isdir,
    genericpath.getsize,
    posixpath.lexists,
    posixpath.islink,
    posixpath.ismount,
    os.readlink,
    *(getattr(os.path, name) for name in ("exists", "isfile", "isdir", "lexists")),
    *(getattr(pathlib.Path, name) for name in ("exists", "is_file", "is_dir", "is_symlink", "is_mount")),
)
_STATUS: tuple[object, ...] = (
    os.stat,
    os.lstat,
    os.access,
    os.chmod,
    os.utime,
    genericpath.getmtime,
    genericpath.getatime,
    genericpath.getctime,
    *(getattr(pathlib.Path, name) for name in ("stat", "lstat", "chmod", "touch", "owner", "group")),
)
_LINKS: tuple[object, ...] = (posixpath.realpath, pathlib.Path.resolve)
_ENTRIES: Mapping[str, Asked] = {
    "stat": "status",
    "inode": "status",
    **dict.fromkeys(("is_dir", "is_file", "is_symlink"), "existence"),
}
"""What entries of directories are asked: one may have been found by another call than the one that asks."""
_HANDING_ON: tuple[object, ...] = (map, filter, sorted, max, min, any, all, list)
_SEQUENCES = (list, tuple, set, frozenset)

_asked: dict[int, Asked] = {
    **{id(function): "existence" for function in _EXISTENCE},
    **{id(function): "status" for function in _STATUS},
    **{id(function): "links" for function in _LINKS},
}


def _first(arguments: Sequence[Any]) -> Sequence[Any]:
    return arguments[:1]


def _both(arguments: Sequence[Any]) -> Sequence[Any]:
    return arguments[:2]


def _plain(arguments: Sequence[Any]) -> Sequence[Any]:
    return [one for one in arguments[:1] if type(one) is str and not set(one) & set("*?[")]


_LIBRARY: dict[str, dict[str, tuple[Callable[[Sequence[Any]], Sequence[Any]], Asked]]] = {
    "shutil": {
        **dict.fromkeys(("copy", "copy2", "copymode", "copystat"), (_first, "status")),
        "move": (_both, "existence"),
    },
    "glob": {"glob": (_plain, "existence"), "iglob": (_plain, "existence")},
    "genericpath": {"samefile": (_both, "existence")},
    "filecmp": {"cmp": (_both, "status")},
}
"""Functions that are known by name: their modules are not loaded for our sake."""

_handing_on = frozenset(map(id, _HANDING_ON))
_NONE: dict[str, tuple[Callable[[Sequence[Any]], Sequence[Any]], Asked]] = {}
_UNKNOWN: tuple[Callable[[Sequence[Any]], Sequence[Any]], None] = (_first, None)
_BUILT_IN = ("builtin_method", "builtin_function_or_method")
_name_of: Callable[[type], str] = vars(type)["__name__"].__get__  # whatever its metaclass may say


def questions(callee: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Questions | None:
    """What a call asks about files; None where it asks nothing.

    Runs no code of the program.

    >>> questions(os.path.getmtime, ["prices.csv"], {})
    (['prices.csv'], 'status')
    >>> questions(len, ["prices.csv"], {}) is None
    True
    """
    if "dir_fd" in keywords:
        return None
    number = id(callee)
    asked = _asked.get(number)
    if asked is not None:
        return _paths(arguments[:1] or [keywords.get("path")]), asked
    kind = type(callee)
    if kind is MethodType:
        asked = _asked.get(id(callee.__func__))
        return None if asked is None else (_paths([callee.__self__]), asked)
    if kind is FunctionType and type(callee.__module__) is str:
        among, asked = _LIBRARY.get(callee.__module__, _NONE).get(callee.__name__, _UNKNOWN)
        return (_paths(among(arguments)), asked) if asked is not None else None
    if number in _handing_on:
        return _handed_on(arguments, keywords)
    if _name_of(kind) in _BUILT_IN and type(callee.__self__) is os.DirEntry:
        asked = _ENTRIES.get(callee.__name__)
        return None if asked is None else (_paths([callee.__self__]), asked)
    return None


def _handed_on(arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Questions | None:
    """`filter(os.path.exists, paths)`, `max(paths, key=os.path.getmtime)`."""
    asked = next((a for one in (*arguments, *keywords.values()) if (a := _asked.get(id(one)))), None)
    if asked is None:
        return None
    given = [path for many in arguments if type(many) in _SEQUENCES for path in many]
    return _paths(given), asked


def _paths(candidates: Iterable[Any]) -> list[str]:
    """Those that are paths by their type: `__fspath__` of the program's own classes is not called."""
    return [os.fsdecode(one) for one in candidates if issubclass(type(one), _PATHS)]


_PATHS = (str, bytes, pathlib.PurePath, os.DirEntry)
