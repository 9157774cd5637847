"""Syntax trees, of which parts are exchanged without changing the tree itself: several readings share its nodes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeVar

from legacy_seam.rewriting.constants import Position

_FIRST_EVALUATED = ("test", "left", "func", "value", "operand", "values", "elts", "keys")
"""Fields of an expression of which the first that it has is evaluated before the rest."""

_Node = TypeVar("_Node", bound=ast.AST)


def like(node: _Node, **changed: object) -> _Node:
    """A copy of a node, at the same place in the source, with some of its fields changed.

    >>> ast.unparse(like(ast.parse("a + b", mode="eval").body, right=ast.Constant(1)))
    'a + 1'
    """
    fields = dict(ast.iter_fields(node)) | changed
    return ast.copy_location(type(node)(**fields), node)


def with_parts(node: _Node, rewrite: Callable[[Any], Any]) -> _Node:
    """A node with each of its parts exchanged for what `rewrite` makes of it; itself, where that changes none.

    >>> def double(part): return ast.Constant(2 * part.value) if isinstance(part, ast.Constant) else part
    >>> ast.unparse(with_parts(ast.parse("[1, x]", mode="eval").body, double))
    '[2, x]'
    """
    changed: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            part = rewrite(value)
            if part is not value:
                changed[name] = part
        elif isinstance(value, list):
            parts = [rewrite(item) if isinstance(item, ast.AST) else item for item in value]
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                changed[name] = parts
    return like(node, **changed) if changed else node


def first_evaluated(node: ast.AST) -> ast.AST:
    """The part of an expression that is evaluated before all others: it decides which line comes first.

    >>> ast.unparse(first_evaluated(ast.parse("a.b(c)[d] + e", mode="eval").body))
    'a'
    """
    while True:
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)):
            return node
        inner = next((one for name in _FIRST_EVALUATED if (one := getattr(node, name, None))), None)
        first = next((one for one in inner if one is not None), None) if isinstance(inner, list) else inner
        if not isinstance(first, ast.expr):
            return node
        node = first


def on_line(node: ast.AST) -> Position:
    """The line on which a node begins, and no column of it."""
    line = getattr(node, "lineno", -1)
    return {"lineno": line, "end_lineno": line, "col_offset": -1, "end_col_offset": -1}
