"""Switching an experiment off while the program runs: by a file, or by the environment.

Either is looked at no more often than ten times a second, so that it costs nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

VARIABLE = "LEGACY_SEAM_KILL"
"""Names of experiments, with commas between them, or `all`."""

FILE_VARIABLE = "LEGACY_SEAM_KILL_FILE"
"""A path. While there is such a file, the experiments that it names are off; all of them, if it is empty."""

_INTERVAL = 0.1


class KillSwitch:
    """Whether an experiment has been switched off.

    Args:
        name: The experiment.
        path: A file that switches off this experiment by being there, whatever it says.
        clock: Where seconds come from.
    """

    def __init__(self, name: str, path: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._path, self._clock = name, path, clock
        self._next, self._killed = float("-inf"), False

    def killed(self) -> bool:
        """Whether it is off now, as of a tenth of a second ago."""
        now = self._clock()
        if now >= self._next:
            self._killed = self._look()
            self._next = now + _INTERVAL
        return self._killed

    def _look(self) -> bool:
        if _names(os.environ.get(VARIABLE, "")) & {self._name, "all"}:
            return True
        if self._path is not None and os.path.lexists(self._path):
            return True
        shared = os.environ.get(FILE_VARIABLE)
        if not shared:
            return False
        try:
            with open(shared, encoding="utf-8", errors="replace") as file:
                text = file.read(65_536)
        except FileNotFoundError:
            return False
        except OSError:
            return True  # it is there, and cannot be read: off is the safe side
        return not text.strip() or bool(_names(text) & {self._name, "all"})


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.replace("\n", ",").split(",")}
