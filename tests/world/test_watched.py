"""Which places may have moved, told for all places of a module or class at once."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import pytest

from legacy_seam.world.state import Places
from legacy_seam.world.watched import Watched

SOURCE = """
RATE, NAMES, LATER_USED = 1.5, {"a": [1]}, None
class Shop:
    stock, open = [1, 2], True
    def sell(self): global SOLD; SOLD = 1
def add(item, to=[]): to.append(item)
STREAM = iter([1, 2])
"""
ALL = (
    "m:LATER_USED",
    "m:NAMES",
    "m:RATE",
    "m:SOLD",
    "m:STREAM",
    "m:Shop.open",
    "m:Shop.stock",
    "m:add.__defaults__.to",
)
APART = ["m:STREAM", "m:add.__defaults__.to"]


@pytest.fixture
def module() -> Any:
    made = types.ModuleType("m")
    exec(SOURCE, vars(made))
    return made


@pytest.fixture
def watched(module: Any) -> Watched:
    places = Places()
    places.baseline(module)
    for name in ALL:
        places.departed(name)
    return Watched(places, ALL)


def test_where_nothing_has_moved_only_what_cannot_be_told_is_suspect(watched: Watched) -> None:
    assert watched.suspects() == APART


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (lambda m: setattr(m, "RATE", 2.5), {"m:RATE"}),
        (lambda m: m.NAMES["a"].append(2), {"m:NAMES"}),
        (lambda m: m.Shop().sell(), {"m:SOLD"}),
        (lambda m: delattr(m, "NAMES"), {"m:NAMES"}),
        (lambda m: m.Shop.stock.pop(), {"m:Shop.stock"}),
        (lambda m: setattr(m.Shop, "open", False), {"m:Shop.open"}),
    ],
)
def test_what_has_moved_is_suspect_with_its_neighbours_and_no_others(
    module: Any, watched: Watched, change: Callable[[Any], object], moved: set[str]
) -> None:
    change(module)
    found = watched.suspects()
    owner = {name.rpartition(".")[0] for name in moved}
    assert moved <= set(found)
    assert {name.rpartition(".")[0] for name in found if name not in APART} == owner
    assert found == [name for name in ALL if name in found]
