"""Calls of two made-up programs that have other quirks than the bundled one: insurance, and parcels.

What is planted is what old code looks at: a weekday, a product in one region, an amount beyond a limit, a field
that is missing, how a text begins, days between two dates; a spelling, an hour, a blank, a last digit.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Inputs = dict[str, Any]
Rules = Mapping[str, Callable[[Inputs], bool]]


def policies(count: int, chance: random.Random) -> list[Inputs]:
    """Calls of a function that is given an insurance policy, and today."""
    return [_policy(chance) for _ in range(count)]


def _policy(chance: random.Random) -> Inputs:
    signed = datetime.date(2026, 1, 1) + datetime.timedelta(days=chance.randrange(300))
    wait = chance.choice([0, 1, 7, 14, 30, chance.randrange(150)])
    policy = {
        "no": chance.randrange(10**6),
        "product": chance.choice(["HOME", "CAR", "TRAVEL", "LIFE", "PET"]),
        "region": chance.choice(["NW", "BY", "HE", "BE", "SN", "HH"]),
        "sum": round(chance.lognormvariate(9.5, 0.9), 2),
        "zip": f"{chance.randrange(100_000):05d}",
        "name": chance.choice(["Ann", "Bea", "Jürgen", "Otto", " Kim"])
        + chance.choice("xyz") * chance.randrange(4),
        "signed": signed,
        "start": signed + datetime.timedelta(days=wait),
        "drivers": [1] * chance.choice([1, 1, 1, 2, 2, 3, 4]),
        "broker": chance.choice([None, "b1", "b2"]),
        "claims": {"open": chance.choice([0, 0, 0, 1, 2]), "paid": Decimal(chance.randrange(5000))},
    }
    if chance.random() < 0.85:
        policy["email"] = "x@example.org"
    return {"policy": policy, "today": datetime.date(2026, 11, 1) + datetime.timedelta(days=chance.randrange(20))}


def _of(name: str, rule: Callable[[Inputs], bool]) -> Callable[[Inputs], bool]:
    return lambda inputs: rule(inputs[name])


POLICY_RULES: Rules = {
    "starts on a Sunday": _of("policy", lambda one: one["start"].weekday() == 6),
    "travel in NW": _of("policy", lambda one: one["product"] == "TRAVEL" and one["region"] == "NW"),
    "a large sum": _of("policy", lambda one: one["sum"] > 50_000),
    "life without email": _of("policy", lambda one: "email" not in one and one["product"] == "LIFE"),
    "zip 99": _of("policy", lambda one: one["zip"].startswith("99")),
    "signed long before": _of("policy", lambda one: (one["start"] - one["signed"]).days > 110),
    "a car with four drivers": _of("policy", lambda one: len(one["drivers"]) == 4 and one["product"] == "CAR"),
}


def orders(count: int, chance: random.Random) -> list[Inputs]:
    """Calls of a function that is given an order, and a rate."""
    return [_order(chance) for _ in range(count)]


def _order(chance: random.Random) -> Inputs:
    order = {
        "id": chance.randrange(10**7),
        "weight": chance.choice([chance.uniform(0.1, 31), float(chance.randrange(1, 31))]),
        "country": chance.choices(["DE", "AT", "CH", "FR", "PL", "uk", "UK"], [60, 10, 8, 8, 6, 2, 6])[0],
        "express": chance.random() < 0.2,
        "placed": datetime.datetime(2026, 1, 1) + datetime.timedelta(minutes=chance.randrange(365 * 24 * 60)),
        "coupon": chance.choice([None, None, "", "SUMMER", "VIP "]),
        "items": [{"sku": "a"}] * chance.randrange(1, 12),
        "customer": (chance.choice("ABC"), chance.randrange(1, 60)),
    }
    return {"order": order, "rate": chance.choice([0.07, 0.19])}


ORDER_RULES: Rules = {
    "a spelling": _of("order", lambda one: one["country"] == "uk"),
    "express at night": _of("order", lambda one: one["express"] and one["placed"].hour >= 20),
    "an empty coupon in FR": _of("order", lambda one: one["coupon"] == "" and one["country"] == "FR"),
    "a blank, at the low rate": lambda one: one["order"]["coupon"] == "VIP " and one["rate"] == 0.07,
    "a last digit in DE": _of("order", lambda one: one["id"] % 10 == 7 and one["country"] == "DE"),
    "heavy in December": _of("order", lambda one: one["placed"].month == 12 and one["weight"] > 20),
    "old customers of A": _of("order", lambda one: one["customer"][0] == "A" and one["customer"][1] < 6),
}
