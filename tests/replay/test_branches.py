"""Which branches a call takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from legacy_seam.replay.mutation.bodies import all_within
from legacy_seam.replay.mutation.branches import branches_of


def taken(function: Callable[..., Any], *arguments: object) -> set[int]:
    with branches_of(all_within(function.__code__)) as branches:
        function(*arguments)
        return set(branches.seen)


def choose(a: int, b: int) -> list[int]:
    if a > 3:
        b += 1
    found = []
    for one in range(b):
        found.append(one)
    return found


def outer(a: int) -> int:
    def inner() -> int:
        if a:
            return 1
        return 2

    return inner()


def test_the_same_way_is_the_same_branches_and_another_way_is_others() -> None:
    assert taken(choose, 1, 2) == taken(choose, 2, 2)
    assert taken(choose, 1, 2) != taken(choose, 5, 2)
    assert taken(choose, 1, 2) > taken(choose, 1, 0) or taken(choose, 1, 2) != taken(choose, 1, 0)


def test_functions_within_functions_count_and_others_do_not() -> None:
    assert taken(outer, 0) != taken(outer, 1)
    with branches_of([outer.__code__]) as branches:
        choose(1, 2)
        assert not branches.seen


def test_a_branch_leads_to_a_line() -> None:
    first = choose.__code__.co_firstlineno
    with branches_of([choose.__code__]) as branches:
        choose(5, 0)
        lines = {branches.line(one) for one in branches.seen}
    assert lines & {first + 2} and all(first <= line <= first + 6 for line in lines)


def test_nothing_is_watched_afterwards() -> None:
    with branches_of([choose.__code__]) as branches:
        pass
    choose(5, 2)
    assert not branches.seen
