"""Statements that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class StatementDeleted(Operator):
    """A statement that calls, assigns, deletes or raises is left out."""

    name: ClassVar = "statement-deleted"
    nodes: ClassVar = (
        ast.Expr,
        ast.Assign,
        ast.AugAssign,
        ast.Delete,
        ast.Raise,
    )
    EXAMPLES: ClassVar = (
        Example("rows.sort()", ("pass",)),
        Example("x = 1", ("pass",)),
        Example("raise ValueError(x)", ("pass",)),
        Example("'a docstring'"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.Delete, ast.Raise))
        is_generator = any(isinstance(part, (ast.Yield, ast.YieldFrom, ast.Await)) for part in ast.walk(node))
        if not is_generator and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield replace(node, text, "pass")
