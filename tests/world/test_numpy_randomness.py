"""What numpy draws begins anew with each call, and a call that drew nothing is known to have drawn nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from legacy_seam.world.numpy_randomness import OfNumpy

random = pytest.importorskip("numpy.random")


@pytest.fixture
def shared() -> Iterator[OfNumpy]:
    before, generator = random.get_state(legacy=False), random.get_bit_generator()
    yield OfNumpy(random, 7)
    random.set_bit_generator(generator)
    random.set_state(before)


def test_it_stands_at_its_start_until_something_is_drawn(shared: OfNumpy) -> None:
    shared.begin()
    random.RandomState(3).rand()
    random.default_rng(3).random()
    assert shared.is_at_start()


@pytest.mark.parametrize(
    "act",
    [
        lambda: random.rand(),
        lambda: random.randn(),
        lambda: random.randint(2),
        lambda: random.bytes(1),
        lambda: random.shuffle([1, 2]),
        lambda: random.mtrand._rand.choice([1, 2]),
        lambda: random.seed(8),
        lambda: random.rand(312),  # all words, and not one more
        lambda: random.set_state(random.RandomState(9).get_state()),
        lambda: random.set_bit_generator(random.MT19937(7)),
    ],
)
def test_whatever_moves_it_is_seen_and_taken_back(shared: OfNumpy, act: Callable[[], Any]) -> None:
    shared.begin()
    expected = random.RandomState(7).rand()
    assert shared.is_at_start()
    act()
    assert not shared.is_at_start()
    shared.begin()
    assert random.rand() == pytest.approx(expected, abs=0)


def test_the_state_that_it_began_with_may_be_given_back(shared: OfNumpy) -> None:
    shared.begin()
    state = random.get_state()
    random.rand()
    random.set_state(state)
    assert shared.is_at_start()
