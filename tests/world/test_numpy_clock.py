"""numpy's own clock."""

from __future__ import annotations

import datetime

import numpy
import time_machine

from legacy_seam.world.numpy_clock import by_the_clock

MOMENT = datetime.datetime(2001, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)


def test_now_and_today_go_by_the_clock_of_python() -> None:
    datetime64 = by_the_clock(numpy.datetime64)
    assert datetime64 is not None
    with time_machine.travel(MOMENT, tick=False):
        assert str(datetime64("now")) == "2001-02-03T04:05:06"
        assert datetime64("today") == numpy.datetime64(datetime.date.today())
        assert str(datetime64("now", "h")) == "2001-02-03T04"


def test_everything_else_is_as_ever() -> None:
    datetime64 = by_the_clock(numpy.datetime64)
    assert datetime64 is not None
    assert datetime64("2020-02-29") == numpy.datetime64("2020-02-29")
    assert datetime64(5, "D") == numpy.datetime64(5, "D")
    assert by_the_clock(numpy.timedelta64) is None
