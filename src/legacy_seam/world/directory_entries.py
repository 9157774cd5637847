"""The entries of a directory, as `os.scandir` gives them, with what `os.stat` tells in a replay."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Any


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


class Entries:
    """What `os.scandir` gives back."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        return next(self._entries)

    def close(self) -> None:
        """There are no more."""
        self._entries = iter(())

    def __enter__(self) -> Entries:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()
