"""What a function asks of its inputs says what it may get: a type, None, a constant, a key of a table.

Where `isinstance(index, slice)` stands, or `other is None`, or `except TypeError:` around a use of `items`, such
inputs were thought of, though none may have been recorded and no hint speaks of them. Nothing is evaluated.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from legacy_seam.calls import Call
from legacy_seam.explore.hints import STRANGERS, Aliases, strategy_of
from legacy_seam.replay.searching.trees import parts, read
from legacy_seam.values import Name, Tree

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST = 3
"""Functions of the module to which an argument is handed on are asked, too, so far."""
_FAMILIES_OF_TYPES = {"string_types": "str", "text_type": "str", "integer_types": "int", "basestring": "str"}
_PREDICATE = re.compile(
    r"callable|hasattr|is_?(?:an?_)?(?:string|str|text|unicode|bytes|binary|number|numeric|int|integer|float|scalar"
    r"|iterable|sequence|collection|list|listlike|list_like|tuple|dict|mapping|class|function|none|null)"
)
"""Names of functions, of this module or another, that ask for a type."""
_AS_GOOD_AS = 9
"""Members of an enumeration that is small are as good as so many values of a type: there are no others."""
_WRONG_TYPES = frozenset({"TypeError", "AttributeError", "Exception", "BaseException"})
"""What is raised where a value is of a type that cannot do what is asked of it."""


def asked_of(function: Function, module: ast.Module, aliases: Aliases) -> dict[str, SearchStrategy[Any]]:
    """What a function asks of its inputs, as values that answer.

    Args:
        function: the function; module: in which it stands.
        aliases: what names of the module stand for.

    Returns:
        strategies by the role of a part: `index`, `self.limit`, `rows[]`, `order['rate']`.

    >>> module = ast.parse("def at(self, index):\\n    return 0 if index is None else self.items[index]")
    >>> list(asked_of(module.body[0], module, {}))
    ['index']
    """
    questions = _Questions(module, aliases)
    questions.ask(function, {name: name for name in _names_of(function)}, 0)
    return {role: st.one_of(answers) for role, answers in questions.found.items()}


def _names_of(function: Function) -> list[str]:
    """The parameters of a function that are given one by one, in order."""
    arguments = function.args
    return [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


@dataclass(slots=True)
class _Questions:
    """Looks for them.

    found: strategies by role.
    """

    module: ast.Module
    aliases: Aliases
    found: dict[str, list[SearchStrategy[Any]]] = field(default_factory=lambda: defaultdict(list))
    _asked: set[tuple[int, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    def ask(self, function: Function, roles: Mapping[str, str], depth: int) -> None:
        """Read a function whose names stand for parts of inputs."""
        key = id(function), tuple(sorted(roles.items()))
        if key in self._asked:
            return
        self._asked.add(key)
        known = dict(roles)
        for node in ast.walk(function):  # outer statements come first
            match node:
                case (
                    ast.For(target=ast.Name(id=name), iter=many)
                    | ast.comprehension(target=ast.Name(id=name), iter=many)
                ):
                    if (role := _role(many, known)) is not None:
                        known[name] = f"{role}[]"
                case ast.Compare(left=left, ops=[op], comparators=[right]):
                    self._compared(left, op, right, known)
                case ast.Subscript(value=ast.Name(id=name), slice=key_of):
                    self._looked_up(name, key_of, known)
                case ast.Try():
                    self._tried(node, known)
                case ast.Call():
                    self._called(node, known)
                    if depth < _DEEPEST:
                        self._handed_on(function, node, known, depth)

    def _take(self, role: str | None, answer: SearchStrategy[Any] | None) -> None:
        if role not in (None, "self", "cls") and answer is not None:
            self.found[str(role)].append(answer)

    def _called(self, call: ast.Call, known: Mapping[str, str]) -> None:
        match call:
            case ast.Call(func=ast.Name(id="isinstance"), args=[one, kinds]):
                role = _role(one, known)
                for kind in self._kinds(kinds):
                    self._take(role, kind)
                self._take(role, STRANGERS)  # it is asked since it may be another
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[key, *_]):
                self._looked_up(name, key, known)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[one, *_]):
                if _PREDICATE.fullmatch(name):
                    self._take(_role(one, known), STRANGERS)

    def _kinds(self, kinds: ast.expr) -> Iterator[SearchStrategy[Any] | None]:
        match kinds:
            case ast.Tuple(elts=some):
                for one in some:
                    yield from self._kinds(one)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._kinds(left)
                yield from self._kinds(right)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _FAMILIES_OF_TYPES:
                yield strategy_of(ast.Name(_FAMILIES_OF_TYPES[name]))
            case ast.Name(id=name) if isinstance(aliased := self.aliases.get(name), ast.Tuple):
                yield from self._kinds(aliased)
            case _:
                yield strategy_of(kinds, self.aliases)

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr, known: Mapping[str, str]) -> None:
        match left, op, right:
            case ast.Call(func=ast.Name(id="type"), args=[one]), _, kinds:
                for kind in self._kinds(kinds):
                    self._take(_role(one, known), kind)
            case _, ast.In() | ast.NotIn(), ast.Tuple(elts=some) | ast.List(elts=some) | ast.Set(elts=some):
                self._equals(_role(left, known), some)
            case _, ast.In() | ast.NotIn(), ast.Name(id=name) if name in self.aliases:
                self._looked_up(name, left, known)
            case _, ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq(), _:
                self._equals(_role(left, known), [right])
                self._equals(_role(right, known), [left])

    def _equals(self, role: str | None, constants: Sequence[ast.expr]) -> None:
        values = [one.value for one in constants if isinstance(one, ast.Constant) and one.value is not Ellipsis]
        self._take(role, st.sampled_from(values) if values else None)

    def _looked_up(self, table: str, key: ast.expr, known: Mapping[str, str]) -> None:
        """A key of a table that is written out in the module."""
        match self.aliases.get(table):
            case ast.Dict(keys=keys):
                self._equals(_role(key, known), [one for one in keys if one is not None])
            case ast.Set(elts=some) | ast.List(elts=some) | ast.Tuple(elts=some):
                self._equals(_role(key, known), some)

    def _tried(self, node: ast.Try, known: Mapping[str, str]) -> None:
        caught = {name for one in node.handlers for name in _exceptions(one.type)}
        if not caught & _WRONG_TYPES:
            return
        for statement in node.body:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Name) and inner.id in known:
                    self._take(known[inner.id], STRANGERS)

    def _handed_on(self, caller: Function, call: ast.Call, known: Mapping[str, str], depth: int) -> None:
        """What is asked by a function of the module that is given parts of inputs."""
        called = self._function(caller, call.func)
        if called is None:
            return
        names = _names_of(called)
        if isinstance(call.func, ast.Attribute):
            names = names[1:]
        given: dict[str, ast.expr] = dict(zip(names, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg is not None}
        roles = {name: role for name, one in given.items() if (role := _role(one, known)) is not None}
        if roles:
            self.ask(called, roles, depth + 1)

    def _function(self, caller: Function, called: ast.expr) -> Function | None:
        match called:
            case ast.Name(id=name):
                return _defined(self.module.body, name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                holders = (one for one in ast.walk(self.module) if isinstance(one, ast.ClassDef))
                return next((_defined(one.body, name) for one in holders if caller in one.body), None)
        return None


def members_of(module: ast.Module, name: str, calls: Iterable[Call]) -> dict[str, list[Tree]]:
    """All members of the enumerations of a module that inputs are members of, by the role of a part.

    Args:
        module: the module; name: its own.
        calls: recorded ones.
    """
    known = {one.name: _members(one) for one in ast.walk(module) if isinstance(one, ast.ClassDef) and _is_enum(one)}
    found: dict[str, list[Tree]] = {}
    for call in calls if known else ():
        for part in (part for key, tree in read(call.arguments).items() for part in parts(tree, key)):
            if isinstance(part.tree, Name) and part.role not in found:
                kind, _, _ = part.tree.name.rpartition(".")
                owner, _, enumeration = kind.partition(":")
                if owner == name and enumeration in known:
                    members: list[Tree] = [Name(f"{kind}.{member}") for member in known[enumeration]]
                    found[part.role] = members * (1 + _AS_GOOD_AS // max(1, len(members)))
    return found


def _is_enum(kind: ast.ClassDef) -> bool:
    named = (one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in kind.bases)
    return any(one.endswith(("Enum", "Flag")) for one in named)


def _members(kind: ast.ClassDef) -> list[str]:
    targets = (target for one in kind.body if isinstance(one, ast.Assign) for target in one.targets)
    return [one.id for one in targets if isinstance(one, ast.Name) and not one.id.startswith("_")]


def _defined(body: Sequence[ast.stmt], name: str) -> Function | None:
    found = (one for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name)
    return next(found, None)


def _exceptions(caught: ast.expr | None) -> Iterator[str]:
    match caught:
        case None:
            yield "BaseException"
        case ast.Tuple(elts=some):
            for one in some:
                yield from _exceptions(one)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name


def _role(node: ast.expr, known: Mapping[str, str]) -> str | None:
    """The role of the part of an input that an expression stands for (`legacy_seam.replay.searching.trees`)."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=whole, attr=name):
            outer = _role(whole, known)
            return None if outer is None else f"{outer}.{name}"
        case ast.Subscript(value=whole, slice=ast.Constant(value=str(key))):
            outer = _role(whole, known)
            return None if outer is None else f"{outer}[{key!r}]"
    return None
