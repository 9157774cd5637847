"""The bytes of a source file as text, and back.

An edit must leave alone what it does not mean to change: encoding, byte order mark, newlines, indentation. So the
text keeps its newlines as they stand, and every line knows the bytes it came from.
"""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final

_NEWLINE: Final = re.compile(r"\r\n|\r|\n")  # what Python ends a line with; not a form feed, unlike `splitlines`
_INDENTED: Final = re.compile(
    r"(?m)^(?:class|(?:async[ \t]+)?def|if|for|while|with|try|else)\b[^\n\r]*:[ \t]*(?:\r\n|\r|\n)([ \t]+)\S"
)
_ANY_INDENT: Final = re.compile(r"(?m)^([ \t]+)\S")


class Undecodable(Exception):
    """The bytes are not text in the encoding that they declare."""


@dataclass(frozen=True)
class SourceText:
    """One source file.

    path:     where it was read; relative to nothing in particular.
    raw:      its bytes.
    encoding: the codec that PEP 263 says: `utf-8` where nothing is declared.
    bom:      does it begin with a byte order mark? It is not part of `text`.
    text:     decoded, newlines as they stand.

    >>> source = SourceText.of(Path("a.py"), b"# coding: latin-1\\r\\nname = 'Ren\\xe9'\\r\\n")
    >>> source.encoding, source.newline, source.lines[1]
    ('iso-8859-1', '\\r\\n', "name = 'René'\\r\\n")
    """

    path: Path
    raw: bytes
    encoding: str
    bom: bool
    text: str

    @classmethod
    def of(cls, path: Path, raw: bytes) -> SourceText:
        """Decode a file's bytes.

        Raises:
            Undecodable: an encoding that does not exist, or that the bytes are not written in.
        """
        encoding = declared_encoding(raw)
        bom = raw.startswith(codecs.BOM_UTF8)
        try:
            text = raw[len(codecs.BOM_UTF8) if bom else 0 :].decode(encoding)
        except LookupError as error:
            raise Undecodable(f"{encoding} is no encoding of text") from error
        except UnicodeError as error:
            at = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
            raise Undecodable(f"line {at} is not {encoding}") from error
        return cls(path, raw, encoding, bom, text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their newlines, as Python counts them: line 1 is `lines[0]`."""
        return lines_of(self.text)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins in `text`, and at last where the text ends."""
        return list(accumulate(map(len, self.lines), initial=0))

    def line_at(self, offset: int) -> int:
        """The line that a character of `text` stands in; for the end of the text, the last one."""
        return max(1, min(bisect_right(self.offsets, offset), len(self.lines)))

    def offset(self, line: int, column: int) -> int:
        """Where in `text` a place stands that a syntax tree names: a line and a column in bytes of UTF-8."""
        start = self.offsets[line - 1]
        if not column:
            return start
        piece = self.lines[line - 1]
        return start + (column if piece.isascii() else len(piece.encode()[:column].decode()))

    @cached_property
    def newline(self) -> str:
        """The newline which most lines end with."""
        counted = Counter(_NEWLINE.findall(self.text))
        return max(counted, key=lambda newline: counted[newline], default="\n")

    @cached_property
    def indent(self) -> str:
        """The indentation of the first block: what one more level is written with."""
        found = _INDENTED.search(self.text) or _ANY_INDENT.search(self.text)
        return found.group(1) if found else "    "

    @cached_property
    def byte_offsets(self) -> list[int] | None:
        """Where each line begins in `raw`, and at last where the file ends; None where lines cannot be told apart.

        An encoding with a state (ISO-2022-JP, UTF-7) may write the same line in different ways. What is not written
        back byte for byte is never edited.
        """
        mark = len(codecs.BOM_UTF8) if self.bom else 0
        try:
            encoded = [line.encode(self.encoding) for line in self.lines]
        except UnicodeError:
            return None
        if b"".join(encoded) != self.raw[mark:]:
            return None
        return list(accumulate(map(len, encoded), initial=mark))


def lines_of(text: str) -> list[str]:
    """The lines of a text with their newlines, as Python counts them.

    >>> lines_of("a\\x0cb\\r\\nc\\rd")
    ['a\\x0cb\\r\\n', 'c\\r', 'd']
    """
    ends = [found.end() for found in _NEWLINE.finditer(text)]
    pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    rest = text[ends[-1] if ends else 0 :]
    return [*pieces, rest] if rest else pieces


def declared_encoding(raw: bytes) -> str:
    """The codec that a source file's byte order mark or cookie declares (PEP 263), `utf-8` by default.

    Raises:
        Undecodable: an unknown codec, or a mark and a cookie that contradict each other.
    """
    head = raw[:1024].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    first_two = b"\n".join(head.split(b"\n")[:2])
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(_without_a_torn_end(first_two)).readline)
    except SyntaxError as error:
        raise Undecodable(str(error.msg)) from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _without_a_torn_end(head: bytes) -> bytes:
    """Without the bytes of a character that the end of the head cuts in two: `detect_encoding` minds them."""
    for cut in range(4):
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return head[: len(head) - cut]
    return head
