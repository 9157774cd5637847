"""Conditions that say the opposite."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class ConditionNegated(Operator):
    """A condition is negated. Comparisons are left to `comparison-negation`, `not` to `sign-dropped`."""

    name: ClassVar = "condition-negated"
    nodes: ClassVar = (
        ast.If,
        ast.IfExp,
        ast.While,
    )
    EXAMPLES: ClassVar = (
        Example("if due: warn()", ("if not due: warn()",)),
        Example("if a and b: warn()", ("if not (a and b): warn()",)),
        Example("if a == b: warn()"),
        Example("if not a: warn()"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.If, ast.IfExp, ast.While))
        test = node.test
        is_single = isinstance(test, ast.Compare) and len(test.ops) == 1
        is_not = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if not is_single and not is_not and not isinstance(test, ast.Constant):
            negated = f"not {text.grouped(test)}"
            yield Change(*text.span(test), negated, negated, "test")
