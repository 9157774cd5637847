"""Boxes in columns: whoever calls stands left of what is called, and few arrows cross.

The usual three steps of a layered drawing (Sugiyama, Tagawa and Toda, 1981): cycles are cut where a depth-first
walk closes them; a box stands one column right of the rightmost that leads to it; within a column boxes are ordered
by the mean row of their neighbours, a few times to and fro.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_SWEEPS: Final = 6


def arrange(names: Iterable[str], arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The columns from left to right, each from top to bottom.

    >>> arrange("abcd", [("a", "b"), ("a", "c"), ("c", "d"), ("d", "a")])
    [['a'], ['b', 'c'], ['d']]
    """
    ahead: dict[str, list[str]] = {name: [] for name in names}
    for start, end in arrows:
        if start != end:
            ahead[start].append(end)
    order = _without_cycles(ahead)
    column = dict.fromkeys(order, 0)
    for name in order:
        for other in ahead[name]:
            column[other] = max(column[other], column[name] + 1)
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for name in ahead:
        columns[column[name]].append(name)
    _untangle(columns, ahead)
    return columns


def _without_cycles(ahead: dict[str, list[str]]) -> list[str]:
    """Take out the arrows that close a cycle; the names in an order in which all others lead onwards."""
    finished: dict[str, None] = {}
    open_: set[str] = set()
    for first in ahead:
        way = [] if first in finished else [(first, iter(list(ahead[first])))]
        open_.update(name for name, _ in way)
        while way:
            name, rest = way[-1]
            other = next(rest, None)
            if other is None:
                way.pop()
                open_.discard(name)
                finished[name] = None
            elif other in open_:
                ahead[name].remove(other)
            elif other not in finished:
                open_.add(other)
                way.append((other, iter(list(ahead[other]))))
    return list(finished)[::-1]


def _untangle(columns: Sequence[list[str]], ahead: Mapping[str, Sequence[str]]) -> None:
    behind: dict[str, list[str]] = {name: [] for name in ahead}
    for name, others in ahead.items():
        for other in others:
            behind[other].append(name)
    for sweep in range(_SWEEPS):
        neighbours = ahead if sweep % 2 else behind
        rows = {name: row / max(len(column), 1) for column in columns for row, name in enumerate(column)}
        for column in columns:
            column.sort(key=lambda name: _mean([rows[one] for one in neighbours[name]], rows[name]))
            rows.update((name, row / len(column)) for row, name in enumerate(column))


def _mean(rows: Sequence[float], otherwise: float) -> float:
    return sum(rows) / len(rows) if rows else otherwise
