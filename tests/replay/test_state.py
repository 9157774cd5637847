"""Recorded state is in its place while a call runs, for all who hold it, and afterwards what was there before."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

import pytest

from legacy_seam.replay import Replayed
from legacy_seam.replay.state import State
from legacy_seam.world.state import Places


def effects(replayed: Replayed) -> dict[str, str]:
    assert replayed.outcome is not None, replayed
    return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


@pytest.fixture
def shop() -> types.ModuleType:
    shop = types.ModuleType("shop")
    exec("RATES = {'A': 1.5}\nLIMIT = 10\nheld = RATES", vars(shop))
    return shop


@pytest.fixture
def state(shop: types.ModuleType) -> State:
    places = Places()
    places.baseline(shop, "shop")
    return State(places)


def test_the_object_that_is_there_takes_over_what_was_recorded(shop: Any, state: State) -> None:
    stood = shop.RATES
    roots: dict[str, object] = {"shop:RATES": {"B": 2}, "shop:LIMIT": 12}

    assert state.take(roots, roots.copy()) == []

    assert (shop.RATES, shop.LIMIT) == ({"B": 2}, 12)
    assert shop.RATES is stood is shop.held is roots["shop:RATES"]


def test_everything_is_put_back_without_being_asked_for_by_name(shop: Any, state: State) -> None:
    stood = shop.RATES
    state.take({"shop:RATES": {"B": 2}, "shop:LIMIT": 12, "shop:NEW": 1}, ["shop:RATES", "shop:LIMIT", "shop:NEW"])

    state.put_back([])

    assert (shop.RATES, shop.LIMIT, hasattr(shop, "NEW")) == ({"A": 1.5}, 10, False)
    assert shop.RATES is stood


def test_places_that_are_gone_are_named(state: State) -> None:
    assert state.take({"store:RATES": {}}, ["store:RATES"]) == ["store:RATES"]


def test_recorded_state_is_put_in_place_for_all_who_hold_it(program: Any) -> None:
    program.write(
        store="CACHE = {}\nLIMIT = 10\nclass Box: items = []",
        shop="""
        from store import CACHE, Box
        import store
        def make(cache=CACHE):
            return lambda: cache
        held = make()
        def look():
            return CACHE, store.CACHE is CACHE, held() is CACHE, store.LIMIT, Box.items, store.ADDED
        """,
    )
    state = {"store:CACHE": "{'a': 1}", "store:LIMIT": "12", "store:Box.items": "[1]", "store:ADDED": "'x'"}
    call = replace(program.call("shop:look"), state=state)
    for isolation in ("shared", "fresh"):
        first, second, bare = program.replay(call, call, program.call("shop:look"), isolation=isolation)
        expected = "({'a': 1}, True, True, 12, [1], 'x')"
        assert effects(first) == effects(second)
        assert effects(first)["returned"].replace("*store:CACHE", "{'a': 1}").replace(
            "*store:Box.items", "[1]"
        ) == (expected)
        assert "raised" in effects(bare)
