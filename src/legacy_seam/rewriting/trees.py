"""Syntax trees, of which parts are exchanged without changing the tree itself: several readings share its nodes."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from legacy_seam.rewriting.constants import Position

_FIRST_EVALUATED = ("test", "left", "func", "value", "operand", "values", "elts", "keys")
"""Fields of an expression of which the first that it has is evaluated before the rest."""

LEAVES = frozenset(
    [ast.Name, ast.Constant, ast.alias]
    + [
        kind
        for kinds in (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
        for kind in kinds.__subclasses__()
    ]
)
"""Types of nodes within which there is nothing that could be exchanged: most nodes are of them."""

_Node = TypeVar("_Node", bound=ast.AST)


def like(node: _Node, **changed: object) -> _Node:
    """A copy of a node, at the same place in the source, with some of its fields changed.

    >>> ast.unparse(like(ast.parse("a + b", mode="eval").body, right=ast.Constant(1)))
    'a + 1'
    """
    copy = type(node).__new__(type(node))
    vars(copy).update(vars(node), **changed)
    return copy


def with_parts(node: _Node, rewrite: Callable[[Any], Any]) -> _Node:
    """A node with each of its parts exchanged for what `rewrite` makes of it; itself, where that changes none.

    >>> def double(part): return ast.Constant(2 * part.value) if isinstance(part, ast.Constant) else part
    >>> ast.unparse(with_parts(ast.parse("[1, x]", mode="eval").body, double))
    '[2, x]'
    """
    changed: dict[str, object] = {}
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            part = rewrite(value)
            if part is not value:
                changed[name] = part
        elif isinstance(value, list) and value:
            parts = [rewrite(item) if isinstance(item, ast.AST) else item for item in value]
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                changed[name] = parts
    return like(node, **changed) if changed else node


def bodies(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    """All functions within a tree, the outer ones first.

    >>> [node.name for node in bodies(ast.parse("def f(): \\n def g(): pass")) if not isinstance(node, ast.Lambda)]
    ['f', 'g']
    """
    found, waiting = [], deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            found.append(node)
        for name in node._fields:
            value = getattr(node, name, None)
            for part in value if isinstance(value, list) else (value,):
                if type(part) not in LEAVES and isinstance(part, ast.AST):
                    waiting.append(part)
    return found


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
