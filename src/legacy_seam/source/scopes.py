"""Scopes: which names a module, class, function or comprehension binds, and by what.

Python's own `symtable` knows in which scope a name lives, but not what it is bound to there, nor how often: an
import that is repeated in `except ImportError`, or rebound by a loop, looks like any other. So the bindings are
gathered here, scope by scope and only when one is asked for; `symtable` is what the tests compare with.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Literal
from weakref import ref

from legacy_seam.plaindata import dataclass
from legacy_seam.source.functions import statements_within

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

ScopeKind = Literal["module", "class", "function", "comprehension", "type parameters"]


class By(StrEnum):
    """What binds a name."""

    IMPORT = "import"
    FUNCTION = "def"
    CLASS = "class"
    PARAMETER = "parameter"
    ASSIGNMENT = "assignment"
    ANNOTATION = "annotation"  # without a value: makes a name local and binds nothing
    LOOP = "for"
    WITH = "with"
    EXCEPT = "except"
    MATCH = "match"
    WALRUS = "walrus"
    DELETE = "del"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a name is bound in a scope.

    by:          what binds it.
    node:        the statement or expression that does.
    dotted:      of an import, what is imported; relative ones begin with dots.
    conditional: does it stand under `if`, `try`, a loop, `with` or `match`, so that it may not happen?
    value:       of an assignment to the name itself, what is assigned.
    """

    by: By
    node: ast.AST
    dotted: str | None = None
    conditional: bool = False
    value: ast.expr | None = None

    @property
    def line(self) -> int:
        """Where it stands."""
        return getattr(self.node, "lineno", 0)


@dataclass(frozen=True)
class Hints:
    """What a text cannot contain, so that it need not be looked for."""

    may_walrus: bool = True
    may_declare: bool = True  # `global` or `nonlocal`


