from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.report.layers import arrange

NAMES = "abcdefg"
arrows = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


@given(arrows)
def test_every_box_has_one_place(drawn: list[tuple[str, str]]) -> None:
    columns = arrange(NAMES, drawn)

    assert sorted(name for column in columns for name in column) == list(NAMES)
    assert all(columns)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_without_cycles_every_arrow_leads_to_the_right(drawn: list[tuple[int, int]]) -> None:
    onwards = [(NAMES[min(pair)], NAMES[max(pair)]) for pair in drawn if pair[0] != pair[1]]
    columns = arrange(NAMES, onwards)

    place = {name: number for number, column in enumerate(columns) for name in column}
    assert all(place[start] < place[end] for start, end in onwards)


def test_neighbours_stand_in_the_same_order() -> None:
    assert arrange("abcd", [("a", "d"), ("b", "c")]) == [["a", "b"], ["d", "c"]]
