"""What recording may cost in all: who may draw on the budget, and when there is something left."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from legacy_seam.calls import Count
from legacy_seam.record.budget import SAVINGS, SHARE, Budget
from legacy_seam.record.definitions import Definition
from legacy_seam.record.sampling import Policy
from legacy_seam.record.sites import Site


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_known_function_waits_until_enough_was_saved(clock: Clock) -> None:
    budget = Budget(clock=clock)
    budget.spend(SAVINGS)
    assert not budget.allows(0.1, kept=50)
    clock.now += 1.0
    assert not budget.allows(0.1, kept=50)
    clock.now += 1 / SHARE
    assert budget.allows(0.1, kept=50)


def test_what_is_saved_up_has_a_limit(clock: Clock) -> None:
    budget = Budget(clock=clock)
    budget.spend(SAVINGS)
    clock.now += 1e6
    assert budget.allows(SAVINGS / 2, kept=50)
    budget.spend(SAVINGS)
    assert not budget.allows(0.1, kept=50)


def test_a_function_of_which_nothing_was_kept_may_overdraw_but_not_without_end(clock: Clock) -> None:
    budget = Budget(clock=clock)
    budget.spend(SAVINGS)
    assert budget.allows(0.1, kept=0)
    assert not budget.allows(0.1, kept=1)
    budget.spend(100.0)
    assert not budget.allows(0.1, kept=0)


def test_what_is_known_well_leaves_something_for_what_is_not(clock: Clock) -> None:
    budget = Budget(30.0, clock)
    while budget.allows(0.1, kept=5):
        budget.spend(0.1)
    spent = {5: 0, 1: 0, 0: 0}
    for kept in (1, 0):
        while budget.allows(0.1, kept):
            budget.spend(0.1)
            spent[kept] += 1
    assert not budget.allows(0.1, kept=1)
    assert spent[1] >= 60
    assert spent[0] >= 120


def test_in_the_long_run_no_more_than_its_share_is_spent(clock: Clock) -> None:
    budget = Budget(clock=clock)
    spent = 0.0
    for _ in range(10_000):
        if budget.allows(0.05, kept=50):
            budget.spend(0.05)
            spent += 0.05
            clock.now += 0.05
        clock.now += 0.01
    assert spent <= SAVINGS + (clock.now - 100.0) * SHARE


def test_time_in_which_calls_are_looked_at_is_no_time_of_the_program(clock: Clock) -> None:
    budget = Budget(clock=clock)
    for _ in range(100):  # on a machine that gives us a tenth of its time
        budget.spend(1.0, elapsed=10.0)
        clock.now += 10.0
    assert not budget.allows(0.1, kept=0)
    clock.now += (100.0 + SAVINGS) / SHARE
    assert budget.allows(0.1, kept=50)


def definition(**changes: Any) -> Definition:
    told: dict[str, Any] = {
        "module": "shop",
        "qualname": "total",
        "filename": "shop.py",
        "line": 1,
        "parameters": ("x",),
        "starred": (None, None),
    }
    return Definition(**told | changes)


@pytest.fixture
def site() -> Iterator[Site]:
    yield Site(definition(), Policy(), Budget())


def passed_to_save_time(count: Count) -> int:
    return sum(number for why, number in count.why.items() if "share of the time" in why)


def test_calls_passed_over_to_save_time_are_told_apart(clock: Clock) -> None:
    budget = Budget(clock=clock)
    site = Site(definition(), Policy(), budget)
    site.sampled_out.add()
    budget.spend(100.0)
    assert not site.can_afford()
    for _ in range(5):
        site.sampled_out.add()
    assert passed_to_save_time(site.count()) == 5
    clock.now += 1e6
    assert site.can_afford()
    site.sampled_out.add()
    assert passed_to_save_time(site.count()) == 5
    assert site.count().sampled_out == site.count().seen == 7


def test_inputs_of_too_many_parts_are_not_afforded(site: Site) -> None:
    assert site.can_afford(1000)
    assert not site.can_afford(10_000_000)


def test_the_counts_of_a_site_are_disjoint(site: Site) -> None:
    site.keep(None)
    site.keep("db holds a connection to a database (sqlite3:Connection)")
    site.duplicate.add()
    site.sampled_out.add()
    site.fail("OSError: no space")
    found = site.count()
    assert (found.kept, found.unserialisable, found.duplicate, found.sampled_out, found.failed) == (1, 1, 1, 1, 1)
    assert found.seen == 5
    assert found.why == {"db holds a connection to a database (sqlite3:Connection)": 1, "OSError: no space": 1}


def test_reasons_do_not_pile_up(site: Site) -> None:
    for number in range(1000):
        site.fail(f"ValueError: {number}")
    assert len(site.count().why) < 30
    assert sum(site.count().why.values()) == site.count().failed == 1000


def test_a_site_of_which_enough_was_kept_is_never_looked_at_again(site: Site) -> None:
    for number in count():
        if site.sampler.is_full:
            break
        site.sampler.keep(frozenset({number}), "int")
    calls = iter(site.tally)
    for _ in range(100_000):
        next(calls)
    assert not site.gate
    assert site.count().sampled_out == 100_000
