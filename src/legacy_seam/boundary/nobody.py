"""What call sites report to where nobody listens: in a process to which a function was sent by value."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")


class Nobody:
    """Stands in for an `Asking`: gives back what it is given."""

    __slots__ = ()

    def asked(self, callee: _T, reports: int, attribute: str | None) -> _T:
        """Whoever is called is called."""
        return callee

    def arguments(self, *values: object) -> tuple[object, ...]:
        """Nothing is noted."""
        return values

    def keywords(self, **values: object) -> dict[str, object]:
        """Nothing is noted."""
        return values

    def seen(self, value: _T, attribute: str | None) -> _T:
        """Nothing is noted."""
        return value

    def _given_back(self, value: _T) -> _T:
        return value

    spread = answered = held = keyed = iterating = managing = awaiting = awaited = _given_back

    def entered(self, value: object) -> None:
        """Nothing is noted."""

    def caught(self) -> None:
        """Nothing is noted."""
