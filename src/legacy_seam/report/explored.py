"""What was found by exploring, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from legacy_seam.explore.plan import Explored, Proposed
from legacy_seam.report.differences import shorten

_WIDTH = 76
VERSION = 1
HEADINGS = ("function", "calls tried", "branches", "score", "proposed", "to ask about")


def table(explored: Iterable[Explored]) -> list[tuple[str, ...]]:
    """Rows: target, calls tried, branches before and after, score before and after, proposed, to ask about."""
    return [
        (
            str(one.target),
            f"{one.tried:,}",
            f"{one.branches[0]} → {one.branches[1]}",
            _scores(one),
            str(sum(proposed.remark.is_plain for proposed in one.proposed)),
            str(sum(not proposed.remark.is_plain for proposed in one.proposed)),
        )
        for one in explored
    ]


def lines_of(explored: Explored) -> list[str]:
    """What is proposed for one target, a few lines each, those first about which somebody has to be asked."""
    lines: list[str] = []
    asked = [one for one in explored.proposed if one.remark.is_crash]
    others = [one for one in explored.proposed if not one.remark.is_crash]
    if asked:
        lines.append("  ends in an exception that nothing recorded raised: keep that behaviour, or ask about it?")
        lines += _cases(asked)
    for closeness, words in (
        ("recorded-like", "inputs like those recorded:"),
        ("plausible", "plausible inputs:"),
        ("outside", "inputs outside of anything seen:"),
    ):
        some = [one for one in others if one.remark.familiarity == closeness]
        if some:
            lines += [f"  {words}", *_cases(some)]
    return lines


def _cases(proposed: Sequence[Proposed]) -> list[str]:
    lines = []
    for one in proposed:
        call = one.case.call
        given = ", ".join(f"{name}={text}" for name, text in call.arguments.items())
        lines += [
            f"    {call.identity}  {shorten(f'({given})', _WIDTH)}",
            f"      {shorten(one.outcome, _WIDTH)}; {one.remark.why}",
        ]
    return lines


def _scores(one: Explored) -> str:
    before, after = one.score
    if before is None or after is None:
        return "-"
    return f"{before:.0%} → {after:.0%}"


def explored_data(explored: Iterable[Explored]) -> dict[str, Any]:
    """What `explore --json` gives."""
    return {
        "version": VERSION,
        "targets": [
            {
                "target": str(one.target),
                "tried": one.tried,
                "refused": one.refused,
                "unstable": one.moved,
                "branches": {"recorded": one.branches[0], "with_proposal": one.branches[1]},
                "score": {"recorded": one.score[0], "with_proposal": one.score[1]},
                "file": None if one.path is None else str(one.path),
                "problem": one.problem,
                "proposed": [_case(proposed) for proposed in one.proposed],
            }
            for one in explored
        ],
    }


def _case(one: Proposed) -> dict[str, Any]:
    return {
        "case": one.case.call.identity,
        "arguments": dict(one.case.call.arguments),
        "familiarity": one.remark.familiarity,
        "is_crash": one.remark.is_crash,
        "why": one.remark.why,
        "outcome": [[effect.kind, effect.place, effect.text] for effect in one.case.approved.effects],
    }
