"""Branches that are always taken, or never."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator
from legacy_seam.grade.text import Text


class BranchForced(Operator):
    """The condition of a branch always holds, or never."""

    name: ClassVar = "branch-forced"
    nodes: ClassVar = (
        ast.If,
        ast.IfExp,
    )
    EXAMPLES: ClassVar = (
        Example("if due: warn()", ("if True: warn()", "if False: warn()")),
        Example("x = 1 if due else 2", ("x = 1 if True else 2", "x = 1 if False else 2")),
        Example("if True: warn()"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.If, ast.IfExp))
        if not isinstance(node.test, ast.Constant):
            for word in ("True", "False"):
                yield Change(*text.span(node.test), word, word, "test")
