"""Comparisons that include their boundary, or leave it out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text

_OTHER: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
}


class ComparisonBoundary(Operator):
    """The boundary of an ordering belongs to the other side: `<` becomes `<=`."""

    name: ClassVar = "comparison-boundary"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Compare,)
    EXAMPLES: ClassVar = (
        Example("x < 10", ("x <= 10",)),
        Example("low <= x < high", ("low < x < high", "low <= x <= high")),
        Example("x == 10"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Compare)
        operands = [node.left, *node.comparators]
        for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
            if type(sign) in _OTHER:
                old, new = _OTHER[type(sign)]
                yield exchange(node, text, [(*text.token(old, left, right), new)])
