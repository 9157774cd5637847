"""Doing something in a process of its own, for what cannot be undone in this one; and who the children are."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable
from pathlib import Path

_BROKEN = 99


def status_of(act: Callable[[], int]) -> int:
    """The number that an act gives back in a forked process, which then ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, of which the child uses none
        child = os.fork()
    if child == 0:
        status = _BROKEN
        try:
            status = act()
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status != _BROKEN
    return status


def children() -> set[str]:
    """The processes that this one has begun and not seen the end of: the suite has servers of its own."""
    found: set[str] = set()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it may have ended since it was listed
            found.update((thread / "children").read_text().split())
    return found
