"""Exceptions that pass by."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class ExceptionNotCaught(Operator):
    """An `except` catches nothing."""

    name: ClassVar = "exception-not-caught"
    nodes: ClassVar = (ast.ExceptHandler,)
    EXAMPLES: ClassVar = (
        Example("try: f()\nexcept ValueError: pass", ("try: f()\nexcept (): pass",)),
        Example("try: f()\nexcept: pass", ("try: f()\nexcept (): pass",)),
        Example("try: f()\nexcept (A, B) as e: pass", ("try: f()\nexcept () as e: pass",)),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.ExceptHandler)
        if node.type is not None:
            yield Change(*text.span(node.type), "()", "()", "type")
        else:
            at = text.span(node)[0] + len("except")
            yield Change(at, at, " ()", "()", "type")
