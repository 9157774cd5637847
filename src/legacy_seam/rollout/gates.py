"""What a gate asks of a candidate: the table `[tool.legacy-seam.gate.NAME]` of a project's pyproject.toml."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from legacy_seam.errors import SeamError


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. Shares are from 0 to 1.

    name:           what it is called.
    target:         the legacy function.
    candidate:      `module:attribute`, or the path of a model, relative to the project.
    parity:         the share of calls that must match at least; its lower confidence bound is held against it.
    slice_parity:   the same in each slice, declared or discovered.
    slices:         features of the inputs (`account.region`): each value of one is a declared slice.
    confidence:     of the bounds, one-sided.
    least:          compared calls without which there is no verdict.
    least_in_slice: calls of a declared slice without which it is not judged (it is told).
    errors, timeouts: the share of calls on which the candidate may raise otherwise than legacy, or be too late.
    out_of_range:   the share of answers that may be outside `contract`.
    contract:       a contract file, relative to the project; empty for none.
    p95_ms:         milliseconds within which 95 of 100 answers must come; 0 for no limit.
    latency_ratio:  how many times slower than legacy its 95th percentile may be; 0 for no limit. Legacy is timed by
                    shadowing it as its own candidate.
    invariants:     functions of inputs, legacy's answer and the candidate's that must always be true.
    minimum:        functions of inputs and the candidate's answer that must be true (None: does not apply).
    same_under:     functions that change inputs in a way that must not change the answer (None: does not apply).
    not_up_under, not_down_under: functions that change inputs so that the answer must not go up, or down.
    imports:        modules with classes of recorded values.
    trust:          types that skops may build when it reads the model.
    allow_pickle:   whether a model may be read that can run code.
    champion:       the candidate that answers today; empty for none.
    champion_drop:  how much less the parity may be than the champion's, on the calls that both have.
    labels:         a CSV file with the columns `key` and `label`, relative to the project; empty for none.
    label_key:      the feature that is the key (`account.id`).
    label_metric:   `auc`, `accuracy` or `mae`.
    label_drop:     how much worse than legacy it may be, in units of the metric.
    """

    name: str
    target: str
    candidate: str
    parity: float = 0.95
    slice_parity: float = 0.8
    slices: tuple[str, ...] = ()
    confidence: float = 0.95
    least: int = 200
    least_in_slice: int = 30
    errors: float = 0.0
    timeouts: float = 0.0
    out_of_range: float = 0.0
    contract: str = ""
    p95_ms: float = 0.0
    latency_ratio: float = 0.0
    invariants: tuple[str, ...] = ()
    minimum: tuple[str, ...] = ()
    same_under: tuple[str, ...] = ()
    not_up_under: tuple[str, ...] = ()
    not_down_under: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    allow_pickle: bool = False
    champion: str = ""
    champion_drop: float = 0.0
    labels: str = ""
    label_key: str = ""
    label_metric: str = "auc"
    label_drop: float = 0.0

    @property
    def asks_the_candidate(self) -> bool:
        """Whether the candidate has to run again, on inputs of the recording and changed ones."""
        return bool(self.invariants or self.minimum or self.same_under or self.not_up_under or self.not_down_under)


_SHARES = ("parity", "slice_parity", "errors", "timeouts", "out_of_range")
_METRICS = ("auc", "accuracy", "mae")
_WHAT: dict[object, str] = {
    float: "a number from 0",
    int: "a whole number from 1",
    str: "a text",
    bool: "true or false",
}


def gate_called(name: str, tables: Mapping[str, object]) -> Gate:
    """A gate by its name.

    Args:
        name: the name.
        tables: what is below `[tool.legacy-seam.gate]`.

    Raises:
        SeamError: there is none, or it says something that cannot be followed.

    >>> gate_called("score", {"score": {"target": "rules:score", "candidate": "model:score"}}).parity
    0.95
    """
    table = tables.get(name)
    place = f"[tool.legacy-seam.gate.{name}]"
    if not isinstance(table, dict):
        others = f"; there are {', '.join(sorted(tables))}" if tables else ""
        raise SeamError(f"There is no gate {name}: write a table {place} into pyproject.toml{others}.")
    hints = get_type_hints(Gate)
    known = [one.name for one in fields(Gate) if one.name != "name"]
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            nearest = difflib.get_close_matches(key.replace("-", "_"), known, n=1, cutoff=0.0)[0]
            raise SeamError(f"{place} has no key {key!r}: did you mean {nearest!r}?")
        given[key] = _checked(place, key, value, hints[key])
    for key in ("target", "candidate"):
        if not given.get(key):
            raise SeamError(f'{place} does not say which {key}: add `{key} = "module:name"`.')
    if given.get("labels") and not given.get("label_key"):
        raise SeamError(f'{place} has labels and no `label_key`, the feature that is their key ("account.id").')
    return Gate(name, **given)


def _checked(place: str, key: str, value: object, kind: object) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is float and is_number:
        number = float(value)  # type: ignore[arg-type]
        if number < 0 or (key in _SHARES and number > 1) or (key == "confidence" and not 0.5 <= number < 1):
            raise SeamError(f"{place}: {key} cannot be {value!r}.")
        return number
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and type(value) is int and value > 0:
        return value
    if kind is str and isinstance(value, str):
        if key == "label_metric" and value not in _METRICS:
            raise SeamError(f"{place}: {key} is one of {', '.join(_METRICS)}, not {value!r}.")
        return value
    is_listed = kind not in _WHAT
    if isinstance(value, list) and is_listed and all(isinstance(one, str) for one in value):
        return tuple(value)
    what = _WHAT.get(kind, "a list of texts")
    raise SeamError(f"{place}: {key} must be {what}, not {value!r}.")
