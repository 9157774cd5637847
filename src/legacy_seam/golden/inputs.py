"""What among the inputs of a call measures, and what chooses: so calls that run the same lines are told apart.

It is what the recorder goes by as well (`legacy_seam.record.taken`), read from texts instead of live values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

from legacy_seam.calls import Call, Text
from legacy_seam.values import Node, NotationError, Tree, parse

_LONGEST_WORD = 24
_LONGEST_TEXT = 20_000
_MOST_PARTS = 30
_SIZED = (str, bytes, list, tuple, dict, set, frozenset)


def numbers_of(call: Call) -> dict[str, float]:
    """The numbers among the inputs of a call, by name: arguments, lengths, and what lies one step within them."""
    numbers: dict[str, float] = {}
    for name, tree in _trees(call):
        for place, inner in ((name, tree), *_within(name, tree)):
            measure = _measure(inner)
            if measure is not None and measure == measure:
                numbers[place] = measure
    return numbers


def words_of(call: Call) -> dict[str, Text]:
    """What among the inputs of a call chooses rather than measures, as texts by name: short texts, True, None."""
    words: dict[str, Text] = {}
    for name, tree in _trees(call):
        for place, inner in ((name, tree), *_within(name, tree)):
            if inner is None or type(inner) is bool or (type(inner) is str and len(inner) <= _LONGEST_WORD):
                words[place] = repr(inner)
    return words


def _trees(call: Call) -> Iterator[tuple[str, Tree]]:
    inputs: Mapping[str, Text] = {**call.arguments, **call.closure, **call.state}
    for name, text in inputs.items():
        if len(text) <= _LONGEST_TEXT:
            with suppress(NotationError):  # pieces of it lie elsewhere
                yield name, parse(text)


def _within(name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    if type(tree) is Node:
        parts = list(tree.attributes.items())
    elif type(tree) is dict:
        parts = [(key, inner) for key, inner in tree.items() if type(key) is str]
    else:
        return
    for key, inner in parts[:_MOST_PARTS]:
        yield f"{name}.{key}", inner


def _measure(tree: Tree) -> float | None:
    """The size of a number, the length of what has one, the day of a date; None for all else."""
    with suppress(TypeError, ValueError, OverflowError):
        if type(tree) in (int, float):
            return float(tree)
        if type(tree) in _SIZED:
            return float(len(tree))
        if type(tree) is Node and tree.name == "Decimal":
            return float(*tree.args)
        if type(tree) is Node and tree.name in ("date", "datetime"):
            return float(date(*tree.args[:3]).toordinal())
    return None
