"""Calls that are left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class CallUnwrapped(Operator):
    """A function of one argument is not called: `round(x)` becomes `x`."""

    name: ClassVar = "call-unwrapped"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("x = round(total)", ("x = total",)),
        Example("x = abs(a - b)", ("x = (a - b)",)),
        Example("x = max(a, b)"),
        Example("x = order.total(tax)"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
            (argument,) = node.args
            if not isinstance(argument, (ast.Starred, ast.GeneratorExp)):
                yield replace(node, text, text.grouped(argument))
