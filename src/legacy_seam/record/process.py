"""The process that is recorded: which recorder is at work in it, that it forks, and that it ends at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from legacy_seam.record.session import Recorder

_recorder: Recorder | None = None
_follows_forks = False


def current() -> Recorder | None:
    """The recorder that is at work in this process."""
    return _recorder


def occupy(recorder: Recorder | None) -> None:
    """This recorder is at work in this process from now on, and in those that are forked from it; or none."""
    global _recorder, _follows_forks
    _recorder = recorder
    if not _follows_forks and hasattr(os, "register_at_fork"):
        _follows_forks = True
        os.register_at_fork(after_in_child=_after_fork_in_child)


def _after_fork_in_child() -> None:
    if _recorder is not None:
        _recorder.go_on_in_child()


def before_exit(hurry: Callable[[], None]) -> Callable[[], None]:
    """Have `hurry` called before `os._exit`, by which forked children mostly end; gives what undoes it."""
    leave = os._exit

    def _exit(status: int) -> NoReturn:
        hurry()
        leave(status)

    def undo() -> None:
        if os._exit is _exit:
            os._exit = leave

    _exit.__doc__ = leave.__doc__
    os._exit = _exit
    return undo
