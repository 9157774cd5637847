"""Objects that are given to many calls, with other parts for each."""

from __future__ import annotations

import datetime
import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.reading import Reader
from legacy_seam.replay.searching.giving import Giving
from legacy_seam.replay.searching.grafting import CannotGraft, Grafts, differences
from legacy_seam.replay.searching.mutating import Inputs
from legacy_seam.replay.searching.novelty import changed
from legacy_seam.replay.searching.trees import parts, replaced
from legacy_seam.replay.searching.yields import Yields
from legacy_seam.replay.wire import Job
from legacy_seam.values import Allow, Tree, encode, parse
from legacy_seam.world.state import Places


class Item:
    def __init__(self, price: float, tags: list[str] | set[str]) -> None:
        self.price, self.tags = price, tags


class Slotted:
    __slots__ = ("item", "size")
    item: Item
    size: int


class Order:
    def __init__(self, item: Item, lines: list[int], table: dict[str, int]) -> None:
        self.item, self.lines, self.table = item, lines, table

    def __setattr__(self, name: str, value: object) -> None:
        assert name not in vars(self), "code of the program runs"
        object.__setattr__(self, name, value)


def order() -> Order:
    return Order(Item(1.5, ["a"]), [1, 2, 3], {"x": 1})


def giving(**arguments: object) -> Giving:
    reader = Reader(Allow.for_modules(__name__), Places(), lambda digest: b"", "")
    texts = {name: encode(value) for name, value in arguments.items()}
    return Giving(reader, [Job(texts, 0.0, (), None, {}, {})])


def other(one: Giving, role: str, value: Tree, at: int = 0) -> Inputs:
    """The inputs of the recorded call, with another part in that role."""
    trees = dict(one.origins[0])
    name = role.partition(".")[0].partition("[")[0]
    found = [part for part in parts(trees[name], name) if part.role == role][at]
    trees[name] = replaced(trees[name], found.path, value)
    return Inputs(trees, ())


def alive(one: Giving, made: Inputs) -> dict[str, Any]:
    found = one.alive(0, made)
    assert found is not None
    return found


DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(DATA, DATA)
def test_what_differs_put_in_its_place_makes_the_other_of_the_one(old: Tree, new: Tree) -> None:
    whole, grafts = [parse(encode(old))], Grafts()
    for path, part in differences([old], [new]):
        grafts.put(whole, path, part)
    assert encode(whole) == encode([new])
    assert grafts.take_back()
    assert encode(whole) == encode([old])


def test_one_object_is_given_to_calls_that_differ_in_its_parts() -> None:
    one = giving(self=order(), n=1)
    first = alive(one, other(one, "self.item.price", 2.5))["self"]
    assert first.item.price == 2.5
    second = alive(one, other(one, "self.lines[]", 9, at=1))["self"]
    assert second is first and second.item.price == 1.5 and second.lines == [1, 9, 3]
    third = alive(one, other(one, "self.item", None))["self"]
    assert third is first and third.item is None and third.lines == [1, 2, 3]
    fourth = alive(one, other(one, "n", 5))
    assert fourth["self"] is first and first.item.price == 1.5 and fourth["n"] == 5


def test_an_object_with_sets_is_given_to_many_calls_as_long_as_no_call_changes_them() -> None:
    one = giving(self=Item(1.5, {"a", "b"}))
    first = alive(one, other(one, "self.price", 2.5))["self"]
    second = alive(one, other(one, "self.tags", {"c"}))["self"]
    assert second is first and second.tags == {"c"}
    third = alive(one, other(one, "self.price", 3.5))["self"]
    assert third is first and third.tags == {"a", "b"}
    third.tags.add("d")
    fourth = alive(one, other(one, "self.price", 4.5))["self"]
    assert fourth is not first and fourth.tags == {"a", "b"}


def test_what_a_call_has_done_to_an_object_is_seen_by_no_other_call() -> None:
    one = giving(self=order())
    first = alive(one, other(one, "self.item.price", 2.5))["self"]
    first.lines.append(4)
    second = alive(one, other(one, "self.item.price", 3.5))["self"]
    assert second is not first and second.lines == [1, 2, 3]
    vars(second).pop("table")
    third = alive(one, other(one, "self.table['x']", 7))["self"]
    assert third is not second and third.table == {"x": 7} and third.item.price == 1.5


