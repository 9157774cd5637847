"""The ladder: what an edit must pass before it is kept. One step is one function; `LADDER` is their order.

These are the steps that need nothing but the text. Those that run the program (import in a fresh process, golden
masters, liveness) are in `legacy_seam.seams.net`; the last one (undo gives the same bytes) is in
`legacy_seam.seams.journal`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from legacy_seam.seams.checks.again import nothing_is_left_to_do
from legacy_seam.seams.checks.calls import every_call_still_binds
from legacy_seam.seams.checks.scopes import no_other_name_changes_its_scope
from legacy_seam.seams.checks.text import everything_else_is_untouched, it_compiles
from legacy_seam.seams.trial import Broken, Finding, Trial

LADDER: Final[tuple[tuple[str, Callable[[Trial], str]], ...]] = (
    ("compiles", it_compiles),
    ("nothing else is touched", everything_else_is_untouched),
    ("no name changes its scope", no_other_name_changes_its_scope),
    ("every call still binds", every_call_still_binds),
    ("a second time does nothing", nothing_is_left_to_do),
)


def climb(trial: Trial) -> list[Finding]:
    """Take the steps one after the other, up to the first that fails."""
    findings: list[Finding] = []
    for name, step in LADDER:
        try:
            findings.append(Finding(name, "holds", step(trial)))
        except Broken as broken:
            return [*findings, Finding(name, "fails", str(broken))]
    return findings
