"""The limit of recursion, as the program sees and sets it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from legacy_seam.world.recursion import RecursionLimit, frames_above


@pytest.fixture
def limit() -> Iterator[RecursionLimit]:
    before = sys.getrecursionlimit()
    yield RecursionLimit()
    sys.setrecursionlimit(before)


def climb(n: int) -> int:
    return 0 if n == 0 else 1 + climb(n - 1)


def far(limit: RecursionLimit, below: int) -> int:
    """How deep a call goes that begins so many frames below us."""
    if below:
        return far(limit, below - 1)
    limit.above = frames_above()
    with limit:
        reached = 0
        try:
            while True:
                reached = climb(reached + 10)
        except RecursionError:
            return reached


def test_a_call_goes_as_deep_from_wherever_it_is_made(limit: RecursionLimit) -> None:
    assert far(limit, 0) == far(limit, 150)


def test_what_the_program_sets_is_what_it_gets_and_holds_until_the_end_of_the_call(limit: RecursionLimit) -> None:
    limit.above = 5
    with limit:
        limit.set(limit.get() + 77)
        assert limit.get() == limit.at_first + 77
        assert sys.getrecursionlimit() == limit.get() + 5
    assert limit.now == limit.at_first + 77
    with limit:
        assert limit.now == limit.at_first


@pytest.mark.parametrize("nonsense", [0, -1, "x"])
def test_nonsense_fails_as_ever(limit: RecursionLimit, nonsense: int) -> None:
    with pytest.raises((ValueError, TypeError)):
        limit.set(nonsense)
    assert limit.now == limit.at_first
