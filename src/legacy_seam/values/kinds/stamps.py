"""Moments, spans and missing values of pandas."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.kinds.columns import library
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call


def _timestamp(value: Any) -> Written:
    """The time on the clock there, with its distance from UTC; its zone; the unit in which it is counted."""
    zone = value.tzinfo
    text = library().Timestamp.isoformat(value)
    named = {} if zone is None else {"tz": str(zone)}
    return call("pd.Timestamp", text, **named, unit=getattr(value, "unit", "ns"))


def _make_timestamp(text: str, *, tz: str | None = None, unit: str = "ns") -> object:
    made = library().Timestamp(text)
    made = made if tz is None else made.tz_convert(tz)
    return made.as_unit(unit) if hasattr(made, "as_unit") else made


def _timedelta(value: Any) -> Written:
    return call("pd.Timedelta", library().Timedelta.isoformat(value), unit=getattr(value, "unit", "ns"))


def _make_timedelta(text: str, *, unit: str = "ns") -> object:
    made = library().Timedelta(text)
    return made.as_unit(unit) if hasattr(made, "as_unit") else made


def _period(value: Any) -> Written:
    text, freq = str(value), value.freqstr
    if library().Period(text, freq).ordinal == value.ordinal:
        return call("pd.Period", text, freq)
    return call("pd.Period", freq=freq, ordinal=value.ordinal)


def _interval(value: Any) -> Written:
    return call("pd.Interval", value.left, value.right, closed=value.closed)


def _offset(value: Any) -> Written:
    freq = value.freqstr
    try:
        is_enough = library().tseries.frequencies.to_offset(freq) == value
    except ValueError:
        is_enough = False
    if not is_enough:
        raise Unreadable("an offset that has no short name")
    return call("pd.offset", freq)


def _made(name: str) -> Any:
    return lambda *args, **kwargs: getattr(library(), name)(*args, **kwargs)


_OFFSETS = [
    "Day",
    "Hour",
    "Minute",
    "Second",
    "Milli",
    "Micro",
    "Nano",
    "BusinessDay",
    "BusinessHour",
    "MonthEnd",
    "MonthBegin",
    "BusinessMonthEnd",
    "BusinessMonthBegin",
    "QuarterEnd",
    "QuarterBegin",
    "BQuarterEnd",
    "BQuarterBegin",
    "YearEnd",
    "YearBegin",
    "BYearEnd",
    "BYearBegin",
    "Week",
    "WeekOfMonth",
    "LastWeekOfMonth",
    "SemiMonthEnd",
    "SemiMonthBegin",
    "DateOffset",
]
_HERE = "pandas._libs.tslibs"

KINDS = (
    Kind(("pandas:Timestamp", f"{_HERE}.timestamps:Timestamp"), _timestamp, "pd.Timestamp", _make_timestamp),
    Kind(("pandas:Timedelta", f"{_HERE}.timedeltas:Timedelta"), _timedelta, "pd.Timedelta", _make_timedelta),
    Kind(("pandas:Period", f"{_HERE}.period:Period"), _period, "pd.Period", _made("Period")),
    Kind(("pandas:Interval", "pandas._libs.interval:Interval"), _interval, "pd.Interval", _made("Interval")),
    Kind(
        ("pandas.api.typing:NaTType", f"{_HERE}.nattype:NaTType"),
        lambda value: "pd.NaT",
        "pd.NaT",
        lambda: library().NaT,
    ),
    Kind(
        ("pandas.api.typing:NAType", "pandas._libs.missing:NAType"),
        lambda value: "pd.NA",
        "pd.NA",
        lambda: library().NA,
    ),
    Kind(
        ("pandas:DateOffset", *(f"{_HERE}.offsets:{name}" for name in _OFFSETS)),
        _offset,
        "pd.offset",
        lambda freq: library().tseries.frequencies.to_offset(freq),
    ),
)
