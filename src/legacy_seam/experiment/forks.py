"""What must be made anew in a child process: locks, threads and connections do not survive a fork."""

from __future__ import annotations

import os
import weakref
from typing import Any

_concerned: weakref.WeakSet[Any] = weakref.WeakSet()


def renew_after_fork(concerned: Any) -> None:
    """Let `concerned.after_fork()` be called in every child that this process forks from now on."""
    _concerned.add(concerned)


def _in_child() -> None:
    for concerned in list(_concerned):
        concerned.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
