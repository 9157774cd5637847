"""Where a candidate runs: one file for each way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from legacy_seam.errors import SeamError
from legacy_seam.experiment.runners.running import Runner

Mode = Literal["replay", "inline", "worker", "fork", "queue"]


def make_runner(
    mode: Mode, control: Any, candidate: Callable[..., Any], deadline: float, logged: bool, waiting: int
) -> Runner | None:
    """The runner of a mode; None for `replay`, in which nothing runs when the seam is called.

    Raises:
        SeamError: There is no such mode, or not on this platform.
    """
    if mode == "replay":
        return None
    if mode == "inline":
        from legacy_seam.experiment.runners.inline import Inline

        return Inline(control, candidate, deadline, logged)
    if mode == "worker":
        from legacy_seam.experiment.runners.worker import Worker

        return Worker(candidate, deadline, waiting)
    if mode == "fork":
        from legacy_seam.experiment.runners.fork import Fork

        return Fork(candidate, deadline, logged)
    if mode == "queue":
        from legacy_seam.experiment.runners.queue import Queue

        return Queue()
    raise SeamError(f"There is no mode {mode!r}: use replay, inline, worker, fork or queue.")
