"""Fingerprints: equal for equal values, different for others, quick, and blind to nothing that matters."""

from __future__ import annotations

import collections
import datetime as dt
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import encode, fingerprint


class Thing:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def __eq__(self, other: object) -> bool:
        raise AssertionError("asked")

    __hash__ = object.__hash__

    def __reduce__(self) -> Any:
        raise AssertionError("asked")


class Other(Thing):
    pass


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a: object) -> None:
        self.a = a


def holder(value: object) -> Any:
    def held(again: object = None) -> object:
        return value, again, held

    return held


def loop() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    return made


DIFFERENT: list[Any] = [
    1,
    True,
    1.0,
    0.0,
    -0.0,
    "1",
    b"1",
    bytearray(b"1"),
    memoryview(b"1"),
    None,
    (),
    [],
    {},
    set(),
    frozenset(),
    [1],
    (1,),
    {1: 2},
    {"a": 1, "b": 2},
    {"b": 2, "a": 1},
    Thing(a=1),
    Thing(a=2),
    Thing(b=1),
    Other(a=1),
    Slotted(1),
    Slotted(2),
    [Thing(a=1)],
    (Thing(a=1),),
    {"x": Thing(a=[1])},
    {"x": Thing(a=(1,))},
    dt.date(2024, 1, 1),
    dt.date(2024, 1, 2),
    collections.deque([1]),
    collections.OrderedDict(a=1),
    ValueError(1),
    ValueError(2),
    Thing,
    Other,
    len,
    loop(),
    [loop()],
    holder(1),
    holder(True),
    holder([1]),
    holder,
]


def test_tells_values_apart() -> None:
    assert len({fingerprint((value,)) for value in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    "make",
    [lambda: Thing(a=[1, {"b": Slotted((2,))}]), lambda: {"s": {3, 1}}, loop, lambda: holder(holder([1]))],
    ids=["objects", "data", "cycle", "closures"],
)
def test_is_equal_for_equal_values(make: Any) -> None:
    assert fingerprint((make(), 1)) == fingerprint((make(), 1))


def test_the_same_constant_twice_is_no_other_value_than_two_equal_ones() -> None:
    constant, constant_parts, atoms = (1, 2), [1, 2], [(1, 2), (), ()]
    again: Any = [tuple(constant_parts), (), ()]
    assert fingerprint(([constant, constant],)) == fingerprint(([constant, again[0]],))
    assert fingerprint((atoms, Thing(a=(), b=()))) == fingerprint((again, Thing(a=(), b=())))
    shared: list[int] = []
    assert fingerprint(([shared, shared],)) != fingerprint(([[], []],))


def test_functions_that_share_what_is_around_them_are_other_values_than_those_that_do_not() -> None:
    shared = [1]
    assert fingerprint(([holder(shared), shared],)) != fingerprint(([holder([1]), [1]],))
    one = holder(0)
    before = fingerprint((one,))
    one.__defaults__ = (1,)
    assert fingerprint((one,)) != before


def test_graphs_of_plain_data_do_no_harm() -> None:
    node: dict[str, Any] = {"children": []}
    for number in range(20):
        node["children"].append({"number": number, "parent": node, "siblings": node["children"]})
    assert isinstance(fingerprint((node,)), int)
    assert fingerprint(("x", node)) == fingerprint(("x", node))


def test_shared_parts_cost_no_more_than_once() -> None:
    bomb: Any = Thing(a=1)
    for _ in range(50):
        bomb = [bomb, bomb]
    fingerprint((bomb,))
    nested: Any = (Thing(),)
    for _ in range(50):
        nested = (nested, nested)
    fingerprint((nested,))


def test_deep_values_and_deep_stacks_have_one_too() -> None:
    deep: Any = Thing(rest=None)
    for _ in range(3000):
        deep = Thing(rest=deep)
    expected = fingerprint((deep,))

    def descend(left: int) -> object:
        return fingerprint((deep, Thing(a=1))) if left == 0 else descend(left - 1)

    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    descend(sys.getrecursionlimit() - depth - 30)
    assert fingerprint((deep,)) == expected


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=3)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
        st.builds(Thing, a=inner),
        st.builds(Slotted, inner),
        st.builds(holder, inner),
    ),
    max_leaves=8,
)


@given(values, values)
def test_agrees_with_the_texts(one: Any, other: Any) -> None:
    same_text = encode(one, width=None) == encode(other, width=None)
    assert (fingerprint((one,)) == fingerprint((other,))) == same_text
