"""Probes: a function made to report its calls, while nothing about it looks different from outside.

The body of each watched function is compiled twice into one code object:

    def score(account, *, strict=False):
        "Its docstring."
        while True:
            try:
                if () in <gate>:
                    for () in <tally>: break            # learnt: this call is only counted
                elif <enter>(account, strict): break    # it is worth a look
            except <RecursionError>: pass
            ...the body as it was written...
            return None
        try:
            ...the body, `return X` written as `return <note>(X)`, `<mark>(n)` at the start of each branch...
            <note>(None)
        except <BaseException>:
            <raised>()
            raise
        finally:
            <done>()

What stands in angle brackets are live objects among the constants of the code object, so that no name is added to
the globals of the module or to the locals of the function. The added instructions have no place in the source: line
numbers, columns and tracebacks are those of the original. Generators, coroutines and asynchronous generators have
one body only, and report when it begins.
"""

from __future__ import annotations

import ast
import types
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from legacy_seam.record.constants import NOWHERE, Constants, Patcher, Position

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Node = TypeVar("_Node", bound=ast.AST)

_DEEPEST_DOUBLED = 3
"""Each level of functions within functions doubles what is compiled; above this one, bodies are compiled once."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Definition:
    """A function as it stands in the source.

    qualname:   its name as a target (`Class.total.setter` for the setter of a property).
    line:       where it begins, decorators included (`co_firstlineno`).
    parameters: names in the order in which their values are reported: that of the signature.
    starred:    the names of its `*args` and `**kwargs` parameters, None where it has none.
    whole:      its outcome is reported, too; otherwise only its inputs (generators, coroutines).
    """

    module: str
    qualname: str
    filename: str
    line: int
    parameters: tuple[str, ...]
    starred: tuple[str | None, str | None]
    whole: bool


@dataclass(frozen=True, slots=True)
class Hooks:
    """The live objects that one function reports to.

    gate:   a list; while it holds `()`, calls are only counted, by taking one item of `tally`.
    tally:  an endless iterator of `()`.
    enter:  called with the values of all parameters; true where the outcome of this call is wanted.
    note:   called with what is about to be returned; gives it back.
    mark:   called with the number of a branch when it is taken.
    raised: called while an exception is leaving the function.
    done:   called last.
    """

    gate: object
    tally: object
    enter: object
    note: object = None
    mark: object = None
    raised: object = None
    done: object = None


class Registry(Protocol):
    """Who is asked, for each function of a module, whether and to what it reports."""

    def hooks(self, definition: Definition) -> Hooks | None:
        """The hooks of that function, or None where it is not to be watched."""

    def bind(self, definition: Definition, code: types.CodeType) -> None:
        """`code` is the compiled body of that function."""


class ModuleHook(Protocol):
    """What is called when a script has defined everything and is about to begin its work."""

    def __call__(self) -> object:
        """Take note."""


def instrument(
    source: str | bytes,
    filename: str,
    module: str,
    registry: Registry,
    *,
    before_main: ModuleHook | None = None,
) -> types.CodeType:
    """Compile a module with probes in it. Gives no warnings: those come from compiling the source itself.

    Args:
        source: its text.
        filename: what its code objects say about where they come from.
        module: the name under which its functions are targets.
        registry: chooses the functions to be watched, and gives their hooks.
        before_main: called before the first `if __name__ == "__main__":` of the module.

    Raises:
        SyntaxError, ValueError, RecursionError: where it cannot be compiled.

    >>> code = instrument("def f(x): return x", "f.py", "f", registry)   # doctest: +SKIP
    """
    with _warnings_kept_quiet():
        try:
            return _compiled(source, filename, module, registry, before_main, doubled=True)
        except SyntaxError:  # too many blocks within blocks, as it may be: a lighter form has room
            return _compiled(source, filename, module, registry, before_main, doubled=False)


def _compiled(
    source: str | bytes,
    filename: str,
    module: str,
    registry: Registry,
    before_main: ModuleHook | None,
    *,
    doubled: bool,
) -> types.CodeType:
    tree = ast.parse(source, filename)
    writer = _Writer(filename, module, registry, doubled)
    writer.within(tree.body, _Scope())
    if before_main is not None:
        _insert_before_main(tree.body, writer.constants.call(before_main))
    code = compile(tree, filename, "exec", dont_inherit=True)
    return Patcher(writer.constants.held, writer.definitions, registry.bind).patched(code)


@contextmanager
def _warnings_kept_quiet() -> Iterator[None]:
    """Ignore warnings, without the trace that `catch_warnings` leaves (warnings shown once would show again)."""
    before = warnings.filters
    warnings.filters = [("ignore", None, Warning, None, 0)]
    try:
        yield
    finally:
        warnings.filters = before


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in the module we are: the qualified name so far."""

    path: str = ""

    def of_function(self, name: str) -> _Scope:
        return _Scope(f"{self.path}{name}.<locals>.")

    def of_class(self, name: str) -> _Scope:
        return _Scope(f"{self.path}{name}.")


