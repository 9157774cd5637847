"""What a row of the prediction log holds."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Mapping
from time import gmtime, strftime
from typing import Any

from legacy_seam.experiment.buckets import hidden_key
from legacy_seam.experiment.compare.verdict import Verdict
from legacy_seam.experiment.log.encoding import as_json, clean, encoded
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

HIDDEN = "(hidden)"

Row = tuple[Any, ...]
"""One value for each column: texts, numbers, truth values and None, as a database takes them."""

_nobody = Model()
_not_compared = (None,) * 5


class RowMaker:
    """Makes rows of observations.

    What is the same for row after row (the model, the libraries, the second) is written down once.

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
        self._second, self._second_as_text = -1, ""
        self._models: dict[tuple[Model, int], Row] = {}

    def row(self, seen: Observation) -> Row:
        """The row of one observation, in the order of `COLUMNS`."""
        control, candidate, key = seen.control, seen.candidate, seen.key
        control_value = stored(control.value) if control.raised is None else None
        served = control_value if seen.served is control.value else stored(seen.served)
        return (
            f"{self._run}-{next(self._numbers):09d}",
            self._utc(seen.at),
            self._run,
            clean(seen.experiment),
            seen.mode,
            seen.stage,
            seen.arm,
            None if key is None else hidden_key(seen.experiment, key),
            seen.bucket,
            *self._made_by(seen.model or _nobody),
            self._inputs(seen.inputs),
            control_value,
            _raised(control),
            stored(candidate.value) if candidate is not None and candidate.raised is None else None,
            None if candidate is None else _raised(candidate),
            served if control.raised is None else None,
            seen.reason,
            clean(seen.detail),
            *(_not_compared if seen.verdict is None else _compared(seen.verdict, control, candidate)),
            as_json(list(seen.denied)) if seen.denied else "[]",
            control.nanoseconds,
            None if candidate is None else candidate.nanoseconds,
        )

    def _utc(self, nanoseconds: int) -> str:
        second, rest = divmod(nanoseconds, 1_000_000_000)
        if second != self._second:
            self._second, self._second_as_text = second, strftime("%Y-%m-%dT%H:%M:%S", gmtime(second))
        return f"{self._second_as_text}.{rest // 1000:06d}Z"

    def _made_by(self, model: Model) -> Row:
        """The model, the libraries, the code: looked at again where more has been imported."""
        found = self._models.get((model, len(sys.modules)))
        if found is None:
            if self._code is None:
                self._code = clean(code_version())
            libraries = as_json(library_versions(model.libraries))
            found = clean(model.name), clean(model.version), model.sha256, libraries, self._code
            self._models = {(model, len(sys.modules)): found}
        return found

    def _inputs(self, inputs: dict[str, Any] | None) -> str | None:
        if inputs is None:
            return None
        made = encoded(inputs)
        for path in self._hide:
            _hide(made, path)
        return as_json(made)


def stored(value: Any) -> float | str:
    """A value as it stands in a column: a number as it is, anything else as JSON.

    >>> stored(2.5), stored("HH"), stored(None), stored(float("inf"))
    (2.5, '"HH"', 'null', '{"$float":"inf"}')
    """
    found = encoded(value)
    return found if type(found) is float or type(found) is int else as_json(found)


def _compared(verdict: Verdict, control: Outcome, candidate: Outcome | None) -> Row:
    return (
        verdict.match,
        float(verdict.distance),
        clean(verdict.path),
        clean(verdict.reason),
        None if verdict.match else signature(verdict, control, candidate),
    )


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


def _raised(outcome: Outcome) -> str | None:
    raised = outcome.raised
    return None if raised is None else as_json({"type": raised.type, "message": raised.message})


def _hide(made: Any, path: list[str]) -> None:
    *way, last = path
    for name in way:
        if not isinstance(made, Mapping) or name not in made:
            return
        made = made[name]
    if isinstance(made, dict) and last in made:
        made[last] = HIDDEN
