"""Columns of pandas: what a Series, an Index or one column of a frame holds, and of which type it says that is.

Its own types of columns are taken apart here, each into values and a type; columns of numpy are left to `arrays`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.kinds import arrays
from legacy_seam.values.kinds.cells import HEAD, MOST_READABLE, grid, zoned_moment
from legacy_seam.values.kinds.kind import Kind, Unreadable, call, call_of
from legacy_seam.values.layout import LIST, TUPLE, Draft


def library() -> Any:
    """The module pandas."""
    return import_module("pandas")


def plain(column: Any) -> Any:
    """A column as the array of numpy that it is nothing but; itself where it is something more."""
    pandas = library()
    kind = type(column)
    if kind is pandas.arrays.NumpyExtensionArray:
        return column.to_numpy()
    if kind is pandas.arrays.TimedeltaArray or (kind is pandas.arrays.DatetimeArray and column.tz is None):
        return column._ndarray
    return column


def spelled(dtype: Any) -> object:
    """The type of a column as one writes it: `'Int64'`, `'datetime64[ns, UTC]'`."""
    pandas, numpy = library(), arrays.library()
    kind = type(dtype)
    if isinstance(dtype, numpy.dtype):
        return arrays.spelled(dtype)
    if kind is pandas.CategoricalDtype:
        if dtype.categories is None:
            return "category"
        return call("pd.CategoricalDtype", dtype.categories, **({"ordered": True} if dtype.ordered else {}))
    if kind is pandas.SparseDtype:
        return call("pd.SparseDtype", arrays.spelled(dtype.subtype), dtype.fill_value)
    if kind is pandas.StringDtype:
        is_usual = dtype == _string_dtype(dtype.name, None)
        return dtype.name if is_usual else f"{dtype.name}[{dtype.storage}]"
    return str(dtype)


def make_dtype(spelling: Any) -> Any:
    """The inverse of `spelled`."""
    if not isinstance(spelling, str):
        return arrays.make_dtype(spelling) if isinstance(spelling, (list, tuple, dict)) else spelling
    name, _, storage = spelling.rstrip("]").partition("[")
    if name in ("str", "string") and storage in ("", "python", "pyarrow"):
        return _string_dtype(name, storage or None)
    if spelling == "object":
        return arrays.library().dtype(object)
    return library().api.types.pandas_dtype(spelling)


def _string_dtype(name: str, storage: str | None) -> Any:
    missing = {} if name == "string" else {"na_value": float("nan")}
    return library().StringDtype(storage, **missing)


def values_of(column: Any) -> list[object]:
    """The elements of a column, as they are written."""
    pandas = library()
    column = plain(column)
    kind = type(column)
    if kind is arrays.library().ndarray:
        return arrays.cells(column)
    if kind is pandas.arrays.DatetimeArray:
        return [zoned_moment(str(moment)) for moment in arrays.cells(column._ndarray)]
    if kind is pandas.arrays.PeriodArray:
        return _periods(column)
    if kind is pandas.arrays.IntervalArray:
        ends = (values_of(side._data if hasattr(side, "_data") else side) for side in (column._left, column._right))
        return [Draft(TUPLE, pair) for pair in zip(*ends, strict=True)]
    if kind is pandas.Categorical:
        categories = column.categories.astype(object)
        names = [categories[at] for at in range(len(categories))]
        return [names[code] if code >= 0 else float("nan") for code in column.codes.tolist()]
    if kind is pandas.arrays.SparseArray:
        return arrays.cells(column.to_dense())
    if not is_known(column):
        raise Unreadable("a column of a type of its own", name_of(kind))
    return list(column.astype(object).tolist())


def _periods(column: Any) -> list[object]:
    """Periods as their text, where that is enough to find them again; else by their number."""
    pandas = library()
    texts = [str(period) for period in column.astype(object)]
    numbers = column.asi8.tolist()
    try:
        again = pandas.PeriodIndex(texts, dtype=column.dtype).asi8.tolist()
    except ValueError:
        return list(numbers)
    return texts if again == numbers else list(numbers)  # type: ignore[return-value]


def is_known(column: Any) -> bool:
    """Is this one of the types of columns that pandas itself has? Others belong to the program."""
    return name_of(type(column)).partition(":")[0].partition(".")[0] in ("pandas", "numpy")


def column_parts(column: Any) -> tuple[str, list[object], dict[str, object]]:
    """What a column is written as on its own: word, cells and the rest."""
    column = plain(column)
    if type(column) is arrays.library().ndarray:
        return ("np.array", *arrays.array_parts(column))
    rest: dict[str, object] = {"dtype": spelled(column.dtype)}
    if len(column) <= MOST_READABLE or _numbers(column) is None:
        return "pd.array", [grid(values_of(column), (len(column),))], rest
    rest["head"] = grid(values_of(column[:HEAD]), (min(HEAD, len(column)),))
    return "pd.array", [], {**rest, **(_numbers(column) or {})}


def _numbers(column: Any) -> dict[str, object] | None:
    """Arrays of numbers that say all that is in a column; None where there are none."""
    pandas = library()
    kind = type(column)
    if kind is pandas.Categorical:
        return {"codes": column.codes}
    if kind is pandas.arrays.DatetimeArray:
        return {"numbers": column._ndarray}
    if kind in (pandas.arrays.IntegerArray, pandas.arrays.FloatingArray, pandas.arrays.BooleanArray):
        data = column._data.copy()
        data[column._mask] = 0
        return {"numbers": data, "missing": column._mask}
    return None


def column(value: Any) -> Draft:
    """A draft of a column."""
    if not is_known(value):
        return Draft(LIST, [value])
    return call_of(*column_parts(value))


def make_column(
    values: Any = None,
    *,
    dtype: Any,
    head: object = None,
    numbers: Any = None,
    missing: Any = None,
    codes: Any = None,
) -> Any:
    """The inverse of `column_parts`, for the types that numpy does not have."""
    pandas = library()
    kind = make_dtype(dtype)
    if codes is not None:
        return pandas.Categorical.from_codes(codes, dtype=kind)
    if numbers is not None:
        return _from_numbers(numbers, missing, kind)
    return from_values(values, kind)


def _from_numbers(numbers: Any, missing: Any, dtype: Any) -> Any:
    pandas = library()
    if missing is not None:
        return dtype.construct_array_type()(numbers, missing.astype(bool))
    return pandas.Series(numbers).dt.tz_localize("UTC").dt.tz_convert(dtype.tz).array


def from_values(values: Sequence[Any], dtype: Any) -> Any:
    """A column of that type with these elements; the inverse of `values_of`."""
    pandas, numpy = library(), arrays.library()
    if isinstance(dtype, numpy.dtype):
        return arrays.filled(values, dtype)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        moments = pandas.to_datetime(pandas.Series(values, dtype=object), utc=True, format="ISO8601")
        return moments.dt.tz_convert(dtype.tz).dt.as_unit(dtype.unit).array
    if isinstance(dtype, pandas.PeriodDtype) and values and isinstance(values[0], int):
        return pandas.arrays.PeriodArray(numpy.array(values, "i8"), dtype=dtype)
    if isinstance(dtype, pandas.PeriodDtype):
        return pandas.PeriodIndex(values, dtype=dtype).array
    if isinstance(dtype, pandas.IntervalDtype):
        ends = [pandas.Index(from_values([pair[side] for pair in values], dtype.subtype)) for side in (0, 1)]
        return pandas.arrays.IntervalArray.from_arrays(*ends, closed=dtype.closed)
    if isinstance(dtype, pandas.SparseDtype):
        return pandas.arrays.SparseArray(arrays.filled(values, dtype.subtype), dtype=dtype)
    if isinstance(dtype, pandas.CategoricalDtype):
        return pandas.Categorical(values, dtype=dtype)
    return dtype.construct_array_type()._from_sequence(list(values), dtype=dtype)


def content(column: Any) -> tuple[object, ...]:
    """For the fingerprint: what makes two columns the same."""
    column = plain(column)
    if type(column) is arrays.library().ndarray:
        return arrays.content(column)
    numbers = _numbers(column) if is_known(column) else None
    if numbers is None:
        return str(column.dtype), values_of(column)
    parts = [arrays.content(one) for one in numbers.values()]
    if type(column) is library().Categorical:
        return column.dtype.ordered, content(column.categories._data), *parts
    return str(column.dtype), *parts


def _dtype(value: Any) -> Any:
    spelling = spelled(value)
    return call("pd.dtype", spelling) if isinstance(spelling, str) else spelling


_DTYPES = [
    "CategoricalDtype",
    "SparseDtype",
    "StringDtype",
    "DatetimeTZDtype",
    "PeriodDtype",
    "IntervalDtype",
    "ArrowDtype",
    "BooleanDtype",
    "Int8Dtype",
    "Int16Dtype",
    "Int32Dtype",
    "Int64Dtype",
    "UInt8Dtype",
    "UInt16Dtype",
    "UInt32Dtype",
    "UInt64Dtype",
    "Float32Dtype",
    "Float64Dtype",
]
_HOMES = (
    "pandas",
    "pandas.core.dtypes.dtypes",
    "pandas.core.arrays.integer",
    "pandas.core.arrays.floating",
    "pandas.core.arrays.boolean",
    "pandas.core.arrays.string_",
)
_ARRAY_HOMES = {
    "Categorical": "categorical",
    "DatetimeArray": "datetimes",
    "TimedeltaArray": "timedeltas",
    "PeriodArray": "period",
    "IntervalArray": "interval",
    "IntegerArray": "integer",
    "FloatingArray": "floating",
    "BooleanArray": "boolean",
    "StringArray": "string_",
    "StringArrayNumpySemantics": "string_",
    "ArrowStringArray": "string_arrow",
    "ArrowStringArrayNumpySemantics": "string_arrow",
    "ArrowExtensionArray": "arrow.array",
    "SparseArray": "sparse.array",
}
_ARRAYS = [
    spelling
    for name, home in _ARRAY_HOMES.items()
    for spelling in (f"pandas:{name}", f"pandas.arrays:{name}", f"pandas.core.arrays.{home}:{name}")
]

KINDS = (
    Kind(tuple(_ARRAYS), column, "pd.array", make_column, has_identity=True, content=content),
    Kind(
        ("pandas.arrays:NumpyExtensionArray", "pandas.core.arrays.numpy_:NumpyExtensionArray"),
        lambda value: call("pd.arrays.NumpyExtensionArray", plain(value)),
        "pd.arrays.NumpyExtensionArray",
        lambda array: library().arrays.NumpyExtensionArray(array),
        has_identity=True,
        content=content,
    ),
    Kind(tuple(f"{home}:{name}" for home in _HOMES for name in _DTYPES), _dtype, "pd.dtype", make_dtype),
    Kind(
        (), _dtype, "pd.CategoricalDtype", lambda names, ordered=False: library().CategoricalDtype(names, ordered)
    ),
    Kind(
        (),
        _dtype,
        "pd.SparseDtype",
        lambda subtype, fill: library().SparseDtype(arrays.make_dtype(subtype), fill),
    ),
)
