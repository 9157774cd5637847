"""Arrays, series and frames: compared as their libraries would, if the program has imported them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from legacy_seam.experiment.compare.verdict import INFINITY, SAME, Verdict, departs, worst

if TYPE_CHECKING:
    from legacy_seam.experiment.compare.walk import Walk


def compare_tables(walk: Walk, one: Any, other: Any, path: str) -> Verdict | None:
    """The verdict on two arrays, series or frames; None where they are nothing of the kind."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and isinstance(one, numpy.ndarray):
        return _arrays(walk, numpy, one, other, path)
    if hasattr(one, "columns") and hasattr(one, "shape"):
        return _frames(walk, one, other, path)
    if hasattr(one, "to_list") and hasattr(one, "dtype"):
        return _series(walk, one, other, path)
    return None


def _arrays(walk: Walk, numpy: Any, one: Any, other: Any, path: str) -> Verdict:
    if one.shape != other.shape:
        return departs(path, f"an array of shape {one.shape} is not one of {other.shape}")
    if walk.strict and one.dtype != other.dtype:
        return departs(path, f"an array of {one.dtype} is not one of {other.dtype}")
    if one.dtype.kind in "fiub" and other.dtype.kind in "fiub":
        suspects = _unequal(numpy, one, other)
    else:
        suspects = list(numpy.ndindex(one.shape))
    return worst(
        walk.compare(_item(one, place), _item(other, place), path + "".join(f"[{index}]" for index in place))
        for place in suspects
    )


def _unequal(numpy: Any, one: Any, other: Any) -> list[tuple[int, ...]]:
    """The places at which two arrays are not equal to the last bit; the walk looks at these only."""
    with numpy.errstate(all="ignore"):
        same = (one == other) | ((one != one) & (other != other))
    return [tuple(int(index) for index in place) for place in numpy.argwhere(~same)]


def _item(array: Any, place: tuple[int, ...]) -> Any:
    item = array[place]
    return item.item() if hasattr(item, "item") else item


def _series(walk: Walk, one: Any, other: Any, path: str) -> Verdict:
    if walk.strict and str(one.dtype) != str(other.dtype):
        return departs(path, f"a series of {one.dtype} is not one of {other.dtype}")
    index = _indexes(walk, one, other, path)
    return index if not index.match else walk.compare(_cells(one), _cells(other), path)


def _frames(walk: Walk, one: Any, other: Any, path: str) -> Verdict:
    columns, theirs = list(one.columns), list(other.columns)
    if columns != theirs:
        return departs(path, f"columns {columns} are not {theirs}")
    if one.shape != other.shape:
        return departs(path, f"{one.shape[0]} rows are not {other.shape[0]}")
    index = _indexes(walk, one, other, path)
    if not index.match:
        return index
    return worst(
        _series(walk, _column(one, place), _column(other, place), f"{path}.{name}" if path else str(name))
        for place, name in enumerate(columns)
    )


def _column(frame: Any, place: int) -> Any:
    return frame.iloc[:, place] if hasattr(frame, "iloc") else frame.to_series(place)


def _indexes(walk: Walk, one: Any, other: Any, path: str) -> Verdict:
    if not hasattr(one, "index") or not hasattr(one.index, "to_list"):  # polars has none
        return SAME
    verdict = walk.compare(one.index.to_list(), other.index.to_list(), "index")
    return SAME if verdict.match else departs(path, f"the index departs: {verdict.reason}", INFINITY)


def _cells(series: Any) -> list[Any]:
    """The cells as plain values; whatever the library holds for "missing" as None."""
    cells = series.to_list()
    pandas: Any = sys.modules.get("pandas")
    if pandas is None:
        return list(cells)
    missing = (pandas.NA, pandas.NaT)
    return [None if any(cell is one for one in missing) else cell for cell in cells]