@dataclass(slots=True)
class _Writer:
    """Writes probes into the functions of one tree, inner ones first."""

    filename: str
    module: str
    registry: Registry
    doubled: bool
    constants: Constants = field(default_factory=Constants)
    definitions: dict[int, Definition] = field(default_factory=dict)

    def within(self, statements: Sequence[ast.stmt], scope: _Scope) -> int:
        """Write probes into all functions among these statements; gives how deeply functions stand in functions."""
        deepest = 0
        for statement in statements:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                depth = 1 + self.within(statement.body, scope.of_function(statement.name))
                self._probe(statement, scope, depth)
            elif isinstance(statement, ast.ClassDef):
                depth = self.within(statement.body, scope.of_class(statement.name))
            else:
                depth = max((self.within(body, scope) for body in _bodies(statement)), default=0)
            deepest = max(deepest, depth)
        return deepest

    def _probe(self, node: Function, scope: _Scope, depth: int) -> None:
        whole = self.doubled and depth <= _DEEPEST_DOUBLED and not _is_suspended(node)
        definition = _definition(node, scope, self.module, self.filename, whole)
        hooks = self.registry.hooks(definition)
        if hooks is None:
            return
        self.definitions[id(hooks.enter)] = definition
        head, body = _docstring_apart(node.body)
        if whole:
            node.body = [*head, self._unwatched(definition, hooks, body), self._watched(hooks, body)]
        else:
            node.body = [*head, self._announced(definition, hooks, body), *body]

    def _unwatched(self, definition: Definition, hooks: Hooks, body: list[ast.stmt]) -> ast.While:
        """The body as it was written, left by `break` before it begins where the call is to be watched."""
        place = _place_of_first(body)
        enter = self.constants.report(hooks.enter, definition.parameters, place)
        go_on = ast.If(enter, [ast.Break(**place)], [], **place)
        end = ast.Return(ast.Constant(None, **NOWHERE), **NOWHERE)
        forever = ast.Constant(True, **place)
        return ast.While(forever, [self._gated(hooks, go_on, place), *body, end], [], **place)

    def _announced(self, definition: Definition, hooks: Hooks, body: list[ast.stmt]) -> ast.Try:
        place = _place_of_first(body)
        enter = self.constants.report(hooks.enter, definition.parameters, place)
        return self._gated(hooks, ast.Expr(enter, **place), place)

    def _gated(self, hooks: Hooks, look: ast.stmt, place: Position) -> ast.Try:
        """Count this call if the function is learnt; otherwise (or where the tally has ended) have it looked at."""
        nothing = ast.Tuple([], ast.Load(), **place)
        learnt = ast.Compare(nothing, [ast.In()], [self.constants.constant(hooks.gate, place)], **place)
        each = ast.Tuple([], ast.Store(), **place)
        tally = self.constants.constant(hooks.tally, place)
        counted = ast.For(each, tally, [ast.Break(**place)], [look], None, **place)
        too_deep = self.constants.constant(RecursionError, place)
        passed_over = ast.ExceptHandler(too_deep, None, [ast.Pass(**place)], **place)
        return ast.Try([ast.If(learnt, [counted], [look], **place)], [passed_over], [], [], **place)

    def _watched(self, hooks: Hooks, body: list[ast.stmt]) -> ast.Try:
        double = _Double(self.constants, hooks)
        ending = self.constants.call(hooks.note, ast.Constant(None, **NOWHERE))
        failing = [self.constants.call(hooks.raised), ast.Raise(None, None, **NOWHERE)]
        handler = ast.ExceptHandler(self.constants.constant(BaseException), None, failing, **NOWHERE)
        written = [*double.block(body), ending]
        return ast.Try(written, [handler], [], [self.constants.call(hooks.done)], **NOWHERE)


