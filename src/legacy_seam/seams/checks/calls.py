"""Calls after an edit: whoever called a function before still can, and its parameters get the same."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Final

from legacy_seam.seams.trial import Broken, Shape, Trial
from legacy_seam.source import Exactly, Function, Kind, Module
from legacy_seam.source.functions import dotted
from legacy_seam.source.search import Wanted

_NONE: Final = ast.dump(ast.Constant(None))


def every_call_still_binds(trial: Trial) -> str:
    """Every call that is found, and every one that was recorded, hands over the same to the same parameters.

    Of all functions of a changed module, not only of the target.
    """
    checked = 0
    for change, before, after in trial.pairs:
        for function in before.functions:
            others = after.functions_named(function.target.qualname)
            if not others or len(before.functions_named(function.target.qualname)) > 1:
                continue
            old, new = _signature(function, before), _signature(others[0], after)
            if old == new:
                continue
            _only_adds(function, old, new, str(change.path), trial.plan.retires)
            recorded = list(trial.shapes) if function.target == trial.plan.target else []
            for where, shape in [
                *_found(trial, function),
                *((f"a recorded call of {function.target}", one) for one in recorded),
            ]:
                _same(old, new, shape, where)
                checked += 1
    return f"{checked} calls" if checked else ""


def _only_adds(
    function: Function, old: inspect.Signature, new: inspect.Signature, path: str, retired: frozenset[str]
) -> None:
    """The parameters that were there are there in the same order; new ones are keyword-only and have a default.

    Of those that are retired, calls say whether anybody misses them.
    """
    kept = [one for one in new.parameters.values() if one.name in old.parameters]
    where = f"{path}: {function.target.qualname}"
    if kept != [one for one in old.parameters.values() if one.name not in retired or one in kept]:
        raise Broken(f"{where} would take its parameters in another way: {new} instead of {old}")
    for one in new.parameters.values():
        if one.name in old.parameters:
            continue
        if one.kind is not one.KEYWORD_ONLY or one.default is one.empty:
            raise Broken(f"{where}: the new parameter `{one.name}` is not keyword-only with a default")
        if one.default != _NONE:
            raise Broken(f"{where}: the default of `{one.name}` is evaluated when the function is defined")
    if any(one.kind is one.VAR_KEYWORD for one in old.parameters.values()) and len(new.parameters) > len(kept):
        raise Broken(f"{where} takes keywords of any name: a new parameter would take one of them away")


def _signature(function: Function, module: Module) -> inspect.Signature:
    """The signature that a definition has, its defaults by their text."""
    arguments = function.node.args
    kinds = inspect.Parameter
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    found: list[inspect.Parameter] = []
    for number, one in enumerate(positional):
        kind = kinds.POSITIONAL_ONLY if number < len(arguments.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD
        default = kinds.empty if number < missing else _told(function, arguments.defaults[number - missing], module)
        found.append(kinds(one.arg, kind, default=default))
    if arguments.vararg:
        found.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(
            kinds(one.arg, kinds.KEYWORD_ONLY, default=_told(function, value, module) if value else kinds.empty)
        )
    if arguments.kwarg:
        found.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    return inspect.Signature(found)


def _told(function: Function, default: ast.expr, module: Module) -> str:
    """A default by its text, with names in full, however they are imported.

    Within a function it is evaluated anew each time, and may be edited like any code.
    """
    if function.depth:
        return "a default"
    return ast.dump(_InFull(module).visit(ast.parse(ast.unparse(default), mode="eval")).body)


class _InFull(ast.NodeTransformer):
    """Puts the full name in the place of each name whose meaning is certain."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._full(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        names = dotted(node).split(".")
        return self._full(node) if names[0] != "?" else self.generic_visit(node)  # type: ignore[return-value]

    def _full(self, node: ast.expr) -> ast.expr:
        found = self._module.meaning_of(dotted(node).split("."), self._module.scope, sys.maxsize)
        return ast.Name(found.dotted) if isinstance(found, Exactly) else node


def _found(trial: Trial, function: Function) -> Iterator[tuple[str, Shape]]:
    """The calls in the program which can be seen to be of this function, without `*` and `**`."""
    bound = 1 if function.kind in (Kind.METHOD, Kind.CLASSMETHOD, Kind.PROPERTY) else 0
    target = f"{function.target.module}.{function.target.qualname}"
    wanted = Wanted([target])
    for path in trial.before.files:
        try:
            raw = trial.before.bytes_of(path)
        except OSError:
            continue
        if function.name.encode() not in raw:
            continue
        module = trial.before.read(path, raw)
        if not isinstance(module, Module):
            continue
        calls = [site.call for site in wanted.sites(module) if site.call and not bound]
        calls += _of_methods(module, function.name) if bound else []
        for call in calls:
            if any(isinstance(one, ast.Starred) for one in call.args) or any(
                one.arg is None for one in call.keywords
            ):
                continue
            names = tuple(one.arg for one in call.keywords if one.arg)
            yield f"{path}:{call.lineno}", Shape(len(call.args) + bound, names)


def _of_methods(module: Module, name: str) -> list[ast.Call]:
    """Calls of anything's method of a name: those which do not fit the old signature are of another class."""
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def _same(old: inspect.Signature, new: inspect.Signature, shape: Shape, where: str) -> None:
    given = [object() for _ in range(shape.positional)]
    named = {name: object() for name in shape.keywords}
    try:
        expected = old.bind(*given, **named)
    except TypeError:
        return  # it is of something else of that name, or it failed before
    try:
        got = new.bind(*given, **named)
    except TypeError as error:
        raise Broken(f"{where}: this call would fail ({error})") from None
    if got.arguments != expected.arguments:
        raise Broken(f"{where}: this call would hand over its arguments in another way")
