"""Variables that are None."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class AssignmentNone(Operator):
    """A variable is given `None`."""

    name: ClassVar = "assignment-none"
    nodes: ClassVar = (ast.Assign,)
    EXAMPLES: ClassVar = (
        Example("x = f(1)", ("x = None",)),
        Example("a, b = f(1)"),
        Example("x = None"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Assign)
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        is_plain = all(isinstance(one, (ast.Name, ast.Attribute, ast.Subscript)) for one in node.targets)
        is_generator = any(isinstance(part, (ast.Yield, ast.YieldFrom, ast.Await)) for part in ast.walk(node))
        if is_plain and not is_none and not is_generator:
            yield Change(*text.span(node.value), "None", "None", "value")
