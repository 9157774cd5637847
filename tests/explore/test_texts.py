"""New texts: numbers and words in them are moved, and pieces that are known elsewhere put in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.searching.ideas import Ideas, Literals
from legacy_seam.replay.searching.texts import LONGEST, Texts


def made(text: str, ideas: Ideas, times: int = 3000) -> set[str]:
    texts = Texts(ideas, random.Random(1))
    return {texts.other(text) for _ in range(times)}


def test_a_number_in_a_text_is_moved_as_a_number_is() -> None:
    assert {"0 9 29 2", "0 11 29 2", "0 10 59 2", "0 010 29 2", "0 10 28 2", "0 10.5 29 2"} <= made(
        "0 10 29 2", Ideas(Literals((59,)))
    )


def test_a_word_of_a_table_takes_the_place_of_one_in_a_list() -> None:
    found = made("0 0 29 2 *", Ideas(held=Literals(texts=("JAN", "FEB"))))
    assert {"0 0 29 JAN *", "FEB 0 29 2 *"} <= found


def test_what_an_expression_matches_is_put_into_a_text_and_in_its_place() -> None:
    found = made("7 kg", Ideas(matching=[["\t\t"]]))
    assert "\t\t" in found and "7\t\tkg" in found


def test_words_change_places_and_come_twice() -> None:
    assert {"MB 5", "5MB "} <= made("5 MB", Ideas())
    assert any(one.count("MB") == 2 for one in made("5 MB", Ideas()))


@given(st.text(max_size=12), st.integers())
def test_whatever_a_text_is_others_are_made_of_it_and_none_is_too_long(text: str, seed: int) -> None:
    ideas = Ideas(Literals((3, 2.5), ("x",)), Literals(), [["ab"]], held=Literals(texts=("y",)))
    texts = Texts(ideas, random.Random(seed))
    assert all(len(texts.other(text * 40)) <= LONGEST for _ in range(30))
