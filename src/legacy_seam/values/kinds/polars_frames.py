"""Tables, series and types of polars. What is lazy stays so: nothing is collected for being written."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.cells import (
    HEAD,
    MOST_CELLS,
    MOST_READABLE,
    Record,
    code_of,
    grid,
    moment,
    packed,
    short_moment,
    unpacked,
    zoned_moment,
)
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of
from legacy_seam.values.layout import PAIRS, Draft

_PLACES = {"ms": 3, "us": 6, "ns": 9}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def library() -> Any:
    """The module polars."""
    return import_module("polars")


# --------------------------------------------------------------------------------------------------- types


def _name(dtype: Any) -> str:
    """Of a type of columns, which is a class or an instance of one: that depends on the version."""
    return str(dtype.__name__ if isinstance(dtype, type) else type(dtype).__name__)


def _parameters(dtype: Any) -> tuple[object, ...]:
    """What a type is made with; nothing for most."""
    own: dict[str, Any] = attributes_of(dtype)
    name = _name(dtype)
    if name == "Struct":
        return (Draft(PAIRS, [part for field in own["fields"] for part in (field.name, spelled(field.dtype))]),)
    if name == "Enum":
        return (dtype.categories.to_list(),)
    if name == "Array":
        return spelled(dtype.inner), dtype.size
    if name == "List":
        return (spelled(dtype.inner),)
    names = {"Datetime": ("time_unit", "time_zone"), "Duration": ("time_unit",), "Decimal": ("precision", "scale")}
    return tuple(getattr(dtype, parameter) for parameter in names.get(name, ()))


def spelled(dtype: Any) -> object:
    """A type: its name, or a call where it has parameters."""
    parameters = _parameters(dtype)
    name = _name(dtype)
    return call(f"pl.{name}", *parameters) if parameters else name


def _dtype(value: Any) -> Draft:
    spelling = spelled(value)
    return spelling if isinstance(spelling, Draft) else call("pl.dtype", spelling)


def make_dtype(spelling: Any) -> Any:
    """The inverse of `spelled`."""
    if not isinstance(spelling, str):
        return spelling
    if spelling not in _SIMPLE:
        raise ValueError(f"there is no type of columns {spelling!r}")
    return getattr(import_module(_HERE), spelling)()


def _with_inner(name: str) -> Callable[..., object]:
    def make(inner: Any, *rest: Any) -> object:
        inner = {key: make_dtype(one) for key, one in inner.items()} if name == "Struct" else make_dtype(inner)
        return getattr(library(), name)(inner, *rest)

    return make


def _made(name: str) -> Callable[..., object]:
    return lambda *parameters: getattr(library(), name)(*parameters)


# --------------------------------------------------------------------------------------------------- series


def _values(series: Any) -> list[Any]:
    """The elements; moments as texts, as they may be finer than those of Python."""
    name = _name(series.dtype)
    if name not in ("Datetime", "Duration", "Time"):
        return list(series.to_list())
    counts = series.to_physical().to_list()
    if name != "Datetime":
        return list(counts)
    finish = short_moment if series.dtype.time_zone is None else zoned_moment
    unit = series.dtype.time_unit
    return [None if count is None else finish(str(moment(count, unit))) for count in counts]


def series_parts(series: Any) -> tuple[list[object], dict[str, object]]:
    """What a series is written as, but for its name."""
    rest: dict[str, object] = {"dtype": spelled(series.dtype)}
    values = _values(series)
    code = code_of(rest["dtype"]) if len(values) > MOST_READABLE else None
    if code is None:
        return [grid(values, (len(values),))], rest
    rest["shape"] = (len(values),)
    rest["head"] = grid(values[:HEAD], (min(HEAD, len(values)),))
    if series.null_count():
        rest["nulls"] = packed(bytes(value is None for value in values))
        values = [0 if value is None else value for value in values]
    rest["base64"] = packed(struct.pack(f"<{len(values)}{code}", *values))
    return [], rest


def _series(value: Any) -> Draft:
    polars = library()
    args, rest = series_parts(value)
    name = polars.Series.name.fget(value)
    return call_of("pl.Series", args, {**rest, "name": name} if name else rest)


def _make_series(
    values: Any = None,
    *,
    dtype: Any,
    name: str = "",
    shape: tuple[int, ...] = (),
    head: object = None,
    nulls: str | None = None,
    base64: str | None = None,
) -> Any:
    if base64 is not None:
        code = code_of(dtype)
        if code is None:
            raise ValueError("elements of that type are not written as bytes")
        gone = unpacked(nulls) if nulls is not None else bytes(shape[0])
        numbers = struct.unpack(f"<{shape[0]}{code}", unpacked(base64))
        values = [None if is_gone else number for number, is_gone in zip(numbers, gone, strict=True)]
    return _from_values(name, values, make_dtype(dtype))


def _from_values(name: str, values: list[Any], dtype: Any) -> Any:
    polars = library()
    kind = _name(dtype)
    if kind not in ("Datetime", "Duration", "Time"):
        return polars.Series(name, values, dtype=dtype)
    if kind == "Datetime":
        values = [_count(value, dtype.time_unit) if isinstance(value, str) else value for value in values]
    return polars.Series(name, values, dtype=polars.Int64).cast(dtype)


def _count(text: str, unit: str) -> int:
    """The inverse of `moment`."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = (datetime.fromisoformat(whole).replace(tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
    places = _PLACES[unit]
    return int(seconds * 10**places + int(fraction.ljust(places, "0") or 0))


