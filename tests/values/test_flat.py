"""Recorded inputs as flat rows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import encode, encode_roots
from legacy_seam.values.flat import flatten

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("abc ", max_size=5)
nested = st.recursive(
    plain,
    lambda inner: st.dictionaries(st.text("xyz", min_size=1, max_size=3), inner) | st.lists(inner, max_size=3),
)


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (3, {"a": 3}),
        (True, {"a": True}),
        (None, {"a": None}),
        ({"days": 3, "tier": " G"}, {"a.days": 3, "a.tier": " G"}),
        ([1, 2], {"a.length": 2}),
        ((1, "x"), {"a.length": 2, "a[0]": 1, "a[1]": "x"}),
        (Decimal("1.50"), {"a": 1.5}),
        (datetime.timedelta(hours=1), {"a": 3600.0}),
        ("2026-02-28", {"a": "2026-02-28", "a.year": 2026, "a.month": 2, "a.day": 28, "a.weekday": 5}),
        ("2026-02-30", {"a": "2026-02-30"}),
        (SimpleNamespace(days=3), {"a.days": 3}),
        (b"x", {"a": "bytes"}),
    ],
)
def test_each_kind_of_value_has_its_features(value: Any, row: dict[str, Any]) -> None:
    assert flatten({"a": encode(value)}) == row


def test_a_date_has_its_parts_beside_it() -> None:
    assert flatten({"day": encode(datetime.date(2026, 1, 31))})["day.month"] == 1


def test_what_two_parameters_share_is_told_once() -> None:
    shared = {"x": [1]}
    assert flatten(encode_roots({"a": shared, "b": shared})) == {"a.x.length": 1}


@given(st.dictionaries(st.sampled_from(["a", "b"]), nested))
def test_every_value_there_is_has_a_plain_row(values: dict[str, Any]) -> None:
    row = flatten(encode_roots(values))
    assert all(value is None or isinstance(value, (bool, int, float, str)) for value in row.values())
    assert {name.partition(".")[0].partition("[")[0] for name in row} <= set(values)
