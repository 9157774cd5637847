"""Texts that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class StringEmptied(Operator):
    """A text is empty."""

    name: ClassVar = "string-emptied"
    nodes: ClassVar = (
        ast.Constant,
        ast.JoinedStr,
    )
    EXAMPLES: ClassVar = (
        Example("x = 'open'", ("x = ''",)),
        Example("x = f'{total} EUR'", ("x = ''",)),
        Example("x = ''"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.Constant, ast.JoinedStr))
        if isinstance(node, ast.JoinedStr) or (isinstance(node.value, str) and node.value):
            yield replace(node, text, "''")
        elif isinstance(node.value, bytes) and node.value:
            yield replace(node, text, "b''")
