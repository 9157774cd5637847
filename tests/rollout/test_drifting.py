"""Whether two samples are of one kind."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.rollout.drifting import _holm, compare_samples

pytest.importorskip("scipy")


def sample(count: int, chance: random.Random, shift: float = 0.0, rare: float = 0.1) -> list[dict[str, Any]]:
    return [
        {
            "amount": chance.gauss(shift, 1),
            "days": chance.randint(0, 300),
            "region": chance.choices(["HH", "MUC", "BER"], [rare, 0.5, 0.5 - rare])[0],
            "disputed": chance.random() < 0.05,
            "calls": chance.randint(0, 3),
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("count", [100, 400])
def test_where_nothing_drifts_there_is_rarely_an_alarm(count: int) -> None:
    alarms = 0
    for seed in range(10):
        chance = random.Random(seed)
        found = compare_samples(sample(count, chance), sample(count, chance), floor=0.0)
        alarms += found.state == "drift"
    assert alarms <= 2  # benchmarks/drift.py counts many more


def test_a_shift_is_found_and_named_first() -> None:
    chance = random.Random(6)
    found = compare_samples(sample(400, chance), sample(400, chance, shift=0.6))
    assert found.state == "drift"
    first = found.columns[0]
    assert (first.feature, first.test, first.alarm) == ("amount", "Kolmogorov-Smirnov", True)
    assert first.effect > first.usual and not any(column.alarm for column in found.columns[1:])


def test_a_category_that_grows_is_found() -> None:
    chance = random.Random(2)
    found = compare_samples(sample(400, chance), sample(400, chance, rare=0.4))
    assert [column.feature for column in found.columns if column.alarm] == ["region"]
    assert found.columns[0].test == "chi-squared"


def test_what_is_significant_and_small_is_no_alarm() -> None:
    chance = random.Random(3)
    found = compare_samples(sample(4000, chance), sample(4000, chance, shift=0.12))
    assert found.significant and found.state == "same"


def test_a_new_type_is_an_alarm_and_a_new_value_is_told() -> None:
    rows: list[dict[str, Any]] = [{"tier": "GS"[number % 2], "days": number} for number in range(100)]
    found = compare_samples(rows, [{**row, "days": str(row["days"])} for row in rows])
    assert found.columns[0].feature == "days" and found.columns[0].told == "of type str, which it never was"
    found = compare_samples(rows, [*rows[1:], {"tier": " G", "days": 1}])
    assert found.state == "same"
    assert any(column.told == "1 rows with new values, such as ' G'" for column in found.columns)


def test_a_feature_that_goes_missing_is_an_alarm() -> None:
    rows: list[dict[str, Any]] = [{"a": number % 5, "b": number * 1.5} for number in range(200)]
    found = compare_samples(rows, [row if row["a"] else {"a": row["a"]} for row in rows])
    assert [column.feature for column in found.columns if column.alarm] == ["b"]


def test_too_few_rows_are_insufficient() -> None:
    rows = sample(100, random.Random(4))
    assert compare_samples(rows, rows[:49]).state == compare_samples(rows[:49], rows).state == "INSUFFICIENT"
    assert compare_samples([], []).state == "INSUFFICIENT"


@given(st.lists(st.floats(0, 1), max_size=12))
def test_corrected_probabilities_are_no_smaller_and_keep_their_order(ps: list[float]) -> None:
    adjusted = _holm(ps)
    assert all(p <= each <= 1 for p, each in zip(ps, adjusted, strict=True))
    assert [each for _, each in sorted(zip(ps, adjusted, strict=True))] == sorted(adjusted)


def test_a_number_that_is_missing_now_and_then_drifts_like_any_other() -> None:
    before = [{"score": None if number % 20 == 0 else number % 97} for number in range(600)]
    shifted = [{"score": None if number % 20 == 0 else number % 97 + 40} for number in range(200)]
    assert compare_samples(before, shifted).state == "drift"
    assert compare_samples(before, before[300:500]).state == "same"
    gone = [{"score": None if number % 2 else number % 97} for number in range(200)]
    assert compare_samples(before, gone).state == "drift"
