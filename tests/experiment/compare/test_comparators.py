"""What the comparators say of two results."""

from __future__ import annotations

import datetime
import math
import pickle
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.experiment import (
    Comparator,
    Raised,
    Verdict,
    custom,
    decision,
    distribution,
    exact,
    exceptions,
    fields,
    frame,
    ignored,
    ranking,
    tolerance,
    unordered,
)

Point = namedtuple("Point", "x y")


class Colour(Enum):
    RED = 1
    BLUE = 2


class Account:
    def __init__(self, number: int, balance: float) -> None:
        self.number, self.balance = number, balance


class Slotted:
    __slots__ = ("inner",)

    def __init__(self, inner: Any) -> None:
        self.inner = inner


@dataclass
class Letter:
    lines: list[str] = field(default_factory=list)
    weight: float = 0.0


class Hostile:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    def __repr__(self) -> str:
        raise RuntimeError("no representation")

    __hash__ = None  # type: ignore[assignment]


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.complex_numbers(max_magnitude=1e6)
    | st.decimals()
    | st.fractions()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.dates()
    | st.sampled_from(Colour)
    | st.sampled_from(
        [np.int64(3), np.float32(0.1), np.bool_(True), np.float64("nan"), np.array([1.0, float("nan")])]
    )
)
hashable = st.none() | st.booleans() | st.integers(0, 3) | st.floats() | st.text(max_size=2)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.sets(hashable, max_size=3)
        | st.builds(Account, st.integers(0, 2), inner)
        | st.builds(Slotted, inner)
        | st.builds(Letter, weight=inner)
    ),
    max_leaves=6,
)
comparators = st.sampled_from(
    [
        exact(),
        tolerance(),
        tolerance(abs=0.5),
        tolerance(rel=0.1),
        tolerance(ulp=4),
        tolerance(decimals=2),
        unordered(),
        unordered(tolerance(abs=0.5)),
        fields({"number": tolerance(abs=1), "*.balance": tolerance()}),
        fields({"x": ignored("for now", owner="ann", until="2999-01-01")}, tolerance()),
        decision(lambda result: repr(result)[:2]),
        distribution(within=0.3),
        ranking(within=0.3),
        ranking("topk", k=2, within=0.5),
        exceptions(),
        frame(),
        frame(tolerance(), by="a"),
        custom(lambda one, other: one == other),
    ]
)
structural = st.sampled_from(
    [exact(), tolerance(), tolerance(abs=0.5), tolerance(rel=0.1), tolerance(ulp=4), tolerance(decimals=2)]
)


@settings(max_examples=60)
@given(comparators, values, values)
def test_no_comparator_ever_raises(comparator: Comparator, one: Any, other: Any) -> None:
    verdict = comparator(one, other)
    assert type(verdict) is Verdict and verdict.distance >= 0
    assert verdict.match or verdict.reason


@settings(max_examples=60)
@given(structural, values)
def test_a_value_matches_itself_and_its_copy(comparator: Comparator, value: Any) -> None:
    assert comparator(value, value) == Verdict(match=True)
    assert comparator(value, pickle.loads(pickle.dumps(value))).match


@settings(max_examples=60)
@given(comparators, values, values)
def test_comparing_is_symmetric(comparator: Comparator, one: Any, other: Any) -> None:
    there, back = comparator(one, other), comparator(other, one)
    assert there.match == back.match
    assert there.distance == pytest.approx(back.distance, nan_ok=True)


numbers = st.floats() | st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000, places=3)
near_numbers = st.integers(-1000, 1000).map(lambda number: number / 100)
collections = st.lists(near_numbers, max_size=4)


