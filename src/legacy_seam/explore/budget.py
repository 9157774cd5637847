"""How long a search may take, and how much of that it has used.

It is processor time that counts: where others use the machine as well, a search of so many seconds finds what it
finds elsewhere. Real time counts where nothing is computed, since a search that waits should end, too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

_MOST_REAL = 8.0
"""Seconds of real time that are as good as one of processor time."""

_LEAST, _OF_A_TARGET = 60.0, 6.0
"""Seconds that a search has where nobody says how many: so many, or so many for each of its targets."""


def usual_seconds(targets: int) -> float:
    """How many seconds a search has where nobody says how many.

    Args:
        targets: how many are explored.

    >>> usual_seconds(3), usual_seconds(24)
    (60.0, 144.0)
    """
    return max(_LEAST, _OF_A_TARGET * targets)


class Works(Protocol):
    """What a search has work for it. seconds: of processor time that it has worked."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search.

    seconds: of processor time; calls: how many calls are tried at most. seed: the same one gives the same search.
    """

    seconds: float = 60.0
    calls: int | None = None
    seed: int = 0


@dataclass(slots=True)
class Stopwatch:
    """Tells what was used from when it was made: here, and by a worker.

    Args:
        worker: the worker.
    """

    worker: Works
    _worked: float = 0.0
    _own: float = field(default_factory=time.process_time)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._worked = self.worker.seconds

    def seconds(self) -> float:
        """Seconds of a budget that were used."""
        used = time.process_time() - self._own + self.worker.seconds - self._worked
        return max(used, (time.monotonic() - self._began) / _MOST_REAL)
