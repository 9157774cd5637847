"""Arguments that are None."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text


class ArgumentNone(Operator):
    """An argument of a call is `None`."""

    name: ClassVar = "argument-none"
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("f(a, key=b)", ("f(None, key=b)", "f(a, key=None)")),
        Example("f(None)"),
        Example("f(*rest)"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg)]:
            is_none = isinstance(argument, ast.Constant) and argument.value is None
            if not is_none and not isinstance(argument, (ast.Starred, ast.GeneratorExp)):
                yield exchange(node, text, [(*text.span(argument), "None")])
