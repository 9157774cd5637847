"""Where mismatches gather."""

from __future__ import annotations

import random

import pytest

from legacy_seam.rollout.slices import Condition, find_slices
from rollout.planted import PLANTED, departures, inputs


def test_every_planted_slice_of_forty_rows_is_among_the_first_ten() -> None:
    chance = random.Random(5)
    rows = inputs(3000, chance)
    found = find_slices(rows, departures(rows, chance, noise=0.03), most=10)
    for name, holds in PLANTED.items():
        planted = {place for place, row in enumerate(rows) if holds(row)}
        assert len(planted) >= 40
        best = max(found, key=lambda one: len(planted.intersection(one.members)))
        assert len(planted.intersection(best.members)) > 0.6 * len(planted), (
            f"{name}: {[str(one) for one in found]}"
        )
        assert best.departed > 0.6 * len(best.members)


def test_chance_is_no_slice() -> None:
    false_alarms = 0
    for seed in range(12):
        chance = random.Random(seed)
        rows = inputs(300, chance)
        false_alarms += bool(find_slices(rows, [chance.random() < 0.1 for _ in rows]))
    assert false_alarms <= 2  # at most 5 % each; benchmarks/explain.py counts more of them


@pytest.mark.parametrize("departs", [True, False])
def test_where_everything_or_nothing_departs_no_part_is_special(departs: bool) -> None:
    rows = inputs(200, random.Random(1))
    assert find_slices(rows, [departs] * len(rows)) == []
    assert find_slices([], []) == []


def test_a_slice_may_be_a_missing_feature_or_a_truth_value() -> None:
    missing = [{"a": n % 7, **({} if n % 5 == 0 else {"b": n % 3})} for n in range(300)]
    (first, *_) = find_slices(missing, ["b" not in row for row in missing])
    assert str(first) == "b is missing" and first.departed == 60 and first.elsewhere == 0.0
    flags = [{"flag": n % 4 == 0, "n": n % 5} for n in range(300)]
    (first, *_) = find_slices(flags, [row["flag"] is True for row in flags])
    assert first.conditions == (Condition("flag", "=", True),)


def test_a_condition_looks_at_types() -> None:
    assert not Condition("a", "=", 1).holds({"a": True})
    assert not Condition("a", ">", 1).holds({"a": "x"})
    assert Condition("a", "=", None).holds({"a": None}) and not Condition("a", "=", None).holds({})
