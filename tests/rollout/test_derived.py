"""What is looked at beyond a field by itself."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

from legacy_seam.rollout.derived import with_derived
from legacy_seam.rollout.slices import find_slices
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten


def order(chance: random.Random) -> dict[str, Any]:
    placed = datetime.datetime(2026, 3, 1) + datetime.timedelta(minutes=chance.randrange(60 * 24 * 60))
    return {
        "no": chance.randrange(10**6),
        "zip": f"{chance.randrange(100_000):05d}",
        "tier": chance.choice(["G", "S", " G", "B", "B"]),
        "weight": chance.choice([chance.uniform(0.1, 31), float(chance.randrange(1, 31))]),
        "placed": placed,
        "wanted": (placed + datetime.timedelta(days=chance.randrange(1, 60))).date(),
    }


@pytest.mark.parametrize(
    ("feature", "rule"),
    [
        ("order.zip[:1]", lambda one: one["zip"].startswith("9")),
        ("order.no % 10", lambda one: one["no"] % 10 == 7),
        ("order.tier is tidy", lambda one: one["tier"] != one["tier"].strip()),
        ("order.weight is whole", lambda one: one["weight"].is_integer()),
        ("order.placed.hour", lambda one: one["placed"].hour >= 21),
        ("days from order.placed to order.wanted", lambda one: (one["wanted"] - one["placed"].date()).days > 50),
        ("order.placed.weekday", lambda one: one["placed"].weekday() == 6),
    ],
)
def test_a_rule_that_is_no_field_by_itself_is_found(feature: str, rule: Any) -> None:
    chance = random.Random(feature)
    orders = [order(chance) for _ in range(600)]
    rows = [flatten(encode_roots({"order": one})) for one in orders]
    departs = [chance.random() < (0.9 if rule(one) else 0.03) for one in orders]
    (first, *_) = find_slices(rows, departs, most=1)
    planted = {place for place, one in enumerate(orders) if rule(one)}
    assert len(planted & set(first.members)) > 0.8 * len(planted)
    assert feature in str(first) or feature == "order.tier is tidy"  # a text of few values may be named itself


def test_rows_without_dates_or_texts_are_as_they_were() -> None:
    rows = [{"a": n % 3, "flag": True, "gone": None} for n in range(9)]
    assert with_derived(rows) == (rows, set())


def test_what_looks_like_a_date_and_is_none_has_no_hour() -> None:
    rows: list[dict[str, Any]] = [{"at": "2026-13-01T99:00"}, {"at": "2026-01-01", "at.weekday": 3}, {"at": 5}]
    made, added = with_derived(rows)
    assert added == set() and made == rows
