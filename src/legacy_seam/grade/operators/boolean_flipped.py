"""True for False."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class BooleanFlipped(Operator):
    """`True` becomes `False`, and the other way round."""

    name: ClassVar = "boolean-flipped"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Constant,)
    EXAMPLES: ClassVar = (
        Example("done = True", ("done = False",)),
        Example("done = 1"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, bool):
            yield replace(node, text, repr(not node.value))
