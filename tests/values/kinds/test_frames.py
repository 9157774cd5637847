"""Tables, series, indexes and moments of pandas: exact, and read as one reads them there."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.values import Allow, decode, encode, fingerprint

np: Any = pytest.importorskip("numpy")
pd: Any = pytest.importorskip("pandas")

HERE = Allow.for_modules(__name__)
SCORES = pd.DataFrame({"name": ["x", "y"], "score": [1.5, 2.5]}, index=pd.Index(["A17", "A18"], name="id"))


def back(value: Any) -> Any:
    text = encode(value)
    made = decode(text, allow=HERE)
    assert encode(made) == text
    assert type(made) is type(value)
    return made


def everything(rows: int) -> Any:
    """A frame with a column of every sort."""
    half = rows // 2
    return pd.DataFrame(
        {
            "number": np.arange(rows),
            "float": np.arange(rows) / 3,
            "text": ["x", "é\n"] * half,
            "flag": [True, False] * half,
            "category": pd.Categorical(["u", None] * half, categories=["v", "u"], ordered=True),
            "zoned": pd.date_range("2024-03-30", periods=rows, tz="Europe/Berlin"),
            "moment": pd.date_range("2024", periods=rows, freq="h"),
            "span": pd.timedelta_range("1D", periods=rows),
            "period": pd.period_range("2000", periods=rows, freq="M"),
            "interval": pd.interval_range(0, rows),
            "integer": pd.array([1, None] * half, dtype="Int64"),
            "real": pd.array([0.5, None] * half, dtype="Float64"),
            "boolean": pd.array([True, None] * half, dtype="boolean"),
            "string": pd.array(["a", None] * half, dtype="string"),
            "sparse": pd.arrays.SparseArray([0, 1] * half),
            "object": np.array([1, "1"] * half, dtype=object),
            "missing": np.array([None, np.nan] * half, dtype=object),
            "day": np.array(["2024-01-31", "NaT"] * half, "M8[s]"),
        }
    )


@pytest.mark.parametrize("rows", [2, 300])
def test_every_sort_of_column_comes_back(rows: int) -> None:
    frame = everything(rows)
    made = back(frame)
    pd.testing.assert_frame_equal(made, frame, check_freq=True)
    assert [type(made[name].array) for name in made] == [type(frame[name].array) for name in frame]


FRAMES = [
    SCORES,
    pd.DataFrame(),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame(columns=["a"]),
    pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]),
    pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], name="of")),
    pd.DataFrame({1: [1], 2: [2.0]}),
    pd.DataFrame({("a", "b"): [1], ("a", "c"): [2]}),
    pd.DataFrame({"x": [[1, 2], {"a": 1}]}),
    pd.DataFrame({"x": [1, 2]}, index=["same", "same"]),
    pd.DataFrame({"x": [1, 2]}, index=pd.date_range("2024", periods=2, freq="D", name="when")),
    pd.DataFrame(
        {"x": range(1200)}, index=pd.MultiIndex.from_product([range(40), list("abcdefghijklmnopqrstuvwxyzäöüß")])
    ),
]


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
def test_every_shape_of_frame_comes_back(frame: Any) -> None:
    pd.testing.assert_frame_equal(back(frame), frame, check_freq=True)


SERIES = [
    pd.Series([1, 2, 3], name="n"),
    pd.Series({"a": 1.5, "b": 2.0}),
    pd.Series([], dtype="float64"),
    pd.Series([None, 1.5, pd.NA, pd.NaT, pd.Timestamp("2024")], dtype=object),
    pd.Series(["a", None], dtype="string[python]"),
    pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", 1), (None, 2)], names=["x", None])),
    pd.Series(range(300), index=[f"k{number}" for number in range(300)]),
]


@pytest.mark.parametrize("series", SERIES, ids=range(len(SERIES)))
def test_every_series_comes_back(series: Any) -> None:
    pd.testing.assert_series_equal(back(series), series)


INDEXES = [
    pd.RangeIndex(1, 5, 2, name="r"),
    pd.Index([1, 2]),
    pd.Index([1.5, np.nan]),
    pd.date_range("2024-03-30", periods=3, freq="D", tz="Europe/Berlin", name="when"),
    pd.DatetimeIndex(["2024", "2025"]),
    pd.timedelta_range("1D", periods=3),
    pd.period_range("2024", periods=3, freq="W"),
    pd.CategoricalIndex(["a", "b"]),
    pd.interval_range(0.0, 2.0, closed="both"),
    pd.MultiIndex.from_product([[1, 2], pd.date_range("2024", periods=2)]),
    pd.MultiIndex.from_product([range(40), pd.date_range("2024", periods=40)]),
]


@pytest.mark.parametrize("index", INDEXES, ids=range(len(INDEXES)))
def test_every_index_comes_back(index: Any) -> None:
    made = back(index)
    pd.testing.assert_index_equal(made, index, exact=True)
    assert getattr(made, "freq", None) == getattr(index, "freq", None)


VALUES = [
    pd.Timestamp("2024-01-31"),
    pd.Timestamp("2024-01-31 10:00:00.123456789", tz="Europe/Berlin"),
    pd.Timestamp("2024-10-27 00:30", tz="UTC").tz_convert("Europe/Berlin"),
    pd.Timestamp("2024-10-27 01:30", tz="UTC").tz_convert("Europe/Berlin"),
    pd.Timedelta("1D 2h 3ns"),
    pd.Timedelta(-1, "s"),
    pd.Period("2024-01", "M"),
    pd.Period("2024-01", "W"),
    pd.Interval(0, 1.5, closed="both"),
    pd.offsets.MonthEnd(2),
    pd.CategoricalDtype(["a", "b"], ordered=True),
    pd.Int64Dtype(),
    pd.DatetimeTZDtype("ns", "UTC"),
    pd.StringDtype("python"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_single_value_comes_back(value: Any) -> None:
    made = back(value)
    assert made == value
    assert str(made) == str(value)


def test_what_is_missing_is_the_thing_itself() -> None:
    assert decode(encode([pd.NA, pd.NaT])) == [pd.NA, pd.NaT] or decode(encode(pd.NA)) is pd.NA
    assert decode(encode(pd.NaT)) is pd.NaT


ARRAYS = [
    pd.array([1, None]),
    pd.Categorical(["a"]),
    pd.arrays.SparseArray([0, 0, 1]),
    pd.array(["a", None], dtype="string"),
    pd.interval_range(0, 2).array,
    pd.array([1], dtype="int64"),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.dtype))
def test_every_array_of_pandas_comes_back(array: Any) -> None:
    pd.testing.assert_extension_array_equal(back(array), array)


def test_a_small_frame_is_read_row_by_row() -> None:
    text = encode(SCORES)
    assert "{'A17': ('x', 1.5), 'A18': ('y', 2.5)}" in text
    assert "index_name='id'" in text
    assert encode(pd.DataFrame({"a": [1, 2]})) == "pd.DataFrame([(1,), (2,)], columns={'a': 'int64'})"


def test_what_hangs_on_a_frame_comes_back() -> None:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["source"] = ["x"]
    frame.flags.allows_duplicate_labels = False
    made = back(frame)
    assert made.attrs == {"source": ["x"]}
    assert not made.flags.allows_duplicate_labels


def test_reading_a_frame_leaves_no_trace() -> None:
    frame = everything(300)
    before = {name: sorted(vars(part)) for name, part in (("frame", frame), ("index", frame.index))}
    cached = dict(vars(frame.index).get("_cache", {}))
    encode(frame), fingerprint((frame,))
    assert {name: sorted(vars(part)) for name, part in (("frame", frame), ("index", frame.index))} == before
    assert dict(vars(frame.index).get("_cache", {})).keys() == cached.keys()


class Weights(pd.DataFrame):  # type: ignore[misc]
    """A subclass that must not be asked for anything while it is read."""

    _metadata = ("unit",)
    is_read = False

    @property
    def _constructor(self) -> Any:
        return Weights

    def __getattr__(self, name: str) -> Any:
        assert not Weights.is_read
        return super().__getattr__(name)

    @property
    def columns(self) -> Any:
        raise AssertionError


def test_a_subclass_runs_no_code_of_its_own_and_keeps_its_attributes() -> None:
    weights = Weights({"a": [1, 2]})
    object.__setattr__(weights, "unit", "kg")
    Weights.is_read = True
    try:
        text = encode(weights)
        fingerprint((weights,))
    finally:
        Weights.is_read = False
    assert "Weights(" in text
    assert "unit='kg'" in text
    made: Any = decode(text, allow=HERE)
    assert type(made) is Weights
    assert made.unit == "kg"


@pytest.mark.parametrize("rows", [2, 300])
def test_a_changed_cell_changes_the_fingerprint(rows: int) -> None:
    frame = everything(rows)
    assert fingerprint((frame,)) == fingerprint((everything(rows),))
    changes: dict[str, object] = {
        "float": 9.5,
        "text": "other",
        "category": "v",
        "integer": 9,
        "string": "b",
        "object": 2,
    }
    for name, value in changes.items():
        other = everything(rows)
        other.loc[rows - 1, name] = value
        assert fingerprint((frame,)) != fingerprint((other,)), name
    assert fingerprint((frame,)) != fingerprint((frame.astype({"number": "float64"}),))
    assert fingerprint((frame,)) != fingerprint((frame[frame.columns[::-1]],))
    assert fingerprint((frame,)) != fingerprint((frame.set_axis(range(1, rows + 1)),))
