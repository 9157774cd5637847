"""Decimals, dates, moments and durations are moved along their scales, and stay what they are."""

from __future__ import annotations

import datetime
import decimal
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.searching.scales import equal_to, is_on_scale, moved, neighbours, numbers_among
from legacy_seam.replay.searching.trees import parts
from legacy_seam.values import Allow, decode, encode, parse
from legacy_seam.values.tree import Node

scales = (
    st.decimals()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(datetime.UTC))
    | st.times()
    | st.timedeltas()
)
NUMBERS = (0, 7, 15, 1.5, float("inf"), "19.90")


def live(tree: Any) -> Any:
    return decode(encode(tree), allow=Allow.for_modules("builtins"))


def tree_of(value: object) -> Node:
    found = parse(encode(value))
    assert isinstance(found, Node)
    return found


@given(value=scales, seed=st.integers(0, 10_000))
def test_what_is_moved_is_another_value_of_its_scale(value: Any, seed: int) -> None:
    tree = tree_of(value)
    found = moved(tree, random.Random(seed), NUMBERS)
    assert is_on_scale(tree) and is_on_scale(found)
    other = live(found)
    assert type(other) is type(value)
    if isinstance(value, datetime.datetime | datetime.time):
        assert other.tzinfo == value.tzinfo


@given(value=st.dates(min_value=datetime.date(2, 1, 1), max_value=datetime.date(9998, 1, 1)))
def test_the_neighbours_of_a_date_are_the_days_before_and_after(value: datetime.date) -> None:
    day = datetime.timedelta(days=1)
    assert list(map(live, neighbours(tree_of(value)))) == [value, value + day, value - day]


@pytest.mark.parametrize(
    ("value", "beside"),
    [
        (decimal.Decimal("9.90"), ["Decimal('9.91')", "Decimal('9.89')"]),
        (datetime.time(0, 0), ["time(0, 0, 1)", "time(23, 59, 59)"]),
        (datetime.timedelta(days=1), ["timedelta(days=1, seconds=1)", "timedelta(seconds=86399)"]),
        (datetime.date.max, []),
    ],
)
def test_beside_a_value_stand_those_that_are_one_step_away(value: object, beside: list[str]) -> None:
    _, *others = neighbours(tree_of(value))
    assert list(map(encode, others)) == beside


def test_every_scale_is_walked_in_steps_of_many_sizes() -> None:
    chance = random.Random(1)
    amounts = {live(moved(tree_of(decimal.Decimal("10.00")), chance, ("19.90",))) for _ in range(300)}
    assert {decimal.Decimal(one) for one in ("10.01", "9.99", "10.005", "11", "100", "-10", "19.90")} <= amounts
    rounded = {live(moved(tree_of(decimal.Decimal("10.27")), chance, ("0.1",))) for _ in range(100)}
    assert decimal.Decimal("10.25") in rounded  # in the middle between two multiples of what is written down
    days = {
        (live(moved(tree_of(datetime.date(2024, 1, 31)), chance, ())) - datetime.date(2024, 1, 31)).days
        for _ in range(300)
    }
    assert {1, -1, 30, 365} <= days


def test_a_value_can_be_made_equal_to_another_of_its_scale_or_to_a_part_of_it() -> None:
    noon, day, clock = datetime.datetime(2024, 5, 6, 12), datetime.date(2023, 1, 2), datetime.time(17, 30)

    def made(other: object, value: object) -> Any:
        found = equal_to(parse(encode(other)), tree_of(value))
        return None if found is None else live(found)

    assert made(clock, noon) == datetime.datetime(2024, 5, 6, 17, 30)
    assert made(day, noon) == datetime.datetime(2023, 1, 2, 12)
    assert made(noon, day) == datetime.date(2024, 5, 6)
    assert made(noon, clock) == datetime.time(12)
    assert made(100, decimal.Decimal("9.90")) == decimal.Decimal(100)
    assert made(day, datetime.date(2020, 1, 1)) == day
    assert made("text", noon) is None and made(clock, day) is None


def test_a_date_is_one_part_of_a_value_not_three() -> None:
    assert [part.role for part in parts(parse("[date(2024, 1, 31)]"), "days")] == ["days", "days[]"]


def test_texts_that_are_numbers_are_found() -> None:
    assert numbers_among(("19.90", "EUR", "", "1e3", "-4", "1" * 99)) == ("19.90", "1e3", "-4")
