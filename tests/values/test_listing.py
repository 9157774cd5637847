"""Lists made of texts that were written one by one."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import Allow, decode, encode
from legacy_seam.values.listing import listed

values = st.recursive(
    st.none() | st.integers() | st.text(max_size=40) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(values, max_size=6))
def test_the_same_as_the_text_of_the_whole_list_where_nothing_is_shared(items: list[Any]) -> None:
    fresh = [decode(encode(item), allow=Allow()) for item in items]

    assert listed([encode(item) for item in fresh]) == encode(fresh)


@given(values)
def test_what_is_shared_within_an_item_is_shared_within_that_item_only(value: Any) -> None:
    item = {"one": [value], "two": None}
    item["two"] = item["one"]
    text = encode(item)

    pair: Any = decode(listed([text, text]), allow=Allow())
    first, second = pair

    assert first["one"] is first["two"]
    assert second["one"] is second["two"]
    assert first["one"] is not second["one"]
    assert encode(first) == encode(second) == text


def test_more_items_than_are_told() -> None:
    assert listed(["1"], has_more=True) == encode([1, ...])
    assert listed(["'" + "x" * 90 + "'"], has_more=True) == encode(["x" * 90, ...])
