"""Selected lines grow into something of their own, and a call of that stands in their place."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeAlias

from legacy_seam.seams.editing import Edits
from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import at_depth, tells_itself, whole_lines
from legacy_seam.seams.plan import EnablingPoint, Plan, Refused
from legacy_seam.seams.preconditions import refuse_dynamic_names, refuse_nested
from legacy_seam.seams.region import Exchange, Region
from legacy_seam.source.scopes import Scope


class Lines(Protocol):
    """Gives the lines at some indentation, with what they declare global and return."""

    def __call__(self, depth: str, instead: Mapping[tuple[int, int], str] = ...) -> str:
        """The lines, with other text in the place of pieces of them (see `moving.at_depth`)."""
        ...


@dataclass(frozen=True, slots=True)
class Sprout:
    """What is to be made of selected lines.

    name:     what the user calls it.
    exchange: what goes in and comes out.
    lines:    gives the lines themselves.
    indent:   one level of indentation.
    define:   what begins a function of such lines, `def` or `async def`.
    renamed:  what is to stand in the place of a variable that goes in, if it is to have another name; None where
              that cannot be said.
    """

    name: str
    exchange: Exchange
    lines: Lines
    indent: str
    define: str
    renamed: Callable[[str, str], Mapping[tuple[int, int], str] | None]


Maker: TypeAlias = Callable[[Sprout], tuple[str, str]]
"""Makes a definition, and what is called."""


def sprouted(job: Job, technique: str, make: Maker, *, is_class: bool = False) -> Plan:
    """The plan that moves the selected lines of the target.

    Args:
        job: with the options `lines` and `name`.
        technique: whose plan it is.
        make: says what they grow into.
        is_class: is that a class?

    Raises:
        Refused: where the lines cannot be moved.
    """
    refuse_nested(job)
    refuse_dynamic_names(job)
    job.required("name", "this technique needs a name for what comes into being")
    name = job.fresh_name("")
    region = Region(job, into_a_class=is_class)
    exchange = region.exchange()
    edits, source = job.edits, job.edits.source
    first, last = whole_lines(edits, region.statements)
    margin = edits.margin(region.statements[0])

    def lines(depth: str, instead: Mapping[tuple[int, int], str] = MappingProxyType({})) -> str:
        declared = f"{depth}global {', '.join(exchange.globals)}\n" if exchange.globals else ""
        given = _given_at_once(edits, region, exchange)
        returned = f"{depth}return {', '.join(exchange.outputs)}\n" if exchange.outputs and not given else ""
        return declared + at_depth(edits, first, last, margin, depth, {**instead, **given}) + returned

    sprout = Sprout(
        name,
        exchange,
        lines,
        source.indent,
        "async def" if region.is_async else "def",
        lambda old, new: _renamed(job, region, old, new),
    )
    definition, called = make(sprout)
    called = f"await {called}" if region.is_async else called
    edits.insert_lines_above(job.statement, definition + "\n\n")
    edits.patch(source.offsets[first - 1], source.offsets[last], f"{margin}{_statement(exchange, called)}\n")
    return job.plan(technique, introduces=[name], enabling=[EnablingPoint(job.target.module, f"{name} = {{stub}}")])


def _statement(exchange: Exchange, called: str) -> str:
    if exchange.returns:
        return f"return {called}"
    return f"{', '.join(exchange.outputs)} = {called}" if exchange.outputs else called


def _given_at_once(edits: Edits, region: Region, exchange: Exchange) -> Mapping[tuple[int, int], str]:
    """`fee = 2 * a` at the end of lines that give `fee` alone is `return 2 * a`."""
    last = region.statements[-1]
    if not isinstance(last, ast.Assign) or [ast.unparse(one) for one in last.targets] != list(exchange.outputs):
        return {}
    (start, _), (value, _) = edits.span(last), edits.span(last.value)
    before = re.sub(r"\s", "", edits.source.text[start:value])
    brackets = before.removeprefix(f"{exchange.outputs[0]}=")
    if brackets.strip("(") or len(exchange.outputs) != 1 or "\n" in edits.source.text[start:value]:
        return {}
    return {(start, value): f"return {brackets}"}


def _renamed(job: Job, region: Region, old: str, new: str) -> Mapping[tuple[int, int], str] | None:
    """Where a variable of the target stands in the lines, and its new name; None where that cannot be said."""
    edits, function = job.edits, job.function.node
    first, last = whole_lines(edits, region.statements)
    found: dict[tuple[int, int], str] = {}
    for one in job.module.references(range(first, last + 1)):
        scopes = list(_scopes_within(one.scope, function))
        if one.names[0] != old or any(old in scope.bindings for scope in scopes[:-1]):
            continue
        if tells_itself(edits, one) or any(new in scope.bindings for scope in scopes):
            return None
        node: ast.expr = one.node
        while isinstance(node, ast.Attribute):
            node = node.value
        try:
            found[edits.span(node)] = new
        except Refused:  # within a string of which Python does not say where its parts are
            return None
    written = (one for one in ast.walk(function) if isinstance(one, ast.Name) and one.id == old)
    return found if all(isinstance(one.ctx, ast.Load) for one in written) else None


def _scopes_within(scope: Scope | None, function: ast.AST) -> Iterator[Scope]:
    """A scope and those around it, up to that of a function."""
    while scope is not None:
        yield scope
        if scope.node is function:
            return
        scope = scope.parent
