"""A body written a second time, for calls that are watched: it tells what it returns, yields and which way it went.

No statement is added, taken away or moved as far as the program can see. What is added to an expression stands on
the line of the expression, and what is added to a block on no line at all, so that tracers see the same lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, TypeVar

from legacy_seam.plaindata import dataclass
from legacy_seam.rewriting.constants import NOWHERE, Constants, Position
from legacy_seam.rewriting.trees import first_evaluated, like, on_line, with_parts

_Node = TypeVar("_Node", bound=ast.AST)

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Wires:
    """What a watched body calls.

    note:    with what is about to be returned; gives it back. None where nothing is (asynchronous generators).
    mark:    with the number of a branch when it is taken; gives something false.
    yielded: with what is about to be yielded; gives it back. None where the body has no `yield`.
    resumed: with what was sent in; gives it back.
    thrown:  while an exception leaves a statement that yields.
    """

    note: object
    mark: object
    yielded: object = None
    resumed: object = None
    thrown: object = None


@dataclass(slots=True)
class WatchedBody:
    """Writes a body a second time.

    Args:
        constants: of the code that it is written into.
        wires: what it reports to.
        declares: it is the only body of the function, so its `global` and `nonlocal` statements are needed.
    """

    constants: Constants
    wires: Wires
    declares: bool = False
    branches: int = 0

    def block(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        """These statements with reports in them; the given ones are left as they are."""
        return [self._statement(statement) for statement in statements]

    def _branch(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        if not statements:
            return []
        place = place_of_first(statements)
        return [ast.Expr(self._mark(place), **place), *self.block(statements)]

    def _mark(self, place: Position) -> ast.Call:
        self.branches += 1
        number = ast.Constant(self.branches, **place)
        return ast.Call(self.constants.constant(self.wires.mark, place), [number], [], **place)

    # --- statements ----------------------------------------------------------------------------------------------

    def _statement(self, node: ast.stmt) -> ast.stmt:
        written = self._written(node)
        if self.wires.yielded is None or not _yields_itself(node):
            return written
        failing = [self.constants.call(self.wires.thrown), ast.Raise(None, None, **NOWHERE)]
        handler = ast.ExceptHandler(self.constants.constant(BaseException), None, failing, **NOWHERE)
        return ast.Try([written], [handler], [], [], **NOWHERE)

    def _written(self, node: ast.stmt) -> ast.stmt:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return node
            case ast.Global() | ast.Nonlocal():  # declared once already, for the whole function
                return node if self.declares else ast.Pass(**NOWHERE)
            case ast.Return():
                return self._return(node)
            case ast.If() | ast.For() | ast.While() | ast.AsyncFor():
                return self._like(node, body=self._branch(node.body), orelse=self._branch(node.orelse))
            case ast.With() | ast.AsyncWith():
                return self._like(node, body=self.block(node.body))
            case ast.Try() | ast.TryStar():
                return self._like(
                    node,
                    body=self.block(node.body),
                    handlers=[self._like(handler, body=self._branch(handler.body)) for handler in node.handlers],
                    orelse=self._branch(node.orelse),
                    finalbody=self.block(node.finalbody),
                )
            case ast.Match():
                return self._like(node, cases=[self._case(case) for case in node.cases])
        return self._like(node)

    def _return(self, node: ast.Return) -> ast.stmt:
        if self.wires.note is None:
            return node
        place = on_line(node)
        begins = place if node.value is None else on_line(first_evaluated(node.value))
        value = ast.Constant(None, **place) if node.value is None else self.expression(node.value)
        noted = ast.Call(self.constants.constant(self.wires.note, begins), [value], [], **place)
        return ast.copy_location(ast.Return(noted), node)

    def _case(self, case: ast.match_case) -> ast.match_case:
        guard = None if case.guard is None else self.expression(case.guard)
        return ast.match_case(case.pattern, guard, self._branch(case.body))

    # --- expressions ---------------------------------------------------------------------------------------------

    def _like(self, node: _Node, **blocks: object) -> _Node:
        """A copy of a node, at the same place in the source, with reports in its expressions and other blocks."""
        fields = {name: self._field(value) for name, value in ast.iter_fields(node) if name not in blocks}
        return ast.copy_location(type(node)(**fields, **blocks), node)

    def _field(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._field(item) for item in value]
        if isinstance(value, (ast.expr, ast.comprehension, ast.keyword, ast.withitem)):
            return self.expression(value)
        return value

    def expression(self, node: Any) -> Any:
        """An expression with reports in it: itself, where there is nothing to report."""
        if isinstance(node, _OWN_SCOPE):
            return node
        written: Any = with_parts(node, self.expression)
        match written:
            case ast.IfExp():
                return like(written, test=self._marking(written), orelse=self._marked(written.orelse))
            case ast.BoolOp():
                first, *others = written.values
                return like(written, values=[first, *map(self._marked, others)])
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() if _chooses(written):
                return like(written, elt=self._marked(written.elt))
            case ast.DictComp() if _chooses(written):
                return like(written, key=self._marked(written.key))
            case ast.Yield() if self.wires.yielded is not None:
                return self._reported(written)
        return written

    def _marked(self, node: ast.expr) -> ast.expr:
        """`<mark>(n) or …`: whenever this is evaluated, a branch is taken."""
        place = on_line(first_evaluated(node))
        return ast.BoolOp(ast.Or(), [self._mark(place), node], **place)

    def _marking(self, node: ast.IfExp) -> ast.expr:
        """`… and not <mark>(n)`: whenever this is true, a branch is taken.

        In the branch itself, the mark would leave a jump without a line, and tracers would see the next line twice.
        """
        place = on_line(first_evaluated(node.body))
        return ast.BoolOp(ast.And(), [node.test, ast.UnaryOp(ast.Not(), self._mark(place), **place)], **place)

    def _reported(self, node: ast.Yield) -> ast.Call:
        """`<resumed>(yield <yielded>(…))`."""
        place = on_line(node)
        value = node.value or ast.Constant(None, **place)
        begins = on_line(first_evaluated(value))
        yielded = ast.Call(self.constants.constant(self.wires.yielded, begins), [value], [], **place)
        resumed = self.constants.constant(self.wires.resumed, begins)
        return ast.Call(resumed, [like(node, value=yielded)], [], **place)


def place_of_first(statements: Iterable[ast.stmt | ast.expr]) -> Position:
    """The line that the first instruction of a block shows: what runs before it must show no line of its own."""
    for node in statements:
        match node:
            case ast.Global() | ast.Nonlocal() | ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
                continue
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.decorator_list:
                return on_line(first_evaluated(node.decorator_list[0]))
            case ast.Assign() | ast.Expr() | ast.Return(value=ast.expr()) | ast.AnnAssign():
                return on_line(first_evaluated(node.value or node))
            case ast.expr():
                return on_line(first_evaluated(node))
            case ast.If() | ast.Assert():
                return on_line(first_evaluated(node.test))
        return on_line(node)
    return NOWHERE


def yields(nodes: Iterable[ast.AST], *kinds: type[ast.AST]) -> bool:
    """Does one of these kinds stand among the nodes, functions and classes within them left out?

    >>> yields(ast.parse("def f(): yield").body, ast.Yield)
    False
    """
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, kinds):
            return True
        waiting.extend(_evaluated_outside(node) if isinstance(node, _OWN_SCOPE) else ast.iter_child_nodes(node))
    return False


def _yields_itself(statement: ast.stmt) -> bool:
    """Does a `yield` stand in the statement itself, not only in a block of it?"""
    if isinstance(statement, _OWN_SCOPE):
        return yields(_evaluated_outside(statement), ast.Yield)
    parts: list[ast.AST] = []
    for name, value in ast.iter_fields(statement):
        if name not in _BLOCKS:
            parts += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, ast.AST)]
    guards = [case.guard for case in getattr(statement, "cases", []) if case.guard is not None]
    return yields([*parts, *guards], ast.Yield)


def _evaluated_outside(node: ast.AST) -> list[ast.AST]:
    """Those parts of an inner function or class that run where it is defined: decorators, defaults, bases."""
    match node:
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases, *node.keywords]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        case ast.Lambda():
            return [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
    return []


def _chooses(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> bool:
    return any(part.ifs for part in node.generators)
