"""One place of a module, and what is to stand there instead: a change of code as plain data.

The place is a path through the syntax tree of the module (`body.3.body.0.test`), which two processes that read
the same source understand alike; what is to stand there is text. So a change can be shown, stored, sent to workers,
and made either in the tree or in the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from legacy_seam.plaindata import dataclass

Path: TypeAlias = tuple[str | int, ...]
"""From a module down to a node: names of fields, and indices where a field is a list."""

ADDED = "_legacy_seam_added"
"""Set on statements that we put at the beginning of a block: paths do not count them."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand at one place.

    path: where; the place may be empty (the type of a bare `except`).
    code: an expression or one statement, as text.
    """

    path: Path
    code: str


class NoSuchPlace(LookupError):
    """The tree has no node at that path: it is of another source."""


def node_at(tree: ast.AST, path: Path) -> Any:
    """What stands at a path.

    Raises:
        NoSuchPlace: where there is nothing.

    >>> ast.unparse(node_at(ast.parse("a = 1 + b"), ("body", 0, "value", "right")))
    'b'
    """
    held: Any = tree
    for step in path:
        held = _get(held, step)
    return held


@contextmanager
def edited(tree: ast.Module, edit: Edit) -> Iterator[None]:
    """The tree with the edit in it, for as long as the block lasts.

    Raises:
        NoSuchPlace: where the tree has no such place.
        SyntaxError: where the text is no code.
    """
    holder = node_at(tree, edit.path[:-1])
    step = edit.path[-1]
    before = _get(holder, step)
    _set(holder, step, _parsed(edit.code, before, holder))
    try:
        yield
    finally:
        _set(holder, step, before)


def _get(holder: Any, step: str | int) -> Any:
    try:
        if isinstance(step, int):
            return holder[step + _shift(holder)]
        return getattr(holder, step)
    except (AttributeError, IndexError, TypeError):
        raise NoSuchPlace(f"there is no {step!r} in {type(holder).__name__}") from None


def _set(holder: Any, step: str | int, value: Any) -> None:
    if isinstance(step, int):
        holder[step + _shift(holder)] = value
    else:
        setattr(holder, step, value)


def _shift(block: list[Any]) -> int:
    return 1 if block and hasattr(block[0], ADDED) else 0


def _parsed(code: str, before: Any, holder: ast.AST) -> ast.AST:
    """The text as a node, which stands where the one before it stood."""
    is_statement = isinstance(before, ast.stmt)
    parsed: ast.AST
    if is_statement:
        (parsed,) = ast.parse(code).body
    else:
        parsed = ast.parse(f"({code}\n)", mode="eval").body
    place: Any = before if before is not None else holder
    line = place.lineno
    for node in ast.walk(parsed):
        if "lineno" in node._attributes:
            inner: Any = node
            inner.lineno += line - 1
            inner.end_lineno = max(inner.lineno, inner.end_lineno + line - 1)
    return parsed
