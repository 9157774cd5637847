"""How hard a body is to follow: the ways through it, and how deep its blocks lie.

Complexity is McCabe's cyclomatic number (A Complexity Measure, 1976), counted as most tools do: 1, and 1 more for
each branch, loop, handler, case, condition of a comprehension, assertion, and each `and` and `or` beyond the first
operand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final, NamedTuple


class Size(NamedTuple):
    """Complexity and nesting of a body."""

    complexity: int
    nesting: int


_ONE_MORE: Final = frozenset(
    {ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.Assert, ast.match_case}
)
_BLOCKS: Final = frozenset(
    {ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match}
)


def measure(body: Iterable[ast.AST]) -> Size:
    """Complexity and nesting of statements; functions within them are counted in.

    >>> measure(ast.parse("if a and b:\\n  for c in d: pass\\nelif e: pass\\n").body)
    Size(complexity=5, nesting=2)
    """
    complexity, deepest = 1, 0
    waiting = [(node, 0) for node in body]
    while waiting:
        node, depth = waiting.pop()
        kind = type(node)
        if kind in _ONE_MORE:
            complexity += 1
        elif kind is ast.BoolOp:
            complexity += len(node.values) - 1  # type: ignore[attr-defined]
        elif kind is ast.comprehension:
            complexity += 1 + len(node.ifs)  # type: ignore[attr-defined]
        elif kind is ast.Constant or kind is ast.Name:
            continue
        if kind in _BLOCKS:
            depth += 1
            deepest = max(deepest, depth)
        chained = _else_if(node)
        for child in ast.iter_child_nodes(node):
            waiting.append((child, depth - 1 if child is chained else depth))
    return Size(complexity, deepest)


def _else_if(node: ast.AST) -> ast.If | None:
    """The `elif` of an `if`: it lies no deeper."""
    if isinstance(node, ast.If) and len(node.orelse) == 1:
        only = node.orelse[0]
        if isinstance(only, ast.If) and only.col_offset == node.col_offset:
            return only
    return None
