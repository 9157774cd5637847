"""Texts in the other case."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class StringCase(Operator):
    """A text is in capitals, or in small letters where it was in capitals."""

    name: ClassVar = "string-case"
    nodes: ClassVar = (ast.Constant,)
    EXAMPLES: ClassVar = (
        Example("x = 'Open'", ("x = 'OPEN'",)),
        Example("x = 'OPEN'", ("x = 'open'",)),
        Example("x = '12'"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str):
            other = node.value.upper() if node.value != node.value.upper() else node.value.lower()
            if other != node.value:
                yield replace(node, text, repr(other))
