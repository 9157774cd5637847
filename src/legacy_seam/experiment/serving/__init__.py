"""Letting the candidate answer: for some keys, for all, and never when there is a reason against it.

The legacy function runs in any case, so that its side effects happen and its answer is at hand. Each reason for
which its answer is served has a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.serving.coercion import NotFinite, Rounding, WrongType, coerced
from legacy_seam.experiment.serving.contract import Contract, Field
from legacy_seam.plaindata import dataclass

Stage = Literal["shadow", "canary", "live"]

REASONS = (
    "exception",
    "timeout",
    "non_finite",
    "out_of_range",
    "type_mismatch",
    "schema_violation",
    "unseen_category",
    "model_load_failed",
    "version_mismatch",
    "breaker_open",
    "killed",
    "guardrail",
    "not_in_canary",
    "legacy_raised",
)
"""Why the legacy answer is served. `legacy_raised`: the legacy function raised, which is what its callers get."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How far the candidate has come.

    Args:
        stage: `shadow` (it is only compared), `canary` (it answers for a share of the keys) or `live` (for all).
        share: The share of the keys in the canary, from 0 to 1. Keys that are in stay in when it grows.
        salt: Draws other keys into the canary.
        contract: What inputs and outputs were recorded to look like; anything else is left to legacy.
        guardrail: A last word of your own: given the answer and the arguments by parameter, it says whether the
            answer may be served.
        rounding: What becomes of 712.4 where legacy returns whole numbers.
    """

    stage: Stage = "shadow"
    share: float = 0.0
    salt: str = ""
    contract: Contract | None = None
    guardrail: Callable[[Any, dict[str, Any]], object] | None = None
    rounding: Rounding = "exact"

    def __post_init__(self) -> None:
        if self.stage not in ("shadow", "canary", "live"):
            raise ValueError(f"A stage is shadow, canary or live, not {self.stage!r}.")
        if not 0 <= self.share <= 1:
            raise ValueError("The share of the canary is a number from 0 to 1.")

    def refusal(self, place: float | None) -> str:
        """Why a key at this place is not served by the candidate at this stage; empty if it is."""
        if self.stage == "live":
            return ""
        return "" if place is not None and place < self.share else "not_in_canary"

    def answer(self, value: Any, legacy: Any, inputs: dict[str, Any]) -> tuple[Any, str, str]:
        """What to serve, with a reason and a detail where it is not the answer of the candidate.

        Args:
            value: The answer of the candidate.
            legacy: That of the legacy function.
            inputs: The arguments by parameter.
        """
        types = self.contract.output_types if self.contract is not None else ()
        try:
            made = coerced(value, types or (type(legacy).__name__,), self.rounding)
        except NotFinite as error:
            return legacy, "non_finite", str(error)
        except WrongType as error:
            return legacy, "type_mismatch", str(error)
        violation = self.contract.check_output(made) if self.contract is not None else None
        if violation is not None:
            return legacy, *violation
        if self.guardrail is not None:
            try:
                if not self.guardrail(made, inputs):
                    return legacy, "guardrail", "the guardrail says no"
            except Exception as error:
                return legacy, "guardrail", told(error)
        return made, "", ""


__all__ = ["REASONS", "Contract", "Field", "Serving", "Stage"]
