"""Calls of a made-up collections department, as samples and as recordings."""

from __future__ import annotations

import random
from collections.abc import Iterator

from legacy_seam.dataset.samples import ANSWER, Sample
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten

DAY = 86_400.0
BEGIN = 1_760_000_000.0


def legacy(account: dict[str, object]) -> int:
    days = account["days"]
    assert isinstance(days, int)
    return 700 - 3 * days + (50 if account["region"] == "HH" else 0)


def samples(count: int, *, accounts: int = 10_000, seed: int = 1) -> Iterator[Sample]:
    """One call an hour."""
    chance = random.Random(seed)
    for number in range(count):
        account: dict[str, object] = {
            "id": f"A-{chance.randrange(accounts)}",
            "days": chance.randint(0, 120),
            "region": chance.choice(["HH", "MUC", "BER"]),
            "open": chance.random() < 0.5,
        }
        features = flatten(encode_roots({"account": account}))
        yield Sample(str(number), BEGIN + number * 3600, 1, features, {ANSWER: legacy(account)})
