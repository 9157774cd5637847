"""Selected lines grow into something of their own, and a call of that stands in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import at_depth, whole_lines
from legacy_seam.seams.plan import EnablingPoint, Plan
from legacy_seam.seams.preconditions import refuse_dynamic_names, refuse_nested
from legacy_seam.seams.region import Exchange, Region

Lines: TypeAlias = Callable[[str], str]
"""Gives the lines at some indentation, with what they declare global and return."""

Maker: TypeAlias = Callable[[str, Exchange, Lines, str, str], tuple[str, str]]
"""Makes a definition, and what is called, of a name, what is exchanged, the lines, one level of indentation, and
what begins a function of such lines (`def` or `async def`)."""


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

    def lines(depth: str) -> str:
        declared = f"{depth}global {', '.join(exchange.globals)}\n" if exchange.globals else ""
        returned = f"{depth}return {', '.join(exchange.outputs)}\n" if exchange.outputs else ""
        return declared + at_depth(edits, first, last, margin, depth) + returned

    definition, called = make(name, exchange, lines, source.indent, "async def" if region.is_async else "def")
    called = f"await {called}" if region.is_async else called
    edits.insert_lines_above(job.statement, definition + "\n\n")
    edits.patch(source.offsets[first - 1], source.offsets[last], f"{margin}{_statement(exchange, called)}\n")
    return job.plan(technique, introduces=[name], enabling=[EnablingPoint(job.target.module, f"{name} = {{stub}}")])


def _statement(exchange: Exchange, called: str) -> str:
    if exchange.returns:
        return f"return {called}"
    return f"{', '.join(exchange.outputs)} = {called}" if exchange.outputs else called
