"""How values of a type are taken apart is found out once, whatever the type says of itself."""

from __future__ import annotations

import pytest

from legacy_seam.values import encode, readers
from legacy_seam.values.layout import Draft
from legacy_seam.values.readers import READERS, opaque, reader_of, unreadable


class Sly(type):
    """A metaclass that takes itself for everything."""

    def __hash__(cls) -> int:
        raise AssertionError("code of the program has run")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("code of the program has run")


class Part(metaclass=Sly):
    def __init__(self) -> None:
        self.size = 3


def test_a_reader_is_found_once_and_its_class_is_not_asked() -> None:
    first = reader_of(Part)
    assert READERS[id(Part)] is first
    assert encode(Part()).endswith("Part(size=3)")


def test_readers_of_many_types_are_let_go_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = encode([Part(), {1}])
    monkeypatch.setattr(readers, "_MOST_READERS", len(READERS))
    reader_of(type("Another", (), {}))
    assert id(Part) not in READERS
    assert id(Draft) in READERS  # what others have taken apart is written as it is
    assert encode([Part(), {1}]) == before


def test_what_cannot_be_taken_apart_is_told_by_its_type() -> None:
    text = unreadable(Part(), ZeroDivisionError())
    assert text.startswith("opaque('")
    assert "Part" in text
    assert opaque("shop:Part", "it's gone") == """opaque('shop:Part', "it's gone")"""
