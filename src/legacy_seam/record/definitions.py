"""The functions of a module as they stand in its source: which there are, what they are called, of what kind.

Several functions may bear one name: a definition that replaces another, alternatives in the branches of an `if`,
lambdas. Their code objects bear the same name, too, and are told apart by their number in the order of the source
(`legacy_seam.values.code`). The name `key.2` is that of the second function called `key`.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.record.bodies import yields

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Kind = Literal["function", "generator", "coroutine", "stream", "lambda"]
"""What calling it gives: its result, a generator, a coroutine, an asynchronous generator (`stream`)."""
Form = Literal["doubled", "single", "entry"]
"""How it is watched: by a second body that only watched calls enter, by its one body, or at its beginning only."""

_COMPREHENSIONS = {
    ast.ListComp: "<listcomp>",
    ast.SetComp: "<setcomp>",
    ast.DictComp: "<dictcomp>",
    ast.GeneratorExp: "<genexpr>",
}
_IS_INLINED = sys.version_info >= (3, 12)
"""Comprehensions other than generator expressions are no scopes of their own."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function as it stands in the source.

    qualname:   its name as a target (`Class.total.setter` for the setter of a property).
    numbered:   its name with its number among those of that name (`score.1`): there is no other so called.
    line:       where it begins, decorators included (`co_firstlineno`).
    column:     where in that line.
    delegates:  it passes on what others yield (`yield from`).
    parameters: names in the order in which their values are reported: that of the signature.
    starred:    the names of its `*args` and `**kwargs` parameters, None where it has none.
    kind:       what calling it gives.
    form:       how it is watched.
    """

    module: str
    qualname: str
    filename: str
    line: int
    parameters: tuple[str, ...]
    starred: tuple[str | None, str | None]
    kind: Kind = "function"
    form: Form = "doubled"
    numbered: str = ""
    column: int = 0
    delegates: bool = False

    @property
    def whole(self) -> bool:
        """Is its outcome reported, too, and not only its inputs?"""
        return self.form != "entry"

    @property
    def is_suspended(self) -> bool:
        """Does its body not run to its end at once?"""
        return self.kind in ("generator", "coroutine", "stream")

    @property
    def is_asynchronous(self) -> bool:
        """Is it always an event loop that runs its body?"""
        return self.kind in ("coroutine", "stream")

    @property
    def is_driven(self) -> bool:
        """Is it for the caller to say how far its body runs?"""
        return self.kind in ("generator", "stream")


@dataclass(frozen=True, slots=True)
class Found:
    """A function, and where it stands.

    written:  its qualified name as the compiler has it.
    qualname: its name as a target.
    depth:    how deeply functions stand in functions within it; itself counts.
    number:   that among all functions of its written name, from 1.
    """

    node: Function | ast.Lambda
    written: str
    qualname: str
    depth: int
    number: int = 0

    @property
    def line(self) -> int:
        """Where it begins, decorators included."""
        return min((d.lineno for d in getattr(self.node, "decorator_list", ())), default=self.node.lineno)


def functions(tree: ast.Module) -> list[Found]:
    """All functions of a module, inner ones before those in which they stand.

    >>> [one.written for one in functions(ast.parse("def f(): return lambda: 1"))]
    ['f.<locals>.<lambda>', 'f']
    """
    found = list(_Walk().block(tree.body, _Scope()))
    numbers: Counter[str] = Counter()
    numbered: dict[int, int] = {}
    for one in sorted(found, key=lambda one: (one.line, one.node.lineno, one.node.col_offset)):
        numbers[one.written] += 1
        numbered[id(one.node)] = numbers[one.written]
    return [Found(one.node, one.written, one.qualname, one.depth, numbered[id(one.node)]) for one in found]


def definition_of(found: Found, module: str, filename: str, form: Form) -> Definition:
    """How a function is told of.

    Args:
        found: the function.
        module: the name under which it is a target.
        filename: what its code object says about where it comes from.
        form: how it is watched.
    """
    taken = found.node.args
    names = [argument.arg for argument in (*taken.posonlyargs, *taken.args)]
    if taken.vararg:
        names.append(taken.vararg.arg)
    names += [argument.arg for argument in taken.kwonlyargs]
    if taken.kwarg:
        names.append(taken.kwarg.arg)
    numbered = f"{found.written}.{found.number}"
    is_within = "<" in found.qualname
    return Definition(
        module=module,
        qualname=numbered if is_within and found.number > 1 else found.qualname,
        filename=filename,
        line=found.line,
        parameters=tuple(names),
        starred=(taken.vararg.arg if taken.vararg else None, taken.kwarg.arg if taken.kwarg else None),
        kind=kind_of(found.node),
        form=form,
        numbered=numbered,
        column=found.node.col_offset,
        delegates=not isinstance(found.node, ast.Lambda) and yields(found.node.body, ast.YieldFrom),
    )


def kind_of(node: Function | ast.Lambda) -> Kind:
    """What calling a function gives."""
    if isinstance(node, ast.Lambda):
        return "lambda"
    if isinstance(node, ast.AsyncFunctionDef):
        return "stream" if yields(node.body, ast.Yield) else "coroutine"
    return "generator" if yields(node.body, ast.Yield, ast.YieldFrom) else "function"


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in the module we are: the qualified name so far."""

    path: str = ""

    def of_function(self, name: str) -> _Scope:
        return _Scope(f"{self.path}{name}.<locals>.")

    def of_class(self, name: str) -> _Scope:
        return _Scope(f"{self.path}{name}.")


