"""Loops that are never entered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class LoopSkipped(Operator):
    """A loop has nothing to go through, or its condition never holds."""

    name: ClassVar = "loop-skipped"
    is_default: ClassVar = True
    nodes: ClassVar = (
        ast.For,
        ast.While,
    )
    EXAMPLES: ClassVar = (
        Example("for x in rows: add(x)", ("for x in (): add(x)",)),
        Example("while rows: take(rows)", ("while False: take(rows)",)),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.For, ast.While))
        if isinstance(node, ast.While):
            yield Change(*text.span(node.test), "False", "False", "test")
        else:
            yield Change(*text.span(node.iter), "()", "()", "iter")