@settings(max_examples=60)
@given(
    st.sampled_from(["abs", "rel", "ulp", "decimals"]),
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted),
    st.tuples(numbers, numbers) | st.tuples(near_numbers, near_numbers) | st.tuples(collections, collections),
    st.booleans(),
)
def test_a_tighter_tolerance_never_adds_a_match(kind: str, steps: list[int], pair: Any, any_order: bool) -> None:
    def comparator(step: int) -> Comparator:
        bounds: dict[str, Any] = {
            kind: step if kind in ("ulp",) else 12 - step if kind == "decimals" else step / 10
        }
        made = tolerance(**bounds) if any(bounds.values()) or kind == "decimals" else exact()
        return unordered(made) if any_order and isinstance(pair[0], list) else made

    tight, loose = steps
    if comparator(tight)(*pair).match:
        assert comparator(loose)(*pair).match


@settings(max_examples=60)
@given(st.lists(near_numbers, max_size=5), st.randoms(use_true_random=False))
def test_order_means_nothing_to_unordered(items: list[float], chance: Any) -> None:
    shuffled = items.copy()
    chance.shuffle(shuffled)
    assert unordered()(items, shuffled).match
    assert not unordered()([*items, 5_000.0], shuffled).match


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0), (1, True), (0, False), (1.0, Decimal(1)), ("1", 1), ([1], (1,)), ({1}, frozenset({1})),
        (np.int64(1), 1), (np.float32(1), np.float64(1)), (None, False), ({1: "a"}, {True: "a"}),
        (Point(1, 2), (1, 2)),
        (b"a", "a"), (Colour.RED, 1), (datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1)),
        (np.array([1, 2]), np.array([1.0, 2.0])), ({"a": None}, {}), (0.1 + 0.2, 0.3), (1e308, math.inf),
        (Account(1, 2.0), Account(1, 2.5)), (Slotted([1]), Slotted([2])), (Letter(["a"]), Letter(["b"])),
    ],
)  # fmt: skip
def test_exact_tells_apart(one: Any, other: Any) -> None:
    assert not exact()(one, other).match
    assert not exact()([one], [other]).match


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (float("nan"), -float("nan")), ([float("nan")], [float("nan")]), ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Account(1, float("nan")), Account(1, float("nan"))),
        (Letter(weight=float("nan")), Letter(weight=float("nan"))),
        ({float("nan")}, {float("nan")}), ({float("nan"): 1}, {float("nan"): 1}), (Point(1, 2), Point(1, 2)),
        (np.array([1, np.nan]), np.array([1, np.nan])), (Colour.RED, Colour.RED),
        (ValueError("a"), ValueError("a")),
        (Decimal("NaN"), Decimal("NaN")), (0.0, -0.0),
    ],
)  # fmt: skip
def test_exact_takes_for_the_same(one: Any, other: Any) -> None:
    assert exact()(one, other) == Verdict(match=True)


@pytest.mark.parametrize(
    ("comparator", "one", "other", "match"),
    [
        (tolerance(), 0.1 + 0.2, 0.3, True),
        (tolerance(), 1, 1.0, True),
        (tolerance(), 1, True, False),
        (tolerance(), np.float32(0.5), 0.5, True),
        (tolerance(), np.bool_(True), True, True),
        (tolerance(abs=0.01), 12.004, 12.0, True),
        (tolerance(abs=0.01), 12.011, 12.0, False),
        (tolerance(abs=0.01), Decimal("1.01"), Decimal("1.00"), True),
        (tolerance(rel=0.1), 100, 91, True),
        (tolerance(rel=0.1), 100, 89, False),
        (tolerance(ulp=1), 1.0, math.nextafter(1.0, 2), True),
        (tolerance(ulp=1), 1.0, math.nextafter(math.nextafter(1.0, 2), 2), False),
        (tolerance(ulp=2), 5e-324, -5e-324, True),
        (tolerance(decimals=2), 0.249, 0.251, True),
        (tolerance(decimals=2), 0.25, 0.256, False),
        (tolerance(rel=0.5), 10**400, 10**400 - 1, True),
        (tolerance(abs=1), math.inf, 1e308, False),
        (tolerance(abs=1), math.inf, math.inf, True),
        (tolerance(abs=1), math.inf, -math.inf, False),
        (tolerance(abs=1), float("nan"), 1.0, False),
        (tolerance(abs=0.1), [1, {"a": (2.0, 3)}], [1.05, {"a": [2, 3.05]}], True),
        (tolerance(abs=0.1), Fraction(1, 3), 0.3, True),
        (tolerance(abs=0.1), 1 + 1j, 1 + 1.05j, True),
        (tolerance(abs=0.1), np.array([1, 2]), np.array([1.05, 2]), True),
        (tolerance(abs=0.1), "1.0", "1.05", False),
    ],
)
def test_tolerance(comparator: Comparator, one: Any, other: Any, match: bool) -> None:
    assert comparator(one, other).match is match


