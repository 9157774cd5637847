"""The experiment itself: a callable in the place of a legacy function, and to its callers that function.

The legacy function (the control) runs first, exactly once, on the original arguments. A candidate runs on a copy
that was taken before. What callers get is what legacy gave, unless the candidate has been promoted and nothing
speaks against its answer (`serving/`).
"""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter_ns
from typing import Any, Literal

from legacy_seam.errors import SeamError
from legacy_seam.experiment.admission import Admission, Call
from legacy_seam.experiment.breaker import Breaker
from legacy_seam.experiment.budget import Budget
from legacy_seam.experiment.candidates import candidate_called
from legacy_seam.experiment.compare.comparators import custom, exceptions, tolerance
from legacy_seam.experiment.compare.verdict import Comparator, Verdict
from legacy_seam.experiment.comparison import Comparison
from legacy_seam.experiment.conclusion import Conclusion
from legacy_seam.experiment.counts import Counts
from legacy_seam.experiment.forks import renew_after_fork
from legacy_seam.experiment.guard.notes import CANDIDATE
from legacy_seam.experiment.guard.reach import coroutine_function
from legacy_seam.experiment.killswitch import KillSwitch
from legacy_seam.experiment.likeness import look_like, mark_as_coroutine_function
from legacy_seam.experiment.observation import Model, Observation, Outcome, Raised
from legacy_seam.experiment.parameters import Parameters
from legacy_seam.experiment.runners import Mode, make_runner
from legacy_seam.experiment.serving import Serving
from legacy_seam.experiment.serving.canary_file import CanaryFile
from legacy_seam.experiment.snapshots import snapshot
from legacy_seam.experiment.switches import Key, Sampling, key_reader


