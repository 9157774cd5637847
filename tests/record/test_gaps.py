"""What of the inputs could not be written down."""

from __future__ import annotations

import select

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.record.gaps import gap_in
from legacy_seam.values import encode


def test_inputs_without_gaps() -> None:
    assert gap_in({"x": encode([1, "a", {"b": None}])}) is None


def test_a_gap_is_named_with_its_parameter() -> None:
    gap = gap_in({"x": "1", "poll": encode({"guard": [select.poll()]})})
    assert gap is not None
    assert gap.startswith("poll holds a handle of the operating system ")


@given(st.recursive(st.text() | st.just("opaque('a', 'b')"), lambda inner: st.lists(inner) | st.tuples(inner)))
def test_text_that_looks_like_a_gap_is_none(value: object) -> None:
    assert gap_in({"x": encode(value)}) is None


@given(st.text())
def test_a_gap_is_found_beside_any_text(text: str) -> None:
    assert gap_in({"x": encode([text, select.poll(), text])}) is not None
