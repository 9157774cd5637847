"""What recording may cost a process in all: a share of the time the program takes, and something to begin with.

The time in which calls are looked at is no time of the program's: on a machine that is busy with other work, most
of what passes may be that, and a share of it would be spent again, and again a share of this.

Time that is not spent is saved up to a limit, so that a program which idles does not pay for it later. Each
function has a first claim: until one of its calls is kept, it may draw on what is not there yet, within limits too.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter  # bound now: the program may put another clock in its place

SHARE = 0.2
"""Seconds that may be spent in each second of the program's."""
SAVINGS = 3.0
"""Seconds that are there at the beginning, and what can be saved at most, in a program that serves others."""
GENEROUS = 30.0
"""The same in a run that was started to be recorded: there, a strong net is worth waiting for."""
_RESERVE, _LAST_RESERVE = 1 / 3, 1 / 10
"""Shares of the savings that are kept for functions of which little is known, and of which nothing is: a program
calls some of its functions for the first time when its others have been looked at for long."""
_CREDIT, _LEAST_CREDIT = 1 / 3, 2.0
"""What may be overspent for the first calls of a function: so much of the savings, and at least some seconds."""
_FEW = 5


class Budget:
    """Seconds that may be spent on looking at calls.

    Args:
        savings: seconds that are there at the beginning, and what can be saved at most.
        clock: gives seconds.

    >>> now = 0.0
    >>> budget = Budget(clock=lambda: now)
    >>> budget.allows(0.1, kept=50)
    True
    >>> budget.spend(SAVINGS)
    >>> budget.allows(0.1, kept=50), budget.allows(0.1, kept=0)
    (False, True)
    >>> now = 60.0
    >>> budget.allows(0.1, kept=50)
    True
    """

    __slots__ = ("_clock", "_floors", "_left", "_looking", "_savings", "_since")

    def __init__(self, savings: float = SAVINGS, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._since = clock()
        self._left = self._savings = savings
        self._looking = 0.0
        self._floors = (-max(savings * _CREDIT, _LEAST_CREDIT), savings * _LAST_RESERVE, savings * _RESERVE)

    def spend(self, seconds: float, elapsed: float | None = None) -> None:
        """So much was spent.

        Args:
            seconds: of processor time.
            elapsed: what passed meanwhile, where that is not the same.
        """
        self._left -= seconds
        self._looking += seconds if elapsed is None else elapsed

    def allows(self, seconds: float, kept: int) -> bool:
        """Is there enough for a look that will take so long?

        Args:
            seconds: what the last looks at the same function took.
            kept: how many of its calls were kept so far.
        """
        floor = self._floors[2 if kept >= _FEW else 1 if kept else 0]
        if self._left - seconds > floor:
            return True
        now = self._clock()
        passed = max(now - self._since - self._looking, 0.0)
        self._left = min(self._left + passed * SHARE, self._savings)
        self._since, self._looking = now, 0.0
        return self._left - seconds > floor
