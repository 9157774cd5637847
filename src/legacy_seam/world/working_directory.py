"""Where the process stands: a program may have gone elsewhere before a call, and the call may do so again."""

from __future__ import annotations

import os

from legacy_seam.world.ambient import Ambient

_chdir, _getcwd = os.chdir, os.getcwd  # bound before a replay puts others in their place
_NOWHERE = "a directory that was removed"


def from_where_we_stand(path: str) -> str:
    """A relative path in full, by where the process really stands, whatever a replay tells the program of that."""
    return os.path.join(_getcwd(), path)


class WorkingDirectory:
    """The directory in which each call begins, and that in which a call has left the process.

    Args:
        home: where calls begin of which nothing else is known.

    >>> place = WorkingDirectory(os.getcwd())
    >>> os.chdir("/")
    >>> place.left_for()
    '/'
    >>> place.go_back()
    >>> place.left_for() is None
    True
    """

    def __init__(self, home: str) -> None:
        self._home = self._start = home

    def begin(self, start: str | None = None) -> None:
        """Another call begins.

        Args:
            start: where; None where that is home. A directory that cannot be entered is as good as none.
        """
        self._start = start or self._home
        if self.left_for() is None:
            return
        try:
            _chdir(self._start)
        except OSError:
            self._start = self._home
            _chdir(self._home)

    def left_for(self) -> str | None:
        """Where the process stands, where that is not the place in which the call began."""
        try:
            here = _getcwd()
        except FileNotFoundError:
            return _NOWHERE
        return None if here == self._start else here

    def go_back(self) -> None:
        """Back to where the call began."""
        self.begin(self._start)

    def ambient(self) -> Ambient:
        """What is looked at after a call."""
        return Ambient(
            self.left_for,
            lambda place: {} if place is None else {"os.getcwd()": place},
            lambda held: self.go_back(),
            look=self.left_for,
            is_heard=True,
        )
