"""Inputs near recorded ones, among which one may be found on which a mutant and the original part.

One part of an argument of a recorded call is changed at a time, attributes of objects included: numbers by one and
to the constants of the function, dates and decimals by a step, texts by a character and to those constants, truth
values over, containers by an item. This is a quick look at the neighbourhood; whatever finds better inputs can take
its place: it gives calls, and asks `World.probe`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest
from typing import Any

from legacy_seam.calls import Call, Outcome
from legacy_seam.grade.mutants import Function, Source
from legacy_seam.replay.searching.grafting import differences
from legacy_seam.replay.searching.scales import is_on_scale, made_of, neighbours
from legacy_seam.replay.searching.trees import Step, parts, read, replaced, written
from legacy_seam.rewriting.edits import node_at
from legacy_seam.values import encode

MOST_PROBES = 100
_MOST_CALLS = 4
_MOST_PARTS = 12
_AT_A_TIME = 3
"""Of an argument that is one number or text, so many changes for each of a part of a larger one."""
_LONGEST = 60
"""Characters of a constant that is tried: what a person is to read."""


def probes(calls: Sequence[Call], source: Source, function: Function) -> list[Call]:
    """Calls near some recorded ones, without those themselves.

    Args:
        calls: recorded calls that run the place.
        source: the module of the function.
        function: whose constants are tried.
    """
    constants = constants_of(node_at(source.tree, function.path))
    found: dict[tuple[tuple[str, str], ...], Call] = {}
    recorded = {tuple(call.arguments.items()) for call in calls}
    waiting = [_near(call, constants) for call in calls[:_MOST_CALLS]]
    while waiting and len(found) < MOST_PROBES:
        near = waiting.pop(0)
        some = list(islice(near, MOST_PROBES // _MOST_CALLS))
        for call in some:
            key = tuple(call.arguments.items())
            if key not in recorded:
                found.setdefault(key, call)
        if some:
            waiting.append(near)
    return list(found.values())[:MOST_PROBES]


def constants_of(function: ast.AST) -> list[Any]:
    """The numbers and short texts that are written in a function, and the neighbours of its numbers; not what
    documents it."""
    said = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
    found: dict[tuple[type, Any], Any] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, str) and id(node) not in said:
            if not isinstance(node.value, str):
                found.update({(type(value), value): value for value in _neighbours(node.value)})
            elif len(node.value) <= _LONGEST:
                found[str, node.value] = node.value
    return list(found.values())


def _near(call: Call, constants: Sequence[Any]) -> Iterator[Call]:
    """Calls that differ from one in one part; of each part in turn one, so that none waits for all others."""
    trees = read(call.arguments)
    waiting = [
        (name, part.path, _changed(part.tree, constants))
        for name, tree in trees.items()
        for part in islice(parts(tree, name), _MOST_PARTS)
    ]
    while waiting:
        name, path, changes = waiting.pop(0)
        some = list(islice(changes, 1 if path else _AT_A_TIME))
        for other in some:
            text = written(replaced(trees[name], path, other))
            if text is not None:
                yield replace(call, arguments={**call.arguments, name: text}, observed=None)
        if some:
            waiting.append((name, path, changes))


def _neighbours(number: Any) -> tuple[Any, ...]:
    return number, number - 1, number + 1


def _changed(value: Any, constants: Sequence[Any]) -> Iterator[Any]:
    """Values near a plain one; nothing for all else, and for what lies in a container."""
    kind = type(value)
    if is_on_scale(value):
        numbers = [constant for constant in constants if type(constant) in (int, float)]
        yield from (*neighbours(value)[1:], *made_of(numbers, value))
    elif kind is bool:
        yield not value
    elif kind in (int, float):
        alike = [constant for constant in constants if type(constant) in (int, float)]
        yield from (value + 1, value - 1, *alike, -value, kind(0))
    elif kind is str:
        edited = ("", value[1:], value[:-1], value + "x", value.upper(), value.lower(), f" {value}")
        alike = [one for one in constants if type(one) is str]
        for pair in zip_longest(edited, alike):
            yield from (one for one in pair if one is not None)
    elif kind is list:
        yield from ([], value[1:], value[:-1], value[1:] + value[:1], value + value[-1:])


def like(call: Call, recorded: Call) -> str:
    """In which part a call differs from a recorded one, as code would say it.

    Args:
        call: one of `probes`; recorded: that of which it was made.
    """
    before = read(recorded.arguments)
    return ", ".join(
        f"{name}{''.join(map(_spelled, path))}={encode(part)}"
        for name, tree in read(call.arguments).items()
        if call.arguments[name] != recorded.arguments.get(name)
        for path, part in differences(before.get(name), tree)
    )


def _spelled(step: Step) -> str:
    kind, key = step
    return f".{key}" if kind == "attribute" else f"[{key!r}]"


def in_words(outcome: Outcome, other: Outcome | None = None) -> str:
    """What came of a call, in a few words.

    Args:
        outcome: what came of it.
        other: what came of it elsewhere; only what is not the same is told, if anything is.
    """
    known = () if other is None else other.effects
    told = [one for one in outcome.effects if one not in known]
    only = "" if told or other is None else "only "
    return only + "; ".join(
        f"{one.kind} {one.place} {one.text}".replace("  ", " ") for one in told or outcome.effects
    )
