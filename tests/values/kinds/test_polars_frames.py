"""Tables and series of polars: exact; what is lazy is not collected."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pytest

from legacy_seam.values import decode, encode

pl: Any = pytest.importorskip("polars")


def everything(rows: int) -> Any:
    """A frame with a column of every sort."""
    half = rows // 2
    moment = dt.datetime(2024, 1, 1, 1, 0, 0, 5)
    return pl.DataFrame(
        [
            pl.Series("integer", [1, None] * half),
            pl.Series("small", [None, -3] * half, dtype=pl.Int8),
            pl.Series("large", [2**64 - 1, 0] * half, dtype=pl.UInt64),
            pl.Series("float", [1.5, None] * half),
            pl.Series("flag", [True, None] * half),
            pl.Series("text", ["x", None] * half),
            pl.Series("bytes", [b"x", None] * half),
            pl.Series("date", [dt.date(2024, 1, 31), None] * half),
            pl.Series("moment", [moment, None] * half),
            pl.Series("zoned", [moment, None] * half, dtype=pl.Datetime("ns")).dt.replace_time_zone(
                "Europe/Berlin"
            ),
            pl.Series("span", [dt.timedelta(1), None] * half),
            pl.Series("time", [dt.time(1, 2, 3), None] * half),
            pl.Series("list", [[1, 2], None] * half),
            pl.Series("struct", [{"p": 1, "q": "x"}, None] * half),
            pl.Series("enum", ["u", "v"] * half, dtype=pl.Enum(["u", "v"])),
            pl.Series("category", ["u", "v"] * half, dtype=pl.Categorical),
            pl.Series("decimal", [decimal.Decimal("1.20"), None] * half),
            pl.Series("array", [[1, 2], [3, 4]] * half, dtype=pl.Array(pl.Int8, 2)),
            pl.Series("nothing", [None, None] * half),
        ]
    )


@pytest.mark.parametrize("rows", [2, 300])
def test_every_sort_of_column_comes_back(rows: int) -> None:
    frame = everything(rows)
    made: Any = decode(encode(frame))
    assert made.schema == frame.schema
    assert made.equals(frame)
    assert encode(made) == encode(frame)


@pytest.mark.parametrize("rows", [0, 2, 300])
def test_every_series_comes_back(rows: int) -> None:
    for series in everything(max(rows, 2)).head(rows).get_columns():
        made: Any = decode(encode(series))
        assert (made.name, made.dtype) == (series.name, series.dtype)
        assert made.equals(series)


def test_moments_finer_than_those_of_python_keep_their_digits() -> None:
    series = pl.Series([1_706_700_000_123_456_789, -1, None], dtype=pl.Int64).cast(pl.Datetime("ns"))
    made: Any = decode(encode(series))
    assert made.to_physical().to_list() == [1_706_700_000_123_456_789, -1, None]


def test_a_small_frame_is_read_row_by_row() -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert encode(frame) == "pl.DataFrame([(1, 'x'), (2, None)], columns={'a': 'Int64', 'b': 'String'})"


def test_empty_frames_come_back() -> None:
    for frame in (pl.DataFrame(), pl.DataFrame({"a": []})):
        made: Any = decode(encode(frame))
        assert made.schema == frame.schema


def test_what_is_lazy_is_not_collected() -> None:
    collected: list[object] = []
    lazy = pl.DataFrame({"a": [1]}).lazy().map_batches(collected.append)
    assert encode(lazy).startswith("opaque('polars.lazyframe.frame:LazyFrame', 'a lazy frame")
    assert not collected
    assert 'col("a")' in encode(pl.col("a") + 1)


def test_types_come_back() -> None:
    for dtype in (pl.Int64(), pl.Datetime("ms", "UTC"), pl.List(pl.List(pl.Int8())), pl.Struct({"a": pl.Date()})):
        assert decode(encode(dtype)) == dtype
