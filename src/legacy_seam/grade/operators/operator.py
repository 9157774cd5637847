"""What a mutation operator is, and what it finds: one small change of code each."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from legacy_seam.grade.text import Text


@dataclass(frozen=True, slots=True)
class Example:
    """What an operator makes of a piece of code: every mutant of it, in order. None where it leaves it alone."""

    before: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change, at or right below the node that an operator was shown.

    start, end: the characters of the source that are replaced.
    text:       what replaces them.
    code:       all that stands at the place afterwards, for the syntax tree.
    field:      which field of the node is the place; None where the node itself is.
    """

    start: int
    end: int
    text: str
    code: str
    field: str | None = None


class Operator(ABC):
    """One way in which code may be wrong.

    name:       in reports and on the command line.
    is_default: does it belong to the small set that says most about a net?
    nodes:      the kinds of node that it looks at.
    EXAMPLES:   what it does and what it leaves alone; tests and `docs/reference/operators.md` are made of them.
    """

    name: ClassVar[str]
    is_default: ClassVar[bool] = False
    nodes: ClassVar[tuple[type[ast.AST], ...]]
    EXAMPLES: ClassVar[Sequence[Example]]

    @abstractmethod
    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """The changes that it has for a node.

        Args:
            node: one of the kinds that it looks at.
            text: the source in which it stands.
        """


def replace(node: ast.expr | ast.stmt, text: Text, code: str) -> Change:
    """A change of a whole node."""
    start, end = text.span(node)
    return Change(start, end, code, code)


def exchange(
    node: ast.expr | ast.stmt, text: Text, tokens: Sequence[tuple[int, int, str]], *, grouped: bool = False
) -> Change:
    """A change of some tokens within a node, which are told as one from the first to the last.

    Args:
        node: the node.
        text: the source.
        tokens: where (characters of the source), and what is written there; in order.
        grouped: put the whole in parentheses, where it could be read otherwise.
    """
    start, end = text.span(node)
    pieces: list[str] = []
    at = start
    for first, last, new in tokens:
        pieces += [text.source[at:first], new]
        at = last
    code = "".join([*pieces, text.source[at:end]])
    if grouped:
        return Change(start, end, f"({code})", f"({code})")
    first, last = tokens[0][0], tokens[-1][1]
    return Change(first, last, code[first - start : len(code) - (end - last)], code)
