"""The text behind a syntax tree: where a node stands, in characters, and what is written there."""

from __future__ import annotations

import ast
import re
from itertools import accumulate
from typing import Any

_NEWLINE = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Dict, ast.Set)
"""What needs no parentheses, wherever it is put."""


class Text:
    """The source of one module.

    Args:
        source: its text, newlines as they stand.

    >>> text = Text("total = price * (1 + tax)")
    >>> text.of(ast.parse(text.source).body[0].value.right)
    '1 + tax'
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = _NEWLINE.split(source)
        self._starts = [0, *accumulate(map(len, self._lines))]

    def offset(self, line: int, column: int) -> int:
        """The character at a position of the syntax tree, whose columns are bytes of UTF-8."""
        written = self._lines[line - 1]
        if not written.isascii():
            column = len(written.encode()[:column].decode("utf-8", "ignore"))
        return self._starts[line - 1] + column

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """What is written for a node."""
        start, end = self.span(node)
        return self.source[start:end]

    def grouped(self, node: ast.expr) -> str:
        """What is written for an expression, in parentheses where it might be read otherwise elsewhere."""
        written = self.of(node)
        return written if isinstance(node, _ATOMS) and "\n" not in written else f"({written})"

    def line(self, number: int) -> str:
        """A line, from 1, without its newline."""
        return self._lines[number - 1].rstrip("\r\n")

    def lines(self) -> list[str]:
        """All lines, without their newlines."""
        return [line.rstrip("\r\n") for line in self._lines]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column, both from 1, of a character."""
        from bisect import bisect_right

        line = min(bisect_right(self._starts, offset), len(self._lines))
        return line, offset - self._starts[line - 1] + 1

    def token(self, word: str, after: ast.AST, before: ast.AST) -> tuple[int, int]:
        """Where a word or sign is written between two nodes, comments left out."""
        start, end = self.span(after)[1], self.span(before)[0]
        gap = _without_comments(self.source[start:end])
        pattern = r"\s+".join(map(re.escape, word.split()))
        found = re.search(rf"\b{pattern}\b" if word[0].isalpha() else pattern, gap)
        assert found is not None, (word, gap)
        return start + found.start(), start + found.end()


def _without_comments(gap: str) -> str:
    return re.sub(r"#[^\n\r]*", lambda found: " " * len(found[0]), gap)
