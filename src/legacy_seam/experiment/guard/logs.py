"""What a candidate logs goes nowhere.

`Logger.handle` is where a finished record meets the handlers; the hook there lets every record of the legacy system
pass as it is, with the caller it names.
"""

from __future__ import annotations

from typing import Any

from legacy_seam.experiment.guard.notes import CANDIDATE

_armed = False


def arm() -> None:
    """Put the hook in, once in a process."""
    global _armed
    if _armed:
        return
    _armed = True
    import functools
    import logging

    original = logging.Logger.handle

    @functools.wraps(original)
    def handle(self: Any, record: logging.LogRecord) -> None:
        if CANDIDATE.get() is None:
            original(self, record)

    logging.Logger.handle = handle  # type: ignore[method-assign]
