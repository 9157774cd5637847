"""Flat rows as a table of pandas: the same way when a model is trained and when it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NAN = float("nan")
_LARGEST = 1.7976931348623157e308


def frame_of(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> Any:
    """A table with one column for each feature.

    Numbers and truth values are floats, everything else is text; NaN stands for what is missing, infinite, or not
    of the column's kind. So a column has the same type whatever is in it today.

    Args:
        rows: the rows, by feature.
        kinds: of the features: `integer`, `number` and `truth` are numbers.
    """
    from importlib import import_module

    pandas: Any = import_module("pandas")

    columns: dict[str, Any] = {}
    for name, kind in kinds.items():
        if kind in ("integer", "number", "truth"):
            columns[name] = pandas.Series([_number(row.get(name)) for row in rows], dtype="float64")
        else:
            columns[name] = pandas.Series([_text(row.get(name)) for row in rows], dtype="object")
    return pandas.DataFrame(columns)


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)):
        return _NAN
    try:
        return float(value) if -_LARGEST <= value <= _LARGEST else _NAN
    except OverflowError:
        return _NAN


def _text(value: Any) -> Any:
    return _NAN if value is None else str(value)
