"""A function whose code goes under another name, and one under the old name which hands everything on to it.

What callers know (name, signature, decorators, docstring) stays with the one in front.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from legacy_seam.seams.editing import Edits
from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import whole_lines
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.preconditions import yields
from legacy_seam.source import Function, Kind
from legacy_seam.source.functions import Definition, own_nodes

_AS_THEY_ARE: Final[Mapping[str, str]] = MappingProxyType({})


def handed_on(function: Function, name: str, instead: Mapping[str, str] = _AS_THEY_ARE) -> str:
    """The statement with which a function hands all that it was given to another one beside it.

    Args:
        function: whose parameters are handed on. A generator hands on what is sent to it as well.
        name: of the other one, in the same module or class.
        instead: what is handed over in the place of some parameters, by their names.
    """
    arguments = function.node.args
    positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    owner = ""
    if function.class_name and function.kind is Kind.STATICMETHOD:
        owner = function.class_name + "."
    elif function.class_name:
        owner = positional.pop(0) + "."
    passed = [
        *(instead.get(one, one) for one in positional),
        *([f"*{arguments.vararg.arg}"] if arguments.vararg else []),
        *(f"{one.arg}={instead.get(one.arg, one.arg)}" for one in arguments.kwonlyargs),
        *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else []),
    ]
    return handing_over(function, f"{owner}{name}({', '.join(passed)})")


def handing_over(function: Function, call: str) -> str:
    """The statement with which a function gives what a call gives, which is a generator or coroutine as it is."""
    if yields(function) is not None:
        return f"return (yield from {call})" if gives_a_value(function) else f"yield from {call}"
    return f"return await {call}" if function.is_async else f"return {call}"


def stem(job: Job) -> str:
    """What the names beside a function are made from: its own name without underscores, or what the user said.

    Raises:
        Refused: where nothing is left of it, as of `_`.
    """
    function = job.function
    found = job.checked_name(job.option("name") or function.name).strip("_")
    if not found:
        reason = f"`{function.name}` says nothing that other names could be made from; choose one with --name"
        job.refuse(Reason.OPTION_MISSING, function.node.lineno, reason)
    return found


def gives_a_value(function: Function) -> bool:
    """Does a function say anywhere what it returns?"""
    return any(isinstance(one, ast.Return) and one.value is not None for one in own_nodes(function.node))


def front(edits: Edits, function: Function, statement: str) -> str:
    """The lines of a function that looks like another one and does nothing but a statement."""
    node, source = function.node, edits.source
    margin = edits.margin(node)
    _, header_end = edits.header_end(node)
    start = source.offsets[edits.first_line(node) - 1]
    inner = margin + source.indent
    lines = [source.text[start:header_end]]
    if has_docstring_and_more(node):
        lines.append(inner + edits.text(node.body[0]))
    return source.newline.join([*lines, inner + statement, ""])


def put_behind(edits: Edits, function: Function, name: str) -> None:
    """Give a function another name, and take from it what stays with the one in front.

    Defaults that are made stay there too: they are made once, as before.
    """
    node = function.node
    kept = function.kind in (Kind.STATICMETHOD, Kind.CLASSMETHOD)
    if node.decorator_list and not kept:
        edits.remove_lines(node.decorator_list[0].lineno, node.lineno - 1)
    edits.rename(node, name)
    if not _are_constant(node):
        for one in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            _without_default(edits, one)
    if has_docstring_and_more(node):
        edits.remove_lines(*whole_lines(edits, node.body[:1]))


def has_docstring_and_more(node: Definition) -> bool:
    """Has a function a docstring, and something else besides?"""
    return ast.get_docstring(node, clean=False) is not None and len(node.body) > 1


def _are_constant(node: Definition) -> bool:
    """Are all defaults such that making them twice makes no difference?"""
    defaults = (*node.args.defaults, *(one for one in node.args.kw_defaults if one))
    return all(isinstance(one, ast.Constant | ast.Name | ast.UnaryOp) for one in defaults)


def _without_default(edits: Edits, default: ast.expr) -> None:
    start, end = edits.span(default)
    text = edits.source.text
    equals = text.rindex("=", 0, start)
    edits.patch(len(text[:equals].rstrip()), end + _closing(text, equals, start, end), "")


def _closing(text: str, equals: int, start: int, end: int) -> int:
    """How many characters of brackets around a default follow it."""
    opened = text[equals:start].count("(")
    at = end
    while opened:
        opened -= text[at] == ")"
        at += 1
    return at - end
