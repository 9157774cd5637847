"""Inputs near recorded ones, among which one may be found on which a mutant and the original part.

One argument of a recorded call is changed at a time: numbers by one and to the constants of the function, texts to
those and by a character, truth values over, containers by a part. This is a quick look at the neighbourhood;
whatever finds better inputs can take its place: it gives calls, and asks `World.probe`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from legacy_seam.calls import Call, Outcome
from legacy_seam.grade.mutants import Function, Source
from legacy_seam.rewriting.edits import node_at
from legacy_seam.values import NotationError, encode, parse

MOST_PROBES = 80
_MOST_CALLS = 4
_MOST_PARTS = 8


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
    """The numbers and texts that are written in a function, and the neighbours of its numbers."""
    found: dict[tuple[type, Any], Any] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, str):
            values = (node.value,) if isinstance(node.value, str) else _neighbours(node.value)
            found.update({(type(value), value): value for value in values})
    return list(found.values())


def _near(call: Call, constants: Sequence[Any]) -> Iterator[Call]:
    for name, text in call.arguments.items():
        try:
            tree = parse(text)
        except NotationError:
            continue
        for other in _changed(tree, constants):
            try:
                written = encode(other)
            except ValueError:
                continue
            yield replace(call, arguments={**call.arguments, name: written}, observed=None)


def _neighbours(number: Any) -> tuple[Any, ...]:
    return number, number - 1, number + 1


def _changed(value: Any, constants: Sequence[Any]) -> Iterator[Any]:
    """Values near a plain one; nothing for all else."""
    kind = type(value)
    if kind is bool:
        yield not value
    elif kind in (int, float):
        yield from (value - 1, value + 1, -value, kind(0))
        yield from (constant for constant in constants if type(constant) in (int, float))
    elif kind is str:
        yield from (one for one in constants if type(one) is str)
        yield from ("", value[1:], value[:-1], value + "x", value.upper(), value.lower(), f" {value}")
    elif kind is list:
        yield from ([], value[1:], value[:-1], value + value[-1:])
        for place, part in enumerate(value[:_MOST_PARTS]):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in _changed(part, constants))
    elif kind is dict and all(type(key) is str for key in value):
        for key in islice(value, _MOST_PARTS):
            yield from ({**value, key: other} for other in _changed(value[key], constants))


def in_words(outcome: Outcome) -> str:
    """What came of a call, in a few words."""
    return "; ".join(f"{one.kind} {one.place} {one.text}".replace("  ", " ") for one in outcome.effects)
