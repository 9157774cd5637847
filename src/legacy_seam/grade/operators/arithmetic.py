"""Sums for differences, products for quotients."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange, replace
from legacy_seam.grade.text import Text

_OTHER: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}
_BINDING_OTHERWISE = (ast.Pow, ast.BitAnd, ast.BitOr, ast.BitXor)
"""What binds its operands more or less tightly than what is put in its place."""


class Arithmetic(Operator):
    """An arithmetic operator is another one: `+` becomes `-`, `*` becomes `/`."""

    name: ClassVar = "arithmetic"
    nodes: ClassVar = (
        ast.BinOp,
        ast.AugAssign,
    )
    EXAMPLES: ClassVar = (
        Example("x = a + b", ("x = a - b",)),
        Example("x = a * b", ("x = a / b",)),
        Example("x = a ** b", ("x = (a * b)",)),
        Example("x = a | b ^ c", ("x = (a & (b ^ c))", "x = a | (b & c)")),
        Example("x += 1", ("x -= 1",)),
        Example("x = '%s' % a"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, (ast.BinOp, ast.AugAssign))
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        if isinstance(left, (ast.Constant, ast.JoinedStr)) and not isinstance(
            getattr(left, "value", None), (int, float, complex)
        ):
            return  # a format, or texts that are put together: other operators change those
        old, new = _OTHER[type(node.op)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, _BINDING_OTHERWISE):
            yield replace(node, text, f"({text.grouped(node.left)} {new} {text.grouped(node.right)})")
            return
        sign = "=" if isinstance(node, ast.AugAssign) else ""
        yield exchange(node, text, [(*text.token(old + sign, left, right), new + sign)])
