import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from legacy_seam.world.places import ABSENT, Place
from legacy_seam.world.state import Places

SOURCE = """
import functools, enum, os
from collections import namedtuple
LIMIT = 10
CACHE = {}
TABLE = {"a": lambda x: HIDDEN[x]}
HIDDEN = [1]
UNRELATED = [2]
Point = namedtuple("Point", "x y")
class Colour(enum.Enum):
    RED = 1
class Base:
    shared = []
    __private = {}
    def method(self): return self.shared
    class Inner:
        deep = 1
class Account(Base):
    rate = 1.5
    def __init__(self): self.total = LIMIT
    @property
    def value(self): return CACHE
def reads(): return LIMIT
def calls(): return reads()
def tables(x): return TABLE[x](0)
def makes(): return Account()
def inner(): return Base.Inner.deep
def uses(thing): return thing.value
def remember(x, seen=[], *, also={}, plain=3):
    seen.append(x)
    return seen
def writes():
    global NEW
    NEW = 1
@functools.lru_cache
def cached(x): return UNRELATED
remember.calls = 0
"""


@pytest.fixture
def module() -> Iterator[Any]:
    module = types.ModuleType("rules")
    exec(SOURCE, vars(module))
    sys.modules["rules"] = module
    yield module
    del sys.modules["rules"]


@pytest.fixture
def places(module: Any) -> Places:
    places = Places()
    places.baseline(module)
    return places


def reached(places: Places, function: Any) -> set[str]:
    return set(places.reachable([function.__code__]))


def existing(places: Places, name: str) -> Place:
    place = places.place(name)
    assert place is not None
    return place


def test_whether_a_place_has_departed_is_quick_to_tell_once_it_is_ready(module: Any, places: Places) -> None:
    assert places.held_still("rules:CACHE") is None
    places.get_ready("rules:CACHE")
    places.get_ready("rules:nowhere")
    held, still = places.held_still("rules:CACHE") or (None, None)
    assert id(held) == id(module.CACHE)
    assert still is not None
    assert still.holds()
    module.CACHE["a"] = 1
    assert not still.holds()
    assert places.departed("rules:CACHE") == (module.CACHE,)


def test_data_of_modules_classes_defaults_and_functions(places: Places) -> None:
    assert {name for name in places.names() if name.startswith("rules:")} == {
        "rules:LIMIT",
        "rules:CACHE",
        "rules:TABLE",
        "rules:HIDDEN",
        "rules:UNRELATED",
        "rules:Base.shared",
        "rules:Base._Base__private",
        "rules:Base.Inner.deep",
        "rules:Account.rate",
        "rules:remember.__defaults__.seen",
        "rules:remember.__defaults__.also",
        "rules:remember.__dict__.calls",
        "rules:NEW",
    }


@pytest.mark.parametrize(
    ("function", "place"),
    [
        ("reads", "rules:LIMIT"),
        ("calls", "rules:LIMIT"),
        ("tables", "rules:HIDDEN"),
        ("makes", "rules:LIMIT"),
        ("makes", "rules:CACHE"),
        ("inner", "rules:Base.Inner.deep"),
        ("uses", "rules:CACHE"),
        ("remember", "rules:remember.__defaults__.seen"),
        ("writes", "rules:NEW"),
    ],
)
def test_what_is_reached(module: Any, places: Places, function: str, place: str) -> None:
    assert place in reached(places, vars(module)[function])


def test_what_is_not_reached(module: Any, places: Places) -> None:
    assert reached(places, module.reads) == {"rules:LIMIT"}


def test_what_was_changed(module: Any, places: Places) -> None:
    names = places.names()
    assert places.changed_from_baseline(names) == {}
    module.CACHE["a"] = 1
    module.Base.shared.append(2)
    module.remember(7)
    module.writes()
    module.LIMIT = 11
    assert places.changed_from_baseline(names) == {
        "rules:CACHE": {"a": 1},
        "rules:Base.shared": [2],
        "rules:remember.__defaults__.seen": [7],
        "rules:NEW": 1,
        "rules:LIMIT": 11,
    }


@pytest.mark.parametrize("other", [True, 1.0])
def test_equal_values_of_other_types_are_changes(module: Any, places: Places, other: object) -> None:
    module.LIMIT = 1
    again = Places()
    again.baseline(module)
    module.LIMIT = other
    assert list(again.changed_from_baseline(["rules:LIMIT"])) == ["rules:LIMIT"]


def test_an_equal_value_is_no_change(module: Any, places: Places) -> None:
    module.CACHE = {}
    assert places.changed_from_baseline(["rules:CACHE"]) == {}
    assert places.is_disturbed("rules:CACHE")
    assert not places.is_disturbed("rules:HIDDEN")


def test_what_is_gone_is_left_out(module: Any, places: Places) -> None:
    del module.CACHE
    assert places.changed_from_baseline(["rules:CACHE"]) == {}
    assert places.departed("rules:CACHE") == (ABSENT,)