@dataclass(slots=True)
class _Double:
    """Writes a body a second time: returns report what they return, and branches that they were taken."""

    constants: Constants
    hooks: Hooks
    branches: int = 0

    def block(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        return [self._statement(statement) for statement in statements]

    def _branch(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        if not statements:
            return []
        self.branches += 1
        mark = self.constants.call(self.hooks.mark, ast.Constant(self.branches, **NOWHERE))
        return [mark, *self.block(statements)]

    def _statement(self, node: ast.stmt) -> ast.stmt:
        match node:
            case ast.Return():
                value = node.value or ast.Constant(None, **NOWHERE)
                noted = ast.Call(self.constants.constant(self.hooks.note), [value], [], **NOWHERE)
                return _like(node, value=noted)
            case ast.Global() | ast.Nonlocal():  # declared once already, for the whole function
                return ast.Pass(**NOWHERE)
            case ast.If() | ast.For() | ast.While() | ast.AsyncFor():
                return _like(node, body=self._branch(node.body), orelse=self._branch(node.orelse))
            case ast.With() | ast.AsyncWith():
                return _like(node, body=self.block(node.body))
            case ast.Try() | ast.TryStar():
                return _like(
                    node,
                    body=self.block(node.body),
                    handlers=[_like(handler, body=self._branch(handler.body)) for handler in node.handlers],
                    orelse=self._branch(node.orelse),
                    finalbody=self.block(node.finalbody),
                )
            case ast.Match():
                return _like(node, cases=[_like(case, body=self._branch(case.body)) for case in node.cases])
        return node


def _like(node: _Node, **changed: object) -> _Node:
    """A copy of a node, at the same place in the source, with some of its fields changed."""
    fields = dict(ast.iter_fields(node)) | changed
    return ast.copy_location(type(node)(**fields), node)


def _definition(node: Function, scope: _Scope, module: str, filename: str, whole: bool) -> Definition:
    taken = node.args
    names = [argument.arg for argument in (*taken.posonlyargs, *taken.args)]
    if taken.vararg:
        names.append(taken.vararg.arg)
    names += [argument.arg for argument in taken.kwonlyargs]
    if taken.kwarg:
        names.append(taken.kwarg.arg)
    return Definition(
        module=module,
        qualname=f"{scope.path}{node.name}{_accessor(node)}",
        filename=filename,
        line=min((decorator.lineno for decorator in node.decorator_list), default=node.lineno),
        parameters=tuple(names),
        starred=(taken.vararg.arg if taken.vararg else None, taken.kwarg.arg if taken.kwarg else None),
        whole=whole,
    )


def _accessor(node: Function) -> str:
    """`.setter` or `.deleter` for the function under `@name.setter` or `@name.deleter`."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Attribute(value=ast.Name(id=name), attr="setter" | "deleter" as kind) if name == node.name:
                return f".{kind}"
    return ""


def _docstring_apart(body: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return body[:1], rest or [ast.Pass(**NOWHERE)]
    return [], body


def _place_of_first(body: list[ast.stmt]) -> Position:
    """The line of the first statement that does anything: what runs before it must show no line of its own."""
    first = next((node for node in body if not isinstance(node, (ast.Global, ast.Nonlocal))), None)
    if first is None or first.lineno < 0:
        return NOWHERE
    line = min([first.lineno, *(decorator.lineno for decorator in getattr(first, "decorator_list", ()))])
    return {"lineno": line, "end_lineno": line, "col_offset": -1, "end_col_offset": -1}


def _is_suspended(node: Function) -> bool:
    """Is it a generator or a coroutine: does its body not run to its end at once?"""
    if isinstance(node, ast.AsyncFunctionDef):
        return True
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        current = waiting.pop()
        if isinstance(current, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(current, _SCOPES):
            waiting.extend(_evaluated_outside(current))
        else:
            waiting.extend(ast.iter_child_nodes(current))
    return False


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


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks within a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for name in ("handlers", "cases"):
        for part in getattr(statement, name, []):
            yield part.body


def _insert_before_main(body: list[ast.stmt], call: ast.Expr) -> None:
    for index, statement in enumerate(body):
        match statement:
            case ast.If(test=ast.Compare(left=one, comparators=[other])) if _is_name(one) or _is_name(other):
                body.insert(index, call)
                return


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__name__"