class _Walk:
    """Goes through a module, inner functions first."""

    def block(self, statements: Sequence[ast.stmt], scope: _Scope) -> Iterator[Found]:
        for statement in statements:
            yield from self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: _Scope) -> Iterator[Found]:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self.expressions([*node.decorator_list, node.args], scope)
                within = list(self.block(node.body, scope.of_function(node.name)))
                depth = 1 + max((one.depth for one in within), default=0)
                yield from within
                written = scope.path + node.name
                yield Found(node, written, written + _accessor(node), depth)
            case ast.ClassDef():
                yield from self.expressions([*node.decorator_list, *node.bases, *node.keywords], scope)
                yield from self.block(node.body, scope.of_class(node.name))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                yield from self.lambda_(value, scope, name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Lambda() as value):
                yield from self.lambda_(value, scope, name)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.stmt):
                        yield from self.statement(child, scope)
                    elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                        tested = [getattr(child, name, None) for name in ("type", "guard")]
                        yield from self.expressions(tested, scope)
                        yield from self.block(child.body, scope)
                    else:
                        yield from self.expressions([child], scope)

    def expressions(self, nodes: Sequence[ast.AST | None], scope: _Scope) -> Iterator[Found]:
        """The lambdas among these expressions."""
        for node in nodes:
            match node:
                case None:
                    continue
                case ast.Lambda():
                    yield from self.lambda_(node, scope)
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    yield from self.comprehension(node, scope)
                case _:
                    yield from self.expressions(list(ast.iter_child_nodes(node)), scope)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: _Scope
    ) -> Iterator[Found]:
        """Lambdas in a comprehension, which is a function of its own but for what it first iterates over."""
        name = _COMPREHENSIONS[type(node)]
        within = scope.of_class(name) if name == "<genexpr>" or not _IS_INLINED else scope
        first, *others = node.generators
        yield from self.expressions([first.iter], scope)
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        yield from self.expressions([*made, first.target, *first.ifs, *others], within)

    def lambda_(self, node: ast.Lambda, scope: _Scope, bound_to: str = "<lambda>") -> Iterator[Found]:
        yield from self.expressions([node.args], scope)
        within = list(self.expressions([node.body], scope.of_function("<lambda>")))
        depth = 1 + max((one.depth for one in within), default=0)
        yield from within
        is_attribute = ".<locals>." not in scope.path
        yield Found(node, f"{scope.path}<lambda>", f"{scope.path}{bound_to if is_attribute else '<lambda>'}", depth)


def _accessor(node: Function) -> str:
    """`.setter` or `.deleter` for the function under `@name.setter` or `@name.deleter`."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Attribute(value=ast.Name(id=name), attr="setter" | "deleter" as kind) if name == node.name:
                return f".{kind}"
    return ""
