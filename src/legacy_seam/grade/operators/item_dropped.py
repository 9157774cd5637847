"""Items that are missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, replace
from legacy_seam.grade.text import Text

_BRACKETS: dict[type[ast.expr], str] = {ast.List: "[]", ast.Tuple: "()", ast.Set: "{}"}


class ItemDropped(Operator):
    """A list, a tuple, a set or a dict that is written out has one item less."""

    name: ClassVar = "item-dropped"
    nodes: ClassVar = (ast.List, ast.Tuple, ast.Set, ast.Dict)
    EXAMPLES: ClassVar = (
        Example("x = [a, b]", ("x = [b]", "x = [a]")),
        Example("x in (1, 2)", ("x in (2,)", "x in (1,)")),
        Example("x = {a: 1, **b}", ("x = {**b}", "x = {a: 1}")),
        Example("x = {a}"),
        Example("a, b = x"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        if isinstance(node, ast.Dict):
            items = [
                f"**{text.of(value)}" if key is None else f"{text.of(key)}: {text.of(value)}"
                for key, value in zip(node.keys, node.values, strict=True)
            ]
            brackets = "{}"
        else:
            assert isinstance(node, (ast.List, ast.Tuple, ast.Set))
            if not isinstance(getattr(node, "ctx", None), (ast.Load, type(None))):
                return
            items = [text.of(one) for one in node.elts]
            brackets = _BRACKETS[type(node)]
        if len(items) == 1 and isinstance(node, (ast.Set, ast.Tuple)):
            return
        for place in range(len(items)):
            rest = items[:place] + items[place + 1 :]
            comma = "," if isinstance(node, ast.Tuple) and len(rest) == 1 else ""
            yield replace(node, text, f"{brackets[0]}{', '.join(rest)}{comma}{brackets[1]}")
