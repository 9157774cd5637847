"""One recorded call through a candidate, within a test."""

from __future__ import annotations

from collections.abc import Mapping

from legacy_seam.experiment import Experiment, Outcome, Raised, Verdict
from legacy_seam.rollout.candidate import Passed, Rebuilt, nothing


def check(
    candidate: str,
    inputs: Mapping[str, str],
    *,
    returned: str | None = None,
    raised: tuple[str, str] | None = None,
    compare: str = "tolerance",
    imports: tuple[str, ...] = (),
) -> None:
    """Assert that a candidate does on one recorded call what legacy did.

    Args:
        candidate: `module:attribute`.
        inputs: parameter -> text in the notation.
        returned: what legacy returned, in the notation.
        raised: or the type and the message of what it raised.
        compare: the name of a comparator.
        imports: modules with classes of the recorded values; these may be named.

    Raises:
        AssertionError: it does something else.

    >>> check("math:floor", {"x": "2.5"}, returned="2")
    """
    rebuilt = Rebuilt(candidate, compare, imports, (*imports, candidate.partition(":")[0]))
    rebuilt.load()
    control = Outcome(returned, None if raised is None else Raised(*raised))
    try:
        answer = rebuilt(inputs, (), returned)
    except Exception as error:
        ended = Outcome(raised=Raised.of(error))
    else:
        assert not answer.refusal, answer.refusal
        ended = Outcome(answer)
    experiment = Experiment("test", nothing(), nothing(), compare=Passed())
    verdict: Verdict = experiment.compare_outcomes(control, ended)
    place = f"at {verdict.path}: " if verdict.path else ""
    assert verdict.match, f"{candidate} departs from legacy: {place}{verdict.reason}"
