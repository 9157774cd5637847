"""What probes report to where nothing is recorded: in another process, for calls that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


def give_back(value: _T) -> _T:
    """What is called with the result of a lambda that nobody looks at."""
    return value


class Nobody:
    """Stands in for a `Reporter` in a process that records nothing."""

    __slots__ = ()

    def enter(self, *values: object) -> bool:
        """No outcome is wanted."""
        return False

    def begin(self, *values: object) -> None:
        """Nothing is recorded."""

    def open(self, *values: object) -> Callable[[Any], Any]:
        """Nothing is recorded."""
        return give_back

    def mark(self, branch: int) -> None:
        """Nothing is recorded."""

    def note(self, value: _T) -> _T:
        """Nothing is recorded."""
        return value

    def yielded(self, value: _T) -> _T:
        """Nothing is recorded."""
        return value

    def resumed(self, value: _T) -> _T:
        """Nothing is recorded."""
        return value

    def thrown(self) -> None:
        """Nothing is recorded."""

    def raised(self) -> None:
        """Nothing is recorded."""

    def done(self) -> None:
        """Nothing is recorded."""
