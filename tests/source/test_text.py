from __future__ import annotations

import codecs
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.source.text import SourceText, Undecodable, lines_of

PATH = Path("m.py")


@pytest.mark.parametrize(
    ("raw", "encoding", "bom", "newline", "indent"),
    [
        (b"", "utf-8", False, "\n", "    "),
        (b"def f():\n\treturn 1\n", "utf-8", False, "\n", "\t"),
        (b"def f():\r\n  return 1\r\n", "utf-8", False, "\r\n", "  "),
        (b"a = 1\r\nb = 2\nc = 3\r\n", "utf-8", False, "\r\n", "    "),
        (b"a = 1\rb = 2\r", "utf-8", False, "\r", "    "),
        (b"# coding: latin-1\rb = '\xe9'\r", "iso-8859-1", False, "\r", "    "),
        (codecs.BOM_UTF8 + b"a = 1\n", "utf-8", True, "\n", "    "),
        (codecs.BOM_UTF8 + b"# -*- coding: utf-8 -*-\na = 1\n", "utf-8", True, "\n", "    "),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\na = '\x80'\n", "cp1252", False, "\n", "    "),
        ("# coding: shift_jis\na = '表'\n".encode("shift_jis"), "shift_jis", False, "\n", "    "),
        ("# coding: euc-jp\na = '表'\n".encode("euc-jp"), "euc-jp", False, "\n", "    "),
        (("# " + "é" * 600 + "\na = 1\n").encode(), "utf-8", False, "\n", "    "),
    ],
)
def test_bytes_are_read_as_python_reads_them(
    raw: bytes, encoding: str, bom: bool, newline: str, indent: str
) -> None:
    source = SourceText.of(PATH, raw)
    assert (source.encoding, source.bom, source.newline, source.indent) == (encoding, bom, newline, indent)
    assert compile(raw, "m", "exec") is not None


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"# coding: no-such-thing\n", "unknown encoding"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "encoding problem"),
        (b"a = 1\nb = '\xe9'\n", "line 2"),
        (b"# coding: rot13\nvzcbeg bf\n", "no encoding of text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(raw: bytes, why: str) -> None:
    with pytest.raises(Undecodable, match=why):
        SourceText.of(PATH, raw)


def test_lines_end_where_python_ends_them() -> None:
    assert lines_of("a\x0cb\x0b\u2028\nc\r\nd\re") == ["a\x0cb\x0b\u2028\n", "c\r\n", "d\r", "e"]


def test_the_bytes_of_an_encoding_with_a_state_are_not_divided_into_lines() -> None:
    raw = b"# coding: iso2022_jp\na = '\x1b$B$\"\x1b(B'\n"
    assert SourceText.of(PATH, raw).byte_offsets == [0, 21, len(raw)]
    odd = b"# coding: utf-7\na = '+AGE-'\n"  # an `a`, written the long way round
    assert SourceText.of(PATH, odd).byte_offsets is None


@given(st.text(st.characters(codec="latin-1", exclude_characters="\x00")), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_offsets_of_lines_lead_back_to_the_bytes(text: str, newline: str) -> None:
    raw = (f"# coding: latin-1{newline}" + text).encode("latin-1")
    source = SourceText.of(PATH, raw)
    offsets = source.byte_offsets
    assert offsets is not None
    assert [raw[a:b].decode("latin-1") for a, b in pairwise(offsets)] == source.lines
    assert offsets[-1] == len(raw)
