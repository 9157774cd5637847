"""Moments as text, to the microsecond and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_instant(instant: float) -> str:
    """Seconds since the epoch as `2026-11-22T01:15:00.123456Z`."""
    moment = _EPOCH + timedelta(microseconds=round(instant * 1_000_000))
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def read_instant(text: str) -> float:
    """The inverse of `write_instant`.

    Raises:
        ValueError: where the text is no such instant.
    """
    return datetime.fromisoformat(text).timestamp()
