"""What minimizing golden masters gave, as rows of a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from legacy_seam.grade.minimizing import Minimized, Strength


def rows(results: Iterable[Minimized]) -> Iterator[tuple[str, ...]]:
    """Of each golden master that is smaller: target, cases before and after, and what stays the same."""
    for one in results:
        if one.strength is not None:
            before, after = one.strength
            yield (
                str(one.target),
                f"{one.cases:,}",
                f"{one.kept:,}",
                _same(len(before.steps), len(after.steps)),
                _same(len(before.sorts), len(after.sorts)),
                _same(len(before.mutants), len(after.mutants)),
            )


def minimized_data(results: Iterable[Minimized], *, written: bool) -> dict[str, Any]:
    """What `minimize --json` gives.

    Args:
        results: what came of each golden master.
        written: golden masters were changed.
    """
    return {
        "version": 1,
        "written": written,
        "targets": [
            {
                "target": str(one.target),
                "cases": one.cases,
                "kept": one.kept,
                "left_out": one.left_out(),
                "before": None if one.strength is None else _data(one.strength[0]),
                "after": None if one.strength is None else _data(one.strength[1]),
                "problem": one.problem,
            }
            for one in results
        ],
    }


def _data(strength: Strength) -> dict[str, Any]:
    return {
        "steps": len(strength.steps),
        "sorts": len(strength.sorts),
        "mutants": len(strength.mutants),
        "score": strength.score,
    }


def _same(before: int, after: int) -> str:
    return f"{after:,}" if before == after else f"{before:,} -> {after:,}"
