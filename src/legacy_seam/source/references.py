"""References: where a module uses names, each with the scope it stands in and what stands around it.

A reference is a chain of names as long as it can be read: of `datetime.datetime.now()` it is
`datetime.datetime.now`, not the parts of it. The walk keeps its own stack, so that no depth of text ends it, and it
can be bounded to lines: then it does not enter what cannot reach them.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.source.scopes import COMPREHENSIONS, FUNCTIONS, Hints, Scope, parameters_of

Chain: TypeAlias = ast.Name | ast.Attribute
Place = Literal["body", "default", "decorator", "annotation", "base"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the module down to a reference.

    place: what the way on from here leads through: the body of a function, say, or its decorators.
    """

    node: ast.AST
    above: Step | None
    place: Place = "body"


@dataclass(frozen=True, slots=True)
class Reference:
    """A chain of names that is read.

    node:  the `Name`, or the outermost `Attribute`.
    names: the chain, `("datetime", "datetime", "now")`.
    scope: the scope it is evaluated in.
    above: the way from the module down to it.
    """

    node: Chain
    names: tuple[str, ...]
    scope: Scope
    above: Step

    @property
    def ancestors(self) -> Iterator[ast.AST]:
        """What it stands in, innermost first; the module is last."""
        return (step.node for step in self.steps)

    @property
    def steps(self) -> Iterator[Step]:
        """The way up, innermost first."""
        step: Step | None = self.above
        while step:
            yield step
            step = step.above

    @property
    def call(self) -> ast.Call | None:
        """The call whose function it is, if it is called where it stands."""
        node = self.above.node
        return node if isinstance(node, ast.Call) and node.func is self.node else None

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function in whose body it stands: not one whose default, decorator or annotation it is."""
        return next(
            (
                step.node
                for step in self.steps
                if isinstance(step.node, ast.FunctionDef | ast.AsyncFunctionDef) and step.place == "body"
            ),
            None,
        )

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.node.lineno


def references(
    tree: ast.Module, *, lines: Sequence[int] | None = None, scope: Scope | None = None
) -> Iterator[Reference]:
    """The references of a module, in the order of the tree.

    Args:
        tree: the module.
        lines: only what reaches one of these lines, sorted; counted from 1.
        scope: the module's scope, where it is at hand.

    >>> tree = ast.parse("import time\\ndef f(n=time.time): return time.time() + n")
    >>> [(one.line, one.names, bool(one.call)) for one in references(tree)]
    [(2, ('time', 'time'), False), (2, ('time', 'time'), True), (2, ('n',), False)]
    """
    scope = scope or Scope("module", tree, None, Hints())
    top = Step(tree, None)
    waiting: list[tuple[ast.AST, Scope, Step]] = [(node, scope, top) for node in reversed(tree.body)]
    while waiting:
        node, scope, above = waiting.pop()
        if lines is not None and not _reaches(node, lines):
            continue
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                yield Reference(node, (node.id,), scope, above)  # type: ignore[attr-defined, arg-type]
        elif kind is ast.Attribute:
            names = _chain(node) if type(node.ctx) is ast.Load else None  # type: ignore[attr-defined]
            if names:
                yield Reference(node, names, scope, above)  # type: ignore[arg-type]
            else:
                waiting.append((node.value, scope, Step(node, above)))  # type: ignore[attr-defined]
        elif kind is ast.Constant:
            continue
        elif kind in _OPENING:
            waiting.extend(_opened(node, scope, above)[::-1])
        else:
            step = Step(node, above)
            waiting.extend([(child, scope, step) for child in ast.iter_child_nodes(node)][::-1])


_OPENING = frozenset({*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef})


def _opened(node: ast.AST, scope: Scope, above: Step) -> list[tuple[ast.AST, Scope, Step]]:
    """What stands in a node that opens a scope, each with its scope."""
    found: list[tuple[ast.AST, Scope, Step]] = []
    if isinstance(node, COMPREHENSIONS):
        inner, step = scope.entering(node), Step(node, above)
        first = node.generators[0].iter
        found += [
            (one, inner, step) for one in ast.iter_child_nodes(node) if not isinstance(one, ast.comprehension)
        ]
        for generator in node.generators:
            found += [(one, inner, step) for one in (generator.target, *generator.ifs)]
            found.append((generator.iter, scope if generator.iter is first else inner, step))
        return found
    found += [(one, scope, Step(node, above, "decorator")) for one in getattr(node, "decorator_list", ())]
    outer = scope.within(node, "type parameters") if getattr(node, "type_params", None) else scope
    found += [(one, outer, Step(node, above, "annotation")) for one in getattr(node, "type_params", ())]
    if isinstance(node, ast.ClassDef):
        found += [(one, outer, Step(node, above, "base")) for one in (*node.bases, *node.keywords)]
        inner, step = scope.entering(node), Step(node, above)
        return found + [(one, inner, step) for one in node.body]
    assert isinstance(node, FUNCTIONS)
    defaults = (*node.args.defaults, *(one for one in node.args.kw_defaults if one))
    found += [(one, scope, Step(node, above, "default")) for one in defaults]
    annotations = [one.annotation for one in parameters_of(node.args)]
    annotations.append(getattr(node, "returns", None))
    found += [(one, outer, Step(node, above, "annotation")) for one in annotations if one]
    inner, step = scope.entering(node), Step(node, above)
    return found + [(one, inner, step) for one in (node.body if isinstance(node.body, list) else [node.body])]


def _chain(node: ast.AST) -> tuple[str, ...] | None:
    """The names of a chain that is read, or None where it does not begin with a name."""
    names: list[str] = []
    while type(node) is ast.Attribute:
        names.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return None
    names.append(node.id)
    return tuple(reversed(names))


def _reaches(node: ast.AST, lines: Sequence[int]) -> bool:
    first = getattr(node, "lineno", None)
    if first is None:
        return True
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        first = min(first, decorators[0].lineno)
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= (node.end_lineno or first)  # type: ignore[attr-defined]
