"""How two calls ended, beside each other: with values, with exceptions, or one with this and one with that."""

from __future__ import annotations

from legacy_seam.experiment.compare.verdict import Comparator, Verdict, departs, shown
from legacy_seam.experiment.observation import Outcome
from legacy_seam.experiment.serving import Serving


class Comparison:
    """The comparators of one experiment.

    Args:
        values: Compares what was returned.
        errors: Compares what was raised.
    """

    def __init__(self, values: Comparator, errors: Comparator) -> None:
        self._values, self._errors = values, errors

    def verdict(self, control: Outcome, candidate: Outcome, serving: Serving | None = None) -> Verdict:
        """The verdict on how two calls ended. Never raises.

        Args:
            control: How the legacy function ended.
            candidate: How the candidate ended.
            serving: What would be served is compared, where this changes types or rounds.
        """
        if control.raised is not None and candidate.raised is not None:
            return self._errors(control.raised, candidate.raised)
        if control.raised is not None:
            return departs("", f"control raised {control.raised.type}, candidate returned {shown(candidate.value)}")
        if candidate.raised is not None:
            return departs("", f"control returned {shown(control.value)}, candidate raised {candidate.raised.type}")
        value = candidate.value
        if serving is not None and (serving.contract is not None or serving.rounding != "exact"):
            made, reason, _ = Serving(rounding=serving.rounding).answer(value, control.value, {})
            value = value if reason else made
        return self._values(control.value, value)
