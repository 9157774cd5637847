"""`plaindata.dataclass` does what `dataclasses.dataclass` does."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam import plaindata
from legacy_seam.calls import Count, FileState
from legacy_seam.plaindata import dataclass, field
from legacy_seam.targets import Target


@dataclass(frozen=True, slots=True, order=True)
class Ours:
    """Ours."""

    name: str
    number: int = 3
    items: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Theirs:
    """Theirs."""

    name: str
    number: int = 3
    items: tuple[int, ...] = ()


@dataclass(slots=True)
class Changeable:
    names: list[str] = field(default_factory=list)
    note: str = ""


arguments = st.tuples(st.text(max_size=2), st.integers(0, 2), st.tuples(st.integers(0, 1)))


@given(arguments, arguments)
def test_comparing_hashing_and_showing(one: Any, other: Any) -> None:
    ours, theirs = (Ours(*one), Ours(*other)), (Theirs(*one), Theirs(*other))
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (ours[0] < ours[1], ours[0] >= ours[1]) == (theirs[0] < theirs[1], theirs[0] >= theirs[1])
    assert (hash(ours[0]) == hash(ours[1])) >= (ours[0] == ours[1])
    assert repr(ours[0]) == repr(theirs[0]).replace("Theirs", "Ours")


def test_arguments_are_those_of_a_function() -> None:
    assert Ours("a", items=(1,)) == Ours(name="a", number=3, items=(1,))
    for wrong in ((), ("a", 1, (), 4)):
        with pytest.raises(TypeError, match=r"Ours\.__init__\(\)"):
            Ours(*wrong)
    with pytest.raises(TypeError, match="unexpected keyword"):
        made: Any = Ours
        made("a", colour="red")


def test_frozen_ones_cannot_be_changed_and_have_no_room_for_more() -> None:
    noun: Any = Ours("a")
    for name in ("name", "colour"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(noun, name, "x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        del noun.name
    assert not hasattr(noun, "__dict__")
    changeable: Any = Changeable()
    with pytest.raises(AttributeError):
        changeable.colour = "red"


def test_defaults_that_are_made_are_made_anew() -> None:
    one, other = Changeable(), Changeable()
    one.names.append("a")
    assert other.names == []
    assert Changeable(["b"]).names == ["b"]
    with pytest.raises(TypeError):
        hash(one)


def test_another_class_with_the_same_values_is_another() -> None:
    others: tuple[object, ...] = (Theirs("a"), ("a", "b"))
    assert Ours("a") not in others
    assert Target("a", "b") not in others


def test_they_can_be_taken_apart_by_a_pattern() -> None:
    match Ours("a", 4):
        case Ours(name, number):
            assert (name, number) == ("a", 4)
        case _:
            pytest.fail("not matched")


def test_the_functions_of_dataclasses_know_them() -> None:
    assert [one.name for one in dataclasses.fields(Count)][:2] == ["seen", "kept"]
    assert dataclasses.replace(Ours("a"), number=9) == plaindata.replace(Ours("a"), number=9) == Ours("a", 9)
    assert dataclasses.asdict(Ours("a")) == plaindata.asdict(Ours("a")) == {"name": "a", "number": 3, "items": ()}
    assert dataclasses.fields(Changeable)[0].default_factory is list


def test_a_constructor_can_be_written_before_the_first_instance_is_made() -> None:
    @dataclass(frozen=True)
    class Late:
        items: list[int] = field(default_factory=list)

    waiting = vars(Late)["__init__"]
    plaindata.write_constructors(Late, Late, FileState)
    written = vars(Late)["__init__"]
    assert written is not waiting
    assert Late().items == [] and Late([1]).items == [1]
    assert vars(Late)["__init__"] is written


def test_they_travel() -> None:
    state = FileState("a.csv", None)
    assert pickle.loads(pickle.dumps(state)) == state


def test_the_recorder_is_loaded_without_what_is_slow_to_load() -> None:
    program = "import sys, legacy_seam.record.session; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    slow = {
        *("dataclasses", "hashlib", "inspect", "pickle", "random", "sqlite3", "subprocess", "tempfile", "tokenize")
    }
    assert not slow & set(loaded.split())
