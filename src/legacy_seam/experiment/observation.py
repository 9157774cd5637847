"""What an experiment has seen: one observation for each call that it looked at."""

from __future__ import annotations

from typing import Any

from legacy_seam.experiment.compare.verdict import Verdict, told
from legacy_seam.plaindata import dataclass


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, as far as it matters to others: its type, with its module unless built in, and its message."""

    type: str
    message: str

    @staticmethod
    def of(error: BaseException) -> Raised:
        """What is kept of an exception, even of one that cannot be shown."""
        kind = type(error)
        home = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        name, _, message = told(error).partition(": ")
        del name
        return Raised(home + kind.__qualname__, message)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: with a value or with an exception, after so many nanoseconds."""

    value: Any = None
    raised: Raised | None = None
    nanoseconds: int = 0

    @property
    def returned(self) -> bool:
        """Whether it returned."""
        return self.raised is None


@dataclass(frozen=True, slots=True)
class Model:
    """Which model a candidate is: for the prediction log, and to notice another one than was tried.

    Args:
        name: What people call it.
        version: Which one it is.
        sha256: The digest of its file.
        libraries: The versions of the distributions that it was made with, by name.
    """

    name: str = ""
    version: str = ""
    sha256: str = ""
    libraries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One call of the legacy function beside which the candidate was tried, or should have been.

    Attributes:
        experiment: Its name.
        at: When the call began, in nanoseconds since 1970 (UTC).
        mode: How the candidate ran.
        stage: `shadow`, `canary` or `live`.
        arm: Whose result the caller got: `legacy` or `candidate`.
        key: The key of the call, if it has one. The prediction log keeps a digest of it only.
        bucket: Where the key falls, from 0 up to 1.
        inputs: A copy of the arguments by parameter, taken before the call; None where there is none.
        control: How the legacy function ended.
        candidate: How the candidate ended; None where it did not run.
        served: What the caller got.
        reason: Why the caller got the legacy result though the candidate might serve; empty otherwise.
        detail: That reason in words.
        verdict: The comparison of both; None where there is nothing to compare.
        denied: What the candidate tried to do to the world.
        model: Which model it was.
    """

    experiment: str
    at: int
    mode: str
    stage: str
    arm: str
    key: str | None
    bucket: float | None
    inputs: dict[str, Any] | None
    control: Outcome
    candidate: Outcome | None
    served: Any = None
    reason: str = ""
    detail: str = ""
    verdict: Verdict | None = None
    denied: tuple[str, ...] = ()
    model: Model | None = None
