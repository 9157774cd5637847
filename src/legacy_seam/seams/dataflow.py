"""The data flow of a function's local variables: what is bound where, and what is read afterwards.

Both analyses walk the syntax tree as it is nested (Aho, Lam, Sethi, Ullman, "Compilers", 2nd edition, 9.2: live
variables backwards, definite assignment forwards), loops until nothing changes. Every statement may raise. Where it
is not known, more is said to be read, and less to be bound, than is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from legacy_seam.source import Function, Module
from legacy_seam.source.functions import dotted
from legacy_seam.source.scopes import COMPREHENSIONS, FUNCTIONS, By, Hints, Scope

Names: TypeAlias = frozenset[str]
Block: TypeAlias = Sequence[ast.stmt]

_NONE: Final[Names] = frozenset()
_IMMEDIATE: Final = (ast.ListComp, ast.SetComp, ast.DictComp)
_SWALLOWS: Final = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
"""Context managers, by their last name, after which a program goes on although something was raised within."""


@dataclass(frozen=True, slots=True)
class Live:
    """What may still be read from some place on.

    after:    when the program goes on there.
    raised:   when something is raised there: by a handler or a `finally`, and what comes after.
    returned: when the function returns there: by a `finally`.
    broken:   when a loop around it is left.
    again:    when a loop around it goes on.
    """

    after: Names = _NONE
    raised: Names = _NONE
    returned: Names = _NONE
    broken: Names = _NONE
    again: Names = _NONE


class Flow:
    """The local variables of one function.

    Args:
        module: the module it stands in.
        function: the function.

    >>> from pathlib import Path
    >>> from legacy_seam.source import SourceText
    >>> text = b"def f(a):\\n    b = a\\n    c = b + 1\\n    return c\\n"
    >>> module = Module.of(SourceText.of(Path("m.py"), text), "m")
    >>> flow = Flow(module, module.functions[0])
    >>> region = module.functions[0].node.body[1:2]
    >>> sorted(flow.read_first(region)), sorted(flow.written(region)), sorted(flow.live(region).after)
    (['b'], ['c'], ['c'])
    """

    def __init__(self, module: Module, function: Function) -> None:
        self._body: Block = function.node.body
        self._reads: dict[int, str] = {}
        self.captured: dict[str, list[ast.Name]] = {}
        """The names that inner functions, classes and generators read, and where."""
        found = [one for one in module.references() if function.first_line <= one.line <= function.last_line]
        self.scope = self._scope(module, function)
        for one in found:
            holder = one.scope.holder(one.names[0])
            if holder is not self.scope:
                continue
            base: ast.AST = one.node
            while isinstance(base, ast.Attribute):
                base = base.value
            assert isinstance(base, ast.Name)
            self._reads[id(base)] = one.names[0]
            if self._is_later(one.scope):
                self.captured.setdefault(one.names[0], []).append(base)
        self.names = frozenset(self.scope.bindings)
        self.rebound_within = frozenset(
            name
            for node in ast.walk(function.node)
            if isinstance(node, ast.Nonlocal)
            for name in node.names
            if name in self.names
        )
        """The names that inner functions bind."""
        self._parameters = frozenset(
            name for name, all_ in self.scope.bindings.items() if any(one.by is By.PARAMETER for one in all_)
        )
        self._deleted = frozenset(
            name for name, all_ in self.scope.bindings.items() if any(one.by is By.DELETE for one in all_)
        )

    def _scope(self, module: Module, function: Function) -> Scope:
        scope = module.scope
        for node in _around(module.tree, function.node):
            scope = scope.entering(node)
        return scope

    def _is_later(self, scope: Scope | None) -> bool:
        """Is a scope within the function one whose code may run later than where it stands?"""
        while scope is not None and scope is not self.scope:
            if not isinstance(scope.node, _IMMEDIATE):
                return True
            scope = scope.parent
        return False

    # --- what some statements do ----------------------------------------------------------------------------

    def read(self, node: ast.AST) -> Names:
        """The local variables that may be read in a piece of code."""
        return frozenset(self._read(node))

    def _read(self, node: ast.AST) -> Iterator[str]:
        for one in ast.walk(node):
            if id(one) in self._reads:
                yield self._reads[id(one)]
            elif isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
                yield from self._own([one.target.id])
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Del):
                yield from self._own([one.id])

    def _own(self, names: Sequence[str]) -> list[str]:
        return [one for one in names if one in self.names]

    def written(self, block: Block) -> dict[str, int]:
        """The local variables that statements may bind, and the first line of each, in the order of the text."""
        scope = Scope("module", ast.Module(list(block), []), None, Hints(may_declare=False))
        found = {
            name: min(one.line for one in bindings if one.by is not By.ANNOTATION)
            for name, bindings in scope.bindings.items()
            if name in self.names and any(one.by is not By.ANNOTATION for one in bindings)
        }
        return dict(sorted(found.items(), key=lambda one: one[1]))

    def read_first(self, block: Block) -> Names:
        """The local variables that statements may read before they bind them."""
        return _Reading(self, None).block(block, Live())

    def bound_by(self, block: Block, before: Names = _NONE) -> Names | None:
        """The local variables that are bound for sure when statements are done; None where they never are."""
        return _Binding(self, None).block(block, before)

    # --- where some statements stand ------------------------------------------------------------------------

    def live(self, region: Block) -> Live:
        """What may be read after some statements of the function."""
        reading = _Reading(self, region)
        reading.block(self._body, Live())
        return reading.found

    def bound_before(self, region: Block) -> Names:
        """The local variables that are bound for sure where some statements of the function begin."""
        binding = _Binding(self, region)
        binding.block(self._body, self._parameters - self._deleted)
        return binding.found - self._deleted


def _around(tree: ast.AST, node: ast.AST) -> list[ast.AST]:
    """The classes and functions around a node, outermost first, and the node itself."""
    waiting: list[tuple[ast.AST, list[ast.AST]]] = [(tree, [])]
    while waiting:
        one, above = waiting.pop()
        if one is node:
            return [*above, one]
        opens = isinstance(one, (*FUNCTIONS, ast.ClassDef))
        waiting.extend((child, [*above, one] if opens else above) for child in ast.iter_child_nodes(one))
    raise ValueError("the node is not in the tree")


class _Reading:
    """Live variables, backwards. What is live behind the region is gathered on the way."""

    def __init__(self, flow: Flow, region: Block | None) -> None:
        self._flow, self._region = flow, region
        self.found = Live()

    def block(self, block: Block, live: Live) -> Names:
        """What is live before statements.

        Args:
            block: the statements.
            live: what is after them, and in all other places that may follow.
        """
        after = live.after
        for one in reversed(block):
            if self._region and one is self._region[-1]:
                self._put_down(replace(live, after=after))
            after = self.statement(one, replace(live, after=after)) | live.raised
        return after

    def _put_down(self, live: Live) -> None:
        self.found = Live(
            self.found.after | live.after,
            self.found.raised | live.raised,
            self.found.returned | live.returned,
            self.found.broken | live.broken,
            self.found.again | live.again,
        )

    def statement(self, node: ast.stmt, live: Live) -> Names:
        read = self._flow.read
        match node:
            case ast.If():
                return read(node.test) | self.block(node.body, live) | self.block(node.orelse, live)
            case ast.While():
                return self._loop(node, read(node.test), _NONE, live)
            case ast.For() | ast.AsyncFor():
                kept = read(node.target) if not isinstance(node.target, ast.Name) else _NONE
                return read(node.iter) | self._loop(node, kept, _NONE, live)
            case ast.With() | ast.AsyncWith():
                items = frozenset[str]().union(*(read(one) for one in node.items))
                inner = replace(live, raised=live.raised | live.after) if _may_swallow(node) else live
                return items | self.block(node.body, inner)
            case ast.Try() | ast.TryStar():
                return self._try(node, live)
            case ast.Match():
                cases = [
                    read(one.pattern) | (read(one.guard) if one.guard else _NONE) | self.block(one.body, live)
                    for one in node.cases
                ]
                return read(node.subject) | live.after.union(*cases)
            case ast.Return():
                return read(node) | live.returned
            case ast.Raise():
                return read(node) | live.raised
            case ast.Break():
                return live.broken
            case ast.Continue():
                return live.again
        return read(node) | (live.after - frozenset(_bound_for_sure(node)))

    def _loop(self, node: ast.While | ast.For | ast.AsyncFor, read: Names, head: Names, live: Live) -> Names:
        done = self.block(node.orelse, live) if node.orelse else live.after
        target = _names_in(node.target) if isinstance(node, ast.For | ast.AsyncFor) else _NONE
        while True:
            inner = replace(live, after=head | read | done, broken=live.after, again=head | read | done)
            found = read | done | (self.block(node.body, inner) - target)
            if found <= head:
                return head
            head |= found

    def _try(self, node: ast.Try | ast.TryStar, live: Live) -> Names:
        if node.finalbody:
            ways = live.after | live.raised | live.returned | live.broken | live.again
            last = self.block(node.finalbody, replace(live, after=ways))
            live = Live(last, last | live.raised, last, last, last)
        handled = live.raised
        for one in node.handlers:
            inner = self.block(one.body, live)
            named = frozenset({one.name} if one.name else ())
            handled |= (inner - named) | (self._flow.read(one.type) if one.type else _NONE)
        done = self.block(node.orelse, live)
        return self.block(node.body, replace(live, after=done, raised=handled)) | handled


class _Binding:
    """Definite assignment, forwards. What is bound where the region begins is put down on the way."""

    def __init__(self, flow: Flow, region: Block | None) -> None:
        self._flow, self._region = flow, region
        self.found: Names = flow.names

    def block(self, block: Block, bound: Names | None) -> Names | None:
        """What is bound after statements, None where they are never done.

        Args:
            block: the statements.
            bound: what is before them.
        """
        for one in block:
            if self._region and one is self._region[0] and bound is not None:
                self.found &= bound
            bound = self.statement(one, bound) if bound is not None else None
        return bound

    def statement(self, node: ast.stmt, bound: Names) -> Names | None:
        match node:
            case ast.If():
                tested = bound | _sure_walrus(node.test)
                return _both(self.block(node.body, tested), self.block(node.orelse, tested))
            case ast.While():
                self.block(node.body, bound | _sure_walrus(node.test))
                self.block(node.orelse, bound)
                return bound
            case ast.For() | ast.AsyncFor():
                self.block(node.body, bound | _names_in(node.target))
                self.block(node.orelse, bound)
                return bound
            case ast.With() | ast.AsyncWith():
                targets = [_names_in(one.optional_vars) for one in node.items if one.optional_vars]
                inner = self.block(node.body, bound.union(*targets))
                return bound if _may_swallow(node) else inner
            case ast.Try() | ast.TryStar():
                return self._try(node, bound)
            case ast.Match():
                return self._match(node, bound)
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                return None
        return bound | frozenset(_bound_for_sure(node))

    def _try(self, node: ast.Try | ast.TryStar, bound: Names) -> Names | None:
        found = self.block(node.orelse, self.block(node.body, bound))
        for one in node.handlers:
            named = frozenset({one.name} if one.name else ())
            handled = self.block(one.body, bound | named)
            found = _both(found, handled - named if handled is not None else None)
        last = self.block(node.finalbody, bound)
        return None if found is None or last is None else found | last

    def _match(self, node: ast.Match, bound: Names) -> Names | None:
        found: Names | None = None
        whole = False
        for one in node.cases:
            captured = frozenset(_captures(one.pattern))
            found = _both(found, self.block(one.body, bound | captured))
            whole |= isinstance(one.pattern, ast.MatchAs) and one.pattern.pattern is None and one.guard is None
        return found if whole else _both(found, bound)


def _both(one: Names | None, other: Names | None) -> Names | None:
    """What is bound after either of two ways; a way that never ends does not count."""
    if one is None or other is None:
        return one if other is None else other
    return one & other


# --- what a statement binds ---------------------------------------------------------------------------------------


def _bound_for_sure(node: ast.stmt) -> Iterator[str]:
    """The names that a statement without a block binds whenever it is done."""
    match node:
        case ast.Assign():
            for target in node.targets:
                yield from _names_in(target)
        case ast.AugAssign():
            yield from _names_in(node.target)
        case ast.AnnAssign():
            yield from _names_in(node.target) if node.value else ()
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import():
            yield from (one.asname or one.name.partition(".")[0] for one in node.names)
        case ast.ImportFrom():
            yield from (one.asname or one.name for one in node.names)
    value = getattr(node, "value", None) if not isinstance(node, ast.AugAssign) else None
    if isinstance(value, ast.expr):
        yield from _sure_walrus(value)


def _names_in(target: ast.expr) -> Names:
    """The names that a target binds."""
    if isinstance(target, ast.Name):
        return frozenset({target.id})
    if isinstance(target, ast.Tuple | ast.List):
        return _NONE.union(*map(_names_in, target.elts))
    return _names_in(target.value) if isinstance(target, ast.Starred) else _NONE


def _captures(pattern: ast.pattern) -> Iterator[str]:
    for one in ast.walk(pattern):
        name = one.rest if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
        if isinstance(name, str):
            yield name


def _sure_walrus(node: ast.expr) -> Names:
    """The names that `:=` binds whenever an expression is evaluated."""
    if isinstance(node, ast.NamedExpr):
        return frozenset({node.target.id}) | _sure_walrus(node.value)
    if isinstance(node, ast.BoolOp):
        return _sure_walrus(node.values[0])
    if isinstance(node, ast.IfExp):
        return _sure_walrus(node.test)
    if isinstance(node, ast.Compare):
        return _sure_walrus(node.left) | _sure_walrus(node.comparators[0])
    if isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
        return _NONE
    return _NONE.union(*(_sure_walrus(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)))


def _may_swallow(node: ast.With | ast.AsyncWith) -> bool:
    called = (one.context_expr.func for one in node.items if isinstance(one.context_expr, ast.Call))
    return any(dotted(one).rpartition(".")[2] in _SWALLOWS for one in called)
