"""One syntax tree to facts: what each function uses, changes, goes through and gives back.

A small abstract interpretation: while a body is walked in the order of its text, every name is known by the path of
what it holds (see `survey.facts`), as far as assignments, annotations and calls tell. It errs on the side of
telling too much: of two branches that assign a name, the last one counts.
"""

from __future__ import annotations

import ast
from typing import Final

from legacy_seam.source.scopes import Hints, Scope
from legacy_seam.survey.bodies import Body
from legacy_seam.survey.facts import IMPORT_TIME, SCRIPT, Class, Function, Module
from legacy_seam.survey.metrics import measure
from legacy_seam.survey.names import Names, annotated, path_of

_Definition: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_module(tree: ast.Module, name: str, file: str, lines: int, *, is_package: bool, is_test: bool) -> Module:
    """The facts of one module.

    Args:
        tree: its syntax tree.
        name: its dotted name.
        file: how people name its file.
        lines: how many it has.
        is_package: is it an `__init__.py`? Relative imports count from there.
        is_test: does it hold tests?

    >>> tree = ast.parse("import time\\ndef age(born): return time.time() - born")
    >>> read_module(tree, "m", "m.py", 2, is_package=False, is_test=False).functions[-1].uses
    (Use(path='time.time', line=2, called=True),)
    """
    return _ModuleReader(tree, name, file, lines, is_package, is_test).read()


class _ModuleReader:
    def __init__(self, tree: ast.Module, name: str, file: str, lines: int, is_package: bool, is_test: bool) -> None:
        self._tree, self._name, self._file, self._lines, self._is_test = tree, name, file, lines, is_test
        self._scope = Scope("module", tree, None, Hints())
        self._names = Names(name, is_package)
        self._functions: list[Function] = []
        self._classes: dict[str, Class] = {}

    def read(self) -> Module:
        self._names.bind_module(self._scope)
        at_import, as_script = _without_the_guard(self._tree.body)
        first = self._read_plain(IMPORT_TIME, at_import)
        found = [*([first] if first.uses or first.writes else ()), *self._functions]
        if as_script:
            found.append(self._read_plain(SCRIPT, as_script))
        names = self._names
        return Module(
            name=self._name,
            file=self._file,
            lines=self._lines,
            functions=tuple(found),
            classes=self._classes,
            names=names.imported,
            variables=names.variables,
            tables=names.tables,
            stars=names.stars,
            is_test=self._is_test,
        )

    def _read_plain(self, qualname: str, body: list[ast.stmt]) -> Function:
        """What runs outside of all functions; those that are found on the way are read too."""
        reading = Body(self._names, self._scope, define=self._define)
        reading.run(body)
        first = min((one.lineno for one in body), default=1)
        plain = [one for one in body if not isinstance(one, (*_Definition, ast.ClassDef))]
        size = measure(plain)
        return Function(
            self._name,
            qualname,
            self._file,
            first,
            first + _height(plain) - 1,
            size.complexity,
            size.nesting,
            0,
            *reading.found,
        )

    def _define(self, node: ast.stmt, prefix: str, scope: Scope) -> None:
        """A function or class that a body at module or class level defines."""
        if isinstance(node, ast.ClassDef):
            self._define_class(node, prefix, scope)
        elif isinstance(node, _Definition):
            self._define_function(node, prefix, scope)

    def _define_class(self, node: ast.ClassDef, prefix: str, scope: Scope) -> None:
        qualname = f"{prefix}{node.name}"
        bases = tuple(path for base in node.bases if (path := path_of(base, self._names.lookup)))
        if qualname in self._classes:  # defined once more, in another branch
            bases += self._classes[qualname].bases
        self._classes[qualname] = Class(bases, _declared(node, self._names))

    def _define_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str, scope: Scope) -> None:
        owner = prefix[:-1] if prefix else None
        decorated = tuple(
            path for one in node.decorator_list if (path := path_of(_called(one), self._names.lookup))
        )
        is_static = node.name != "__new__" and "builtins.staticmethod" in decorated
        body = Body(self._names, scope.within(node, "function"), owner=f"{self._name}.{owner}" if owner else None)
        is_of_class = "builtins.classmethod" in decorated or node.name in ("__new__", "__init_subclass__")
        body.enter(node.args, is_static=is_static, is_of_class=is_of_class)
        body.run(node.body)
        if owner is not None:
            for attribute, path in body.attributes.items():
                self._classes[owner].attributes.setdefault(attribute, path)
        size = measure(node.body)
        arguments = node.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        count += bool(arguments.vararg) + bool(arguments.kwarg)
        count -= owner is not None and not is_static and count > 0
        qualname = f"{prefix}{node.name}"
        for ending in ("setter", "deleter"):
            if f"{node.name}.{ending}" in [ast.unparse(one) for one in node.decorator_list]:
                qualname += f".{ending}"
        self._functions.append(
            Function(
                self._name,
                qualname,
                self._file,
                min((one.lineno for one in node.decorator_list), default=node.lineno),
                node.end_lineno or node.lineno,
                size.complexity,
                size.nesting,
                count,
                *body.found,
                body.returned,
                decorated,
            )
        )


def _height(body: list[ast.stmt]) -> int:
    """How many lines statements have together, at least 1."""
    return max(sum((one.end_lineno or one.lineno) - one.lineno + 1 for one in body), 1)


def _without_the_guard(body: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """What runs at import, and what runs as a script only."""
    at_import: list[ast.stmt] = []
    as_script: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.If) and _is_guard(node.test):
            as_script += node.body
            at_import += node.orelse
        else:
            at_import.append(node)
    return at_import, as_script


def _is_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in sides) and any(
        isinstance(one, ast.Constant) and one.value == "__main__" for one in sides
    )


def _declared(node: ast.ClassDef, names: Names) -> dict[str, str]:
    """What the annotations and assignments of a class body say of its attributes."""
    found: dict[str, str] = {}
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            path = annotated(one.annotation, names.lookup)
            if path:
                found[one.target.id] = path
        elif isinstance(one, ast.Assign):
            path = path_of(one.value, names.lookup)
            if path:
                found.update((target.id, path) for target in one.targets if isinstance(target, ast.Name))
    return found


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
