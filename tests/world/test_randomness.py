"""Randomness begins anew with each call, whatever the call before did to it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from legacy_seam.world.randomness import Randomness


@pytest.mark.parametrize(
    "use",
    [
        lambda: random.random(),
        lambda: random.seed(42),
        lambda: random.gauss(0, 1),
        lambda: [random.getrandbits(32) for _ in range(624)],
        lambda: [random.getrandbits(32) for _ in range(2 * 624)],
        lambda: random.setstate(random.Random(7).getstate()),
        lambda: random.shuffle([1, 2, 3]),
    ],
    ids=["drawn", "seeded", "with one in reserve", "all words drawn", "twice", "state set", "shuffled"],
)
def test_every_call_draws_the_same(use: Callable[[], object]) -> None:
    state = random.getstate()
    try:
        randomness = Randomness(3)
        for _ in range(2):
            randomness.begin()
            assert random.getstate() == random.Random(3).getstate()
            use()
    finally:
        random.setstate(state)


def test_the_stream_is_that_of_its_seed() -> None:
    first, same, other = Randomness(0), Randomness(0), Randomness(1)
    drawn = [first.bytes(5), first.bytes(5)]
    assert drawn == [same.bytes(5), same.bytes(5)]
    assert drawn[0] != drawn[1]
    assert other.bytes(5) not in drawn
    assert len(first.bytes(0)) == 0
