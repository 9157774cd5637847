"""Symbolic links on the way to a file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

_lstat, _readlink = os.lstat, os.readlink  # bound before a replay puts others in their place
_MOST = 40
"""As many links the kernel follows, too."""


def through_links(path: str, start_of: Callable[[str], int] = lambda path: 0) -> tuple[dict[str, str], str]:
    """The links on the way to a path, each with where it leads as it says, and where all of them lead.

    Args:
        path: absolute and normal.
        start_of: how many characters of an absolute path are not looked at.
    """
    links: dict[str, str] = {}
    while len(links) < _MOST:
        found = _first_link(path, start_of(path))
        if found is None or found in links:
            break
        links[found] = _readlink(found)
        path = os.path.normpath(os.path.join(os.path.dirname(found), links[found]) + path[len(found) :])
    return links, path


def _first_link(path: str, start: int) -> str | None:
    at = start
    while at < len(path):
        slash = path.find("/", at + 1)
        at = len(path) if slash < 0 else slash
        try:
            found = _lstat(path[:at])
        except OSError:
            return None
        if stat.S_ISLNK(found.st_mode):
            return path[:at]
    return None


class Link(bytes):
    """A symbolic link among the contents of files: what is told of it. No file is equal to it.

    >>> Link.to("releases/v2"), Link.to("releases/v2").leads_to, Link(b"link to a") == b"link to a"
    (b'link to releases/v2', 'releases/v2', False)
    """

    __slots__ = ()

    @classmethod
    def to(cls, place: str) -> Link:
        """One that leads there."""
        return cls(b"link to " + os.fsencode(place))

    @property
    def leads_to(self) -> str:
        """Where it leads, as it says."""
        return os.fsdecode(bytes(self)[len(b"link to ") :])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Link) and bytes(self) == bytes(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__
