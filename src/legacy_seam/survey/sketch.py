"""The effect sketch: which functions come to which effects, drawn with as few boxes as tell it.

Feathers draws one by hand before a change, to see where its effects can be sensed (chapter 11). Here the boxes are
the riskiest functions and the pinch points; functions that are not drawn are passed over: an arrow leads from one
box to the next that is reached without meeting a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from legacy_seam.survey.catalogue import KINDS, Kind
from legacy_seam.survey.risk import WEIGHTS
from legacy_seam.survey.survey import Survey, Surveyed

_MOST_OF_OTHERS: Final = 3
"""Effects through others that are drawn of one function: everything reaches everything in the end."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a function to another, or to an effect.

    is_direct: without functions in between that are not drawn.
    writes:    does the effect change something? Of an arrow to a function, always False.
    """

    start: str
    end: str
    is_direct: bool
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn.

    functions: the boxes, by their paths.
    pinches:   paths of those that are pinch points.
    effects:   the kinds of effects that are reached, the gravest first.
    calls:     arrows between functions.
    touches:   arrows from functions to effects.
    left_out:  functions that are not drawn although they come to an effect.
    """

    functions: Mapping[str, Surveyed]
    pinches: frozenset[str]
    effects: Sequence[Kind]
    calls: Sequence[Arrow]
    touches: Sequence[Arrow]
    left_out: int


def sketch(survey: Survey, chosen: Iterable[Surveyed], most: int) -> Sketch:
    """The effect sketch of some functions of a survey.

    Args:
        survey: the survey.
        chosen: the functions that may be drawn, the most important first.
        most: how many boxes at most.
    """
    candidates = {one.function.path: one for one in chosen if one.reaches}
    points = [path for pinch in survey.pinches for path in pinch.points if path in candidates]
    paths = list(dict.fromkeys([*points[: most // 4], *candidates]))[:most]
    drawn = {path: candidates[path] for path in paths}
    calls: list[Arrow] = []
    touches: dict[tuple[str, str], Arrow] = {}
    for path in drawn:
        others, passed = _beyond(survey, path, drawn)
        calls += others
        for arrow in _touches_from(survey, drawn[path], passed):
            known = touches.get((arrow.start, arrow.end))
            if known is not None:
                arrow = Arrow(path, arrow.end, known.is_direct or arrow.is_direct, known.writes or arrow.writes)
            touches[arrow.start, arrow.end] = arrow
    reached = {arrow.end for arrow in touches.values()}
    effects = [kind for kind in KINDS if kind in reached]
    return Sketch(
        drawn,
        frozenset(points) & drawn.keys(),
        effects,
        calls,
        tuple(touches.values()),
        len(candidates) - len(drawn),
    )


def _beyond(survey: Survey, path: str, drawn: Mapping[str, Surveyed]) -> tuple[list[Arrow], list[str]]:
    """Arrows to the boxes that are reached without meeting a third; and what was passed over on the way."""
    arrows, passed = list[Arrow](), list[str]()
    seen, waiting = {path}, [path]
    for current in waiting:
        for callee in survey.graph.calls[current]:
            if callee in seen:
                continue
            seen.add(callee)
            if callee in drawn:
                arrows.append(Arrow(path, callee, current == path))
            else:
                passed.append(callee)
                waiting.append(callee)
    return arrows, passed


def _touches_from(survey: Survey, one: Surveyed, passed: Iterable[str]) -> list[Arrow]:
    """What a function touches itself, and the gravest of what it comes to through functions that are not drawn."""
    path = one.function.path
    direct = dict.fromkeys(Arrow(path, touch.kind, True, touch.writes) for touch in one.touches)
    own = {arrow.end for arrow in direct}
    others = dict.fromkeys(
        (touch.kind, touch.writes)
        for other in passed
        for touch in survey.graph.touches[other]
        if touch.kind not in own
    )
    gravest = sorted(others, key=lambda effect: (-WEIGHTS[effect] / (1 + one.reaches[effect].steps), effect))
    return [*direct, *(Arrow(path, kind, False, writes) for kind, writes in gravest[:_MOST_OF_OTHERS])]
