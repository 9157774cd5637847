"""Numbers that are one too large."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.number_minus_one import spelled
from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class NumberPlusOne(Operator):
    """A number is one larger."""

    name: ClassVar = "number-plus-one"
    nodes: ClassVar = (ast.Constant,)
    EXAMPLES: ClassVar = (
        Example("x = 10", ("x = 11",)),
        Example("x = 2.5", ("x = 3.5",)),
        Example("x = '10'"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Constant)
        number = node.value
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            yield replace(node, text, spelled(number + 1))
