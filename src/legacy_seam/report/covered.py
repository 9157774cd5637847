"""What of the program its golden masters run, what only the wild has run, and what nobody has seen running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from legacy_seam.golden.running import Running
from legacy_seam.report.coverage_data import Counts, counts_of
from legacy_seam.source import Program
from legacy_seam.source.functions import functions_of
from legacy_seam.targets import Target

Where = Literal["net", "wild", "never"]
"""Where a function was seen running: in the net (some case runs it), only in the wild (calls were recorded, and no
case runs it), or never."""
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a function is run.

    line:  on which it begins, in `file`.
    where: where it was seen running.
    calls: how many were seen in the wild.
    own:   what its own golden master runs of it; None where it has none.
    net:   what all golden masters together run of it.
    """

    target: Target
    file: str
    line: int
    where: Where
    calls: int
    own: Counts | None
    net: Counts


def covered(
    program: Program, running: Running, pinned: Sequence[Target], calls: Mapping[Target, int]
) -> list[Covered]:
    """How much of each function of a program is run, in the order of its source.

    Args:
        program: the program.
        running: what its golden masters run.
        pinned: targets that have golden masters.
        calls: how many calls of a target were seen in the wild.
    """
    by_all = running.by_all()
    own_steps = {target: running.by(target) for target in pinned}
    found: list[Covered] = []
    for module in program.modules():
        file = str(module.path)
        together = counts_of({file: by_all.get(file, ())}, [file])
        for function in functions_of(module.tree, module.name):
            target, name = function.target, function.target.qualname.replace(".<locals>", "")
            net = together.get((file, name))
            if net is None or not net.of_lines:
                continue
            own = None
            if target in own_steps:
                own = counts_of({file: own_steps[target].get(file, ())}, [file]).get((file, name))
            where: Where = "net" if net.lines else "wild" if calls.get(target) else "never"
            found.append(Covered(target, file, function.first_line, where, calls.get(target, 0), own, net))
    return found


def rows(found: Sequence[Covered]) -> Iterator[tuple[str, ...]]:
    """Of each function with a golden master: target, lines, branches, and the lines that are not run, by whom."""
    for one in found:
        if one.own is not None:
            others = set(one.own.missing) - set(one.net.missing)
            remarks = [f"not run: {_lines(one.net.missing)}"] if one.net.missing else []
            remarks += [f"by others only: {_lines(sorted(others))}"] if others else []
            yield str(one.target), _share(one.own.lines, one.own.of_lines), _branches(one.own), "; ".join(remarks)


def covered_data(found: Sequence[Covered]) -> dict[str, Any]:
    """What `coverage --json` gives."""
    return {
        "version": 1,
        "functions": [
            {
                "function": str(one.target),
                "file": one.file,
                "line": one.line,
                "seen": one.where,
                "calls": one.calls,
                "own": None if one.own is None else _data(one.own),
                "net": _data(one.net),
            }
            for one in found
        ],
    }


def _data(counts: Counts) -> dict[str, Any]:
    return {
        "lines": counts.lines,
        "of_lines": counts.of_lines,
        "branches": counts.branches,
        "of_branches": counts.of_branches,
        "missing": list(counts.missing),
        "missing_branches": [list(one) for one in counts.missing_branches],
    }


def _branches(counts: Counts) -> str:
    return _share(counts.branches, counts.of_branches) if counts.of_branches else "-"


def _share(some: int, of: int) -> str:
    return f"{some:,} of {of:,}"


def _lines(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_MOST_LINES]))
    return f"{shown}, …" if len(lines) > _MOST_LINES else shown
