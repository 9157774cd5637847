"""A circuit breaker: a candidate that keeps failing is left alone for a while, then tried with single calls.

The pattern is Nygard's ("Release It!", 2007): closed, open, half-open.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Opens when too many of the latest calls failed; half-open, it lets one probe through at a time.

    Args:
        failures: How many of the last `window` calls may fail before it opens, counting the last one.
        window: How many calls are looked at.
        cooldown: Seconds until the first probe. After each probe that fails the wait doubles, up to `longest`.
        longest: The longest wait, in seconds.
        clock: Where seconds come from.

    >>> breaker = Breaker(failures=2, window=10, cooldown=30)
    >>> breaker.failed(); breaker.failed()
    >>> breaker.state, breaker.allows()
    ('open', False)
    """

    def __init__(
        self,
        failures: int = 5,
        window: int = 20,
        cooldown: float = 30.0,
        longest: float = 600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if failures < 1 or window < failures or cooldown <= 0:
            raise ValueError("A breaker opens after at least one failure, within a window that can hold them.")
        self._failures, self._cooldown, self._longest, self._clock = failures, cooldown, longest, clock
        self._latest: deque[bool] = deque(maxlen=window)
        self._lock = threading.Lock()
        self._open_until: float | None = None
        self._wait = cooldown
        self._probe_until = 0.0

    @property
    def state(self) -> State:
        """Where it stands."""
        if self._open_until is None:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    def allows(self) -> bool:
        """Whether the next call may go to the candidate. Half-open, the first one to ask is the probe."""
        if self._open_until is None:
            return True
        with self._lock:
            now = self._clock()
            if self._open_until is None:
                return True
            if now < self._open_until or now < self._probe_until:
                return False
            self._probe_until = (
                now + self._cooldown
            )  # a probe that never reports back holds up the next one so long
            return True

    def succeeded(self) -> None:
        """Note that the candidate answered."""
        if self._open_until is None:
            if self._latest:  # only while there is a failure to be outnumbered
                self._note(failed=False)
            return
        with self._lock:
            self._open_until, self._wait, self._probe_until = None, self._cooldown, 0.0
            self._latest.clear()

    def failed(self) -> None:
        """Note that it did not."""
        self._note(failed=True)

    def _note(self, failed: bool) -> None:
        with self._lock:
            if self._open_until is not None:
                if failed and self._clock() >= self._open_until:
                    self._wait = min(self._wait * 2, self._longest)
                    self._open_until, self._probe_until = self._clock() + self._wait, 0.0
                return
            self._latest.append(failed)
            if sum(self._latest) >= self._failures:
                self._open_until, self._probe_until = self._clock() + self._wait, 0.0
                self._latest.clear()
            elif not any(self._latest):
                self._latest.clear()

    def after_fork(self) -> None:
        """A lock that another thread held at a fork is held for ever in the child."""
        self._lock = threading.Lock()
