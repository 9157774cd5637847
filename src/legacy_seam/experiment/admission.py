"""Before the legacy function runs: what is to become of a call, and a copy of its arguments if it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from time import time_ns
from typing import Any

from legacy_seam.experiment.breaker import Breaker
from legacy_seam.experiment.buckets import bucket
from legacy_seam.experiment.budget import Budget
from legacy_seam.experiment.counts import Counts
from legacy_seam.experiment.killswitch import KillSwitch
from legacy_seam.experiment.parameters import Parameters
from legacy_seam.experiment.runners.running import Runner
from legacy_seam.experiment.serving import Serving
from legacy_seam.experiment.snapshots import CannotSnapshot
from legacy_seam.experiment.switches import Sampling

KeyOf = Callable[[tuple[Any, ...], dict[str, Any]], str | None]


class Call:
    """One call that is looked at, from its beginning to its end.

    Attributes:
        at: When it began, in nanoseconds since 1970.
        serving: What held when it began.
        runner: What runs its candidate.
        key, bucket: What it is about, and where that falls.
        prepared: What the runner took of its arguments; None where the candidate is not run.
        inputs: The arguments by parameter, once they have been asked for.
        refusal: Why the candidate's answer is not served, whatever it is; empty if it may be.
        refusal_detail: The same in words.
        overhead: Nanoseconds that its caller has lost to the experiment so far.
    """

    __slots__ = (
        "at",
        "bucket",
        "inputs",
        "key",
        "overhead",
        "prepared",
        "refusal",
        "refusal_detail",
        "runner",
        "serving",
    )

    def __init__(self, serving: Serving, runner: Runner, key: str | None, place: float | None) -> None:
        self.at = time_ns()
        self.serving, self.runner, self.key, self.bucket = serving, runner, key, place
        self.prepared: Any = None
        self.inputs: dict[str, Any] | None = None
        self.refusal = self.refusal_detail = ""
        self.overhead = 0


class Admission:
    """Decides about calls.

    Args:
        name: The experiment's.
        parameters: Those of the legacy function.
        key_of: What a call is about.
        sampling, budget, breaker, kill: What may stand against the candidate being run.
        counts: Counts what became of each call.
    """

    def __init__(
        self,
        name: str,
        parameters: Parameters,
        key_of: KeyOf,
        sampling: Sampling,
        budget: Budget | None,
        breaker: Breaker | None,
        kill: KillSwitch,
        counts: Counts,
    ) -> None:
        self._name, self._parameters, self._key_of = name, parameters, key_of
        self._sampling, self._budget, self._breaker, self._kill = sampling, budget, breaker, kill
        self._counts = counts

    def admit(
        self, serving: Serving, runner: Runner, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> Call | None:
        """The call, with what the candidate needs if it is run; None to leave it alone."""
        killed = self._kill.killed()
        if killed and serving.stage == "shadow":
            self._counts.add("calls", "skipped_killed")
            return None
        key = self._key_of(arguments, named)
        place = None if key is None else bucket(serving.salt, self._name, key)
        call = Call(serving, runner, key, place)
        if serving.stage == "shadow":
            call.refusal = "shadow"
        else:
            call.refusal = serving.refusal(place)
            if call.refusal:
                self._counts.add(f"fallback_{call.refusal}")
            elif killed:
                call.refusal = "killed"
                self._counts.add("calls")
                return call
        if call.refusal:
            return self._to_be_compared(call, killed, arguments, named)
        return self._to_be_served(call, arguments, named)

    def _to_be_compared(
        self, call: Call, killed: bool, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> Call | None:
        """The candidate's answer is compared only: there may be reasons to do without."""
        why = ""
        if killed:
            why = "skipped_killed"
        elif not self._sampling.takes(self._name, call.key, arguments, named):
            why = "skipped_not_sampled"
        elif self._budget is not None and not self._budget.allows():
            why = "skipped_over_budget"
        elif self._breaker is not None and not self._breaker.allows():
            why = "skipped_breaker_open"
        else:
            try:
                call.prepared = call.runner.prepare(arguments, named)
            except CannotSnapshot:
                why = "skipped_cannot_snapshot"
        if why:
            self._counts.add("calls", why)
            return None
        self._counts.add("calls")
        return call

    def _to_be_served(self, call: Call, arguments: tuple[Any, ...], named: dict[str, Any]) -> Call:
        """The candidate may answer: where it cannot, the call says why."""
        contract = call.serving.contract
        if contract is not None:
            violation = contract.check_inputs(self._parameters.named(arguments, named))
            if violation is not None:
                call.refusal, call.refusal_detail = violation
                self._counts.add(f"fallback_{call.refusal}")
        if self._breaker is not None and not self._breaker.allows():
            self._counts.add("calls", "skipped_breaker_open")
            call.refusal = "breaker_open"
            return call
        try:
            call.prepared = call.runner.prepare(arguments, named)
        except CannotSnapshot as error:
            self._counts.add("calls", "skipped_cannot_snapshot")
            call.refusal, call.refusal_detail = "exception", f"the arguments cannot be copied: {error}"
            return call
        self._counts.add("calls")
        return call
