"""Differences between arrays and between tables: short, in place, and none that is not there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.calls import MISSING
from legacy_seam.values import changes, differences, encode

np: Any = pytest.importorskip("numpy")
pd: Any = pytest.importorskip("pandas")

SCORES = pd.DataFrame({"name": ["x", "y"], "score": [1.5, 2.5]}, index=["A17", "A18"])
LONG = pd.DataFrame(
    {"name": [f"n{i}" for i in range(1000)], "score": np.arange(1000.0), "n": pd.array([1, None] * 500)}
)


def found(before: Any, after: Any) -> list[tuple[str, str, str]]:
    back = differences(encode(after), encode(before), root="returned")
    there = differences(encode(before), encode(after), root="returned")
    assert len(back) == len(there)
    return [(one.path, one.expected, one.got) for one in there]


def changed(frame: Any, row: Any, column: str, value: object) -> Any:
    other = frame.copy()
    other.loc[row, column] = value
    return other


def test_a_changed_cell_is_one_difference_in_a_small_table_and_in_a_long_one() -> None:
    assert found(SCORES, changed(SCORES, "A17", "score", 2.5)) == [("returned.loc['A17']['score']", "1.5", "2.5")]
    assert found(LONG, changed(LONG, 3, "score", 9.5)) == [("returned['score'][3]", "3.0", "9.5")]
    assert found(LONG, changed(LONG, 999, "name", "z")) == [("returned['name'][999]", "'n999'", "'z'")]
    assert found(LONG, changed(LONG, 1, "n", 1)) == [("returned['n'][1]", "pd.NA", "1")]


@pytest.mark.parametrize("place", [0, 255, 256, 257, 700, 999])
def test_a_changed_element_is_found_wherever_it_is(place: int) -> None:
    before, after = np.arange(1000), np.arange(1000)
    after[place] = -1
    assert found(before, after) == [(f"returned[{place}]", str(place), "-1")]


def test_elements_have_a_place_on_every_axis() -> None:
    before, after = np.zeros((30, 40)), np.zeros((30, 40))
    after[7, 9] = -0.0
    assert found(before, after) == [("returned[7][9]", "0.0", "-0.0")]


@pytest.mark.parametrize("size", [5, 500])
def test_another_type_of_equal_elements_is_one_difference(size: int) -> None:
    assert found(np.arange(size), np.arange(float(size))) == [("returned.dtype", "'int64'", "'float64'")]
    one, other = pd.DataFrame({"a": range(size)}), pd.DataFrame({"a": range(size)}, dtype="float64")
    assert found(one, other) == [("returned['a'].dtype", "'int64'", "'float64'")]


def test_another_shape_is_one_difference() -> None:
    assert found(np.arange(6), np.arange(6).reshape(2, 3)) == [("returned (shape)", "(6,)", "(2, 3)")]
    assert found(np.arange(600), np.arange(599)) == [("returned (shape)", "(600,)", "(599,)")]


def test_order_of_rows_and_of_columns_counts() -> None:
    assert found(SCORES, SCORES[::-1]) == [("returned.index (order)", "['A17', 'A18']", "['A18', 'A17']")]
    assert found(SCORES, SCORES[["score", "name"]]) == [
        ("returned.columns (order)", "['name', 'score']", "['score', 'name']")
    ]


def test_rows_come_and_go_by_their_labels() -> None:
    other = pd.concat([SCORES, SCORES.rename({"A17": "B1", "A18": "B2"})])
    assert found(SCORES, other) == [
        ("returned.loc['B1']", MISSING, "('x', 1.5)"),
        ("returned.loc['B2']", MISSING, "('y', 2.5)"),
    ]
    assert found(SCORES, SCORES.rename({"A17": "B"})) == [("returned.index[0]", "'A17'", "'B'")]


def test_rows_that_are_only_numbered_are_found_again_by_what_they_hold() -> None:
    table = pd.DataFrame({"a": range(5), "b": range(5)})
    assert found(table, table.drop(2).reset_index(drop=True)) == [("returned.iloc[2]", "(2, 2)", MISSING)]


def test_columns_come_and_go() -> None:
    assert found(SCORES, SCORES.drop(columns="name")) == [
        ("returned['name']", f"pd.Series(['x', 'y'], dtype='{SCORES['name'].dtype}')", MISSING)
    ]


def test_a_table_that_grows_beyond_what_is_written_by_row_differs_in_the_rows_that_come() -> None:
    zoned = pd.DataFrame(
        {"t": pd.date_range("2024", periods=501, tz="Europe/Berlin"), "n": pd.array([1, None, 3] * 167)}
    )
    assert [path for path, _, _ in found(zoned[:499], zoned[:501])] == ["returned.iloc[499]", "returned.iloc[500]"]


def test_names_and_labels_are_told_apart_from_cells() -> None:
    series = pd.Series([1, 2, 3], index=list("abc"), name="x")
    assert found(series, series.rename("y")) == [("returned.name", "'x'", "'y'")]
    assert found(series, series.replace(2, 5)) == [("returned.loc['b']", "2", "5")]
    assert found(SCORES, SCORES.rename_axis("id")) == [("returned.index.name", MISSING, "'id'")] or found(
        SCORES, SCORES.rename_axis("id")
    ) == [("returned.index_name", MISSING, "'id'")]


def test_categories_and_their_order_count() -> None:
    def categories(names: list[str], ordered: bool = True) -> Any:
        return pd.Categorical(["a", "b"], names, ordered=ordered)

    assert found(categories(["a", "b"]), categories(["b", "a"]))
    assert [path for path, _, _ in found(categories(["a", "b"]), categories(["a", "b"], False))] == [
        "returned.dtype.ordered"
    ]


def test_zones_count_and_the_time_with_them() -> None:
    naive = pd.Series(pd.date_range("2024", periods=300))
    assert [path for path, _, _ in found(naive, naive.dt.tz_localize("UTC"))] == ["returned.dtype"]
    assert found(naive, naive.dt.tz_localize("Asia/Tokyo"))


def test_none_and_nan_and_kinds_of_one_are_told_apart() -> None:
    assert found(np.array([None], object), np.array([np.nan], object)) == [("returned[0]", "None", "nan")]
    mixed = np.array([1, True, "1", 1.0], object)
    assert found(mixed, np.array([True, True, "1", 1.0], object)) == [("returned[0]", "1", "True")]
    assert len(found(mixed, mixed[::-1])) == 4


def test_nan_is_nan_whatever_its_sign() -> None:
    assert found(np.array([np.nan] * 500), np.array([-np.nan] * 500)) == []


def test_what_a_mask_hides_is_not_compared() -> None:
    one, other = np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 5], mask=[0, 1])
    assert found(one, other) == []
    assert found(one, np.ma.array([1, 2], mask=[0, 0])) == [("returned.mask[1]", "True", "False")]


def test_fields_of_records_have_names() -> None:
    before = np.array([(1, 2.5)] * 300, [("a", "i4"), ("b", "f8")])
    after = before.copy()
    after[7]["b"] = 1
    assert found(before, after) == [("returned[7]['b']", "2.5", "1.0")]


def test_how_a_call_changed_a_table_is_told_whole() -> None:
    before = pd.DataFrame({"a": range(600)})
    (one,) = changes(encode(before), encode(before.assign(b=range(600))), root="frame")
    assert one.path == "frame['b']"
    assert "        599,\n" in one.got
    (one,) = changes(encode([np.arange(3)]), encode([np.arange(4)]), root="held")
    assert (one.path, one.got) == ("held", encode([np.arange(4)]))


def test_a_table_is_not_the_list_of_its_rows() -> None:
    (one,) = found(SCORES, [("x", 1.5), ("y", 2.5)])
    assert one[0] == "returned"


def test_a_table_written_by_hand_is_compared_as_it_stands() -> None:
    (one,) = differences("np.array([1, 2])", "np.array([1, 3])", root="returned")
    assert (one.expected, one.got) == ("2", "3")


@given(st.lists(st.floats(), min_size=1, max_size=300), st.integers(0, 299), st.floats())
@settings(deadline=None, max_examples=60)
def test_an_array_differs_where_its_list_does(numbers: list[float], place: int, number: float) -> None:
    other = list(numbers)
    other[place % len(numbers)] = number
    in_lists = differences(encode(numbers), encode(other), root="returned")
    assert differences(encode(np.array(numbers)), encode(np.array(other)), root="returned") == in_lists
