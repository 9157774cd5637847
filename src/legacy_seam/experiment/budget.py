"""A share of the legacy function's own time, beyond which nothing is spent on the candidate."""

from __future__ import annotations

import threading

_NANOSECONDS = 1_000_000_000


class Budget:
    """What the calls of an experiment may add, all together, to the time that callers spend in the legacy function.

    Each call of the legacy function earns `share` of the time it took; each call of the candidate spends what it
    cost its caller. Credit is kept for `window` seconds of legacy time at most, so that a quiet night does not pay
    for a slow morning.

    Args:
        share: 0.05 for "no more than 5 % slower".
        window: Seconds of legacy time whose earnings are kept.
        advance: Seconds that may be spent before anything is earned.

    >>> budget = Budget(0.05, advance=0.0)
    >>> budget.allows()
    False
    >>> budget.earn(1_000_000_000)
    >>> budget.allows()
    True
    >>> budget.spend(60_000_000)
    >>> budget.allows()
    False
    """

    def __init__(self, share: float, window: float = 60.0, advance: float = 0.01) -> None:
        if not share > 0 or not window > 0 or advance < 0:
            raise ValueError("A budget is a share above 0 of a window above 0 seconds.")
        self._share = share
        self._most = share * window * _NANOSECONDS
        self._credit = advance * _NANOSECONDS
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether anything is left to spend."""
        return self._credit > 0

    def earn(self, nanoseconds: int) -> None:
        """Note what a call of the legacy function took."""
        with self._lock:
            self._credit = min(self._credit + nanoseconds * self._share, max(self._most, self._credit))

    def spend(self, nanoseconds: int) -> None:
        """Note what the experiment cost a caller."""
        with self._lock:
            self._credit -= nanoseconds

    def after_fork(self) -> None:
        """A lock that another thread held at a fork is held for ever in the child."""
        self._lock = threading.Lock()
