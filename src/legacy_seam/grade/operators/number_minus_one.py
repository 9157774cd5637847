"""Numbers that are one too small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class NumberMinusOne(Operator):
    """A number is one smaller."""

    name: ClassVar = "number-minus-one"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Constant,)
    EXAMPLES: ClassVar = (
        Example("x = 10", ("x = 9",)),
        Example("x = 0", ("x = (-1)",)),
        Example("x = 2.5", ("x = 1.5",)),
        Example("x = True"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Constant)
        number = node.value
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            yield replace(node, text, spelled(number - 1))


def spelled(number: float) -> str:
    """A number as it is written, wherever it is put."""
    return repr(number) if number >= 0 else f"({number!r})"
