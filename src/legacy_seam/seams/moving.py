"""Statements that move to another place: their lines at another depth, with their comments, strings untouched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from legacy_seam.seams.editing import Edits, first_line
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.source import Reference

_TELLS_ITSELF: Final = re.compile(r"=\s*[!:}]")
_NOTHING: Final[Mapping[tuple[int, int], str]] = MappingProxyType({})


def whole_lines(edits: Edits, statements: Sequence[ast.stmt]) -> tuple[int, int]:
    """The first and last line of statements that follow each other, the comment directly above them included.

    Raises:
        Refused: where they share a line with another statement.
    """
    margin = edits.margin(statements[0])
    last = statements[-1].end_lineno or statements[-1].lineno
    _, end = edits.span(statements[-1])
    rest = edits.source.text[end : edits.source.offsets[last]].strip()
    if rest and not rest.startswith("#"):
        reason = "several statements share this line; give each a line of its own first"
        raise Refused(Refusal(Reason.SHARED_LINE, edits.source.path, last, reason))
    first = first_line(statements[0])
    inside = frozenset(_lines_in_strings(edits.module.tree))
    while first > 1 and first - 1 not in inside and edits.source.lines[first - 2].startswith(margin + "#"):
        first -= 1
    return first, last


def at_depth(
    edits: Edits, first: int, last: int, margin: str, new: str, instead: Mapping[tuple[int, int], str] = _NOTHING
) -> str:
    """Whole lines with another indentation.

    What continues a string is data and stays where it stands; a comment that stands further left moves along.

    Args:
        edits: of the module.
        first: the first line.
        last: the last line.
        margin: the indentation that their statements have.
        new: the one that they get.
        instead: what is to stand in the place of pieces of a line, by where they begin and end in the text.
    """
    inside = frozenset(_lines_in_strings(edits.module.tree))
    found: list[str] = []
    for number in range(first, last + 1):
        line = _with(edits.source.lines[number - 1], edits.source.offsets[number - 1], instead)
        if number in inside or not line.strip():
            found.append(line)
        elif line.startswith(margin):
            found.append(new + line[len(margin) :])
        else:
            found.append(new + line.lstrip(" \t\x0c"))
    text = "".join(found)
    return text if text.endswith(("\n", "\r")) else text + edits.source.newline


def tells_itself(edits: Edits, reference: Reference) -> bool:
    """Does a name stand in a string that tells how it is written, `f"{a = }"`?"""
    around = (one for one in reference.ancestors if isinstance(one, ast.JoinedStr))
    return any(_TELLS_ITSELF.search(edits.text(one)) for one in around)


def _with(line: str, start: int, instead: Mapping[tuple[int, int], str]) -> str:
    """A line with other pieces in it."""
    end = start + len(line)
    for (one, other), new in sorted(instead.items(), reverse=True):
        if start <= one and other <= end:
            line = line[: one - start] + new + line[other - start :]
    return line


def _lines_in_strings(tree: ast.AST) -> Iterator[int]:
    """The lines that begin within a string: all of a string's but the first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        ):
            yield from range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
