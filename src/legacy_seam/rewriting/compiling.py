"""Compiling what was rewritten."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_kept_quiet() -> Iterator[None]:
    """Ignore warnings, without the trace that `catch_warnings` leaves (warnings shown once would show again)."""
    before = warnings.filters
    warnings.filters = [("ignore", None, Warning, None, 0)]
    try:
        yield
    finally:
        warnings.filters = before
