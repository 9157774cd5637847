"""Functions that give back nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class ReturnNone(Operator):
    """`return x` becomes `return None`."""

    name: ClassVar = "return-none"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Return,)
    EXAMPLES: ClassVar = (
        Example("def f(): return total", ("def f(): return None",)),
        Example("def f(): return None"),
        Example("def f(): return"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Return)
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield Change(*text.span(node.value), "None", "None", "value")