class Scope:
    """One scope of a module.

    Args:
        kind: what it is.
        node: what opens it.
        parent: the scope it stands in.
        hints: see `Hints`.
    """

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, hints: Hints) -> None:
        self.kind, self.node, self.parent, self.hints = kind, node, parent, hints
        self._inner: dict[int, ref[Scope]] = {}  # weak, so that there is no cycle: a tree ends with its module

    def __repr__(self) -> str:
        return f"<scope of {self.kind} {getattr(self.node, 'name', '')}>"

    def within(self, node: ast.AST, kind: ScopeKind) -> Scope:
        """The scope that a node of this scope opens; the same one for as long as somebody has it."""
        key = id(node) if kind != "type parameters" else ~id(node)
        known = self._inner.get(key)
        scope = known() if known else None
        if scope is None:
            scope = Scope(kind, node, self, self.hints)
            self._inner[key] = ref(scope)
        return scope

    def entering(self, node: ast.AST) -> Scope:
        """The scope of the body of a function, lambda, class or comprehension that stands in this one."""
        if isinstance(node, COMPREHENSIONS):
            return self.within(node, "comprehension")
        outer = self.within(node, "type parameters") if getattr(node, "type_params", None) else self
        return outer.within(node, "class" if isinstance(node, ast.ClassDef) else "function")

    @property
    def qualname(self) -> str:
        """What `__qualname__` of things defined here begins with: "", "A." or "f.<locals>."."""
        scope, prefix = self, ""
        while scope.parent:
            name = getattr(scope.node, "name", "<lambda>")
            if scope.kind == "class":
                prefix = f"{name}.{prefix}"
            elif scope.kind == "function":
                prefix = f"{name}.<locals>.{prefix}"
            scope = scope.parent
        return prefix

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """What is bound here, by name; for a name declared global or nonlocal, nothing."""
        gathered = _Gathering(self)
        gathered.run()
        for name in self.declared:
            gathered.found.pop(name, None)
        if self.hints.may_declare and self.kind in ("module", "function"):
            for name, bindings in _bound_from_below(self):
                gathered.found.setdefault(name, []).extend(bindings)
        return gathered.found

    @cached_property
    def declared(self) -> dict[str, Literal["global", "nonlocal"]]:
        """The names that `global` and `nonlocal` statements of this scope mention."""
        if not self.hints.may_declare or self.kind not in ("class", "function"):
            return {}
        return {
            name: "global" if isinstance(node, ast.Global) else "nonlocal"
            for node in _own_statements(_body(self.node))
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }

    @cached_property
    def stars(self) -> list[ast.ImportFrom]:
        """The `from m import *` of this scope; only a module can have any."""
        if self.kind != "module":
            return []
        return [
            node
            for node in _own_statements(_body(self.node))
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent:
            scope = scope.parent
        return scope

    def holder(self, name: str) -> Scope | None:
        """The scope in which a name that is used here lives; None where no scope of the module binds it."""
        scope: Scope | None = self
        direct = True
        while scope:
            if name in scope.declared:
                if scope.declared[name] == "global":
                    return scope.module if name in scope.module.bindings else None
            elif (direct or scope.kind != "class") and name in scope.bindings:
                return scope
            direct = scope.kind == "type parameters" and direct
            scope = scope.parent
        return None


def _body(node: ast.AST) -> Sequence[ast.stmt]:
    body = getattr(node, "body", ())
    return body if isinstance(body, list) else ()


def _own_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of one scope, those within compound statements too."""
    waiting = list(body)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(list(statements_within(node))[::-1])


def _bound_from_below(scope: Scope) -> Iterator[tuple[str, list[Binding]]]:
    """The bindings of this scope's names by `global` and `nonlocal` in functions and classes within it."""
    wanted = "global" if scope.kind == "module" else "nonlocal"
    waiting = [(scope, node) for node in _own_statements(_body(scope.node))]
    while waiting:
        outer, node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        inner = outer.entering(node)
        names = {name for name, how in inner.declared.items() if how == wanted}
        if names:
            gathered = _Gathering(inner)
            gathered.run()
            yield from ((name, gathered.found[name]) for name in names if name in gathered.found)
        waiting.extend((inner, one) for one in _own_statements(node.body))


class _Gathering:
    """Gathers the bindings of one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.found: dict[str, list[Binding]] = {}

    def run(self) -> None:
        node = self.scope.node
        if self.scope.kind == "comprehension":
            for generator in node.generators:  # type: ignore[attr-defined]
                self.target(generator.target, By.LOOP, generator.target, False)
            return
        if self.scope.kind == "type parameters":
            for one in node.type_params:  # type: ignore[attr-defined]
                self.bind(one.name, Binding(By.TYPE, one))
            return
        if isinstance(node, FUNCTIONS):
            for parameter in parameters_of(node.args):
                self.bind(parameter.arg, Binding(By.PARAMETER, parameter))
        if isinstance(node, ast.Lambda):
            self.expressions(node.body, False)
        self.statements(_body(node))

    def bind(self, name: str, binding: Binding) -> None:
        self.found.setdefault(name, []).append(binding)

    def statements(self, body: Iterable[ast.stmt]) -> None:
        waiting = [(node, False) for node in list(body)[::-1]]
        while waiting:
            node, conditional = waiting.pop()
            self.statement(node, conditional)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                waiting.extend([(one, True) for one in statements_within(node)][::-1])

    def statement(self, node: ast.stmt, conditional: bool) -> None:
        kind = type(node)
        if kind in _BINDERS:
            _BINDERS[kind](self, node, conditional)
        if self.scope.hints.may_walrus:
            for expression in _expressions_of(node):
                self.expressions(expression, conditional)

    def expressions(self, expression: ast.AST, conditional: bool) -> None:
        """Bind what `:=` binds: in a comprehension too, it is the scope around that."""
        waiting = [expression]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.NamedExpr):
                self.bind(node.target.id, Binding(By.WALRUS, node, None, conditional, node.value))
            if isinstance(node, ast.Lambda):  # its defaults are evaluated out here
                waiting.extend((*node.args.defaults, *(one for one in node.args.kw_defaults if one)))
            else:
                waiting.extend(ast.iter_child_nodes(node))

    def target(
        self, target: ast.expr, by: By, node: ast.AST, conditional: bool, value: ast.expr | None = None
    ) -> None:
        waiting = [(target, value)]
        while waiting:
            one, value = waiting.pop()
            if isinstance(one, ast.Name):
                self.bind(one.id, Binding(by, node, None, conditional, value))
            elif isinstance(one, ast.Tuple | ast.List):
                waiting.extend((each, None) for each in one.elts)
            elif isinstance(one, ast.Starred):
                waiting.append((one.value, None))

    def assignment(self, node: ast.Assign, conditional: bool) -> None:
        for target in node.targets:
            self.target(target, By.ASSIGNMENT, node, conditional, node.value)

    def augmented(self, node: ast.AugAssign, conditional: bool) -> None:
        self.target(node.target, By.ASSIGNMENT, node, conditional)

    def annotated(self, node: ast.AnnAssign, conditional: bool) -> None:
        if isinstance(node.target, ast.Name):
            by = By.ASSIGNMENT if node.value else By.ANNOTATION
            self.bind(node.target.id, Binding(by, node, None, conditional, node.value))

    def imported(self, node: ast.Import, conditional: bool) -> None:
        for alias in node.names:
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            self.bind(alias.asname or dotted, Binding(By.IMPORT, node, dotted, conditional))

    def imported_from(self, node: ast.ImportFrom, conditional: bool) -> None:
        for alias in node.names:
            if alias.name != "*":
                origin = "." * node.level + (node.module or "")
                joint = "" if origin.endswith(".") and not node.module else "."
                dotted = f"{origin}{joint}{alias.name}"
                self.bind(alias.asname or alias.name, Binding(By.IMPORT, node, dotted, conditional))

    def loop(self, node: ast.For | ast.AsyncFor, conditional: bool) -> None:
        self.target(node.target, By.LOOP, node, conditional)

    def context(self, node: ast.With | ast.AsyncWith, conditional: bool) -> None:
        for item in node.items:
            if item.optional_vars:
                self.target(item.optional_vars, By.WITH, node, conditional)

    def handlers(self, node: ast.Try, conditional: bool) -> None:
        for handler in node.handlers:
            if handler.name:
                self.bind(handler.name, Binding(By.EXCEPT, handler, None, True))

    def captures(self, node: ast.Match, conditional: bool) -> None:
        for case in node.cases:
            for one in ast.walk(case.pattern):
                name = one.rest if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
                if isinstance(name, str) and isinstance(one, ast.MatchMapping | ast.MatchAs | ast.MatchStar):
                    self.bind(name, Binding(By.MATCH, one, None, True))

    def deleted(self, node: ast.Delete, conditional: bool) -> None:
        for target in node.targets:
            self.target(target, By.DELETE, node, conditional)

    def defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, conditional: bool) -> None:
        by = By.CLASS if isinstance(node, ast.ClassDef) else By.FUNCTION
        self.bind(node.name, Binding(by, node, None, conditional))

    def alias(self, node: ast.stmt, conditional: bool) -> None:
        self.bind(node.name.id, Binding(By.TYPE, node, None, conditional))  # type: ignore[attr-defined]


_BINDERS: Final[dict[type, Callable[[_Gathering, Any, bool], None]]] = {
    ast.Assign: _Gathering.assignment,
    ast.AugAssign: _Gathering.augmented,
    ast.AnnAssign: _Gathering.annotated,
    ast.Import: _Gathering.imported,
    ast.ImportFrom: _Gathering.imported_from,
    ast.For: _Gathering.loop,
    ast.AsyncFor: _Gathering.loop,
    ast.With: _Gathering.context,
    ast.AsyncWith: _Gathering.context,
    ast.Try: _Gathering.handlers,
    ast.TryStar: _Gathering.handlers,
    ast.Match: _Gathering.captures,
    ast.Delete: _Gathering.deleted,
    ast.FunctionDef: _Gathering.defined,
    ast.AsyncFunctionDef: _Gathering.defined,
    ast.ClassDef: _Gathering.defined,
}
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _BINDERS[ast.TypeAlias] = _Gathering.alias


def parameters_of(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters, in the order in which they are written."""
    star = [arguments.vararg] if arguments.vararg else []
    stars = [arguments.kwarg] if arguments.kwarg else []
    return [*arguments.posonlyargs, *arguments.args, *star, *arguments.kwonlyargs, *stars]


def _expressions_of(node: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement that are evaluated in the scope it stands in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from node.decorator_list
        yield from node.args.defaults
        yield from (one for one in node.args.kw_defaults if one)
        yield from (one.annotation for one in parameters_of(node.args) if one.annotation)
        if node.returns:
            yield node.returns
    elif isinstance(node, ast.ClassDef):
        yield from (*node.decorator_list, *node.bases, *node.keywords)
    else:
        for one in ast.iter_child_nodes(node):
            if isinstance(one, ast.ExceptHandler):
                if one.type:
                    yield one.type
            elif isinstance(one, ast.match_case):
                yield one.pattern
                if one.guard:
                    yield one.guard
            elif not isinstance(one, ast.stmt):
                yield one
