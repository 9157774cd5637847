"""How far numbers may be apart: exact about how far, strict about types, and only where the settings say so."""

from __future__ import annotations

import decimal
import fractions
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.targets import Target
from legacy_seam.values import differences, encode
from legacy_seam.values.tolerance import Tolerance, tolerances_for

D = decimal.Decimal


@pytest.mark.parametrize(
    ("tolerance", "one", "other", "is_close"),
    [
        (Tolerance(abs=0.01), 1.2, 1.21, True),
        (Tolerance(abs=0.01), 1.2, 1.2100001, False),
        (Tolerance(abs=0.01), D("1.20"), D("1.21"), True),
        (Tolerance(abs=0.01), D("1.20"), 1.2, False),
        (Tolerance(abs=1), 1, 2, True),
        (Tolerance(abs=1), 1, 2.0, False),
        (Tolerance(abs=1), True, False, False),
        (Tolerance(abs=1), 1j, 1 + 1j, True),
        (Tolerance(abs=1), 1j, 2 + 1j, False),
        (Tolerance(abs=1), fractions.Fraction(1, 3), fractions.Fraction(2, 3), True),
        (Tolerance(rel=1e-3), 1000, 1001, True),
        (Tolerance(rel=1e-3), 1000, 1002, False),
        (Tolerance(rel=1e-3), 10**400, 10**400 + 1, True),
        (Tolerance(ulp=1), 0.1 + 0.2, 0.3, True),
        (Tolerance(ulp=1), 0.3, 0.3000000000000002, False),
        (Tolerance(ulp=1), 1, 2, False),
        (Tolerance(decimals=2), 1.234, 1.238, True),
        (Tolerance(decimals=2), 1.234, 1.24, False),
        (Tolerance(abs=9), float("nan"), 1.0, False),
        (Tolerance(abs=9), float("inf"), 1.0, False),
        (Tolerance(abs=9), D("NaN"), D(1), False),
        (Tolerance(abs=9), D("1E+999999"), D(1), False),
        (Tolerance(abs=9), "1", "2", False),
        (Tolerance(abs=9), None, 1, False),
        (Tolerance(abs=0.01), 0.0, -0.0, True),
    ],
)
def test_says_whether_two_numbers_are_close(tolerance: Tolerance, one: Any, other: Any, is_close: bool) -> None:
    assert tolerance.allows(encode(one), encode(other)) is is_close
    assert tolerance.allows(encode(other), encode(one)) is is_close


@pytest.mark.parametrize(
    ("pattern", "path", "is_covered"),
    [
        ("*", "returned", True),
        ("returned", "returned.lines[3].vat", True),
        ("returned.vat", "returned.vat", True),
        ("returned.vat", "returned.vat_id", False),
        ("returned.lines[*].vat", "returned.lines[12].vat", True),
        ("returned.lines[*].vat", "returned.lines[12].net", False),
        ("returned['a.b']", "returned['a.b'][0]", True),
        ("changed acct.score", "changed acct.score", True),
        ("*.vat", "returned.lines[0].vat", True),
        ("returned.?", "returned.x", True),
        ("returned.(x", "returned.(x", True),
    ],
)
def test_holds_at_a_path_and_below(pattern: str, path: str, is_covered: bool) -> None:
    assert Tolerance(path=pattern).covers(path) is is_covered


def test_holds_for_targets_of_its_pattern() -> None:
    rates, all_others = Tolerance(target="shop.rates:*", abs=1), Tolerance(abs=2)
    assert tolerances_for(Target("shop.rates", "vat"), (rates, all_others)) == (rates, all_others)
    assert tolerances_for(Target("shop.orders", "vat"), (rates, all_others)) == (all_others,)


def told(one: Any, other: Any, *tolerances: Tolerance) -> list[tuple[str, str, str]]:
    found = differences(encode(one), encode(other), root="returned", tolerances=tolerances)
    return [(difference.path, difference.expected, difference.got) for difference in found]


def test_only_what_is_not_close_enough_is_a_difference() -> None:
    cent = Tolerance(path="returned['lines'][*].vat", abs=0.01)
    before = {"lines": [{"vat": 1.2, "net": 1.2}], "total": D("1.20")}
    after = {"lines": [{"vat": 1.21, "net": 1.21}], "total": D("1.21")}
    assert told(before, after, cent, Tolerance(path="returned['lines'][*]['vat']", abs=0.01)) == [
        ("returned['lines'][0]['net']", "1.2", "1.21"),
        ("returned['total']", "Decimal('1.20')", "Decimal('1.21')"),
    ]
    assert told(before, after, Tolerance(abs=0.01)) == []


def test_numbers_that_are_close_to_their_neighbours_stay_in_their_places() -> None:
    old, new = [1.0, 1.001, 1.002], [1.001, 1.002, 1.003]
    assert told(old, new, Tolerance(abs=0.002)) == []
    assert len(told(old, new)) == 2


def test_sets_and_keys_are_exact() -> None:
    assert len(told({1.0}, {1.001}, Tolerance(abs=1))) == 2
    assert len(told({1.0: "a"}, {1.001: "a"}, Tolerance(abs=1))) == 2


NUMBERS = st.integers() | st.floats() | st.decimals() | st.complex_numbers()
TREES = st.recursive(
    NUMBERS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(TREES, TREES, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_tolerance_finds_no_more(one: Any, other: Any, narrow: float, wider: float) -> None:
    found = told(one, other, Tolerance(abs=narrow))
    assert len(told(one, other, Tolerance(abs=narrow + wider))) <= len(found)
    assert told(one, one, Tolerance(abs=narrow)) == []
    assert bool(told(other, one, Tolerance(abs=narrow))) == bool(found)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.data())
def test_lists_within_the_tolerance_never_differ(numbers: list[float], data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.integers(-10, 10), min_size=len(numbers), max_size=len(numbers)))
    moved = [round(number, 3) + step / 1000 for number, step in zip(numbers, steps, strict=True)]
    assert told([round(number, 3) for number in numbers], moved, Tolerance(abs=0.0101)) == []