class Experiment:
    """A candidate beside a legacy function.

    An instance is called like the legacy function and looks like it (name, docstring, signature, and `async` if it
    is), so that it can be put where the function was: `module._score_impl = Experiment(...)`, as a decorator
    (`@experiment(candidate=...)`), or as a method of a class.

    Args:
        name: What the experiment is called, in the log, in the kill switch, and in the choice of keys.
        control: The legacy function.
        candidate: What might replace it: a callable with the same parameters, a `LoadedModel`, `module:attribute`,
            or the path of a trained model (see `load_model`). None with `aa=True`.
        mode: Where the candidate runs.

            - `replay` (default): not at all when called; only in `replay()`, over recorded calls.
            - `inline`: in the caller's process, under guard. A hang is felt.
            - `worker`: in a process of its own that holds nothing but the candidate and can be killed.
            - `fork`: in a forked copy of the caller's process, for arguments that cannot be copied. POSIX.
            - `queue`: later: the arguments are logged, `score_queued` runs the candidate over many at once.
        key: What the call is about, so that the same one is always treated the same: a path (`account.id`) or a
            function of the arguments. The canary needs it.
        compare: A comparator, or a function of both results. Default: `tolerance()`.
        errors: A comparator of exceptions. Default: `exceptions()`.
        sample: The share of calls that is shadowed (the same keys always), or a `Sampling`.
        deadline: Seconds that the candidate has for an answer.
        budget: The share of the legacy function's own time that callers may lose to the experiment (0.05), or a
            `Budget`. None: no limit.
        breaker: A `Breaker`; False for none.
        log: Where observations go: a `PredictionLog`, or any function of an `Observation`.
        serving: Whether the candidate answers. Can be set at any time: `experiment.serving = Serving("canary",
            0.05)`. A `CanaryFile` for what a file says that is kept by `legacy-seam canary`.
        aa: Run the legacy function against itself, which shows how much it departs from itself.
        model: Which model the candidate is, for the log.
        kill_file: A file that switches this experiment off by being there.
        waiting: How many calls may wait for a worker; more are dropped, and counted.

    Raises:
        SeamError: The settings do not go together.

    >>> def score(days): return 700 - days
    >>> trial = Experiment("score", score, lambda days: 700.0 - days, mode="inline", sample=1.0)
    >>> trial(20), trial.counts()["matched"]
    (680, 1)
    """

    __name__: str
    __wrapped__: Callable[..., Any]

    def __init__(
        self,
        name: str,
        control: Callable[..., Any],
        candidate: Callable[..., Any] | str | None = None,
        mode: Mode = "replay",
        key: Key = None,
        compare: Comparator | Callable[[Any, Any], object] | None = None,
        sample: float | Sampling = 1.0,
        deadline: float = 1.0,
        budget: float | Budget | None = None,
        breaker: Breaker | Literal[False] | None = None,
        log: Any = None,
        *,
        errors: Comparator | None = None,
        serving: Serving | CanaryFile | None = None,
        aa: bool = False,
        model: Model | None = None,
        kill_file: str | os.PathLike[str] | None = None,
        waiting: int = 1_000,
    ) -> None:
        if not name:
            raise SeamError("An experiment needs a name.")
        if candidate is None and not aa:
            raise SeamError(f"The experiment {name} has no candidate: give one, or aa=True.")
        if not deadline > 0:
            raise SeamError(f"The deadline of the experiment {name} is a number of seconds above 0.")
        if mode == "queue" and log is None:
            raise SeamError(f"The experiment {name} is to be scored later: give it a log.")
        look_like(self, control)
        self.name, self.mode, self.aa, self.deadline = name, mode, aa, deadline
        self.control = control
        chosen: Any = control if aa else candidate
        self.candidate: Callable[..., Any] = candidate_called(chosen) if isinstance(chosen, str) else chosen
        self._awaits = coroutine_function(control)
        if self._awaits:
            mark_as_coroutine_function(self)
        if coroutine_function(self.candidate) and not self._awaits and mode in ("inline", "fork", "queue"):
            raise SeamError(f"The candidate of {name} is async and its control is not: use mode='worker'.")
        self.model = model or getattr(self.candidate, "model", None)
        self.parameters = Parameters(control)
        self.key_of = key_reader(key, self.parameters)
        self.breaker = (Breaker() if breaker is None else breaker) or None
        self._budget = Budget(budget) if isinstance(budget, (int, float)) else budget
        self._counts = Counts()
        values = compare if isinstance(compare, Comparator) else custom(compare) if compare else tolerance()
        self._comparison = Comparison(values, errors or exceptions())
        self._admission = Admission(
            name, self.parameters, self.key_of, sample if isinstance(sample, Sampling) else Sampling(sample),
            self._budget, self.breaker, KillSwitch(name, None if kill_file is None else os.fspath(kill_file)),
            self._counts,
        )  # fmt: skip
        self._conclusion = Conclusion(
            name, self.parameters, self._comparison, self.breaker, self._counts, getattr(log, "write", log),
            self.model,
        )  # fmt: skip
        self._runner = make_runner(mode, control, self.candidate, deadline, log is not None, waiting)
        self.serving = serving or Serving()
        renew_after_fork(self)

    # --- settings that may change while it runs

    @property
    def serving(self) -> Serving:
        """Whether the candidate answers, and for whom."""
        return self._serving if self._follows is None else self._follows.current()

    @serving.setter
    def serving(self, serving: Serving | CanaryFile) -> None:
        follows = serving if isinstance(serving, CanaryFile) else None
        fixed = serving if isinstance(serving, Serving) else Serving()
        if (follows or fixed.stage != "shadow") and (self._runner is None or not self._runner.may_serve):
            raise SeamError(
                f"The experiment {self.name} runs in mode {self.mode!r}, in which a candidate cannot answer: "
                "use 'inline' or 'worker'."
            )
        self._follows, self._serving = follows, fixed

    # --- being called

    def __call__(self, /, *arguments: Any, **named: Any) -> Any:
        """Call the legacy function."""
        if self._awaits:
            return self._call_awaited(arguments, named)
        call = self._begin(arguments, named)
        if call is None and self._budget is None:
            return self.control(*arguments, **named)
        begun = perf_counter_ns()
        try:
            result = self.control(*arguments, **named)
        except Exception as error:
            self._end_raised(call, error, perf_counter_ns() - begun)
            raise
        except BaseException:
            self._discard(call)
            raise
        return self._end(call, result, perf_counter_ns() - begun)

    async def _call_awaited(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        call = self._begin(arguments, named)
        begun = perf_counter_ns()
        try:
            result = await self.control(*arguments, **named)
        except Exception as error:
            self._end_raised(call, error, perf_counter_ns() - begun)
            raise
        except BaseException:
            self._discard(call)
            raise
        took = perf_counter_ns() - begun
        if call is None or call.refusal or call.prepared is None:
            return self._end(call, result, took)
        try:
            ran = await call.runner.serve_awaited(call.prepared)
            return self._conclusion.served(call, ran, result, took)
        except Exception:
            self._counts.add("internal_errors")
            return result

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """As a method: bound to the instance, like the function that it stands for."""
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> str:
        """Like a function: by its name."""
        return str(self.__dict__["__qualname__"])

    def __repr__(self) -> str:
        return f"<Experiment {self.name!r} in mode {self.mode!r}, stage {self.serving.stage!r}>"

    def _begin(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Call | None:
        """Decide what is to become of a call, and take a copy of its arguments; None to leave it alone."""
        runner = self._runner
        if runner is None or CANDIDATE.get() is not None:  # the candidate has called the seam
            return None
        begun = perf_counter_ns()
        try:
            serving = self._serving if self._follows is None else self._follows.current()
            call = self._admission.admit(serving, runner, arguments, named)
        except Exception:
            self._counts.add("internal_errors")
            return None
        if call is not None:
            call.overhead = perf_counter_ns() - begun
        return call

    def _discard(self, call: Call | None) -> None:
        if call is not None and call.prepared is not None:
            call.runner.discard(call.prepared)

    def _end(self, call: Call | None, result: Any, took: int) -> Any:
        """The control returned: run the candidate, and give what the caller gets."""
        if self._budget is not None:
            self._budget.earn(took)
        if call is None:
            return result
        begun = perf_counter_ns()
        try:
            if call.prepared is None:
                self._conclusion.refused(call, Outcome(snapshot(result), None, took))
            elif call.refusal:
                self._conclusion.returned(call, result, took)
            else:
                return self._conclusion.served(call, call.runner.serve(call.prepared), result, took)
        except Exception:
            self._counts.add("internal_errors")
        finally:
            if self._budget is not None and call.refusal:
                self._budget.spend(call.overhead + perf_counter_ns() - begun)
        return result

    def _end_raised(self, call: Call | None, error: Exception, took: int) -> None:
        """The control raised: run the candidate for comparison only."""
        if self._budget is not None:
            self._budget.earn(took)
        if call is None:
            return
        if not call.refusal:
            call.refusal = "legacy_raised"
        begun = perf_counter_ns()
        try:
            control = Outcome(raised=Raised.of(error), nanoseconds=took)
            if call.prepared is None:
                self._conclusion.refused(call, control)
            else:
                self._conclusion.compared(call, control)
        except Exception:
            self._counts.add("internal_errors")
        finally:
            if self._budget is not None:
                self._budget.spend(call.overhead + perf_counter_ns() - begun)

    # --- offline

    def replay(
        self, calls: Iterable[Any], *, aa: bool = False, mode: Literal["inline", "worker", "fork"] = "inline"
    ) -> Iterator[Observation]:
        """Run recorded calls through control and candidate, one by one; see `replaying.replay`."""
        from legacy_seam.experiment.replaying import replay

        return replay(self, calls, aa=aa, mode=mode)

    def compare_outcomes(self, control: Outcome, candidate: Outcome, serving: Serving | None = None) -> Verdict:
        """The verdict on how two calls ended; see `Comparison.verdict`."""
        return self._comparison.verdict(control, candidate, serving)

    # --- looking after it

    def counts(self) -> dict[str, int]:
        """What became of the calls: `calls`, `compared`, `matched`, `mismatched`, `skipped_…`, `fallback_…`."""
        return self._counts.as_dict()

    def start(self) -> None:
        """Make ready what the first call would otherwise make ready: start the worker, load the model."""
        if self._runner is not None:
            self._runner.start()

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until no candidate runs aside any more; whether that came about within `timeout` seconds."""
        return self._runner is None or self._runner.settle(timeout)

    def close(self) -> None:
        """End the candidate's process. The experiment can be called as ever, and is the legacy function alone."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()

    def after_fork(self) -> None:
        """A child has no part in the threads, locks and workers of its parent."""
        self._counts.after_fork()
        for part in (self.breaker, self._budget):
            if part is not None:
                part.after_fork()


def experiment(
    *, candidate: Callable[..., Any] | str | None = None, name: str = "", **settings: Any
) -> Callable[[Callable[..., Any]], Experiment]:
    """An `Experiment` as a decorator of the legacy function.

    >>> @experiment(candidate=lambda days: 700 - days)
    ... def points(days):
    ...     return 700 - days
    >>> points(100)
    600
    """

    def around(control: Callable[..., Any]) -> Experiment:
        return Experiment(name or f"{control.__module__}.{control.__qualname__}", control, candidate, **settings)

    return around
