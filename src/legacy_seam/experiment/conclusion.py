"""After the legacy function has run: the candidate, the verdict, what the caller gets, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from legacy_seam.experiment.admission import Call
from legacy_seam.experiment.breaker import Breaker
from legacy_seam.experiment.compare.verdict import Verdict, shown
from legacy_seam.experiment.comparison import Comparison
from legacy_seam.experiment.counts import Counts
from legacy_seam.experiment.observation import Model, Observation, Outcome
from legacy_seam.experiment.parameters import Parameters
from legacy_seam.experiment.runners.running import Ran
from legacy_seam.experiment.serving import Serving
from legacy_seam.experiment.snapshots import CannotSnapshot, snapshot

Publish = Callable[[Observation], object]


class Conclusion:
    """Concludes calls.

    Args:
        name: The experiment's.
        parameters: Those of the legacy function.
        comparison: What is said about both sides.
        breaker: Is told how the candidate fares.
        counts: Counts what became of each call.
        publish: Where observations go.
        model: Which model the candidate is.
    """

    def __init__(
        self,
        name: str,
        parameters: Parameters,
        comparison: Comparison,
        breaker: Breaker | None,
        counts: Counts,
        publish: Publish | None,
        model: Model | None,
    ) -> None:
        self._name, self._parameters, self._comparison = name, parameters, comparison
        self._breaker, self._counts, self.publish, self._model = breaker, counts, publish, model

    def compared(self, call: Call, control: Outcome) -> None:
        """Run the candidate for comparison only."""
        call.runner.shadow(call.prepared, self._done(call, control))

    def returned(self, call: Call, result: Any, took: int) -> None:
        """The legacy function returned, and its caller has the result: the rest is comparison."""
        try:
            control = Outcome(snapshot(result), None, took)
        except CannotSnapshot:
            self._counts.add("skipped_cannot_snapshot_result")
            call.runner.discard(call.prepared)
            return
        self.compared(call, control)

    def _done(self, call: Call, control: Outcome) -> Callable[[Ran], None]:
        """What is to happen when the candidate has ended, in whatever thread that is."""

        def done(ran: Ran) -> None:
            try:
                self._note_ended(ran)
                verdict = self._verdict(control, ran, call.serving)
                reason = "" if call.refusal == "shadow" else call.refusal
                self._observe(call, control, ran, control.value, reason, call.refusal_detail, verdict)
            except Exception:
                self._counts.add("internal_errors")

        return done

    def served(self, call: Call, ran: Ran, result: Any, took: int) -> Any:
        """The candidate may answer: its answer, or the legacy one and why."""
        self._note_ended(ran)
        try:
            control = Outcome(snapshot(result), None, took)
        except CannotSnapshot:
            control = Outcome(None, None, took)
        served, reason, detail = result, ran.failure, ran.detail
        if not reason and ran.outcome is not None:
            inputs = self._inputs(call)
            served, reason, detail = call.serving.answer(ran.outcome.value, result, inputs or {})
        verdict = self._verdict(control, ran, call.serving)
        self._counts.add(f"fallback_{reason}" if reason else "served_by_candidate")
        self._observe(call, control, ran, _snapshot_or_text(served), reason, detail, verdict)
        return served

    def refused(self, call: Call, control: Outcome) -> None:
        """The candidate was not even run."""
        self._counts.add(f"fallback_{call.refusal}")
        self._observe(call, control, None, control.value, call.refusal, call.refusal_detail, None)

    def _note_ended(self, ran: Ran) -> None:
        if ran.failure == "dropped":
            self._counts.add("skipped_dropped")
            return
        if ran.failure == "queued":
            self._counts.add("queued")
            return
        if ran.failure:
            self._counts.add(f"candidate_{ran.failure}")
        if self._breaker is not None:
            if ran.failure:
                self._breaker.failed()
            else:
                self._breaker.succeeded()

    def _verdict(self, control: Outcome, ran: Ran, serving: Serving) -> Verdict | None:
        if ran.outcome is None:
            return None
        verdict = self._comparison.verdict(control, ran.outcome, serving)
        self._counts.add("compared", "matched" if verdict.match else "mismatched")
        return verdict

    def _inputs(self, call: Call) -> dict[str, Any] | None:
        if call.inputs is None and call.prepared is not None:
            found = call.runner.inputs(call.prepared)
            if found is not None:
                call.inputs = self._parameters.named(*found)
        return call.inputs

    def _observe(
        self,
        call: Call,
        control: Outcome,
        ran: Ran | None,
        served: Any,
        reason: str,
        detail: str,
        verdict: Verdict | None,
    ) -> None:
        if self.publish is None or (ran is not None and ran.failure == "dropped"):
            return
        arm = "legacy" if reason or call.serving.stage == "shadow" or ran is None else "candidate"
        failure = f"{ran.failure}: {ran.detail}" if ran is not None and ran.detail and not detail else detail
        observation = Observation(
            self._name, call.at, call.runner.name, call.serving.stage, arm, call.key, call.bucket,
            self._inputs(call), control, None if ran is None else ran.outcome, served, reason, failure, verdict,
            () if ran is None else ran.denied, self._model,
        )  # fmt: skip
        try:
            self.publish(observation)
        except Exception:
            self._counts.add("log_errors")


def _snapshot_or_text(value: Any) -> Any:
    """A copy of a value; its representation, where it cannot be copied."""
    try:
        return snapshot(value)
    except CannotSnapshot:
        return shown(value, 200)
