"""One entry of a directory, as `os.scandir` gives it: by its path, of which `os.stat` tells what it tells."""

from __future__ import annotations

import os
import stat
from typing import Any

from legacy_seam.values.anatomy import getter
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft


class Entry:
    """One entry of a directory, as `os.scandir` gives it."""

    __slots__ = ("_handle", "name", "path")

    def __init__(self, name: Any, path: Any, handle: int | None = None) -> None:
        self.name = name
        self.path = path
        self._handle = handle

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Is it a directory, or a link to one?"""
        return stat.S_ISDIR(self._mode(follow_symlinks))

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Is it a plain file, or a link to one?"""
        return stat.S_ISREG(self._mode(follow_symlinks))

    def is_symlink(self) -> bool:
        """Is it a link?"""
        return stat.S_ISLNK(self._mode(False))

    def is_junction(self) -> bool:
        """Is it a junction of Windows? It never is."""
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """What `os.stat` tells of it."""
        return os.stat(self.path, dir_fd=self._handle, follow_symlinks=follow_symlinks)

    def inode(self) -> int:
        """Its number."""
        return self.stat(follow_symlinks=False).st_ino

    def _mode(self, follow_symlinks: bool) -> int:
        try:
            return self.stat(follow_symlinks=follow_symlinks).st_mode
        except FileNotFoundError:
            return 0

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"


def _entry(value: Any) -> Draft:
    path: Any = value.path if type(value) is Entry else getter(os.DirEntry, "path")(value)
    if type(path) not in (str, bytes) or not os.path.split(path)[0]:
        raise Unreadable("an entry of a directory that is known by its number")
    return call("DirEntry", path)


def _make(path: Any) -> Entry:
    return Entry(os.path.split(path)[1], path)


KINDS = (Kind(("posix:DirEntry", f"{__name__}:Entry"), _entry, "DirEntry", _make, has_identity=True),)
