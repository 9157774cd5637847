"""Texts with something around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text


class StringMarked(Operator):
    """A text has `XX` around it."""

    name: ClassVar = "string-marked"
    is_default: ClassVar = True
    nodes: ClassVar = (ast.Constant,)
    EXAMPLES: ClassVar = (
        Example("x = 'open'", ("x = 'XXopenXX'",)),
        Example("x = b'open'", ("x = b'XXopenXX'",)),
        Example("x = 10"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str):
            yield replace(node, text, repr(f"XX{node.value}XX"))
        elif isinstance(node.value, bytes):
            yield replace(node, text, repr(b"XX" + node.value + b"XX"))
