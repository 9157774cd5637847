"""Dates, times, spans and zones."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from legacy_seam.values.anatomy import getter
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call

_ZONE_KEY = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


_DAY = [getter(dt.date, part) for part in ("year", "month", "day")]
_MOMENT_CLOCK = [getter(dt.datetime, part) for part in ("hour", "minute", "second", "microsecond")]
_CLOCK = [getter(dt.time, part) for part in ("hour", "minute", "second", "microsecond")]
_SPAN = [getter(dt.timedelta, part) for part in ("days", "seconds", "microseconds")]
_moment_zone, _moment_fold = getter(dt.datetime, "tzinfo"), getter(dt.datetime, "fold")
_zone, _fold = getter(dt.time, "tzinfo"), getter(dt.time, "fold")


def _date(value: Any) -> str:
    return _text(dt.date(*[part(value) for part in _DAY]))


def _datetime(value: Any) -> Written:
    numbers = [part(value) for part in (*_DAY, *_MOMENT_CLOCK)]
    return _zoned(dt.datetime(*numbers, fold=_moment_fold(value)), _moment_zone(value))


def _time(value: Any) -> Written:
    numbers = [part(value) for part in _CLOCK]
    return _zoned(dt.time(*numbers, fold=_fold(value)), _zone(value))


def _zoned(plain: Any, zone: object) -> Written:
    """What it is without a zone (no code of the zone runs), with the zone as a part."""
    text = _text(plain)
    if zone is None:
        return text
    word, _, rest = text.partition("(")
    numbers = [int(part) for part in rest[:-1].split(", ") if "=" not in part]
    return call(word, *numbers, tzinfo=zone, **({"fold": 1} if plain.fold else {}))


def _timedelta(value: Any) -> str:
    return _text(dt.timedelta(*[part(value) for part in _SPAN]))


def _text(plain: object) -> str:
    return repr(plain).removeprefix("datetime.")


def _timezone(value: dt.timezone) -> Written:
    return "timezone.utc" if value is dt.UTC else call("timezone", *value.__getinitargs__())  # type: ignore[attr-defined]


def _zone_info(value: Any) -> Written:
    from zoneinfo import ZoneInfo

    key = getter(ZoneInfo, "key")(value)
    if key is None:
        raise Unreadable("a time zone that was read from a file of its own")
    return call("ZoneInfo", key)


def _make_zone(key: str) -> object:
    if not _ZONE_KEY.fullmatch(key):
        raise ValueError(f"there is no time zone {key!r}")
    from zoneinfo import ZoneInfo

    return ZoneInfo(key)


def _adopt_datetime(cls: Any, moment: dt.datetime) -> object:
    numbers = [part(moment) for part in (*_DAY, *_MOMENT_CLOCK)]
    return dt.datetime.__new__(cls, *numbers, tzinfo=moment.tzinfo, fold=moment.fold)  # type: ignore[misc]


def _adopt_time(cls: Any, time: dt.time) -> object:
    numbers = [part(time) for part in _CLOCK]
    return dt.time.__new__(cls, *numbers, tzinfo=time.tzinfo, fold=time.fold)  # type: ignore[misc]


def _week(value: Any) -> Written:
    """A day by its week: a tuple of a type that makes none of what it is told by."""
    return call("IsoCalendarDate", *tuple.__iter__(value))


def _make_week(year: int, week: int, day: int) -> object:
    return dt.date.fromisocalendar(year, week, day).isocalendar()


KINDS = (
    Kind(
        ("datetime:date",),
        _date,
        "date",
        dt.date,
        adopt=lambda cls, day: dt.date.__new__(cls, day.year, day.month, day.day),
    ),
    Kind(("datetime:datetime",), _datetime, "datetime", dt.datetime, adopt=_adopt_datetime),
    Kind(("datetime:time",), _time, "time", dt.time, adopt=_adopt_time),
    Kind(
        ("datetime:timedelta",),
        _timedelta,
        "timedelta",
        dt.timedelta,
        adopt=lambda cls, span: dt.timedelta.__new__(cls, span.days, span.seconds, span.microseconds),
    ),
    Kind(("datetime:IsoCalendarDate",), _week, "IsoCalendarDate", _make_week),
    Kind(("datetime:timezone",), _timezone, "timezone", dt.timezone),
    Kind(("zoneinfo:ZoneInfo",), _zone_info, "ZoneInfo", _make_zone),
)
