"""Whether values are still what they were, told by the identity of their parts."""

from __future__ import annotations

import copy
import random
import re
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from functools import partial
from io import StringIO
from pathlib import Path
from threading import Lock, RLock, Thread, local
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import encode
from legacy_seam.values.stillness import Still, still


class Order:
    def __init__(self, lines: list[object]) -> None:
        self.lines = lines
        self.note = "new"


@dataclass(slots=True)
class Line:
    name: str
    extras: dict[str, object]


class Basket(list[object]):
    def __iter__(self) -> Any:
        raise AssertionError("code of the program is not to be run")

    __len__ = __eq__ = __iter__  # type: ignore[assignment]


class Variables(local):
    depth = 0
    buffer: list[str]


def variables(**held: object) -> Variables:
    made = Variables()
    vars(made).update(held)
    return made


class Pair(NamedTuple):
    first: object
    second: object


class Colour(Enum):
    RED = 1


def adder(total: list[int]) -> tuple[Callable[[int], None], Callable[[], None]]:
    last: int | None = None

    def add(number: int) -> None:
        nonlocal last
        last = number

    def forget() -> None:
        nonlocal last
        del last

    def both() -> object:
        return total, last

    add.__dict__["both"] = both
    return add, forget


class Zone(tzinfo):
    hours = 1

    def utcoffset(self, when: datetime | None) -> timedelta:
        return timedelta(hours=self.hours)

    def dst(self, when: datetime | None) -> None:
        return None

    def tzname(self, when: datetime | None) -> None:
        return None


ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
DATA = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(ATOMS, inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(ATOMS, max_size=3)
        | st.builds(Order, st.lists(inner, max_size=3))
        | st.builds(Line, st.text(max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=2))
    ),
    max_leaves=12,
)


def containers(value: Any) -> list[Any]:
    """All that can change in a value."""
    if isinstance(value, (list, tuple)):
        return ([value] if isinstance(value, list) else []) + [one for part in value for one in containers(part)]
    if isinstance(value, dict):
        return [value, *(one for part in value.values() for one in containers(part))]
    if isinstance(value, set):
        return [value]
    if isinstance(value, Order):
        return [value, *containers(value.lines)]
    if isinstance(value, Line):
        return [value, *containers(value.extras)]
    return []


def disturb(thing: Any, number: int) -> None:
    """Change a container a little."""
    if isinstance(thing, list):
        if thing and number % 3 == 0:
            thing.pop(number % len(thing))
        elif thing and number % 3 == 1:
            thing[number % len(thing)] = [thing[number % len(thing)]]
        else:
            thing.insert(0, number)
    elif isinstance(thing, dict):
        thing[f"new {number}"] = thing.pop(next(iter(thing))) if thing and number % 2 else number
    elif isinstance(thing, set):
        thing.add(f"new {number}")
    elif isinstance(thing, Order):
        setattr(thing, ("note", "lines", "more")[number % 3], number)
    else:
        thing.name = f"{thing.name}{number}"


@given(DATA)
def test_what_nobody_touches_is_still(value: object) -> None:
    assert Still([value]).holds()


@given(DATA, st.integers(0, 100), st.integers(0, 100))
def test_whatever_changes_anywhere_inside_is_noticed(value: object, which: int, how: int) -> None:
    before = Still([value])
    found = containers(value)
    if found:
        text = encode(copy.deepcopy(value))
        disturb(found[which % len(found)], how)
        assert text != encode(value)
        assert not before.holds()


def test_an_equal_value_of_another_type_is_another_one() -> None:
    flags = {"open": 1}
    before = Still([flags])
    flags["open"] = True
    assert not before.holds()


def test_what_moves_from_one_list_to_the_next_has_moved() -> None:
    lists: tuple[list[int], list[int]] = ([1, 2], [3])
    before = Still([lists])
    lists[1].insert(0, lists[0].pop())
    assert not before.holds()


def test_a_renamed_key_and_another_order_are_changes() -> None:
    prices = {"A": 1, "B": 1}
    before = Still([prices])
    prices["A"] = prices.pop("A")
    assert not before.holds()


