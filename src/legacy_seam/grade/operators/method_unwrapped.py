"""Methods that are left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class MethodUnwrapped(Operator):
    """A method without arguments is not called: `name.strip()` becomes `name`."""

    name: ClassVar = "method-unwrapped"
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("x = name.strip()", ("x = name",)),
        Example("x = name.strip(' ')"),
        Example("x = strip(name)"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            yield replace(node, text, text.grouped(node.func.value))
