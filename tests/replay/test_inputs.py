"""Inputs that are given again, as long as nothing has changed in them."""

from __future__ import annotations

from legacy_seam.replay.inputs import Inputs
from legacy_seam.values import decode_roots


def inputs(**texts: str) -> Inputs:
    return Inputs(texts, decode_roots(texts))


def test_data_may_be_given_again_until_something_in_it_has_changed() -> None:
    read = inputs(lines="[[1, 'tea']]", rate="1.5")
    assert read.are_lasting and read.are_unchanged()
    read.given["lines"][0].append(2)  # type: ignore[index]
    assert not read.are_unchanged()


def test_another_object_in_the_place_of_an_input_is_a_change() -> None:
    read = inputs(lines="[1]")
    assert read.are_unchanged(dict(read.given))
    assert not read.are_unchanged({"lines": [1]})


def test_what_is_used_up_by_being_used_is_given_once() -> None:
    read = inputs(lines="list_iterator([1, 2])")
    assert not read.are_lasting
