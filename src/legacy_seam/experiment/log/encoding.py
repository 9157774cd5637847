"""Values as JSON, and back. Numbers are numbers, whatever library they came from.

What JSON has no word for is an object with one key that begins with `$`: `{"$decimal": "1.10"}`,
`{"$date": "2026-11-27"}`, `{"$tuple": [1, 2]}`, `{"$float": "nan"}`. An instance of any other class is written as
`{"$object": "module.Class", "text": …}`, which nobody can turn back into it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from legacy_seam.experiment.compare.numbers import native
from legacy_seam.experiment.compare.verdict import shown

_AS_THEY_ARE = {str, bool, type(None)}
_LARGEST_INT = 2**63
_DEEPEST = 60


class NotStored(Exception):
    """A value was written as a description only."""


def to_text(value: Any) -> str:
    """A value as JSON.

    >>> to_text({"balance": 12.5, "paid": (1, 2)})
    '{"balance":12.5,"paid":{"$tuple":[1,2]}}'
    """
    return as_json(encoded(value))


def as_json(found: Any) -> str:
    """What `encoded` gave, as text that every database takes."""
    return clean(_writer()(found))


@functools.cache
def _writer() -> Callable[[Any], str]:
    import json  # not when the program begins

    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def clean(text: str) -> str:
    """A text without halves of surrogate pairs, which no database takes: legacy file names have them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def from_text(text: str) -> Any:
    """The value behind JSON.

    Raises:
        NotStored: Part of it was written as a description only.

    >>> from_text('{"paid":{"$tuple":[1,2]}}')
    {'paid': (1, 2)}
    """
    import json

    return decoded(json.loads(text))


def encoded(value: Any, depth: int = 0) -> Any:
    """A value as what `json` writes."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is int:
        return value if -_LARGEST_INT <= value < _LARGEST_INT else {"$int": str(value)}
    if kind is float:
        return value if value - value == 0 else {"$float": repr(value)}
    if depth > _DEEPEST:
        return _described(value)
    if kind is dict:
        if all(type(key) is str and key[:1] != "$" for key in value):
            return {key: encoded(item, depth + 1) for key, item in value.items()}
        return {"$dict": [[encoded(key, depth + 1), encoded(item, depth + 1)] for key, item in value.items()]}
    if kind is list:
        return [encoded(item, depth + 1) for item in value]
    if kind is tuple:
        return {"$tuple": [encoded(item, depth + 1) for item in value]}
    if kind is set or kind is frozenset:
        items = [encoded(item, depth + 1) for item in value]
        return {f"${kind.__name__}": sorted(items, key=as_json)}
    if kind is bytes:
        return {"$bytes": value.hex()}
    return _encoded_by_name(value, kind, depth)


def _encoded_by_name(value: Any, kind: type, depth: int) -> Any:
    plain = native(value)
    if type(plain) is not kind:
        return encoded(plain, depth)
    name = f"{kind.__module__}.{kind.__name__}"
    if name == "decimal.Decimal":
        return {"$decimal": str(value)}
    if name in ("datetime.datetime", "datetime.date", "datetime.time"):
        return {f"${kind.__name__}": value.isoformat()}
    if name == "datetime.timedelta":
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if name == "fractions.Fraction":
        return {"$fraction": [str(value.numerator), str(value.denominator)]}
    if name == "uuid.UUID":
        return {"$uuid": str(value)}
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray and value.dtype.kind in "biufU":
        return {"$array": encoded(value.tolist(), depth + 1), "dtype": str(value.dtype)}
    return _described(value)


def _described(value: Any) -> dict[str, str]:
    kind = type(value)
    return {"$object": f"{kind.__module__}.{kind.__qualname__}", "text": shown(value, 200)}


def decoded(found: Any) -> Any:
    """The value behind what `json` has read.

    Raises:
        NotStored: Part of it was written as a description only.
    """
    if isinstance(found, list):
        return [decoded(item) for item in found]
    if not isinstance(found, dict):
        return found
    tag = next(iter(found), "")
    if tag[:1] != "$":
        return {key: decoded(item) for key, item in found.items()}
    read = _READ.get(tag)
    if read is None:
        raise NotStored(found.get("text", tag))
    return read(found[tag])


def _dated(name: str) -> Any:
    def read(text: str) -> Any:
        import datetime

        return getattr(datetime, name).fromisoformat(text)

    return read


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


def _fraction(parts: list[str]) -> Any:
    from fractions import Fraction

    return Fraction(int(parts[0]), int(parts[1]))


def _timedelta(parts: list[int]) -> Any:
    from datetime import timedelta

    return timedelta(*parts)


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


_READ: dict[str, Any] = {
    "$int": int,
    "$float": float,
    "$tuple": lambda items: tuple(decoded(items)),
    "$set": lambda items: set(decoded(items)),
    "$frozenset": lambda items: frozenset(decoded(items)),
    "$dict": lambda items: {decoded(key): decoded(item) for key, item in items},
    "$bytes": bytes.fromhex,
    "$decimal": _decimal,
    "$datetime": _dated("datetime"),
    "$date": _dated("date"),
    "$time": _dated("time"),
    "$timedelta": _timedelta,
    "$fraction": _fraction,
    "$uuid": _uuid,
    "$array": decoded,
}