def test_places_are_written(module: Any, places: Places) -> None:
    for name, value in (
        ("rules:LIMIT", 1),
        ("rules:Account.rate", 2),
        ("rules:remember.__defaults__.seen", [3]),
        ("rules:remember.__defaults__.also", {4: 4}),
        ("rules:remember.__dict__.calls", 5),
        ("rules:NEW", 6),
        ("rules:Base.Inner.deep", 7),
    ):
        place = existing(places, name)
        place.write(value)
        assert place.read() == value
    assert (module.LIMIT, module.Account.rate, module.remember.calls, module.NEW) == (1, 2, 5, 6)
    assert module.remember.__defaults__ == ([3],)
    assert module.remember.__kwdefaults__ == {"also": {4: 4}, "plain": 3}
    existing(places, "rules:NEW").write(ABSENT)
    assert not hasattr(module, "NEW")


def test_places_that_the_baseline_did_not_know(module: Any, places: Places) -> None:
    place = existing(places, "rules:Account.later")
    assert place.read() is ABSENT
    place.write(1)
    assert module.Account.later == 1
    assert places.place("rules:Gone.x") is None
    assert places.place("other:x") is None


def test_a_module_under_another_name(module: Any) -> None:
    places = Places()
    places.baseline(module, "driver")
    assert "driver:LIMIT" in places.names()
    assert existing(places, "driver:LIMIT").read() == 10


def test_caches_are_emptied(module: Any, places: Places) -> None:
    module.cached(1)
    places.clear_caches()
    assert module.cached.cache_info().currsize == 0


def test_no_code_of_the_program_runs() -> None:
    module: Any = types.ModuleType("trap")
    exec(
        """
class Meta(type):
    def __getattribute__(cls, name): raise AssertionError(name)
    def __eq__(cls, other): raise AssertionError
    __hash__ = type.__hash__
class Trap(metaclass=Meta):
    x = [1]
class Field:
    def __get__(self, *args): raise AssertionError
    def __eq__(self, other): raise AssertionError
    def __hash__(self): raise AssertionError
    def __getattribute__(self, name): raise AssertionError(name)
    @property
    def __class__(self): raise AssertionError
class Model:
    field = Field()
    data = [1]
thing = Field()
def f(): return thing, Model.data
""",
        vars(module),
    )
    places = Places()
    places.baseline(module)
    assert places.changed_from_baseline(places.reachable([module.f.__code__])) == {}


def test_what_code_will_put_into_functions_classes_and_globals_is_a_place_before_it_does() -> None:
    module = types.ModuleType("late")
    exec(
        "class Account: pass\n"
        "def counts(): counts.calls = 1\n"
        "def opens(): Account.opened = 2\n"
        "def defines(): globals()['RATE'] = 3\n",
        vars(module),
    )
    places = Places()
    places.baseline(module)
    reached = places.reachable([module.counts.__code__, module.opens.__code__, module.defines.__code__])
    assert places.changed_from_baseline(reached) == {}

    for function in (module.counts, module.opens, module.defines):
        function()

    assert places.changed_from_baseline(reached) == {
        "late:Account.opened": 2,
        "late:RATE": 3,
        "late:counts.__dict__.calls": 1,
    }


def test_what_was_made_when_it_was_first_needed_has_departed_however_large_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = Places()
    module = types.ModuleType("lazy")
    exec("TABLE = None\ndef table():\n    global TABLE\n    TABLE = TABLE or {}\n    return TABLE\n", vars(module))
    places.baseline(module)
    monkeypatch.setattr("legacy_seam.world.state.fingerprint", lambda values: pytest.fail("it was gone through"))
    made = module.table()
    assert places.departed("lazy:TABLE") == (made,)


def test_of_a_script_only_what_its_definitions_leave_is_what_an_import_leaves() -> None:
    script = types.ModuleType("script")
    places = Places()
    places.expect_nothing(script, {"rows", "late", "wrapped", "plain"}, "script")
    exec("LIMIT = 3\ndef total(): return rows, LIMIT, late, wrapped(), plain()", vars(script))
    places.defined(script, frozenset({"LIMIT", "total"}), frozenset({"rows", "late", "wrapped", "plain"}), "script")
    reached = places.reachable([script.total.__code__])
    assert reached == ("script:LIMIT", "script:late", "script:plain", "script:rows", "script:wrapped")
    assert places.changed_from_baseline(reached) == {}

    exec("def outer(f):\n    def inner(): return f(), deep\n    return inner", vars(script))
    exec("rows = [1]\ndeep = 1\ndef plain(): return 1\n@outer\ndef wrapped(): return 2", vars(script))
    uncertain = frozenset({"rows", "late", "wrapped", "plain", "deep"})
    places.expect_nothing(script, {"deep"}, "script")
    places.defined(script, frozenset({"outer", "rows", "deep", "plain", "wrapped"}), uncertain, "script")

    reached = places.reachable([script.total.__code__])
    assert reached == ("script:LIMIT", "script:deep", "script:late", "script:rows", "script:wrapped")
    found = places.changed_from_baseline(reached)
    assert found == {"script:deep": 1, "script:rows": [1], "script:wrapped": script.wrapped}
