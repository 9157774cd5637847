"""What the state of a program tells of values, so that mutants may be tried one after the other."""

from __future__ import annotations

import threading
import types
from collections.abc import Iterator

import pytest

from legacy_seam.replay.mutation.fingerprint import closures_are_legible, places_are_legible
from legacy_seam.world.state import Places


class Rates:
    def __init__(self) -> None:
        self.held = {"G": [1, 2]}


def places_with(value: object) -> tuple[Places, tuple[str, ...]]:
    module = types.ModuleType("rules")
    vars(module)["HELD"] = value
    exec("def f(): return HELD", vars(module))
    places = Places()
    places.baseline(module)
    return places, places.reachable([vars(module)["f"].__code__])


def letters() -> Iterator[str]:
    yield from "ab"


@pytest.mark.parametrize("value", [5, {"a": [1]}, Rates(), threading.local(), [Rates(), {1}]])
def test_data_shows_all_that_may_happen_to_it(value: object) -> None:
    places, names = places_with(value)
    assert names == ("rules:HELD",) and places_are_legible(places, names)


@pytest.mark.parametrize("value", [letters(), threading.Lock(), [letters()]])
def test_what_is_in_the_middle_of_something_does_not(value: object) -> None:
    places, names = places_with(value)
    assert not places_are_legible(places, names)


def test_variables_of_enclosing_functions_are_looked_at() -> None:
    def counting(held: object) -> types.FunctionType:
        def count() -> object:
            return held

        return count  # type: ignore[return-value]

    assert closures_are_legible([counting([1]), counting(letters)])
    assert not closures_are_legible([counting(letters())])
