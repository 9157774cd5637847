import random
import threading
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from legacy_seam.world.snapshot import Snapshot, give_content


class Thing:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("a", "b")


def restored(value: Any, change: Callable[[Any], object], show: Callable[[Any], object] = repr) -> None:
    before = show(value)
    snapshot = Snapshot([value])
    for _ in range(2):
        change(value)
        assert show(value) != before
        snapshot.put_back()
        assert show(value) == before


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, [2]], lambda v: v[1].append(3)),
        ({"a": {"b": 1}}, lambda v: v["a"].clear()),
        ({1, 2}, lambda v: v.add(3)),
        (([],), lambda v: v[0].append(1)),
        (bytearray(b"ab"), lambda v: v.extend(b"c")),
        (deque([1, 2], maxlen=3), lambda v: v.appendleft(0)),
        (OrderedDict(a=1, b=2), lambda v: v.move_to_end("a")),
        (defaultdict(list, a=[1]), lambda v: v["b"].append(1)),
        (Counter("aab"), lambda v: v.update("c")),
    ],
)
def test_containers(value: Any, change: Callable[[Any], object]) -> None:
    restored(value, change)


def test_instances() -> None:
    def change(thing: Any) -> None:
        thing.a.append(2)
        thing.c = 3
        del thing.b

    restored(Thing(a=[1], b=2), change, lambda v: repr(vars(v)))


def test_slots() -> None:
    thing: Any = Slotted()
    thing.a = [1]

    def change(value: Any) -> None:
        value.a = 2
        value.b = 3

    restored(thing, change, lambda v: (getattr(v, "a", None), getattr(v, "b", None)))


def test_instances_of_containers() -> None:
    class Items(list[int]):
        pass

    items: Any = Items([1])
    items.tag = "x"
    restored(items, lambda v: (v.append(2), v.__dict__.update(tag="y")), lambda v: (list(v), v.tag))


def test_random_generators_and_streams() -> None:
    restored(random.Random(3), lambda v: v.random(), lambda v: v.getstate())
    restored(StringIO("abc"), lambda v: v.write("xyz"), lambda v: (v.getvalue(), v.tell()))


def test_closures() -> None:
    def counter() -> Any:
        count = 0
        log: list[int] = []

        def add() -> Any:
            nonlocal count
            count += 1
            log.append(count)
            return count, list(log)

        return add

    add = counter()
    snapshot = Snapshot([{"f": add}])
    assert add() == add.__call__() or True
    snapshot.put_back()
    assert add() == (1, [1])


def test_sharing_and_identity_stay() -> None:
    shared = [1]
    value: dict[str, Any] = {"a": shared, "b": [shared]}
    snapshot = Snapshot([value])
    value["a"] = [9]
    shared.append(2)
    snapshot.put_back()
    assert value["a"] is shared
    assert value["b"][0] is shared
    assert shared == [1]


def test_what_cannot_be_copied_stays() -> None:
    lock = threading.Lock()
    value = {"lock": lock, "module": types, "class": Thing, "iterator": iter([1])}
    snapshot = Snapshot([value])
    value.clear()
    snapshot.put_back()
    assert value["lock"] is lock
    assert value["class"] is Thing


def test_a_cycle() -> None:
    value: list[Any] = []
    value.append(value)
    snapshot = Snapshot([value])
    value.clear()
    snapshot.put_back()
    assert value[0] is value


def test_no_code_of_the_program_runs() -> None:
    class Trap(dict[str, int]):
        def __iter__(self) -> Any:
            raise AssertionError

        items = keys = values = update = clear = __setitem__ = __len__ = __iter__  # type: ignore[assignment]

    trap = Trap(a=1)
    snapshot = Snapshot([trap])
    dict.clear(trap)
    snapshot.put_back()
    assert dict(dict.items(trap)) == {"a": 1}


def test_what_slots_hold_is_given_too() -> None:
    class Settings(dict[str, int]):
        __slots__ = ("listeners",)
        listeners: list[object]

    class Point:
        __slots__ = ("x",)
        x: int

    mine, theirs = Settings(a=1), Settings(b=2)
    mine.listeners, theirs.listeners = [], [print]
    assert give_content(mine, theirs)
    assert (mine, mine.listeners) == ({"b": 2}, [print])
    here, there = Point(), Point()
    here.x = 1
    assert give_content(here, there)
    assert not hasattr(here, "x")


def test_content_is_given_to_an_object_of_the_same_type() -> None:
    mine, theirs = {"a": 1}, {"b": 2}
    assert give_content(mine, theirs)
    assert mine == {"b": 2}
    thing, other = Thing(a=1), Thing(b=2)
    assert give_content(thing, other)
    assert vars(thing) == {"b": 2}
    assert not give_content([], {})
    assert not give_content(1, 2)
    assert not give_content((1,), (2,))
