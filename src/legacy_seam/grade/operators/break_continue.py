"""Loops that are left, or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class BreakContinue(Operator):
    """`break` becomes `continue`, and the other way round."""

    name: ClassVar = "break-continue"
    is_default: ClassVar = True
    nodes: ClassVar = (
        ast.Break,
        ast.Continue,
    )
    EXAMPLES: ClassVar = (
        Example("while a: break", ("while a: continue",)),
        Example("while a: continue", ("while a: break",)),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.Break, ast.Continue))
        yield replace(node, text, "continue" if isinstance(node, ast.Break) else "break")
