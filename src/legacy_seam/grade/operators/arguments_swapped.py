"""Arguments that are given in the place of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text


class ArgumentsSwapped(Operator):
    """Two neighbours among the arguments of a call change places."""

    name: ClassVar = "arguments-swapped"
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("f(a, b, c)", ("f(b, a, c)", "f(a, c, b)")),
        Example("f(a, a)"),
        Example("f(a, *rest, key=b)"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        for one, other in pairwise(node.args):
            is_starred = isinstance(one, ast.Starred) or isinstance(other, ast.Starred)
            if not is_starred and text.of(one) != text.of(other):
                yield exchange(node, text, [(*text.span(one), text.of(other)), (*text.span(other), text.of(one))])
