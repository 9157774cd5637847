"""Spellings depend on nothing but the value, and are read back as they were meant."""

from __future__ import annotations

import ast
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values.notation import integer, is_word, name, string, unquoted

everything = st.text(st.characters(exclude_categories=()))


@given(everything)
def test_strings_are_python_literals_of_themselves(text: str) -> None:
    spelled = string(text)
    assert unquoted(spelled) == text
    assert ast.literal_eval(spelled) == text
    assert "\n" not in spelled


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_spelled_as_python_does(text: str) -> None:
    assert string(text) == repr(text)


def test_what_cannot_be_seen_is_escaped() -> None:
    hidden = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    everything = map(chr, range(sys.maxunicode + 1))
    invisible = [character for character in everything if unicodedata.category(character) in hidden]
    combining = list(map(chr, range(0x300, 0x370)))
    assert [hex(ord(character)) for character in invisible + combining if character in string(character)] == []


def test_letters_of_living_languages_are_legible() -> None:
    for text in ("Grüße", "Ελλάδα", "Привет", "日本語", "한국어", "שלום", "naïve “quoted” €"):
        assert string(text) == f"'{text}'"


def test_long_integers_do_not_depend_on_the_limit_of_the_interpreter() -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        spelled = [
            integer(sign * base**power) for sign in (1, -1) for base, power in ((10, 600), (10, 700), (2, 9000))
        ]
    finally:
        sys.set_int_max_str_digits(limit)
    assert [text[:3] for text in spelled] == ["100", "0x2", "0x1", "-10", "-0x", "-0x"]


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("shop.rules:Account.score", "shop.rules:Account.score"),
        ("m:outer.<locals>.<lambda>", "m:outer.<locals>.<lambda>"),
        ("my-script:f", "`my-script:f`"),
        ("m:odd `name`\n", "`m:odd \\`name\\`\\n`"),
        ("größe:Maß", "größe:Maß"),
        ("m:\u200b", "`m:\\u200b`"),
    ],
)
def test_names_are_bare_where_they_can_be(text: str, spelled: str) -> None:
    assert name(text) == spelled
    assert (unquoted(name(text)) if name(text)[0] == "`" else name(text)) == text


def test_words() -> None:
    assert is_word("price") and is_word("_x1") and is_word("größe") and is_word("class")
    assert not is_word("1x") and not is_word("no word") and not is_word("") and not is_word("a\u0301")
