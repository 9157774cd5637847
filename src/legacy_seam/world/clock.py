"""The clock: the name of the time zone while recording; a clock that stands still while replaying.

While replaying, the wall clock stands at the recorded instant. The clocks that only run forward (`monotonic`,
`perf_counter`, …) move on by a fixed step at each reading, so that a program which divides by an elapsed time can
do so. Sleeping takes no time and moves all of them.
"""

from __future__ import annotations

import _thread
import os
import selectors
import sys
import time
import types
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import time_machine

_ZONE_DIRECTORIES = ("/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/")
_EPOCH = datetime(1970, 1, 1)
_STEP_NS = 1_000_000
_FORWARD_START_NS = 1_000_000_000_000
_LONGEST_REAL_WAIT = 0.05
_SLOW_TO_LOAD = ("pytest", "dateutil", "dateutil.parser", "unittest")


def timezone_name() -> str:
    """The zone of the machine as a value for TZ: that of the variable, or where /etc/localtime points, or UTC.

    >>> timezone_name() != ""
    True
    """
    named = os.environ.get("TZ", "").removeprefix(":")
    if named:
        return named
    target = os.path.realpath("/etc/localtime")
    for directory in _ZONE_DIRECTORIES:
        if target.startswith(directory):
            return target.removeprefix(directory).removeprefix("posix/").removeprefix("right/")
    try:
        with open("/etc/timezone", encoding="ascii") as file:
            return file.read().strip() or "UTC"
    except (OSError, UnicodeError):
        return "UTC"


class Clock:
    """A clock for replays. It holds for the whole process, from `start` on, and is never put back.

    >>> clock = Clock()
    >>> clock.start(1_700_000_000.0)        # doctest: +SKIP
    >>> time.time()                         # doctest: +SKIP
    1700000000.0
    """

    def __init__(self) -> None:
        self._traveller: time_machine.Traveller | None = None
        self._forward_ns = _FORWARD_START_NS

    def start(self, instant: float) -> None:
        """Stop the clock at an instant (seconds since the epoch) and let nobody sleep."""
        self._traveller = load_time_machine().travel(_moment(instant), tick=False).start()
        selectors.DefaultSelector = _impatient(selectors.DefaultSelector, self.skip)  # type: ignore[misc,assignment]

    def set(self, instant: float) -> None:
        """Put the clock to an instant (seconds since the epoch), and the clocks that run forward to their start."""
        assert self._traveller is not None
        self._traveller.move_to(_moment(instant))
        self._forward_ns = _FORWARD_START_NS

    def skip(self, seconds: float) -> None:
        """Let time pass without waiting."""
        assert self._traveller is not None
        self._traveller.shift(float(seconds))
        self._forward_ns += round(seconds * 1e9)

    def replacements(self) -> list[tuple[object, str, object]]:
        """What to put in place of what: (module, name of a function in it, function)."""
        replaced: list[tuple[object, str, object]] = [(time, "sleep", self._sleep)]
        for name in ("monotonic", "perf_counter", "process_time", "thread_time"):
            if hasattr(time, name):
                replaced += [(time, name, self._seconds), (time, f"{name}_ns", self._nanoseconds)]
        return replaced

    def _nanoseconds(self) -> int:
        self._forward_ns += _STEP_NS
        return self._forward_ns

    def _seconds(self) -> float:
        return self._nanoseconds() / 1e9

    def _sleep(self, seconds: Any, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.skip(seconds)


def _moment(instant: float) -> datetime:
    """An instant to the microsecond (as golden masters have it), in UTC; as a float it would be a little off."""
    return _EPOCH + timedelta(microseconds=round(instant * 1e6))


def load_time_machine() -> Any:
    """Import time-machine without the test frameworks that it would load for their fixtures (120 ms)."""
    held_back = {name: sys.modules.pop(name) for name in _SLOW_TO_LOAD if name in sys.modules}
    sys.modules.update(dict.fromkeys(_SLOW_TO_LOAD))  # type: ignore[arg-type]
    sys.modules["unittest"] = unittest = types.ModuleType("unittest")
    unittest.TestCase = type("TestCase", (), {})  # type: ignore[attr-defined]
    try:
        import time_machine
    finally:
        for name in _SLOW_TO_LOAD:
            sys.modules.pop(name, None)
        sys.modules.update(held_back)
    return time_machine


def _impatient(base: type[selectors.BaseSelector], skip: Callable[[float], None]) -> type[selectors.BaseSelector]:
    """A selector that lets the clock skip where an event loop would wait for it."""

    class ImpatientSelector(base):  # type: ignore[valid-type,misc]
        def select(self, timeout: float | None = None) -> Any:
            ready = super().select(0)
            if ready or timeout is None or timeout <= 0:
                return ready if ready or timeout is not None else super().select(None)
            if _thread._count():  # what it waits for may come from another thread
                ready = super().select(min(timeout, _LONGEST_REAL_WAIT))
            if not ready:
                skip(timeout)
            return ready

    return ImpatientSelector
