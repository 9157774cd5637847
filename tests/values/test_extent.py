"""How many parts values have."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from legacy_seam.values.extent import bulks_within, parts_within


class Node:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __eq__(self, other: object) -> bool:
        raise AssertionError("asked")

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        raise AssertionError("asked")


def test_atoms_and_containers_are_counted() -> None:
    small, large = parts_within(([1, 2],), 10**6), parts_within(([1] * 1000,), 10**6)
    assert small < 10
    assert 1000 <= large < 1010


def test_the_count_ends_soon_after_the_limit() -> None:
    parts = parts_within(([[1] * 10 for _ in range(100_000)],), 1000)
    assert 1000 < parts < 200_000


def test_entries_of_containers_are_not_looked_at_where_their_number_is_too_large() -> None:
    assert parts_within(([[Node()] * 300 for _ in range(5_000)],), 1_000_000) == 1_000_001


def test_shared_and_cyclic_parts_are_counted_once() -> None:
    shared = list(range(500))
    cycle: list[Any] = [shared] * 3
    cycle.append(cycle)
    assert parts_within((cycle,), 10**6) < 520


def test_objects_are_walked_without_running_their_code() -> None:
    assert parts_within((Node(rows=[Node(n=n) for n in range(50)]),), 10**6) > 50


def test_modules_functions_and_classes_are_not_walked() -> None:
    assert parts_within(([sys, Node, parts_within, Node(x=1)],), 10**6) < 50


def test_finds_the_innermost_containers_without_which_the_rest_is_not_too_much() -> None:
    class Holder:
        table = None

    rows, table = [(1, 2, "x", number) for number in range(3_000)], dict.fromkeys(range(3_000), 0)
    holder = Holder()
    holder.__dict__ |= {"rows": rows, "many": [table] + [None] * 2_000, "few": list(range(1_200))}
    assert bulks_within((holder, 5), 6_000, 2_500) == {id(rows): 3_000, id(table): 3_000}


def test_finds_none_where_it_is_not_some_containers_that_are_large() -> None:
    assert bulks_within(([[number] for number in range(900)],), 1_000, 250) == {}


def test_looks_for_them_among_so_many_objects_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, table = [[number] for number in range(900)], dict.fromkeys(range(3_000), 0)
    assert bulks_within((rows, table), 3_000, 2_500) == {id(table): 3_000}
    monkeypatch.setattr("legacy_seam.values.extent._MOST_MET", 500)
    assert bulks_within((rows, table), 3_000, 2_500) == {}
