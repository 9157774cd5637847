"""What a row of the prediction log holds."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from time import gmtime, strftime
from typing import Any

from legacy_seam.experiment.buckets import hidden_key
from legacy_seam.experiment.compare.verdict import Verdict
from legacy_seam.experiment.log.encoding import encoded
from legacy_seam.experiment.log.provenance import code_version, library_versions
from legacy_seam.experiment.observation import Model, Observation, Outcome

COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "text"),
    ("at", "time"),
    ("run", "text"),
    ("experiment", "text"),
    ("mode", "text"),
    ("stage", "text"),
    ("arm", "text"),
    ("key", "text"),
    ("bucket", "real"),
    ("model_name", "text"),
    ("model_version", "text"),
    ("model_sha256", "text"),
    ("libraries", "json"),
    ("code", "text"),
    ("inputs", "json"),
    ("control", "value"),
    ("control_raised", "json"),
    ("candidate", "value"),
    ("candidate_raised", "json"),
    ("served", "value"),
    ("reason", "text"),
    ("detail", "text"),
    ("matched", "truth"),
    ("distance", "real"),
    ("path", "text"),
    ("difference", "text"),
    ("signature", "text"),
    ("denied", "json"),
    ("control_ns", "integer"),
    ("candidate_ns", "integer"),
)
"""The columns and their kinds. A `value` is a number where it is one, and JSON where it is anything else."""

ABSENT = object()
"""No value at all, unlike None."""

HIDDEN = "(hidden)"

_nobody = Model()


class RowMaker:
    """Makes rows of observations.

    Args:
        hide: Paths of inputs (`account.name`) of which only is kept that they were there.
    """

    def __init__(self, hide: tuple[str, ...]) -> None:
        self._hide = [path.split(".") for path in hide]
        self.renew()

    def renew(self) -> None:
        """A new run: the process has begun, or has been forked."""
        self._run = os.urandom(8).hex()
        self._numbers = itertools.count()
        self._code: str | None = None

    def row(self, seen: Observation) -> tuple[Any, ...]:
        """The row of one observation, in the order of `COLUMNS`; JSON not yet written down."""
        verdict, model, candidate = seen.verdict, seen.model or _nobody, seen.candidate
        if self._code is None:
            self._code = code_version()
        return (
            f"{self._run}-{next(self._numbers)}",
            seen.at,
            self._run,
            seen.experiment,
            seen.mode,
            seen.stage,
            seen.arm,
            None if seen.key is None else hidden_key(seen.experiment, seen.key),
            seen.bucket,
            model.name,
            model.version,
            model.sha256,
            library_versions(model.libraries),
            self._code,
            self._inputs(seen.inputs),
            _value(seen.control),
            _raised(seen.control),
            ABSENT if candidate is None else _value(candidate),
            None if candidate is None else _raised(candidate),
            ABSENT if seen.control.raised is not None else encoded(seen.served),
            seen.reason,
            seen.detail,
            None if verdict is None else verdict.match,
            None if verdict is None else float(verdict.distance),
            None if verdict is None else verdict.path,
            None if verdict is None else verdict.reason,
            None if verdict is None or verdict.match else signature(verdict, seen.control, candidate),
            list(seen.denied),
            seen.control.nanoseconds,
            None if candidate is None else candidate.nanoseconds,
        )

    def _inputs(self, inputs: dict[str, Any] | None) -> Any:
        if inputs is None:
            return None
        made = encoded(inputs)
        for path in self._hide:
            _hide(made, path)
        return made


def signature(verdict: Verdict, control: Outcome, candidate: Outcome | None) -> str:
    """What mismatches of one kind have in common: the place without its indexes, the types, and who raised what."""
    import re
    import zlib

    place = re.sub(r"\[[^\]]*\]", "[*]", verdict.path)
    parts = [place, *(_kind_of(outcome) for outcome in (control, candidate))]
    return f"{zlib.crc32('|'.join(parts).encode()):08x}"


def _kind_of(outcome: Outcome | None) -> str:
    if outcome is None:
        return "none"
    return type(outcome.value).__name__ if outcome.raised is None else f"raised {outcome.raised.type}"


def _value(outcome: Outcome) -> Any:
    return ABSENT if outcome.raised is not None else encoded(outcome.value)


def _raised(outcome: Outcome) -> Any:
    return None if outcome.raised is None else {"type": outcome.raised.type, "message": outcome.raised.message}


def _hide(made: Any, path: list[str]) -> None:
    *way, last = path
    for name in way:
        if not isinstance(made, Mapping) or name not in made:
            return
        made = made[name]
    if isinstance(made, dict) and last in made:
        made[last] = HIDDEN


def utc_text(nanoseconds: int) -> str:
    """An instant as text that sorts by time.

    >>> utc_text(1_795_755_623_361_877_566)
    '2026-11-27T05:00:23.361877Z'
    """
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(seconds))}.{rest // 1000:06d}Z"
