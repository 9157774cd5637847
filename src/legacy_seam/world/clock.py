"""The clock: the name of the time zone while recording; a clock that stands still while replaying.

While replaying, the wall clock stands at the recorded instant. The clocks that only run forward (`monotonic`,
`perf_counter`, …) move on by a fixed step at each reading, so that a program which divides by an elapsed time can
do so. Waiting takes no time and moves all of them (`waiting`); alarms ring when their moment is passed (`alarms`).
"""

from __future__ import annotations

import os
import sys
import time
import types
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from legacy_seam.world.alarms import Alarms

if TYPE_CHECKING:
    import time_machine

_ZONE_DIRECTORIES = ("/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/")
_EPOCH = datetime(1970, 1, 1)
_STEP_NS = 1_000_000
_FORWARD_START_NS = 1_000_000_000_000
_PATIENT_READINGS = 20_000
_READINGS_TO_DOUBLE = 1_000
_MOST_DOUBLINGS = 30
_LAST_OF_UUID = {"_last_timestamp": None, "_last_timestamp_v7": None, "_last_counter_v7": 0}
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

    A program that reads the time again and again, until some moment has come, would wait for ever: after many
    readings each one moves the clock on, and further every time.

    >>> clock = Clock()
    >>> clock.start(1_700_000_000.0)        # doctest: +SKIP
    >>> time.time()                         # doctest: +SKIP
    1700000000.0
    """

    def __init__(self) -> None:
        self._traveller: time_machine.Traveller | None = None
        self._forward_ns = _FORWARD_START_NS
        self._began_ns = 0
        self._readings = 0
        self._alarms = Alarms()

    def start(self, instant: float) -> None:
        """Stop the clock at an instant (seconds since the epoch)."""
        traveller: Any = load_time_machine().travel(_moment(instant), tick=False).start()
        traveller.time_ns = self._wall_nanoseconds
        self._traveller = traveller

    def set(self, instant: float) -> None:
        """Put the clock to an instant (seconds since the epoch), and the clocks that run forward to their start."""
        assert self._traveller is not None
        self._traveller._destination_timestamp_ns = self._began_ns = round(instant * 1e6) * 1000
        self._forward_ns = _FORWARD_START_NS
        if self._readings:
            self._readings = 0
            _forget_last_of_uuid()
        self._alarms.forget()

    def now_ns(self) -> int:
        """The moment at which the wall clock stands, in nanoseconds since the epoch; this is no reading of it."""
        assert self._traveller is not None
        return self._traveller._destination_timestamp_ns

    def began_ns(self) -> int:
        """The moment at which it was put, in nanoseconds since the epoch."""
        return self._began_ns

    def real_ns(self) -> int:
        """What the clock of this machine says."""
        now: int = load_time_machine().escape_hatch.time.time_ns()
        return now

    def forward_ns(self) -> int:
        """Where the clocks that run forward stand; this is no reading of them."""
        return self._forward_ns

    def skip(self, seconds: float) -> None:
        """Let time pass without waiting. Alarms that were set for this time ring, each at its moment."""
        until = self._forward_ns + round(seconds * 1e9)
        while (rings := self._alarms.next_before(until)) is not None:
            self._advance(max(rings - self._forward_ns, 0))
            self._alarms.ring(self._forward_ns)
        self._advance(max(until - self._forward_ns, 0))

    def skip_to_alarm(self) -> bool:
        """Let time pass until the alarm that is set rings; False where none is."""
        rings = self._alarms.next_before(float("inf"))
        if rings is not None:
            self.skip(max(rings - self._forward_ns, 0) / 1e9)
        return rings is not None

    def replacements(self) -> list[tuple[object, str, object]]:
        """What to put in place of what: (module, name of a function in it, function)."""
        replaced: list[tuple[object, str, object]] = [
            (time, "ctime", self._ctime()),
            (time, "asctime", self._asctime()),
            (os, "times", self._times),
            *self._alarms.replacements(self.forward_ns, self.skip),
        ]
        for name in ("monotonic", "perf_counter", "process_time", "thread_time"):
            if hasattr(time, name):
                replaced += [(time, name, self._seconds), (time, f"{name}_ns", self._nanoseconds)]
        if hasattr(time, "clock_gettime"):
            replaced += [(time, "clock_gettime", self._clock_gettime), (time, "clock_gettime_ns", self._clock_ns)]
        return replaced

    def _advance(self, nanoseconds: int) -> None:
        assert self._traveller is not None
        self._traveller._destination_timestamp_ns += nanoseconds
        self._forward_ns += nanoseconds

    def _wall_nanoseconds(self) -> int:
        """A reading of the wall clock."""
        self._readings += 1
        if self._readings > _PATIENT_READINGS:
            self._advance(self._step())
        return self.now_ns()

    def _step(self) -> int:
        """By how much a reading moves the clock on: twice as far after each thousand of them."""
        excess = max(self._readings - _PATIENT_READINGS, 0)
        return _STEP_NS << min(excess // _READINGS_TO_DOUBLE, _MOST_DOUBLINGS)

    def _nanoseconds(self) -> int:
        self._readings += 1
        self._forward_ns += self._step()
        return self._forward_ns

    def _seconds(self) -> float:
        return self._nanoseconds() / 1e9

    def _clock_ns(self, clock: int, /) -> int:
        return time.time_ns() if clock == time.CLOCK_REALTIME else self._nanoseconds()

    def _clock_gettime(self, clock: int, /) -> float:
        return time.time() if clock == time.CLOCK_REALTIME else self._seconds()

    def _times(self) -> os.times_result:
        seconds = self._seconds()
        return os.times_result((seconds, 0.0, 0.0, 0.0, seconds))

    def _ctime(self) -> Callable[..., str]:
        real = time.ctime

        def ctime(seconds: float | None = None, /) -> str:
            return real(time.time() if seconds is None else seconds)

        return ctime

    def _asctime(self) -> Callable[..., str]:
        real = time.asctime

        def asctime(*moment: Any) -> str:
            return real(*(moment or (time.localtime(),)))

        return asctime


def _forget_last_of_uuid() -> None:
    """`uuid1` and its like never give an earlier moment than the last one."""
    uuid = sys.modules.get("uuid")
    if uuid is not None:
        vars(uuid).update(_LAST_OF_UUID)


def _moment(instant: float) -> datetime:
    """An instant to the microsecond (as golden masters have it), in UTC; as a float it would be a little off."""
    return _EPOCH + timedelta(microseconds=round(instant * 1e6))


def load_time_machine() -> Any:
    """Import time-machine without the test frameworks that it would load for their fixtures (120 ms)."""
    loaded = sys.modules.get("time_machine")
    if loaded is not None:
        return loaded
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
