"""Other objects in the place of some: found wherever values hold them."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest

from legacy_seam.world.exchanging import replace_in_graph


class Shop:
    def __init__(self, name: str) -> None:
        self.name = name

    def sell(self, *how: str) -> str:
        return self.name


class Slotted:
    __slots__ = ("held", "other")

    def __init__(self, held: object) -> None:
        self.held = held


class Pair(NamedTuple):
    one: object
    two: object


class Settings(dict[str, object]):
    __slots__ = ("listeners",)

    def __init__(self, *listeners: object) -> None:
        self.listeners = list(listeners)


def closure(shop: Any) -> Callable[[], Any]:
    def inner() -> Any:
        return shop

    return inner


def defaults(shop: Any, number: int = 0) -> Any:
    def inner(held: Any = (shop,)) -> Any:
        return held[0], number

    return inner


OLD, NEW = Shop("old"), Shop("new")


@pytest.mark.parametrize(
    ("holder", "read"),
    [
        ([OLD], lambda one: one[0]),
        ({"a": OLD}, lambda one: one["a"]),
        ((1, OLD), lambda one: one[1]),
        (((OLD,),), lambda one: one[0][0]),
        (Pair(1, [OLD]), lambda one: one.two[0]),
        (Pair(OLD, 1), lambda one: one.one),
        (deque([OLD]), lambda one: one[0]),
        (Slotted(OLD), lambda one: one.held),
        (OLD.sell, lambda one: one.__self__),
        ({"sell": OLD.sell}, lambda one: one["sell"].__self__),
        (partial(print, OLD), lambda one: one.args[0]),
        (partial(print, file=(OLD,)), lambda one: one.keywords["file"][0]),
        (Settings(partial(OLD.sell, "config")), lambda one: one.listeners[0].func.__self__),
        (closure(OLD), lambda one: one()),
        (closure((OLD,)), lambda one: one()[0]),
        (defaults(OLD), lambda one: one()[0]),
        ([weakref.ref(OLD)], lambda one: one[0]()),
    ],
)
def test_wherever_a_value_holds_it_it_is_another_one(holder: Any, read: Callable[[Any], object]) -> None:
    roots = {"first": holder}
    replace_in_graph(roots, {id(OLD): NEW})
    assert read(roots["first"]) is NEW


def test_methods_of_built_in_data_are_those_of_the_other_object() -> None:
    old: list[int] = []
    new: list[int] = []
    roots: dict[str, Any] = {"add": {"to": old.append}}
    replace_in_graph(roots, {id(old): new})
    roots["add"]["to"](1)
    assert (old, new) == ([], [1])


def test_the_values_themselves_are_exchanged_and_what_they_share_stays_shared() -> None:
    both: tuple[Shop, list[int]] = (OLD, [])
    roots: dict[str, Any] = {"shop": OLD, "x": both, "y": {"again": both}}
    replace_in_graph(roots, {id(OLD): NEW})
    assert roots["shop"] is NEW
    assert roots["x"] is roots["y"]["again"]


def test_what_leads_to_none_of_them_is_left_as_it_is() -> None:
    empty = Slotted([])
    del empty.held
    deep: Any = ()
    for _ in range(5000):
        deep = (deep, deep)
    others = {"a": (1, "x"), "b": Pair(1, 2), "c": [].append, "d": print, "e": empty, "f": deep, "g": {1, 2}}
    roots = dict(others)
    replace_in_graph(roots, {id(OLD): NEW})
    assert all(roots[name] is value for name, value in others.items())
