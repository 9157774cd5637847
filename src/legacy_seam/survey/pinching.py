"""Pinch points: a few functions through which most effects of a part of the program pass.

Feathers (Working Effectively with Legacy Code, chapter 12) finds them by narrowing an effect sketch with the eye:
tests at a pinch point notice changes in everything below. Here a part is a module or a package; its effects are
what its functions touch themselves; the ways in are calls from outside the part, and functions that nobody calls.
The fewest functions that lie on all ways from in to effect are a minimum vertex cut (`survey.cutting`). Of all such
cuts the one nearest to the effects is taken: functions close to what they do are easier to call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from legacy_seam.survey.cutting import vertex_cut
from legacy_seam.survey.graph import Graph

WHOLE: Final = "the whole program"
_FEWEST_EFFECTS: Final = 3
_MOST_POINTS: Final = 5
_WIDEST_CUT: Final = 40
_MOST: Final = 0.8
"""The share of effects that is worth a test."""


@dataclass(frozen=True, slots=True)
class Pinch:
    """A part of the program, and where it can be held.

    part:     a module or a package.
    points:   paths of the functions, the one that holds most first.
    effects:  how many functions of the part touch something.
    held:     how many of these are reached through the points.
    covered:  how many functions of the part are reached through the points, these included.
    """

    part: str
    points: tuple[str, ...]
    effects: int
    held: int
    covered: int


def pinch_points(graph: Graph) -> list[Pinch]:
    """The pinch points of all modules and packages, those first that hold most with the fewest functions."""
    found = [pinch for part, paths in _parts(graph).items() if (pinch := _pinch(graph, part, paths)) is not None]
    narrowest: dict[tuple[str, ...], Pinch] = {}
    for pinch in sorted(found, key=lambda one: -one.held):  # the same points for a package and one of its modules
        narrowest.setdefault(pinch.points, pinch)
    return sorted(narrowest.values(), key=lambda one: (-one.held / len(one.points), one.part))


def _parts(graph: Graph) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for path in graph.program:
        if graph.functions[path].is_named:
            parts.setdefault(WHOLE, []).append(path)
            part = graph.functions[path].module
            while part:
                parts.setdefault(part, []).append(path)
                part = part.rpartition(".")[0]
    return parts


def _pinch(graph: Graph, part: str, paths: Sequence[str]) -> Pinch | None:
    inside = set(paths)
    effects = [path for path in paths if any(touch.kind != "logging" for touch in graph.touches[path])]
    if len(effects) < _FEWEST_EFFECTS:
        return None
    calls = {path: [one for one in graph.calls[path] if one in inside] for path in paths}
    ways_in = [path for path in paths if not graph.callers[path] or set(graph.callers[path]) - inside]
    cut = vertex_cut(calls, ways_in, effects, most=_WIDEST_CUT)
    if cut is None:
        return None
    points, held, covered = _those_that_hold_most(calls, cut, effects)
    if not points or len(points) > _MOST_POINTS or len(points) * 2 > held or held < _MOST * len(effects):
        return None
    return Pinch(part, points, len(effects), held, covered)


def _those_that_hold_most(
    calls: Mapping[str, Sequence[str]], cut: Iterable[str], effects: Collection[str]
) -> tuple[tuple[str, ...], int, int]:
    """Of a cut the fewest points that hold most effects, chosen greedily; how many they hold; what they cover."""
    below = {point: _reached(calls, point) for point in cut}
    points, covered = list[str](), set[str]()
    while below and len(covered & set(effects)) < _MOST * len(effects):
        best = max(below, key=lambda point: (len((below[point] - covered) & set(effects)), point))
        points.append(best)
        covered |= below.pop(best)
    return tuple(points), len(covered & set(effects)), len(covered)


def _reached(calls: Mapping[str, Sequence[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for one in calls[waiting.pop()]:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
