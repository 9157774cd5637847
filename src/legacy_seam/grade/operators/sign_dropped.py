"""Signs and negations that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class SignDropped(Operator):
    """`not x`, `-x` and `~x` become `x`."""

    name: ClassVar = "sign-dropped"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.UnaryOp,)
    EXAMPLES: ClassVar = (
        Example("x = not paid", ("x = paid",)),
        Example("x = -amount", ("x = amount",)),
        Example("x = -1", ("x = 1",)),
        Example("x = +amount"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.UnaryOp)
        if not isinstance(node.op, ast.UAdd):
            yield replace(node, text, text.grouped(node.operand))
