"""What a golden master is: all approved cases of one target, and what a reader should know about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from legacy_seam.plaindata import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from legacy_seam.calls import Case, Outcome
    from legacy_seam.targets import Target

Isolation = Literal["shared", "fresh"]
"""How cases are replayed: one after the other in one process (`shared`), or each in a process of its own."""


@dataclass(frozen=True, slots=True)
class GoldenMaster:
    """All approved cases of one target.

    signature:  the parameters of the target when it was pinned, for readers.
    depends_on: what of the controlled world moves the outcome, with the place where it is read
                (`clock at rules.py:31`), for readers and for seams.
    is_minimal: it was made as small as it can be; only calls that take new ways or end in new ways join it.
    """

    target: Target
    cases: tuple[Case, ...]
    signature: str = ""
    isolation: Isolation = "shared"
    depends_on: tuple[str, ...] = ()
    is_minimal: bool = False

    def with_outcomes(self, outcomes: Mapping[str, Outcome]) -> GoldenMaster:
        """The same golden master with other approved outcomes, by the identity of the call."""
        return replace(
            self, cases=tuple(_with_outcome(case, outcomes.get(case.call.identity)) for case in self.cases)
        )


def _with_outcome(case: Case, outcome: Outcome | None) -> Case:
    return case if outcome is None or outcome is case.approved else replace(case, approved=outcome)