def test_a_tolerance_must_be_one() -> None:
    for wrong in ({"abs": -1.0}, {"rel": math.inf}, {"ulp": -1}, {"abs": math.nan}):
        with pytest.raises(ValueError, match="a number from 0 upwards"):
            tolerance(**wrong)


def test_a_verdict_names_the_first_place_and_the_largest_distance() -> None:
    one = {"rows": [{"amount": 1.0}, {"amount": 2.0}, {"amount": 3.0}], "a b": 1}
    other = {"rows": [{"amount": 1.0}, {"amount": 2.5}, {"amount": 5.0}], "a b": 1}
    assert exact()(one, other) == Verdict(False, 2.0, "rows[1].amount", "2.0 is not 2.5")
    assert tolerance(abs=9)(one, other) == Verdict(True, 2.0, "rows[2].amount", "")
    assert exact()({"a b": 1}, {"a b": 2}).path == "['a b']"
    assert exact()({"a": 1}, {}).reason == "only one of the two has it"


def test_each_field_by_its_own_comparator() -> None:
    comparator = fields(
        {"rows[*].amount": tolerance(abs=1), "meta.*": ignored("noise", owner="a", until="2999-01-01")}
    )
    one = {"rows": [{"amount": 1.0, "n": 1}], "meta": {"a": 1, "gone": 2}}
    assert comparator(one, {"rows": [{"amount": 1.9, "n": 1}], "meta": {"a": 7}}).match
    verdict = comparator(one, {"rows": [{"amount": 2.5, "n": 1}], "meta": {"a": 1, "gone": 2}})
    assert (verdict.match, verdict.path, verdict.distance) == (False, "rows[0].amount", 1.5)
    assert comparator(one, {"rows": [{"amount": 1.0, "n": 2}], "meta": {}}).path == "rows[0].n"


def test_what_is_ignored_is_so_until_a_day_and_for_a_reason() -> None:
    assert ignored("noise", owner="ann", until="2999-01-01")(1, 2).match
    assert not ignored("noise", owner="ann", until="2020-01-01")(1, 2).match
    assert not fields({"a": ignored("noise", owner="ann", until="2020-01-01")})({"a": 1}, {}).match
    for wrong in (("", "ann", "2999-01-01"), ("noise", "", "2999-01-01"), ("noise", "ann", "soon")):
        with pytest.raises(ValueError, match="a reason, an owner, and a day"):
            ignored(wrong[0], owner=wrong[1], until=wrong[2])