# --------------------------------------------------------------------------------------------------- frames


def _frame(value: Any) -> Draft:
    columns = library().DataFrame.get_columns(value)
    names = [column.name for column in columns]
    height = len(columns[0]) if columns else 0
    if len(columns) * height <= MOST_CELLS:
        types = [spelled(column.dtype) for column in columns]
        rows = [Draft(Record(), row) for row in zip(*map(_values, columns), strict=True)]
        pairs = [part for pair in zip(names, types, strict=True) for part in pair]
        return call_of("pl.DataFrame", [grid(rows, (len(rows),))], {"columns": Draft(PAIRS, pairs)})
    held = [call_of("pl.Series", *series_parts(column)) for column in columns]
    return call(
        "pl.DataFrame", arrays=Draft(PAIRS, [part for pair in zip(names, held, strict=True) for part in pair])
    )


def _make_frame(rows: Any = None, *, columns: Any = None, arrays: Any = None) -> Any:
    if arrays is None:
        names, types = list(columns), list(columns.values())
        held = [
            _from_values(name, [row[at] for row in rows], make_dtype(dtype))
            for at, (name, dtype) in enumerate(zip(names, types, strict=True))
        ]
    else:
        held = [series.alias(name) for name, series in arrays.items()]
    return library().DataFrame(held)


def _lazy(value: Any) -> Written:
    raise Unreadable("a lazy frame: collecting it would run its query")


def _expression(value: Any) -> Written:
    raise Unreadable(f"an expression: {library().Expr.__str__(value)}")


_SIMPLE = [
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "Int128",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "Float32",
    "Float64",
    "Boolean",
    "String",
    "Binary",
    "Date",
    "Time",
    "Null",
    "Object",
    "Categorical",
    "Unknown",
]
_HERE = "polars.datatypes.classes"

KINDS = (
    Kind(("polars.series.series:Series",), _series, "pl.Series", _make_series, has_identity=True),
    Kind(("polars.dataframe.frame:DataFrame",), _frame, "pl.DataFrame", _make_frame, has_identity=True),
    Kind(("polars.lazyframe.frame:LazyFrame",), _lazy),
    Kind(("polars.expr.expr:Expr",), _expression),
    Kind(tuple(f"{_HERE}:{name}" for name in _SIMPLE), _dtype, "pl.dtype", make_dtype),
    *(
        Kind((f"{_HERE}:{name}",), _dtype, f"pl.{name}", _made(name))
        for name in ("Datetime", "Duration", "Decimal", "Enum")
    ),
    *(Kind((f"{_HERE}:{name}",), _dtype, f"pl.{name}", _with_inner(name)) for name in ("List", "Array", "Struct")),
)
