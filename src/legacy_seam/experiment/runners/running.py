"""What every way of running a candidate has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.models import ModelLoadFailed, VersionMismatch
from legacy_seam.experiment.observation import Outcome, Raised
from legacy_seam.plaindata import dataclass

Arguments = tuple[Any, ...]
Named = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a candidate ended.

    Attributes:
        outcome: Its value or exception; None where it gave none (a timeout, a process that died).
        failure: Why its result cannot be served: `exception`, `timeout`, `model_load_failed`, `version_mismatch`;
            `dropped` where it was never run because too much was waiting; empty if it ended well.
        detail: The same in words.
        denied: What it tried to do to the world.
    """

    outcome: Outcome | None = None
    failure: str = ""
    detail: str = ""
    denied: tuple[str, ...] = ()


Done = Callable[[Ran], None]
"""What is called, once, when a candidate that ran aside has ended."""


class Runner(Protocol):
    """A way of running a candidate. Nothing that a candidate does comes out of it."""

    name: str
    may_serve: bool

    def start(self) -> None:
        """Make ready now what else would be made ready by the first call."""

    def prepare(self, arguments: Arguments, named: Named) -> Any:
        """Take from the arguments what the candidate needs, before the legacy function runs.

        Raises:
            CannotSnapshot: They cannot be copied.
        """

    def inputs(self, prepared: Any) -> tuple[Arguments, Named] | None:
        """The arguments as they were, for the log; None where they could not be copied."""

    def discard(self, prepared: Any) -> None:
        """The call came to nothing: the candidate is not to be run."""

    def shadow(self, prepared: Any, done: Done) -> None:
        """Run the candidate, now or aside; `done` is told how it ended."""

    def serve(self, prepared: Any) -> Ran:
        """Run the candidate and wait for it, up to the deadline."""

    async def serve_awaited(self, prepared: Any) -> Ran:
        """The same, without holding up the event loop."""

    def settle(self, timeout: float) -> bool:
        """Wait until nothing runs aside any more; whether that came about."""

    def close(self) -> None:
        """End it. Nothing is run afterwards."""


def failed(error: BaseException, nanoseconds: int, denied: tuple[str, ...] = ()) -> Ran:
    """A candidate that raised."""
    reason = "exception"
    if isinstance(error, ModelLoadFailed):
        reason = "model_load_failed"
    elif isinstance(error, VersionMismatch):
        reason = "version_mismatch"
    return Ran(Outcome(raised=Raised.of(error), nanoseconds=nanoseconds), reason, told(error), denied)