@pytest.mark.parametrize(
    ("comparator", "one", "other", "match"),
    [
        (unordered(), [1, 2, 2], [2, 1, 2], True),
        (unordered(), [1, 2, 2], [2, 1, 1], False),
        (unordered(), [[1], {"a": 2}], [{"a": 2}, [1]], True),
        (unordered(tolerance(abs=0.5)), [1.0, 2.0], [1.5, 0.5], True),  # 1.0 has to leave 1.5 to 2.0
        (ranking(), ["a", "b", "c"], ["a", "b", "c"], True),
        (ranking(), ["a", "b", "c"], ["b", "a", "c"], False),
        (ranking(within=0.34), ["a", "b", "c"], ["b", "a", "c"], True),
        (ranking(within=0.99), ["a", "b"], ["a", "c"], False),
        (ranking(), {"a": 0.9, "b": 0.5}, {"b": 0.1, "a": 0.2}, True),
        (ranking("topk", k=2), ["a", "b", "c"], ["b", "a", "z"], True),
        (ranking("topk", k=2, within=0.5), ["a", "b", "c"], ["c", "a", "z"], True),
        (ranking("topk", k=2), ["a", "b", "c"], ["c", "a", "z"], False),
        (decision(lambda score: score > 500), 520, 700, True),
        (decision(lambda score: score > 500), 520, 480, False),
        (distribution(within=0.2), [1, 2, 3, 4, 5], [1, 2, 3, 4, 6], True),
        (distribution(within=0.2), [1, 2, 3], [4, 5, 6], False),
        (distribution(within=0.4), ["a", "a", "b"], ["a", "b", "b"], True),
        (distribution(within=0.2), [], [1], False),
        (exceptions(), KeyError("account 137"), KeyError("account 138"), True),
        (exceptions(), KeyError("account 137"), ValueError("account 137"), False),
        (exceptions("exact"), KeyError("account 137"), KeyError("account 138"), False),
        (exceptions("ignored"), KeyError("a"), KeyError("b"), True),
        (exceptions(), Raised("KeyError", "'no 5'"), KeyError("no 6"), True),
        (custom(lambda one, other: abs(one) == abs(other)), 1, -1, True),
        (custom(lambda one, other: Verdict(False, 2.0, "x", "so")), 1, 1, False),
    ],
)
def test_the_other_comparators(comparator: Comparator, one: Any, other: Any, match: bool) -> None:
    assert comparator(one, other).match is match


TABLES: list[Callable[[Any], Any]] = [pd.DataFrame, pl.DataFrame]


@pytest.mark.parametrize("table", TABLES, ids=["pandas", "polars"])
def test_frames(table: Callable[[Any], Any]) -> None:
    one = table({"a": [1, 2], "b": [0.5, float("nan")], "c": ["x", None]})
    assert frame()(one, table({"a": [1, 2], "b": [0.5, float("nan")], "c": ["x", None]})).match
    assert exact()({"rows": one}, {"rows": one.clone() if table is pl.DataFrame else one.copy()}).match
    near = table({"a": [1, 2], "b": [0.6, float("nan")], "c": ["x", None]})
    assert frame()(one, near).path == "b[0]"
    assert frame(tolerance(abs=0.2))(one, near).match
    assert not frame()(one, table({"a": [1.0, 2.0], "b": [0.5, float("nan")], "c": ["x", None]})).match  # types
    assert not frame()(one, table({"a": [1, 2], "c": ["x", None], "b": [0.5, float("nan")]})).match  # columns
    turned = table({"a": [2, 1], "b": [float("nan"), 0.5], "c": [None, "x"]})
    assert not frame()(one, turned).match
    assert frame(by="a")(one, turned).match
    assert not frame()(one, 3).match


def test_an_index_counts() -> None:
    one, other = pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 2], index=["a", "c"])
    assert exact()(one, other).reason.startswith("the index departs")
    assert exact()(one, one.copy()).match


def test_cycles_and_iterators_are_told() -> None:
    one: list[Any] = [1]
    other: list[Any] = [1]
    one.append(one)
    other.append(other)
    assert exact()(one, other).match
    assert "without consuming it" in exact()(iter([1]), iter([1])).reason


def test_what_cannot_be_compared_or_shown_is_no_match() -> None:
    assert exact()(Hostile(), Hostile()).reason == "the comparator failed: RuntimeError: no comparison"
    assert not custom(lambda one, other: np.array([1, 2]) == np.array([1, 2]))(1, 1).match
    assert not exact()([Hostile()], [1]).match


def test_comparators_of_items_and_cells_are_exact_or_a_tolerance() -> None:
    with pytest.raises(ValueError, match="exact"):
        unordered(ranking())
    with pytest.raises(ValueError, match="exact"):
        frame(ranking())
