"""Conditions connected the other way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text


class LogicalConnector(Operator):
    """`and` becomes `or`, and the other way round."""

    name: ClassVar = "logical-connector"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.BoolOp,)
    EXAMPLES: ClassVar = (
        Example("paid and due", ("(paid or due)",)),
        Example("a or b or c", ("(a and b and c)",)),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.BoolOp)
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        pairs = zip(node.values, node.values[1:], strict=False)
        tokens = [(*text.token(old, left, right), new) for left, right in pairs]
        yield exchange(node, text, tokens, grouped=True)
