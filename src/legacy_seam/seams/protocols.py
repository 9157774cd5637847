"""A class as a `typing.Protocol`: its members with their signatures and types, and nothing of what they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from legacy_seam.seams.editing import Edits
from legacy_seam.source import Module
from legacy_seam.source.functions import Definition, dotted, own_nodes

_KEPT: Final = frozenset(
    {"property", "classmethod", "staticmethod", "overload", "contextmanager", "asynccontextmanager"}
)
_DROPPED: Final = frozenset({"abstractmethod", "final", "override", "cache", "lru_cache"})
_READ_ONLY: Final = frozenset({"cached_property", "abstractproperty"})


@dataclass
class Members:
    """What of a class has been understood.

    fields:   attributes, each as a line of a class body.
    methods:  each as the lines of a class body.
    untyped:  attributes of which no type is said.
    strange:  methods that cannot be copied: their names, and the lines that forbid it and why.
    """

    fields: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    untyped: list[str] = field(default_factory=list)
    strange: list[tuple[str, int, str]] = field(default_factory=list)


def members_of(module: Module, node: ast.ClassDef, wanted: Sequence[str] | None) -> Members:
    """The members of a class.

    Args:
        module: the one it stands in.
        node: the class.
        wanted: the names of those that count; by default all without an underscore in front.
    """
    return _Reading(module, node, wanted).run()


class _Reading:
    def __init__(self, module: Module, node: ast.ClassDef, wanted: Sequence[str] | None) -> None:
        self._edits, self._node, self._wanted = Edits(module), node, wanted
        self._found = Members()
        self._names = set(module.scope.entering(node).bindings)
        self._seen: set[str] = set()
        self._is_frozen = _is_frozen(node)

    def run(self) -> Members:
        overloaded = {one.name for one in self._node.body if _is_function(one) and "overload" in _decorators(one)}
        for one in self._node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                self._field(one.target.id, one.annotation)
            elif isinstance(one, ast.Assign):
                self._constant(one)
            elif _is_function(one) and self._counts(one.name):
                if one.name not in overloaded or "overload" in _decorators(one):
                    self._method(one)
                self._seen.add(one.name)
        for one in self._node.body:
            if _is_function(one) and one.name == "__init__":
                self._fields_set_by(one)
        return self._found

    def _counts(self, name: str) -> bool:
        return name in self._wanted if self._wanted is not None else not name.startswith("_")

    # --- attributes -----------------------------------------------------------------------------------------

    def _field(self, name: str, annotation: ast.expr) -> None:
        if not self._counts(name) or name in self._seen:
            return
        self._seen.add(name)
        kind = dotted(annotation.value if isinstance(annotation, ast.Subscript) else annotation).rpartition(".")[2]
        if kind == "InitVar":
            return
        if kind == "Final" or self._sees_the_class(annotation):
            self._found.untyped.append(name)
        elif self._is_frozen and kind != "ClassVar":
            self._found.methods.append(f"@property\ndef {name}(self) -> {self._edits.text(annotation)}: ...")
        else:
            self._found.fields.append(f"{name}: {self._edits.text(annotation)}")

    def _constant(self, node: ast.Assign) -> None:
        for one in node.targets:
            if not isinstance(one, ast.Name) or not self._counts(one.id) or one.id in self._seen:
                continue
            self._seen.add(one.id)
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(value, bool | int | float | str | bytes):
                self._found.fields.append(f"{one.id}: {type(value).__name__}")
            else:
                self._found.untyped.append(one.id)

    def _fields_set_by(self, constructor: Definition) -> None:
        """The attributes that a constructor sets, where it says their type or they are a parameter that has one."""
        arguments = constructor.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        this = parameters[0].arg if parameters else ""
        typed = {one.arg: one.annotation for one in parameters}
        for node in own_nodes(constructor):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for one in targets if isinstance(node, ast.Assign | ast.AnnAssign) else ():
                if not (isinstance(one, ast.Attribute) and dotted(one.value) == this):
                    continue
                annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
                value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
                if annotation is None and isinstance(value, ast.Name):
                    annotation = typed.get(value.id)
                if annotation is not None:
                    self._field(one.attr, annotation)
                elif self._counts(one.attr) and one.attr not in self._seen:
                    self._seen.add(one.attr)
                    self._found.untyped.append(one.attr)

    # --- methods --------------------------------------------------------------------------------------------

    def _method(self, node: Definition) -> None:
        lines: list[str] = []
        for decorator in node.decorator_list:
            written = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
            last = written.rpartition(".")[2]
            if last in _KEPT or written in (f"{node.name}.setter", f"{node.name}.deleter"):
                lines.append(f"@{self._edits.text(decorator)}")
            elif last in _READ_ONLY:
                lines.append("@property")
            elif last not in _DROPPED:
                reason = f"@{written} may make something else of `{node.name}`"
                self._found.strange.append((node.name, decorator.lineno, reason))
                return
        for one in _annotations(node):
            if self._sees_the_class(one):
                reason = f"the type `{self._edits.text(one)}` is a name within the class"
                self._found.strange.append((node.name, one.lineno, reason))
                return
        self._found.methods.append("\n".join([*lines, self._signature(node)]))

    def _signature(self, node: Definition) -> str:
        edits = self._edits
        _, name_end = edits.name_span(node)
        first, _ = edits.parameters_span(node)
        types = edits.source.text[name_end : first - 1].strip()
        returns = f" -> {edits.text(node.returns)}" if node.returns else ""
        yields = any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own_nodes(node))
        is_async = (
            isinstance(node, ast.AsyncFunctionDef) and not yields
        )  # a stub that does not yield is a coroutine
        return f"{'async ' if is_async else ''}def {node.name}{types}({self._parameters(node.args)}){returns}: ..."

    def _parameters(self, arguments: ast.arguments) -> str:
        found: list[str] = []
        positional = [*arguments.posonlyargs, *arguments.args]
        missing = len(positional) - len(arguments.defaults)
        for number, one in enumerate(positional):
            found.append(self._parameter(one, number >= missing))
            if number == len(arguments.posonlyargs) - 1:
                found.append("/")
        if arguments.vararg:
            found.append(f"*{self._parameter(arguments.vararg)}")
        elif arguments.kwonlyargs:
            found.append("*")
        for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            found.append(self._parameter(one, value is not None))
        if arguments.kwarg:
            found.append(f"**{self._parameter(arguments.kwarg)}")
        return ", ".join(found)

    def _parameter(self, one: ast.arg, has_default: bool = False) -> str:
        if one.annotation is None:
            return f"{one.arg}=..." if has_default else one.arg
        return f"{one.arg}: {self._edits.text(one.annotation)}" + (" = ..." if has_default else "")

    def _sees_the_class(self, annotation: ast.expr) -> bool:
        """Does a type mention a name that only the class's body has?"""
        return any(isinstance(one, ast.Name) and one.id in self._names for one in ast.walk(annotation))


def _is_function(node: ast.stmt) -> TypeGuard[Definition]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _decorators(node: Definition) -> list[str]:
    called = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return [dotted(one).rpartition(".")[2] for one in called]


def _annotations(node: Definition) -> Iterator[ast.expr]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    yield from (one.annotation for one in every if one is not None and one.annotation is not None)
    if node.returns is not None:
        yield node.returns


def _is_frozen(node: ast.ClassDef) -> bool:
    """Can attributes of its objects not be set?"""
    if any(dotted(one).rpartition(".")[2] == "NamedTuple" for one in node.bases):
        return True
    for one in node.decorator_list:
        called = dotted(one.func if isinstance(one, ast.Call) else one).rpartition(".")[2]
        keywords = one.keywords if isinstance(one, ast.Call) else []
        if called == "frozen" or any(
            each.arg == "frozen" and isinstance(each.value, ast.Constant) and each.value.value for each in keywords
        ):
            return True
    return False
