"""The functions of a module: what they are called, where they stand, what kind they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.targets import Target

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


_Waiting: TypeAlias = tuple[ast.stmt, str, str | None, int, bool]
"""A statement; what qualified names begin with there, its class, how many functions it is in, is it conditional?"""


class Kind(StrEnum):
    """What a function is to its class, or that it has none."""

    FUNCTION = "function"
    METHOD = "method"
    STATICMETHOD = "staticmethod"
    CLASSMETHOD = "classmethod"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Function:
    """One `def` of a module.

    target:     its name, with `<locals>` where it stands within another function.
    node:       its definition in the tree.
    first_line: the line of its first decorator, or of `def`; lines count from 1.
    last_line:  the last line of its body.
    kind:       what it is to its class.
    class_name: the qualified name of the class it stands in, if any.
    depth:      how many functions it stands in.
    conditional: does it stand under `if`, `try`, `for`, `while` or `with`?
    """

    target: Target
    node: Definition
    first_line: int
    last_line: int
    kind: Kind
    class_name: str | None
    depth: int
    conditional: bool

    @property
    def name(self) -> str:
        """The name after `def`."""
        return self.node.name

    @property
    def decorators(self) -> tuple[str, ...]:
        """Its decorators as they are written, without `@` and arguments, outermost first."""
        return tuple(dotted(one.func if isinstance(one, ast.Call) else one) for one in self.node.decorator_list)

    @property
    def is_async(self) -> bool:
        """Is it written `async def`?"""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def is_generator(self) -> bool:
        """Does its own body `yield`?"""
        return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(self.node))


def functions_of(tree: ast.Module, module: str) -> Iterator[Function]:
    """Every `def` of a module, nested ones too, in the order of the text.

    >>> tree = ast.parse("class A:\\n    @property\\n    def b(self): ...\\n")
    >>> [(str(one.target), one.kind.value, one.first_line) for one in functions_of(tree, "m")]
    [('m:A.b', 'property', 2)]
    """
    waiting: list[_Waiting] = [(node, "", None, 0, False) for node in reversed(tree.body)]
    while waiting:
        node, prefix, class_name, depth, conditional = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            qualname = prefix + node.name
            first = min((one.lineno for one in node.decorator_list), default=node.lineno)
            kind = _kind(node, class_name is not None)
            last = node.end_lineno or node.lineno
            yield Function(Target(module, qualname), node, first, last, kind, class_name, depth, conditional)
            inner: list[_Waiting] = [(one, f"{qualname}.<locals>.", None, depth + 1, False) for one in node.body]
        elif isinstance(node, ast.ClassDef):
            inner = [(one, f"{prefix}{node.name}.", prefix + node.name, depth, conditional) for one in node.body]
        else:
            inner = [(one, prefix, class_name, depth, True) for one in statements_within(node)]
        waiting.extend(reversed(inner))


def statements_within(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements directly within a compound statement, in the order of the text."""
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        for one in getattr(node, name, ()):
            if isinstance(one, ast.stmt):
                yield one
            else:  # an `except` or a `case`
                yield from one.body


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """All that a function's own body consists of: what stands in functions and classes within it is not its own.

    Their decorators, default values and bases are: they are evaluated while the function runs.
    """
    waiting: list[ast.AST] = list(reversed(getattr(function, "body", ())))
    if isinstance(function, ast.Lambda):
        waiting = [function.body]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(_evaluated_with(node)))


def _evaluated_with(node: ast.AST) -> list[ast.AST]:
    """What is evaluated where a node stands: of a definition, not what it defines."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        return [*getattr(node, "decorator_list", ()), *defaults]
    return list(ast.iter_child_nodes(node))


def dotted(node: ast.expr) -> str:
    """A chain of names as it is written, `?` where it does not begin with a name.

    >>> dotted(ast.parse("a.b.c", mode="eval").body), dotted(ast.parse("a().b", mode="eval").body)
    ('a.b.c', '?.b')
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def _kind(node: Definition, in_class: bool) -> Kind:
    if not in_class:
        return Kind.FUNCTION
    for decorator in node.decorator_list:
        name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name in ("staticmethod", "classmethod"):
            return Kind(name)
        if name.endswith((".setter", ".deleter", ".getter")) or "property" in name.rpartition(".")[2].lower():
            return Kind.PROPERTY
    return Kind.STATICMETHOD if node.name == "__new__" else Kind.METHOD
