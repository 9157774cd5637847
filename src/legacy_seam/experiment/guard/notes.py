"""Whether the code that runs just now is a candidate's, and what was kept from it."""

from __future__ import annotations

from contextvars import ContextVar


class Notes:
    """What one call of a candidate was not allowed to do, and what of its doing has to be undone."""

    __slots__ = ("denied", "environment")

    def __init__(self) -> None:
        self.denied: list[str] = []
        self.environment: dict[str, str | None] = {}

    def deny(self, what: str) -> None:
        """Note something that was denied; a thousand of the same are one."""
        if what not in self.denied and len(self.denied) < 20:
            self.denied.append(what)


HERE_ALONE: list[Notes] = []
"""Where a process holds nothing but a candidate: the notes of its latest call."""

CANDIDATE: ContextVar[Notes | None] = ContextVar("legacy_seam_candidate", default=None)
"""The notes of the candidate that runs in this context; None in the legacy system.

A context variable, so that threads and tasks of the legacy system are never taken for the candidate.
"""
