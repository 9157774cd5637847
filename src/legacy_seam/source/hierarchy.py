"""The classes of a program: bases, subclasses, what overrides what.

Whether a method may get a parameter, or a class a method of a new name, depends on classes elsewhere. Where a base
cannot be known (it is made by a call, or named unclearly), that is said: `Class.unknown`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from legacy_seam.plaindata import dataclass
from legacy_seam.source.bindings import Exactly
from legacy_seam.source.functions import dotted, statements_within
from legacy_seam.source.modules import Module
from legacy_seam.source.scopes import By, Scope


@dataclass(frozen=True, slots=True)
class Class:
    """One class of the program.

    name:      its full name, `shop.rules.Account`.
    module:    the full name of its module.
    line:      where it is defined.
    bases:     the full names of its bases, of those that are known.
    unknown:   the bases of which that cannot be said, as they are written.
    members:   what its body binds, and the line of each.
    fields:    the attributes that its methods set on their first parameter.
    decorators: as they are written, without arguments.
    keywords:  of the class statement: `metaclass` and others.
    """

    name: str
    module: str
    line: int
    bases: tuple[str, ...]
    unknown: tuple[str, ...]
    members: Mapping[str, int]
    fields: frozenset[str]
    decorators: tuple[str, ...]
    keywords: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a hierarchy has to know of one module; its text and tree are not kept.

    aliases: the full names of what it imports, and what each leads to.
    classes: those that it defines.
    """

    aliases: Mapping[str, str]
    classes: Sequence[Class]

    @classmethod
    def of(cls, module: Module) -> Outline:
        """The outline of a module."""
        return cls(dict(_names_of(module)), tuple(_classes_of(module)))


class Hierarchy:
    """The classes of a program, and how they inherit.

    Args:
        outlines: of all its modules.

    >>> from pathlib import Path
    >>> from legacy_seam.source.text import SourceText
    >>> text = b"class A:\\n    def f(self): ...\\nclass B(A):\\n    def f(self): ...\\n"
    >>> classes = Hierarchy([Outline.of(Module.of(SourceText.of(Path("m.py"), text), "m"))])
    >>> classes.overrides("m.A", "f"), classes.ancestors("m.B")
    (['m.B'], ['m.A'])
    """

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self.classes: dict[str, Class] = {}
        self._aliases: dict[str, str] = {}
        for outline in outlines:
            self._aliases.update(outline.aliases)
            self.classes.update((one.name, one) for one in outline.classes)
        self._below: dict[str, list[str]] = {}
        for one in self.classes.values():
            for base in one.bases:
                self._below.setdefault(self.canonical(base), []).append(one.name)

    def canonical(self, name: str) -> str:
        """The name under which a class is defined, however often it is imported on its way."""
        for _ in range(20):  # an end to modules that import from each other
            if name in self.classes or name not in self._aliases:
                return name
            name = self._aliases[name]
        return name

    def get(self, name: str) -> Class | None:
        """A class by its full name, or a name that it is imported as."""
        return self.classes.get(self.canonical(name))

    def ancestors(self, name: str) -> list[str]:
        """The full names of all its bases and theirs, those outside the program too, nearest first."""
        return self._reach(name, lambda one: self._bases(one))

    def descendants(self, name: str) -> list[str]:
        """The full names of all that inherit from it."""
        return self._reach(name, lambda one: self._below.get(one, ()))

    def outside(self, name: str) -> list[str]:
        """The bases of a class and of its ancestors that are not classes of this program, or cannot be known."""
        found: list[str] = []
        for one in (self.canonical(name), *self.ancestors(name)):
            known = self.classes.get(one)
            if known is None:
                found += [one] if one not in ("builtins.object", "object") else []
            else:
                found += known.unknown
        return list(dict.fromkeys(found))

    def overrides(self, name: str, member: str) -> list[str]:
        """The classes below one which bind a member of this name themselves."""
        return [one for one in self.descendants(name) if member in self.classes[one].members]

    def overridden(self, name: str, member: str) -> list[str]:
        """The classes above one, of this program, which bind a member of this name themselves."""
        return [one for one in self.ancestors(name) if one in self.classes and member in self.classes[one].members]

    def binds(self, name: str, attribute: str) -> list[str]:
        """The classes among one, its ancestors and all their descendants that use an attribute's name already."""
        family = dict.fromkeys([self.canonical(name), *self.ancestors(name)])
        for one in list(family):
            family.update(dict.fromkeys(self.descendants(one)))
        found = [self.classes[one] for one in family if one in self.classes]
        return [one.name for one in found if attribute in one.members or attribute in one.fields]

    def _bases(self, name: str) -> Sequence[str]:
        known = self.classes.get(name)
        return [self.canonical(one) for one in known.bases] if known else ()

    def _reach(self, name: str, step: Callable[[str], Sequence[str]]) -> list[str]:
        start = self.canonical(name)
        reached: dict[str, None] = {}
        waiting = list(step(start))
        while waiting:
            one = waiting.pop(0)
            if one != start and one not in reached:
                reached[one] = None
                waiting.extend(step(one))
        return list(reached)


def _names_of(module: Module) -> Iterator[tuple[str, str]]:
    """The names that a module imports: what each leads to."""
    for name, bindings in module.scope.bindings.items():
        if len(bindings) == 1 and bindings[0].by is By.IMPORT:
            found = module.meaning_of((name,), module.scope, bindings[0].line)
            if isinstance(found, Exactly) and found.dotted != f"{module.name}.{name}":
                yield f"{module.name}.{name}", found.dotted


def _classes_of(module: Module) -> Iterator[Class]:
    waiting: list[tuple[ast.stmt, Scope]] = [(node, module.scope) for node in reversed(module.tree.body)]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.ClassDef):
            yield _class(module, node, scope)
        inner = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = scope.entering(node)
        waiting.extend((one, inner) for one in reversed([*statements_within(node)]))


def _class(module: Module, node: ast.ClassDef, scope: Scope) -> Class:
    bases: list[str] = []
    unknown: list[str] = []
    for one in node.bases:
        written = one.value if isinstance(one, ast.Subscript) else one  # Generic[T]
        names = dotted(written).split(".")
        found = module.meaning_of(names, scope, node.lineno) if names[0] != "?" else None
        if isinstance(found, Exactly):
            bases.append(found.dotted)
        else:
            unknown.append(ast.unparse(one))
    body = scope.entering(node)
    return Class(
        f"{module.name}.{scope.qualname}{node.name}",
        module.name,
        node.lineno,
        tuple(bases),
        tuple(unknown),
        {name: bindings[0].line for name, bindings in body.bindings.items()},
        frozenset(_fields(node)),
        tuple(dotted(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list),
        frozenset(one.arg or "**" for one in node.keywords),
    )


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Only what statements assign to is looked at: a program has ten times as many nodes as statements."""
    for method in node.body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        parameters = [*method.args.posonlyargs, *method.args.args]
        waiting: list[ast.stmt] = list(method.body) if parameters else []
        while waiting:
            statement = waiting.pop()
            for one in (inner for target in _assigned(statement) for inner in ast.walk(target)):
                if not (isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)):
                    continue
                if isinstance(one.value, ast.Name) and one.value.id == parameters[0].arg:
                    yield one.attr
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                waiting.extend(statements_within(statement))


def _assigned(statement: ast.stmt) -> Sequence[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    if isinstance(statement, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
        return (statement.target,)
    if isinstance(statement, ast.With | ast.AsyncWith):
        return [one.optional_vars for one in statement.items if one.optional_vars]
    return ()
