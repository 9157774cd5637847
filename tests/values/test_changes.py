"""What a call changed is told by its smallest places, each as a person reads values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import MISSING
from legacy_seam.values import changes, decode, encode

TEXTS = st.recursive(
    st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30
)


def test_a_long_part_is_laid_out_as_a_value_of_its_own_is() -> None:
    settings = {name: {"rate": "19.9", "since": "2019-01-01", "note": "x" * 30} for name in ("default", "promo")}
    [change] = changes("{'a': 1, 'b': 2, 'c': 3}", encode({"a": 1, "b": 2, "c": settings}), root="CACHE")
    assert change.path == "CACHE['c']"
    assert change.got == encode(settings)
    assert "\n" in change.got


def test_what_is_gone_is_told_as_missing() -> None:
    [change] = changes(encode({"a": 1, "b": "x" * 200}), encode({"a": 1}), root="CACHE")
    assert change.got == MISSING


@given(TEXTS, TEXTS)
def test_each_change_says_what_is_there_afterwards(before: object, after: object) -> None:
    for one in changes(encode([before]), encode([after]), root="it"):
        if one.got != MISSING:
            assert encode(decode(one.got)) == one.got
