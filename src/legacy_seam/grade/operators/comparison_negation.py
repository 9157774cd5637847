"""Comparisons that say the opposite."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text

_OPPOSITE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}


class ComparisonNegation(Operator):
    """A comparison says the opposite: `==` becomes `!=`, `<` becomes `>=`."""

    name: ClassVar = "comparison-negation"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Compare,)
    EXAMPLES: ClassVar = (
        Example("x == 10", ("x != 10",)),
        Example("x < 10", ("x >= 10",)),
        Example("x not in seen", ("x in seen",)),
        Example("x is None", ("x is not None",)),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Compare)
        operands = [node.left, *node.comparators]
        for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
            old, new = _OPPOSITE[type(sign)]
            yield exchange(node, text, [(*text.token(old, left, right), new)])