def test_a_date_is_exchanged_and_the_object_beside_it_given_once_more() -> None:
    one = giving(self=Item(1.5, ["a"]), day=datetime.date(2024, 2, 28))
    first = alive(one, other(one, "day", parse("date(2024, 2, 29)")))
    second = alive(one, other(one, "day", parse("date(2024, 3, 1)")))
    assert (first["day"], second["day"]) == (datetime.date(2024, 2, 29), datetime.date(2024, 3, 1))
    assert second["self"] is first["self"]
    assert one.alive(0, other(one, "day", parse("date(2024, 3, 1)"))) is None, "that call was made before"


def test_who_remembers_an_object_gets_another_one_after_some_calls() -> None:
    one = giving(self=order())
    price = functools.lru_cache(lambda order: order.item.price)
    seen = {price(alive(one, other(one, "self.item.price", float(n)))["self"]) for n in range(120)}
    assert len(seen) > 4


def test_objects_that_share_what_they_hold_are_made_anew_and_share_it() -> None:
    shared = order()
    shared.item.tags = shared.lines  # type: ignore[assignment]
    one = giving(self=shared)
    first = alive(one, other(one, "self.item.price", 2.5))["self"]
    assert first.item.tags is first.lines and first.item.price == 2.5
    assert alive(one, other(one, "self.item.price", 3.5))["self"] is not first


def test_a_text_with_a_star_refers_to_nothing() -> None:
    one = giving(self=Item(1.5, ["* * *"]), n=1)
    assert alive(one, other(one, "n", 2))["self"] is alive(one, other(one, "n", 3))["self"]


def test_slots_are_filled_and_emptied_past_all_code_of_the_program() -> None:
    thing = Slotted()
    thing.size = 3
    one = giving(self=thing)
    assert alive(one, other(one, "self.size", 4))["self"].size == 4
    assert alive(one, other(one, "self.size", 5))["self"].size == 5


def test_the_same_inputs_are_given_once() -> None:
    one = giving(self=order())
    made = other(one, "self.item.price", 2.5)
    assert one.alive(0, made) is not None
    assert one.alive(0, other(one, "self.item.price", 2.5)) is None


def test_what_is_as_recorded_is_told_in_the_words_of_the_recording() -> None:
    one = giving(self=order(), n=1)
    texts = one.texts(0, other(one, "n", 5))
    assert texts is not None and texts["self"] is one.seeds[0].arguments["self"] and texts["n"] == "5"
    changed = one.texts(0, other(one, "self.item.price", 2.5))
    assert changed is not None and "price=2.5" in changed["self"]


def test_a_place_that_cannot_be_written_to_is_refused() -> None:
    with pytest.raises(CannotGraft):
        Grafts().put((1, 2), (("item", 0),), 5)


def test_what_a_call_made_of_its_inputs_shows_at_a_glance() -> None:
    one = giving(self=order(), rows=[[1], {}])
    given, trees = alive(one, other(one, "rows[][]", 2)), one.origins[0]
    trees = {**trees, "rows": [[2], {}]}
    assert changed(trees, given) == []
    given["rows"][0].append(3)
    given["self"].item.price = 9.0  # what lies deeper is seen by a replay
    object.__setattr__(given["self"], "total", 5)
    assert changed(trees, given) == ["self", "total", 5, "rows", [[2, 3], {}]]


def test_a_part_that_never_showed_anything_is_worth_little_but_never_nothing() -> None:
    yields, later = Yields(), Yields()
    for number in range(300):
        yields.take(["self.locale"], False)
        yields.take(["text"], number % 10 == 0)
    assert yields.worth("text") > 0.9 and 0 < yields.worth("self.locale") < 0.2
    assert yields.worth("never changed") == 1.0
    later.add(yields.made, yields.new)
    assert later.worth("self.locale") == yields.worth("self.locale")
