"""`numpy.datetime64("now")` and `("today")`: they read the clock in C, where no clock can be stopped.

The name cannot be exchanged either: it is a class, which programs use for more than making values. So the call is
exchanged, at the call sites of modules that speak of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

MARK = b"datetime64"
"""Stands in the source of every module that makes such a call."""


def by_the_clock(callee: Any) -> Callable[..., Any] | None:
    """What to call in the place of `numpy.datetime64`, which goes by the clock that Python sees; None for others.

    >>> by_the_clock(len) is None
    True
    """
    numpy = sys.modules.get("numpy")
    return _datetime64 if numpy is not None and callee is getattr(numpy, "datetime64", None) else None


def _datetime64(*arguments: Any) -> Any:
    """As `numpy.datetime64`: now is told in UTC, today in the zone of the program."""
    real = sys.modules["numpy"].datetime64
    if arguments and type(arguments[0]) is str:
        if arguments[0] == "now":
            arguments = (real(time.time_ns() // 10**9, "s"), *arguments[1:])
        elif arguments[0] == "today":
            arguments = (real(date.today()), *arguments[1:])
    return real(*arguments)
