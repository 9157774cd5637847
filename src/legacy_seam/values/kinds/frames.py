"""Tables, series and indexes of pandas.

A small table is written row by row, as one reads it; a large one column by column. What is read are the blocks that
a frame holds; no method that a subclass may have of its own is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of
from legacy_seam.values.kinds import arrays
from legacy_seam.values.kinds.cells import MOST_CELLS, Record, grid
from legacy_seam.values.kinds.columns import (
    column_parts,
    content,
    from_values,
    is_known,
    library,
    make_column,
    make_dtype,
    plain,
    spelled,
    values_of,
)
from legacy_seam.values.kinds.kind import Kind, Written, call, call_of
from legacy_seam.values.kinds.objects import Built
from legacy_seam.values.layout import LIST, PAIRS, TUPLE, Draft, ready
from legacy_seam.values.notation import name as spell_name

# --------------------------------------------------------------------------------------------------- indexes


def _index(value: Any) -> Draft:
    pandas = library()
    own: dict[str, Any] = attributes_of(value)
    if type(value) is pandas.RangeIndex:
        span = own["_range"]
        return call("pd.RangeIndex", span.start, span.stop, span.step, **_named(own))
    if type(value) is pandas.MultiIndex:
        return _multi_index(own)
    _, args, rest = column_parts(own["_data"])
    return call_of("pd.Index", args, {**rest, **_named(own), **_frequency(value)})


def _named(own: Mapping[Any, object]) -> dict[str, object]:
    return {} if own.get("_name") is None else {"name": own["_name"]}


def _frequency(value: Any) -> dict[str, object]:
    if value.dtype.kind not in "mM":
        return {}
    return {} if value.freq is None else {"freq": value.freqstr}


def _multi_index(own: Mapping[Any, Any]) -> Draft:
    """Its labels, for the reader and to find them again; its levels, which may have more or in another order."""
    levels = list(own["_levels"])
    columns = [
        [labels[code] if code >= 0 else float("nan") for code in codes.tolist()]
        for labels, codes in zip(map(_labels, levels), own["_codes"], strict=True)
    ]
    rest: dict[str, object] = {"levels": Draft(LIST, levels)}
    if any(name is not None for name in own["_names"]):
        rest["names"] = Draft(LIST, list(own["_names"]))
    rows: list[object] = [Draft(TUPLE, row) for row in zip(*columns, strict=True)]
    if len(rows) * len(columns) <= MOST_CELLS:
        return call_of("pd.MultiIndex", [grid(rows, (len(rows),))], rest)
    rest["head"] = grid(rows[:6], (len(rows[:6]),))
    rest["codes"] = Draft(LIST, [codes.astype("int64") for codes in own["_codes"]])
    return call_of("pd.MultiIndex", (), rest)


def _labels(level: Any) -> list[Any]:
    return list(level.astype(object)) if is_known(level) else list(level)


def make_index(*args: Any, name: Any = None, freq: str | None = None, **rest: Any) -> Any:
    """The inverse of what is written for an index of one level."""
    column = make_any(*args, **rest)
    made = library().Index(column, name=name, dtype=column.dtype)
    if freq is not None:
        made = type(made)(made, freq=freq, name=name)
    return made


def make_any(*args: Any, dtype: Any, **rest: Any) -> Any:
    """A column of any type, from what `column_parts` gives for it."""
    numpy = arrays.library()
    kind = make_dtype(dtype)
    if isinstance(kind, numpy.dtype):
        return arrays.make_array(*args, dtype=dtype, **rest)
    return make_column(*args, dtype=kind, **rest)


def _make_multi_index(
    rows: Any = None, *, levels: list[Any], names: Any = None, head: object = None, codes: Any = None
) -> Any:
    pandas = library()
    if codes is None:
        codes = [_codes(level, [row[at] for row in rows]) for at, level in enumerate(levels)]
    return pandas.MultiIndex(levels=levels, codes=codes, names=names, verify_integrity=False)


def _codes(level: Any, labels: Sequence[Any]) -> list[int]:
    places = {_key(label): at for at, label in enumerate(_labels(level))}
    return [places.get(_key(label), -1) for label in labels]


def _key(label: Any) -> object:
    return type(label), label


# ----------------------------------------------------------------------------------------------- series and frames


def _axis(index: Any) -> dict[str, object]:
    """The index, where it is not just the numbers of the rows."""
    own: dict[str, Any] = attributes_of(index)
    span = own.get("_range")
    is_default = type(span) is range and span.start == 0 and span.step == 1 and own.get("_name") is None
    return {} if is_default else {"index": index}


def _extras(own: Mapping[Any, Any]) -> dict[str, object]:
    """What may hang on a series or a frame beside its values."""
    extras: dict[str, object] = {}
    if own.get("_attrs"):
        extras["attrs"] = own["_attrs"]
    if "_flags" in own and not own["_flags"].allows_duplicate_labels:
        extras["allows_duplicate_labels"] = False
    return extras


def _series(value: Any) -> Draft:
    own: dict[str, Any] = attributes_of(value)
    manager = own["_mgr"]
    _, args, rest = column_parts(manager.blocks[0].values)
    return call_of("pd.Series", args, {**rest, **_axis(manager.axes[0]), **_named(own), **_extras(own)})


def _make_series(
    *args: Any,
    index: Any = None,
    name: Any = None,
    attrs: Any = None,
    allows_duplicate_labels: bool = True,
    **rest: Any,
) -> Any:
    column = make_any(*args, **rest)
    made = library().Series(column, index=index, name=name, dtype=column.dtype, copy=False)
    return _with_extras(made, attrs, allows_duplicate_labels)


def _with_extras(made: Any, attrs: Any, allows_duplicate_labels: bool) -> Any:
    if attrs:
        made.attrs.update(attrs)
    if not allows_duplicate_labels:
        made.flags.allows_duplicate_labels = False
    return made


def _frame(value: Any) -> Draft:
    own: dict[str, Any] = attributes_of(value)
    manager = own["_mgr"]
    labels, index = manager.axes
    columns = [manager.iget_values(at) for at in range(len(labels))]
    if len(columns) * len(index) <= MOST_CELLS and all(map(is_known, columns)):
        args, rest = _by_row(columns, labels, index)
    else:
        args, rest = [], _by_column(columns, labels, index)
    return call_of("pd.DataFrame", args, {**rest, **_extras(own)})


def _by_row(columns: list[Any], labels: Any, index: Any) -> tuple[list[object], dict[str, object]]:
    rest: dict[str, object] = {}
    types = [spelled(plain(column).dtype) for column in columns]
    names = _usual_names(labels)
    if names:
        rest["columns"] = Draft(PAIRS, _flat(zip(names, types, strict=True)))
    else:
        rest["columns"], rest["dtypes"] = labels, Draft(LIST, types)
    cells = list(zip(*map(values_of, columns), strict=True)) if columns else [()] * len(index)
    rows = [Draft(Record(), row) for row in cells]
    row_names = _plain_labels(index) if _axis(index) and rows else None
    if row_names is None:
        rest.update(_axis(index))
        return [grid(rows, (len(rows),))], rest
    rest["index_dtype"] = spelled(index.dtype)
    if index.name is not None:
        rest["index_name"] = index.name
    return [Draft(PAIRS, _flat(zip(row_names, rows, strict=True)))], rest


def _by_column(columns: list[Any], labels: Any, index: Any) -> dict[str, object]:
    names = _usual_names(labels)
    held = list(map(plain, columns))
    if names is None:
        return {"arrays": Draft(LIST, held), "columns": labels, **_axis(index)}
    return {"arrays": Draft(PAIRS, _flat(zip(names, held, strict=True))), **_axis(index)}


def _flat(pairs: Iterable[tuple[object, object]]) -> list[object]:
    return [part for pair in pairs for part in pair]


def _plain_labels(index: Any) -> list[Any] | None:
    """Labels that may be keys of a dict: all of them strings, or integers, and none twice."""
    if type(index) is not library().Index or not is_known(index._data):
        return None
    dtype = index.dtype
    if dtype != "int64" and dtype.kind != "O" and not isinstance(dtype, library().StringDtype):
        return None
    found = values_of(index._data)
    kinds = {type(label) for label in found}
    return found if kinds in ({str}, {int}) and len(set(found)) == len(found) else None


def _usual_names(labels: Any) -> list[str] | None:
    """Names of columns about which there is nothing more to say."""
    names = _plain_labels(labels)
    if names is None or attributes_of(labels).get("_name") is not None or type(names[0]) is not str:
        return None
    return names if labels.dtype == library().Index(["name"]).dtype else None


def _make_frame(
    rows: Any = None,
    *,
    columns: Any = None,
    dtypes: Any = None,
    arrays: Any = None,
    index: Any = None,
    index_dtype: Any = None,
    index_name: Any = None,
    attrs: Any = None,
    allows_duplicate_labels: bool = True,
) -> Any:
    pandas = library()
    if arrays is None:
        if isinstance(rows, dict):
            index = pandas.Index(
                from_values(list(rows), make_dtype(index_dtype)), name=index_name, dtype=make_dtype(index_dtype)
            )
            rows = list(rows.values())
        types = list(columns.values()) if isinstance(columns, dict) else dtypes
        held = [from_values([row[at] for row in rows], make_dtype(dtype)) for at, dtype in enumerate(types)]
        count = len(rows)
    else:
        held = list(arrays.values()) if isinstance(arrays, dict) else arrays
        columns = arrays if isinstance(arrays, dict) else columns
        count = len(held[0]) if held else 0
    index = pandas.RangeIndex(count) if index is None else index
    series = {at: pandas.Series(one, index=index, dtype=one.dtype, copy=False) for at, one in enumerate(held)}
    made = pandas.DataFrame(series, index=index)
    made.columns = list(columns) if isinstance(columns, dict) else columns
    return _with_extras(made, attrs, allows_duplicate_labels)


def _frame_content(value: Any) -> tuple[object, ...]:
    """For the fingerprint."""
    own: dict[str, Any] = attributes_of(value)
    labels, index = own["_mgr"].axes
    columns = [content(own["_mgr"].iget_values(at)) for at in range(len(labels))]
    return *_index_content(labels), *_index_content(index), *columns, *_extras(own).values()


def _series_content(value: Any) -> tuple[object, ...]:
    own: dict[str, Any] = attributes_of(value)
    manager = own["_mgr"]
    return (
        *_index_content(manager.axes[0]),
        own.get("_name"),
        content(manager.blocks[0].values),
        *_extras(own).values(),
    )


def _index_content(index: Any) -> tuple[object, ...]:
    own: dict[str, Any] = attributes_of(index)
    if "_range" in own:
        return own["_range"], own.get("_name")
    if "_levels" in own:
        return *own["_names"], *(_index_content(one) for one in own["_levels"]), *map(arrays.content, own["_codes"])
    return content(own["_data"]), own.get("_name"), *_frequency(index).values()


# --------------------------------------------------------------------------------------------------- subclasses


class _Extended(Built):
    """Classes of a program built on those of pandas (or numpy): what the base holds, then attributes of their own.

    hidden: attributes in which the base keeps what it holds.
    """

    def __init__(self, kind: Kind, hidden: frozenset[str]) -> None:
        super().__init__(kind)
        self.types, self._hidden = kind.types, hidden  # type: ignore[assignment]

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """The table, then the attributes."""
        held = self.kind.take(value)
        part = ready(held) if isinstance(held, str) else held
        own = {name: one for name, one in anatomy.attributes(value).items() if name not in self._hidden}
        return call_of(spell_name(anatomy.name), (part,), own)


def _adopt(cls: Any, value: Any) -> object:
    made = object.__new__(cls)
    Anatomy.of(cls).put(made, dict(attributes_of(value)))
    return made


_HIDDEN = frozenset({"_mgr", "_attrs", "_flags", "_name", "_item_cache", "_cacher", "_is_copy"})
_FRAME = Kind(
    ("pandas:DataFrame", "pandas.core.frame:DataFrame"),
    _frame,
    "pd.DataFrame",
    _make_frame,
    adopt=_adopt,
    has_identity=True,
    content=_frame_content,
)
_SERIES = Kind(
    ("pandas:Series", "pandas.core.series:Series"),
    _series,
    "pd.Series",
    _make_series,
    adopt=_adopt,
    has_identity=True,
    content=_series_content,
)
_INDEXES = {
    "Index": "base",
    "CategoricalIndex": "category",
    "DatetimeIndex": "datetimes",
    "TimedeltaIndex": "timedeltas",
    "PeriodIndex": "period",
    "IntervalIndex": "interval",
    "RangeIndex": "range",
    "MultiIndex": "multi",
}

KINDS = (
    _FRAME,
    _SERIES,
    Kind(
        tuple(
            spelling
            for name, home in _INDEXES.items()
            for spelling in (f"pandas:{name}", f"pandas.core.indexes.{home}:{name}")
        ),
        _index,
        "pd.Index",
        make_index,
        content=_index_content,
    ),
    Kind((), _index, "pd.RangeIndex", lambda *span, name=None: library().RangeIndex(*span, name=name)),
    Kind((), _index, "pd.MultiIndex", _make_multi_index),
)

FAMILIES = (_Extended(_FRAME, _HIDDEN), _Extended(_SERIES, _HIDDEN))
