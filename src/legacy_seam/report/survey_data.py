"""A survey as plain data: what `survey --json` gives, documented in `docs/reference/json.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from legacy_seam.report.machine import VERSION
from legacy_seam.report.openings import Opening, Openings
from legacy_seam.survey.survey import Survey, Surveyed


def survey_data(survey: Survey, chosen: Iterable[Surveyed], openings: Openings) -> dict[str, Any]:
    """The survey as data.

    Args:
        survey: the survey.
        chosen: the functions that were asked for.
        openings: places for seams where techniques were asked, by the paths of functions.
    """
    program = [module for module in survey.modules if not module.is_test]
    history = survey.history
    return {
        "version": VERSION,
        "files": len(survey.modules),
        "lines": sum(module.lines for module in program),
        "left_out": [
            {"file": one.file, "line": one.line, "code": one.code, "reason": one.reason} for one in survey.left_out
        ],
        "history": None
        if history is None
        else {"commits": history.commits, "since": history.since, "is_whole": history.is_whole},
        "functions": [_function(survey, one, openings.get(one.function.path)) for one in chosen],
        "pinch_points": [
            {
                "part": pinch.part,
                "points": [str(survey.graph.functions[path].target) for path in pinch.points],
                "effects": pinch.effects,
                "held": pinch.held,
                "covered": pinch.covered,
            }
            for pinch in survey.pinches
        ],
    }


def _function(survey: Survey, one: Surveyed, openings: Sequence[Opening] | None) -> dict[str, Any]:
    functions, churn = survey.graph.functions, one.churn
    return {
        "target": str(one.target),
        "file": one.function.file,
        "line": one.function.line,
        "risk": one.score,
        "level": one.level,
        "why": one.why,
        "lines": one.function.lines,
        "complexity": one.function.complexity,
        "nesting": one.function.nesting,
        "parameters": one.function.parameters,
        "fan_in": one.fan_in,
        "fan_out": one.fan_out,
        "churn": None
        if churn is None
        else {"commits": churn.commits, "authors": churn.authors, "last": churn.last},
        "net": {"golden": one.net.golden, "test": one.net.test},
        "touches": [
            {
                "kind": touch.kind,
                "what": touch.what,
                "line": touch.line,
                "writes": touch.writes,
                "is_sure": touch.is_sure,
            }
            for touch in one.touches
        ],
        "effects": [
            {
                "kind": kind,
                "writes": writes,
                "calls_away": reach.steps,
                "via": None if reach.via is None else str(functions[reach.via].target),
            }
            for (kind, writes), reach in sorted(one.reaches.items())
        ],
        "unstable": [{"what": site.what, "line": site.line} for site in one.unstable],
        "calls": [
            {"target": str(functions[callee].target), "is_sure": is_sure}
            for callee, is_sure in survey.graph.calls[one.function.path].items()
        ],
        "seams": [_opening(one) for one in openings or map(Opening, survey.opportunities(one))],
    }


def _opening(opening: Opening) -> dict[str, Any]:
    place = opening.opportunity
    return {
        "technique": place.technique,
        "target": place.target,
        "call": place.call,
        "line": place.line,
        "why": place.why,
        "command": opening.command,
        "refusal": opening.refusal,
    }
