"""What is built-in data is told without running anything of the program, and without anybody hearing of it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values.data import (
    SHORT_STRING,
    are_atoms,
    containers_of_tree,
    is_atom,
    text_of_atom,
    text_of_tree,
)
from legacy_seam.values.notation import WIDTH
from legacy_seam.values.writing import _encode

TREE: dict[str, Any] = {"lines": [(1, 2.5), {"A"}], "note": b"x", "gone": None, "is_new": True}


class Nosy(type):
    """A metaclass with a hash and an equality of its own."""

    def __hash__(cls) -> int:
        raise AssertionError("code of the program has run")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("code of the program has run")


class Part(metaclass=Nosy):
    pass


class Number(int):
    pass


_heard: list[str] | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _heard is not None:
        _heard.append(event)


@pytest.mark.parametrize("value", [Part(), Number(1), Part], ids=["object", "number", "class"])
def test_what_is_no_built_in_data_is_none_and_its_class_is_not_asked(value: object) -> None:
    assert not is_atom(value)
    assert not are_atoms([1, value])
    assert text_of_atom(value) is None
    assert text_of_tree(value, {}) is None
    assert text_of_tree([value], {}) is None
    assert containers_of_tree((1, [value])) is None


def test_atoms_are_told_from_what_holds_them() -> None:
    assert are_atoms([None, True, 1, 2.5, "a", b"a"])
    assert not is_atom([])
    assert containers_of_tree((TREE, 1)) == {
        id(TREE),
        id(TREE["lines"]),
        *map(id, TREE["lines"]),
    }


def test_looking_through_atoms_is_no_audit_event() -> None:
    global _heard
    heard: list[str] = []
    sys.addaudithook(_hear)  # for good: it hears nothing after this test
    atoms = [1, "a", 2.5] * 10
    _heard = heard
    try:
        told = is_atom(1), are_atoms(atoms), text_of_atom("a")
        while_atoms = list(heard)
        containers = containers_of_tree((atoms,))
    finally:
        _heard = None
    assert told == (True, True, "'a'")
    assert while_atoms == []
    assert heard.count("builtins.id") == len(containers or ()) == 1  # for the container, none for what is in it


_WORDS = st.text(alphabet="a\u00e4\n'\"\\\t\u200b\U0001f600", max_size=SHORT_STRING + 5)
_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=3), _WORDS),
    lambda part: st.one_of(st.lists(part, max_size=4), st.tuples(part), st.dictionaries(_WORDS, part, max_size=3)),
    max_leaves=8,
)


@given(_TREES)
def test_the_quick_way_spells_what_the_careful_way_does(value: object) -> None:
    quick = text_of_atom(value) or text_of_tree(value, {})
    assert quick is None or [quick] == _encode([("", value)], {}, WIDTH, None)


def test_short_texts_in_any_script_go_the_quick_way() -> None:
    assert text_of_tree(["Gr\u00fc\u00dfe", "total\n12\n"], {}) == "['Gr\u00fc\u00dfe', 'total\\n12\\n']"
    assert text_of_atom("\u00e4" * (SHORT_STRING + 1)) is None
