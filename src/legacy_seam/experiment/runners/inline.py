"""In the process and the thread of the caller, under guard.

The simplest way, and the one with the least behind it: nothing to start, nothing to lose. The caller waits for the
candidate, so that a hang is felt.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from time import perf_counter_ns
from typing import Any

from legacy_seam.experiment.guard.inside import Guard
from legacy_seam.experiment.guard.notes import CANDIDATE, Notes
from legacy_seam.experiment.guard.reach import coroutine_function
from legacy_seam.experiment.guard.streams import STREAMS
from legacy_seam.experiment.models import LoadedModel, made_ready
from legacy_seam.experiment.observation import Outcome
from legacy_seam.experiment.runners.running import Arguments, Done, Named, Ran, failed
from legacy_seam.experiment.snapshots import snapshot_of_call

Prepared = tuple[tuple[Arguments, Named], tuple[Arguments, Named] | None]
"""The arguments for the candidate, and once more for the log."""


class Inline:
    """Runs the candidate where it is called.

    Args:
        control: The legacy function, whose surroundings are guarded.
        candidate: What is run.
        deadline: Seconds after which its answer is too late. It is not interrupted, unless it awaits something.
        logged: Whether the arguments are wanted for a log as well.
    """

    name = "inline"
    may_serve = True

    def __init__(self, control: Any, candidate: Callable[..., Any], deadline: float, logged: bool) -> None:
        self._control, self._candidate = control, candidate
        self._deadline = int(deadline * 1e9)
        self._logged = logged
        self._guard: Guard | None = None
        self._awaits = coroutine_function(candidate)
        self._tasks: set[Any] = set()

    def start(self) -> None:
        """Look at the code of both, and load the candidate if it is one that is loaded."""
        self._guarded()

    def _guarded(self) -> Guard:
        """What guards the candidate: made when it is first needed, since its code is looked at."""
        if self._guard is not None:
            return self._guard
        guard = Guard(self._control, self._candidate)
        if isinstance(self._candidate, LoadedModel):
            try:
                guard = Guard(self._control, guard.run(lambda: made_ready(self._candidate), Notes()))
            except KeyboardInterrupt:
                raise
            except BaseException:
                return guard  # the call will say why, and the next one tries again
        self._guard = guard
        return guard

    def prepare(self, arguments: Arguments, named: Named) -> Prepared:
        """Copy the arguments."""
        copied = snapshot_of_call(arguments, named)
        return copied, snapshot_of_call(*copied) if self._logged else None

    def inputs(self, prepared: Prepared) -> tuple[Arguments, Named] | None:
        """The copy that the candidate has not seen."""
        return prepared[1]

    def discard(self, prepared: Prepared) -> None:
        """There is nothing to undo."""

    def shadow(self, prepared: Prepared, done: Done) -> None:
        """Run the candidate now, or as a task of its own if it is one to be awaited."""
        if not self._awaits:
            done(self.serve(prepared))
            return
        import asyncio

        async def aside() -> None:
            done(await self.serve_awaited(prepared))

        task = asyncio.get_running_loop().create_task(aside())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def serve(self, prepared: Prepared) -> Ran:
        """Run the candidate now."""
        (arguments, named), _ = prepared
        candidate = self._candidate
        return self._ran(lambda: candidate(*arguments, **named))

    def _ran(self, work: Callable[[], Any]) -> Ran:
        guard = self._guarded()
        notes = Notes()
        begun = perf_counter_ns()
        try:
            value = guard.run(work, notes)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return failed(error, perf_counter_ns() - begun, tuple(notes.denied))
        return self._in_time(value, perf_counter_ns() - begun, notes)

    def _in_time(self, value: Any, took: int, notes: Notes) -> Ran:
        late = took > self._deadline
        return Ran(
            Outcome(value, None, took),
            "timeout" if late else "",
            f"answered after {took / 1e9:.3f} s" if late else "",
            tuple(notes.denied),
        )

    async def serve_awaited(self, prepared: Prepared) -> Ran:
        """Run the candidate, awaiting it up to the deadline if it is one to be awaited."""
        if not self._awaits:
            return self.serve(prepared)
        import asyncio

        (arguments, named), _ = prepared
        notes = Notes()
        begun = perf_counter_ns()
        task = asyncio.get_running_loop().create_task(self._stepwise(notes, arguments, named))
        try:
            await asyncio.wait({task}, timeout=self._deadline / 1e9)
        finally:
            if not task.done():
                task.cancel()
        took = perf_counter_ns() - begun
        if not task.done():
            return Ran(None, "timeout", f"no answer within {self._deadline / 1e9:g} s", tuple(notes.denied))
        if task.cancelled():
            return failed(asyncio.CancelledError("the candidate cancelled itself"), took, tuple(notes.denied))
        error = task.exception()
        if error is not None:
            return failed(error, took, tuple(notes.denied))
        value, escaped = task.result()
        return self._in_time(value, took, notes) if escaped is None else failed(escaped, took, tuple(notes.denied))

    async def _stepwise(self, notes: Notes, arguments: Arguments, named: Named) -> tuple[Any, BaseException | None]:
        """The candidate's coroutine, guarded from one `await` to the next: between them others run.

        What a task must not raise, since it would end the loop, is given back.
        """
        guard = self._guarded()
        CANDIDATE.set(notes)  # in the context of this task alone
        STREAMS.shut()
        try:
            coroutine = guard.step(notes, lambda: self._candidate(*arguments, **named))
            return await _Steps(guard, notes, coroutine), None
        except SystemExit as error:
            return None, error
        finally:
            STREAMS.open()

    def settle(self, timeout: float) -> bool:
        """Tasks end with their loop; this cannot wait for them."""
        return not self._tasks

    def close(self) -> None:
        """Cancel what is still awaited."""
        for task in list(self._tasks):
            task.cancel()


class _Steps:
    """A coroutine of which each step is taken under guard."""

    def __init__(self, guard: Guard, notes: Notes, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._guard, self._notes, self._coroutine = guard, notes, coroutine

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[], Any] = lambda: self._coroutine.send(None)  # noqa: E731
        while True:
            try:
                awaited = self._guard.step(self._notes, step)
            except StopIteration as end:
                return end.value
            try:
                answer = yield awaited
            except GeneratorExit:
                self._coroutine.close()
                raise
            except BaseException as error:
                step = _thrower(self._coroutine, error)
            else:
                step = _sender(self._coroutine, answer)


def _sender(coroutine: Coroutine[Any, Any, Any], answer: Any) -> Callable[[], Any]:
    return lambda: coroutine.send(answer)


def _thrower(coroutine: Coroutine[Any, Any, Any], error: BaseException) -> Callable[[], Any]:
    return lambda: coroutine.throw(error)
