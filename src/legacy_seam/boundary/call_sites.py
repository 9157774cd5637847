"""Call sites that report: calls are rewritten so that somebody is asked who is called, and told with what.

A call `send(to, text=body)` becomes

    <answered>(<asked>(send)(*<arguments>(to), **<keywords>(text=body)))

where what stands in angle brackets are live objects among the constants of the code (`legacy_seam.rewriting`).
`asked` gives back what it is given, or something to be called in its place. The call itself stays in its frame:
whoever is called sees the caller, the traceback and the line that it always saw.

What may be a handle (a connection, a response) is followed beyond calls: `<seen>(<held>(reply).status)` tells of
attributes and items that are read, and the iterable of a loop and the manager of a `with` are told as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from legacy_seam.plaindata import dataclass
from legacy_seam.rewriting.constants import NOWHERE, Constants
from legacy_seam.rewriting.trees import LEAVES, first_evaluated, like, on_line, with_parts

_Node = TypeVar("_Node", bound=ast.AST)

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SUSPENDING = (ast.Await, ast.Yield, ast.YieldFrom)
_OWN_INSTANCE = ("self", "cls")


@dataclass(frozen=True, slots=True)
class SiteHooks:
    """The live objects that call sites report to. Where only `asked` is given, calls alone are rewritten.

    asked:     called with what is about to be called, with the number of reports of its arguments that are to come,
               and with the name of the attribute that it is of what `held` was given (None where it is none); gives
               what is called in its place. Where calls alone are rewritten, with the first only.
    arguments: called with the positional arguments; gives them back as a tuple.
    keywords:  called with the named arguments; gives them back as a dict.
    spread:    called with what stands behind `*` or `**`; gives it back.
    answered:  called with what was returned; gives it back.
    held:      called with an object of which an attribute or item is about to be read or called; gives it back.
    keyed:     called with the key of that item; gives it back.
    seen:      called with what was read, and the name of the attribute (None for an item); gives it back.
    iterating: called with what a loop is about to go through; gives what it goes through.
    managing:  called with the context manager of a `with`; gives it back.
    entered:   called with what a `with` has put into its variable.
    awaiting:  called with what is about to be awaited; gives it back.
    awaited:   called with what came of it; gives it back.
    caught:    called when an `except` begins.
    """

    asked: object
    arguments: object = None
    keywords: object = None
    spread: object = None
    answered: object = None
    held: object = None
    keyed: object = None
    seen: object = None
    iterating: object = None
    managing: object = None
    entered: object = None
    awaiting: object = None
    awaited: object = None
    caught: object = None


class CallSites:
    """Rewrites the call sites of bodies. What it is given stays as it is; it gives rewritten copies.

    Args:
        constants: takes the live objects.
        hooks: what the call sites report to.
        in_loops: those in loops report as well.
    """

    def __init__(self, constants: Constants, hooks: SiteHooks, *, in_loops: bool = True) -> None:
        self._constants = constants
        self._hooks = hooks
        self._left_alone = (*_SCOPES, ast.pattern, *(() if in_loops else _LOOPS))
        self._is_followed = hooks.arguments is not None

    def block(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        """The statements of a body, rewritten. Functions and classes within them are left alone."""
        return [self._rewritten(statement) for statement in statements]

    def expression(self, node: ast.expr) -> ast.expr:
        """One expression, rewritten."""
        return self._rewritten(node)

    def _rewritten(self, node: _Node) -> _Node:
        if type(node) in LEAVES:
            return node
        result: ast.AST
        match node:
            case _ if isinstance(node, self._left_alone):
                result = node
            case ast.AnnAssign():
                value = None if node.value is None else self._rewritten(node.value)
                result = like(node, target=self._rewritten(node.target), value=value)
            case ast.Call():
                result = self._call(node)
            case _ if self._is_followed:
                result = self._followed(node)
            case _:
                result = with_parts(node, self._rewritten)
        return result  # type: ignore[return-value]

    def _followed(self, node: ast.AST) -> ast.AST:
        """What is done with handles, besides calls."""
        hooks, rebuilt = self._hooks, with_parts(node, self._rewritten)
        match rebuilt:
            case ast.Attribute(ctx=ast.Load()) if not _is_own_instance(rebuilt.value):
                return self._seen(rebuilt, rebuilt.attr)
            case ast.Subscript(ctx=ast.Load()) if not isinstance(rebuilt.slice, (ast.Slice, ast.Tuple)):
                keyed = like(rebuilt, slice=self._told(hooks.keyed, rebuilt.slice))
                return self._seen(keyed, None)
            case ast.For() | ast.comprehension(is_async=0):
                return like(rebuilt, iter=self._told(hooks.iterating, rebuilt.iter))
            case ast.With() | ast.AsyncWith():
                return self._with(rebuilt)
            case ast.Await():
                waiting = like(rebuilt, value=self._told(hooks.awaiting, rebuilt.value))
                return self._told(hooks.awaited, waiting)
            case ast.ExceptHandler():
                return like(rebuilt, body=[self._constants.call(hooks.caught), *rebuilt.body])
        return rebuilt

    # --- calls ---------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> ast.expr:
        if _is_left_alone(node):
            return with_parts(node, self._rewritten)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if self._is_followed and _suspends(given):  # another call may begin before this one does
            return with_parts(node, self._rewritten)
        function, attribute = self._callee(node.func)
        if not self._is_followed:
            keywords = [like(keyword, value=self._rewritten(keyword.value)) for keyword in node.keywords]
            arguments = [self._rewritten(part) for part in node.args]
            return like(node, func=self._told(self._hooks.asked, function), args=arguments, keywords=keywords)
        arguments, keywords = self._arguments(node.args), self._keywords(node.keywords)
        reports = ast.Constant(len(arguments) + len(keywords), **on_line(function))
        asked = self._told(self._hooks.asked, function, reports, ast.Constant(attribute, **on_line(function)))
        return self._told(self._hooks.answered, like(node, func=asked, args=arguments, keywords=keywords))

    def _callee(self, function: ast.expr) -> tuple[ast.expr, str | None]:
        """What is called, and the name of the attribute that it is: a method is not read for its own sake."""
        if not isinstance(function, ast.Attribute):
            return self._rewritten(function), None
        owner = self._rewritten(function.value)
        if not self._is_followed or _is_own_instance(function.value):
            return like(function, value=owner), None
        return like(function, value=self._told(self._hooks.held, owner)), function.attr

    def _arguments(self, given: Sequence[ast.expr]) -> list[ast.expr]:
        written: list[ast.expr] = []
        for is_spread, group in groupby(given, lambda part: isinstance(part, ast.Starred)):
            parts = [self._rewritten(part) for part in group]
            if is_spread:
                written += [like(part, value=self._told(self._hooks.spread, part.value)) for part in parts]  # type: ignore[attr-defined]
            else:
                told = self._told(self._hooks.arguments, *parts)
                written.append(ast.Starred(told, ast.Load(), **on_line(parts[0])))
        return written

    def _keywords(self, given: Sequence[ast.keyword]) -> list[ast.keyword]:
        written: list[ast.keyword] = []
        for is_spread, group in groupby(given, lambda keyword: keyword.arg is None):
            parts = [like(keyword, value=self._rewritten(keyword.value)) for keyword in group]
            if is_spread:
                written += [like(part, value=self._told(self._hooks.spread, part.value)) for part in parts]
            else:
                begins = on_line(first_evaluated(parts[0].value))
                told = ast.Call(
                    self._constants.constant(self._hooks.keywords, begins), [], parts, **on_line(parts[-1])
                )
                written.append(ast.keyword(None, told, **begins))
        return written

    # --- handles -------------------------------------------------------------------------------------------------

    def _seen(self, node: ast.Attribute | ast.Subscript, attribute: str | None) -> ast.expr:
        held = like(node, value=self._told(self._hooks.held, node.value))
        return self._told(self._hooks.seen, held, ast.Constant(attribute, **on_line(node)))

    def _with(self, node: ast.With | ast.AsyncWith) -> ast.With | ast.AsyncWith:
        items, entered = [], []
        for item in node.items:
            items.append(like(item, context_expr=self._told(self._hooks.managing, item.context_expr)))
            name = item.optional_vars
            known = ast.Name(name.id, ast.Load(), **NOWHERE) if isinstance(name, ast.Name) else None
            entered.append(known or ast.Constant(None, **NOWHERE))
        told = [self._constants.call(self._hooks.entered, value) for value in reversed(entered)]
        return like(node, items=items, body=[*told, *node.body])

    def _told(self, hook: object, *values: ast.expr) -> ast.Call:
        """`<hook>(value, …)`, on the lines of the first value: nobody who follows the lines sees it."""
        begins = on_line(first_evaluated(values[0]))
        return ast.Call(self._constants.constant(hook, begins), list(values), [], **on_line(values[0]))


def _is_left_alone(node: ast.Call) -> bool:
    """`super()`, which only works by that name; and probes, which are nobody's calls."""
    match node.func:
        case ast.Constant():
            return True
        case ast.Name(id="super"):
            return not node.args
    return False


def _is_own_instance(node: ast.expr) -> bool:
    """`self`: it is of the program's own classes, and so no handle."""
    return isinstance(node, ast.Name) and node.id in _OWN_INSTANCE


def _suspends(parts: Iterable[ast.AST]) -> bool:
    """Is anything awaited or yielded within these?"""
    waiting = list(parts)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _SUSPENDING):
            return True
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))
    return False
