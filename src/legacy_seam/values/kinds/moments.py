"""Dates, times, spans and zones."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from legacy_seam.values.kinds.kind import Kind, Written, call

_ZONE_KEY = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_MODULE = "datetime."


def _date(value: Any) -> str:
    return repr(_plain_date(value))[len(_MODULE) :]


def _plain_date(value: Any) -> dt.date:
    return dt.date(*(getattr(dt.date, part).__get__(value) for part in ("year", "month", "day")))


def _clock(owner: Any, value: Any) -> tuple[list[int], dict[str, Any]]:
    parts = [getattr(owner, part).__get__(value) for part in ("hour", "minute", "second", "microsecond")]
    return parts, {"tzinfo": owner.tzinfo.__get__(value), "fold": owner.fold.__get__(value)}


def _plain_datetime(value: Any, *, with_zone: bool = True) -> dt.datetime:
    parts, others = _clock(dt.datetime, value)
    day = (getattr(dt.date, part).__get__(value) for part in ("year", "month", "day"))
    zone = others["tzinfo"] if with_zone else None
    return dt.datetime(*day, *parts, tzinfo=zone, fold=others["fold"])


def _plain_time(value: Any, *, with_zone: bool = True) -> dt.time:
    parts, others = _clock(dt.time, value)
    return dt.time(*parts, tzinfo=others["tzinfo"] if with_zone else None, fold=others["fold"])


def _zoned(plain: Any, zone: object) -> Written:
    """`repr` as it is without a zone (no code of the zone runs), with the zone as a part."""
    text: str = repr(plain)[len(_MODULE) :]
    if zone is None:
        return text
    word, _, rest = text.partition("(")
    numbers = [int(part) for part in rest[:-1].split(", ") if "=" not in part]
    return call(word, *numbers, tzinfo=zone, **({"fold": 1} if plain.fold else {}))


def _plain_span(value: Any) -> dt.timedelta:
    return dt.timedelta(*(getattr(dt.timedelta, part).__get__(value) for part in ("days", "seconds", "microseconds")))


def _timezone(value: dt.timezone) -> Written:
    return "timezone.utc" if value is dt.timezone.utc else call("timezone", *value.__getinitargs__())  # type: ignore[attr-defined]


def _zone(value: Any) -> Written:
    key = type(value).key.__get__(value)
    if key is None:
        raise ValueError("a time zone that was read from a file")
    return call("ZoneInfo", key)


def _make_zone(key: str) -> object:
    if not _ZONE_KEY.fullmatch(key):
        raise ValueError(f"there is no time zone {key!r}")
    from zoneinfo import ZoneInfo

    return ZoneInfo(key)


KINDS = (
    Kind(
        ("datetime:date",),
        _date,
        "date",
        dt.date,
        adopt=lambda cls, day: dt.date.__new__(cls, day.year, day.month, day.day),
    ),
    Kind(
        ("datetime:datetime",),
        lambda value: _zoned(_plain_datetime(value, with_zone=False), dt.datetime.tzinfo.__get__(value)),  # type: ignore[attr-defined]
        "datetime",
        dt.datetime,
        adopt=lambda cls, moment: dt.datetime.__new__(
            cls, *moment.timetuple()[:6], moment.microsecond, moment.tzinfo, fold=moment.fold
        ),
    ),
    Kind(
        ("datetime:time",),
        lambda value: _zoned(_plain_time(value, with_zone=False), dt.time.tzinfo.__get__(value)),  # type: ignore[attr-defined]
        "time",
        dt.time,
        adopt=lambda cls, t: dt.time.__new__(cls, t.hour, t.minute, t.second, t.microsecond, t.tzinfo, fold=t.fold),
    ),
    Kind(
        ("datetime:timedelta",),
        lambda value: repr(_plain_span(value))[len(_MODULE) :],
        "timedelta",
        dt.timedelta,
        adopt=lambda cls, span: dt.timedelta.__new__(cls, span.days, span.seconds, span.microseconds),
    ),
    Kind(("datetime:timezone",), _timezone, "timezone", dt.timezone),
    Kind(("zoneinfo:ZoneInfo",), _zone, "ZoneInfo", _make_zone),
)
