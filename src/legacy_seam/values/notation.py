"""The lexical rules of the notation: how strings, numbers and names are spelled, and how they are read again.

Every rule here is fixed by this file, not by the interpreter, its Unicode tables or its settings: equal values have
equal spellings under every version of Python.
"""

from __future__ import annotations

import re

WIDTH = 88
"""The longest line on which a container is kept together, in characters."""

_VISIBLE = (
    "\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u0531-\u058f\u05d0-\u05ea\u0620-\u064a\u0660-\u066f"
    "\u0900-\u0e5b\u10a0-\u10ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u209c\u20a0-\u20c0\u2100-\u2bff"
    "\u2e00-\u2e5d\u2e80-\u2fd5\u3001-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u312f\u3131-\u3163\u3165-\u318e"
    "\u3190-\ua4c6\uac00-\ud7a3\uf900-\ufad9\uff01-\uff9f\uffa1-\uffee\U0001f000-\U0001faff\U00020000-\U000323af"
)
"""Characters beyond ASCII that are written as themselves. All others (controls, surrogates, invisible ones,
combining marks, private use) are escaped, so that what looks alike is alike."""

_LETTERS = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u0373\u0386-\u03ff\u0400-\u0481\u048a-\u052f"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
WORD = rf"[{_LETTERS}][{_LETTERS}0-9]*+"
"""Pattern of a bare word: an attribute, an argument."""

NAME = rf"(?:{WORD}(?:\.{WORD})*+(?::[{_LETTERS}<][{_LETTERS}0-9.<>]*+)?+|`(?:[^`\\\n]|\\[^\n])++`)"
"""Pattern of a name: `Decimal`, `timezone.utc`, `package.module:Class.method`, or anything between backticks."""

_BARE_WORD = re.compile(WORD)
_BARE_NAME = re.compile(rf"{WORD}(?:\.{WORD})*+(?::[{_LETTERS}<][{_LETTERS}0-9.<>]*+)?+")
_ESCAPED = re.compile(rf"[^\x20-\x5b\x5d-\x7e{_VISIBLE}]")
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
    body = _ESCAPED.sub(_escape, text)
    if quote in body:
        body = body.replace(quote, "\\" + quote)
    return quote + body + quote


def integer(number: int) -> str:
    """Spell an integer (exactly of type `int`): in decimal, or in hexadecimal where that would be very long."""
    return repr(number) if number.bit_length() <= _DECIMAL_BITS else hex(number)


def word(text: str) -> str | None:
    """The text itself where it can stand bare as the name of an attribute, else None."""
    if text.isascii():
        return text if text.isidentifier() else None
    return text if _BARE_WORD.fullmatch(text) else None


def name(text: str) -> str:
    """Spell a name: bare where it can be, else between backticks.

    >>> name("shop.rules:Account"), name("my-script:Account")
    ('shop.rules:Account', '`my-script:Account`')
    """
    return text if _BARE_NAME.fullmatch(text) else quoted(text, "`")


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


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unescape(match: re.Match[str]) -> str:
    two, four, eight, other = match.groups()
    if other is not None:
        try:
            return _UNESCAPED[other]
        except KeyError:
            raise ValueError(f"there is no escape \\{other}") from None
    return chr(int(two or four or eight, 16))
