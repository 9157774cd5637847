"""Alarms: `signal.alarm` and `signal.setitimer`, by the clock of the controlled world.

An alarm rings when time that is skipped passes its moment: `alarm(2); sleep(5)` is interrupted although nobody
sleeps. The real timer is set as well, for a program that waits for it by working.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

_Replacement = tuple[object, str, object]


class WaitsForEver(BaseException):
    """A call waits for what nothing can bring: no thread of it, no alarm. It is ended there, not waited for."""


class Alarms:
    """The one real-time alarm that a process may have."""

    def __init__(self) -> None:
        self._rings_ns: int | None = None
        self._interval_ns = 0
        self._set_really = signal.setitimer
        self._left_really = signal.getitimer

    def next_before(self, until_ns: float) -> int | None:
        """When it rings, if that is not later than `until_ns`."""
        if self._rings_ns is not None and not self._interval_ns and self._left_really(signal.ITIMER_REAL)[0] == 0:
            self._rings_ns = None  # it rang already, by the real clock
        return self._rings_ns if self._rings_ns is not None and self._rings_ns <= until_ns else None

    def ring(self, now_ns: int) -> None:
        """Send the signal, as the kernel would."""
        if self._interval_ns:
            self._rings_ns = now_ns + self._interval_ns
        else:
            self._rings_ns = None
            self._set_really(signal.ITIMER_REAL, 0)
        signal.raise_signal(signal.SIGALRM)

    def forget(self) -> None:
        """No alarm is set."""
        if self._rings_ns is not None:
            self._rings_ns = None
            self._set_really(signal.ITIMER_REAL, 0)

    def replacements(self, now_ns: Callable[[], int], skip: Callable[[float], None]) -> list[_Replacement]:
        """What to put in place of what: (module, name of a function in it, function).

        Args:
            now_ns: where the clock stands.
            skip: lets time pass.
        """

        def setitimer(which: int, seconds: float, interval: float = 0.0, /) -> tuple[float, float]:
            if which != signal.ITIMER_REAL:
                return self._set_really(which, seconds, interval)
            left = getitimer(which)
            self._set_really(which, seconds, interval)
            self._interval_ns = round(interval * 1e9)
            self._rings_ns = now_ns() + round(seconds * 1e9) if seconds else None
            return left

        def getitimer(which: int, /) -> tuple[float, float]:
            if which != signal.ITIMER_REAL:
                return self._left_really(which)
            if self._rings_ns is None:
                return 0.0, 0.0
            return max(self._rings_ns - now_ns(), 1) / 1e9, self._interval_ns / 1e9

        def alarm(seconds: int, /) -> int:
            left, _ = setitimer(signal.ITIMER_REAL, int(seconds))
            return int(-(-left // 1))

        def pause() -> None:
            if self._rings_ns is None:
                raise WaitsForEver
            skip(max(self._rings_ns - now_ns(), 0) / 1e9)

        replaced: list[tuple[str, Any]] = [
            ("setitimer", setitimer),
            ("getitimer", getitimer),
            ("alarm", alarm),
            ("pause", pause),
        ]
        return [(signal, name, function) for name, function in replaced]
