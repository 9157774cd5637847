"""Arguments that are not given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class ArgumentDropped(Operator):
    """A call has one argument less."""

    name: ClassVar = "argument-dropped"
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("f(a, b)", ("f(b)", "f(a)")),
        Example("f(a, key=b)", ("f(key=b)", "f(a)")),
        Example("f()"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        given = [*node.args, *node.keywords]
        if len(given) == 1 and isinstance(given[0], ast.GeneratorExp):
            return
        for dropped in given:
            rest = ", ".join(text.of(one) for one in given if one is not dropped)
            yield replace(node, text, f"{text.grouped(node.func)}({rest})")
