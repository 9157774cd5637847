"""The lexical rules of the notation: how strings, numbers and names are spelled, and how they are read again.

Every rule here is fixed by this file, not by the interpreter, its Unicode tables or its settings: equal values have
equal spellings under every version of Python.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

WIDTH = 88
"""The longest line on which a container is kept together, in characters."""

_LETTERS = (
    "AZ__az\u00c0\u00d6\u00d8\u00f6\u00f8\u024f\u0370\u0373\u0388\u038a\u038e\u03a1\u03a3\u03f5\u03f7\u0481\u048a\u052f"
    "\u05d0\u05ea\u0620\u064a\u0904\u0939\u0e01\u0e30\u10d0\u10fa\u3041\u3096\u30a1\u30fa\u4e00\u9fff\uac00\ud7a3"
)
"""Ranges (first and last) of the letters that may stand in bare names."""

_VISIBLE = (
    " ~\u00a1\u00ac\u00ae\u02ff\u0370\u0482\u048a\u052f\u0531\u058f\u05d0\u05ea\u0620\u064a\u0660\u066f\u0900\u0e5b"
    "\u10a0\u10ff\u1e00\u1fff\u2010\u2027\u2030\u205e\u2070\u209c\u20a0\u20c0\u2100\u2bff\u2e00\u2e5d\u2e80\u2fd5"
    "\u3001\u3029\u3030\u303f\u3041\u3096\u309b\u312f\u3131\u3163\u3165\u318e\u3190\ua4c6\uac00\ud7a3\uf900\ufad9"
    "\uff01\uff9f\uffa1\uffee\U0001f000\U0001faff\U00020000\U000323af"
)
"""Ranges of the characters that are written as themselves. All others (controls, surrogates, invisible ones,
combining marks, private use) are escaped, so that what looks alike is alike."""

WORD = r"[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*+"
"""Pattern of a bare word, the name of an attribute or an argument. (More is read than is written.)"""

_QUALNAME = r"[^\x00-;=?@\[-^`{-\x7f][^\x00-\-/:;=?@\[-^`{-\x7f]*+"
NAME = rf"(?:{WORD}(?:\.{WORD})*+(?::{_QUALNAME})?+|`(?:[^`\\\n]|\\[^\n])++`)"
"""Pattern of a name: `Decimal`, `timezone.utc`, `package.module:Class.method`, or anything between backticks."""

_BARE_NAME = re.compile(NAME)
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))")
_SHORT_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPED = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "`": "`"}

_DECIMAL_BITS = 2000
DECIMAL_DIGITS = 640
"""The longest decimal number that is read. Every interpreter converts so many, however it is set up (see
`sys.set_int_max_str_digits`); longer ones are written in hexadecimal."""


class NotationError(ValueError):
    """A text that is not in the notation.

    line, column: where it goes wrong, both from 1.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line, self.column = line, column


def string(text: str) -> str:
    r"""Spell a string (exactly of type `str`).

    >>> print(string("caf\u00e9\u200b"))
    'café\u200b'
    """
    if text.isascii():
        return repr(text)
    quote = '"' if "'" in text and '"' not in text else "'"
    return quoted(text, quote)


def quoted(text: str, quote: str) -> str:
    """Spell a string between given quotes."""
    body = text.translate(_SPELLINGS)
    if quote in body:
        body = body.replace(quote, "\\" + quote)
    return quote + body + quote


def integer(number: int) -> str:
    """Spell an integer (exactly of type `int`): in decimal, or in hexadecimal where that would be very long."""
    return repr(number) if number.bit_length() <= _DECIMAL_BITS else hex(number)


def is_word(text: str) -> bool:
    """Can the text stand bare as the name of an attribute?"""
    if text.isascii():
        return text.isidentifier()
    return not text[:1].isdecimal() and all(_is_letter(character) for character in text)


@lru_cache(maxsize=4096)
def name(text: str) -> str:
    """Spell a name: bare where it can be, else between backticks.

    >>> name("shop.rules:Account"), name("my-script:Account")
    ('shop.rules:Account', '`my-script:Account`')
    """
    is_bare = _BARE_NAME.fullmatch(text) and "`" not in text
    if is_bare and not text.isascii():
        is_bare = all(_is_letter(character) or character in ".:<>" for character in text)
    return text if is_bare else quoted(text, "`")


def _is_letter(character: str) -> bool:
    return character in "0123456789" or _is_within(_LETTERS, character)


def _is_within(ranges: str, character: str) -> bool:
    place = bisect_right(ranges, character)
    return place % 2 == 1 or (place > 0 and ranges[place - 1] == character)


def unquoted(token: str) -> str:
    """The string that a quoted token spells (the quotes are whatever stands at its ends).

    Raises:
        ValueError: for an escape that is none of ours.
    """
    body = token[1:-1]
    return _ESCAPE.sub(_unescape, body) if "\\" in body else body


def unquoted_bytes(token: str) -> bytes:
    """The bytes that a token `b'..'` spells.

    Raises:
        ValueError: for an escape that is none of ours, or a character that is no byte.
    """
    return unquoted(token[1:]).encode("latin-1")


class _Spellings(dict[int, str]):
    """How each character is spelled in a string; found out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _SHORT_ESCAPES:
            spelling = _SHORT_ESCAPES[character]
        elif _is_within(_VISIBLE, character):
            spelling = character
        elif code <= 0xFF:
            spelling = f"\\x{code:02x}"
        else:
            spelling = f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
        self[code] = spelling
        return spelling


_SPELLINGS = _Spellings()


def _unescape(match: re.Match[str]) -> str:
    two, four, eight, other = match.groups()
    if other is not None:
        try:
            return _UNESCAPED[other]
        except KeyError:
            raise ValueError(f"there is no escape \\{other}") from None
    return chr(int(two or four or eight, 16))