def test_another_namespace_another_class_and_a_slot_that_is_emptied_are_changes() -> None:
    class Other(Order):
        pass

    order, line = Order([]), Line("tea", {})
    before = Still([order])
    order.__dict__ = dict(order.__dict__)
    assert not before.holds()
    before = Still([order])
    order.__class__ = Other
    assert not before.holds()
    before = Still([line])
    del line.name
    assert not before.holds()


def test_values_that_never_change_and_zones_of_the_program_are_seen_through() -> None:
    zone = Zone()
    before = Still([Decimal(1), timedelta(1), datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=zone)])
    assert before.holds()
    zone.hours = 2
    assert not before.holds()


@pytest.mark.parametrize("value", [bytearray(b"a"), iter([1]), StringIO(), random.Random(1)])
def test_what_may_change_without_its_parts_being_others_is_left_to_keys(value: object) -> None:
    assert still([[value]]) is None


def test_methods_in_c_of_what_never_changes_are_seen_through() -> None:
    order = Order([re.compile("a+").match])
    before = Still([order])
    assert before.holds()
    order.lines[0] = re.compile("a+").match
    assert not before.holds()


def test_what_is_weakly_referred_to_is_kept_alive_by_nobody_who_merely_watches() -> None:
    order, line = Order([]), Line("tea", {})
    order.lines = [weakref.ref(order)]
    before = Still([order])
    assert before.holds()
    order.note = "changed"
    assert not before.holds()
    assert still([weakref.ref(order)]) is None
    lost = weakref.ref(Order([]))
    assert Still([lost, line]).holds()


def test_very_many_objects_are_left_to_keys() -> None:
    assert still([[[] for _ in range(6000)]]) is None


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (deque([1, 2]), lambda one: one.rotate(1)),
        (defaultdict(list, a=[1]), lambda one: one["b"]),
        (defaultdict(list, a=[1]), lambda one: setattr(one, "default_factory", None)),
        (OrderedDict(a=1, b=1), lambda one: one.move_to_end("a")),
        (Counter("aab"), lambda one: one.update("a")),
        (Basket([1, 2]), lambda one: list.append(one, 3)),
        (Basket([1, 2]), lambda one: setattr(one, "note", 3)),
        (Pair([1], 2), lambda one: one.first.append(2)),
        (partial(print, [1], end=""), lambda one: one.args[0].append(2)),
        (partial(print, [1], end=""), lambda one: one.keywords.update(sep="")),
        (partial(print, [1]), lambda one: one.__setstate__((print, (), {}, None))),
        ([1].append, lambda one: one(2)),
        (Order([1]).__init__, lambda one: one(["changed"])),  # type: ignore[misc]
        (adder([])[0], lambda one: one(3)),
        (adder([]), lambda both: (both[0](3), both[1]())),
        (adder([])[0], lambda one: one.both()[0].append(3)),
        (adder([])[0], lambda one: one.__dict__.clear()),
        (Lock(), lambda one: one.acquire()),
        (RLock(), lambda one: one.acquire()),
        (variables(), lambda one: setattr(one, "depth", 1)),
        (variables(buffer=[]), lambda one: one.buffer.append("a line")),
    ],
)
def test_what_is_built_on_other_types_is_still_until_changed(value: Any, change: Callable[[Any], object]) -> None:
    before = Still([[value]])
    assert before.holds()
    change(value)
    assert not before.holds()


def test_a_lock_that_was_let_go_again_is_still_and_of_one_that_is_held_it_cannot_be_said() -> None:
    lock = RLock()
    before = Still([lock])
    with lock:
        assert not Still([lock]).holds()
    assert before.holds()


def test_what_another_thread_holds_in_its_variables_is_another_content() -> None:
    seen = []
    before = Still([variables(buffer=["a"])])
    other = Thread(target=lambda: seen.append(before.holds()))
    other.start()
    other.join()
    assert (seen, before.holds()) == ([False], True)


def test_what_is_looked_up_and_what_cannot_change_is_still() -> None:
    assert Still([Colour.RED, Path("a"), adder, {Pair(1, Colour.RED): partial(adder, [1])}]).holds()
