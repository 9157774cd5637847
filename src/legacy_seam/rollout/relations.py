"""What must hold of a candidate whatever legacy says, tried on recorded inputs and on changes of them.

Minimum functionality, invariance and direction: Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models
with CheckList", ACL 2020; here the inputs come from a recording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from legacy_seam.errors import SeamError
from legacy_seam.experiment import Experiment, ModelLoadFailed, RecordedCall, custom
from legacy_seam.experiment import replay as run_offline
from legacy_seam.experiment.compare.verdict import shown, told
from legacy_seam.experiment.models import named_object
from legacy_seam.rollout.candidate import NOTHING_MORE, Rebuilt, Trust, nothing
from legacy_seam.rollout.gates import Gate
from legacy_seam.rollout.results import Row
from legacy_seam.values import DecodeError, NotationError, decode, decode_roots

Kind = Literal["invariants", "minimum", "same_under", "not_up_under", "not_down_under"]
KINDS: tuple[Kind, ...] = ("invariants", "minimum", "same_under", "not_up_under", "not_down_under")


@dataclass(frozen=True, slots=True)
class Held:
    """What came of one relation on all calls.

    tried:  on how many calls it applied.
    broken: on how many it did not hold.
    why, example: of the first of these.
    """

    kind: Kind
    function: str
    tried: int
    broken: int
    why: str = ""
    example: str = ""


class Tried(Rebuilt):
    """Tries relations in the process of the candidate.

    Args:
        relations: kinds and names of functions; the rest as of `Rebuilt`.
    """

    def __init__(
        self,
        candidate: str,
        compare: str,
        imports: tuple[str, ...],
        allow: tuple[str, ...],
        relations: Sequence[tuple[Kind, str]],
        trust: Trust = NOTHING_MORE,
    ) -> None:
        super().__init__(candidate, compare, imports, allow, trust)
        self._relations = relations
        self._functions: list[Callable[..., Any]] = []

    def load(self) -> None:
        """Import the candidate, and the functions of the relations."""
        super().load()
        try:
            self._functions = [named_object(name) for _, name in self._relations]
        except Exception as error:
            raise ModelLoadFailed(told(error)) from error

    def try_all(self, texts: Mapping[str, str], control: str | None) -> list[tuple[bool | None, str]]:
        """Of each relation, whether it holds on a call (None: it does not apply), and why not."""
        try:
            answer = self._answer(decode_roots(texts, allow=self._allow))
            legacy = None if control is None else decode(control, allow=self._allow)
        except (DecodeError, NotationError):
            return [(None, "")] * len(self._relations)
        return [
            self._tried(kind, function, texts, legacy, answer)
            for (kind, _), function in zip(self._relations, self._functions, strict=True)
        ]

    __call__ = try_all  # type: ignore[assignment]

    def _tried(
        self, kind: Kind, function: Callable[..., Any], texts: Mapping[str, str], legacy: Any, answer: Any
    ) -> tuple[bool | None, str]:
        inputs = decode_roots(texts, allow=self._allow)
        if kind == "invariants":
            return bool(function(inputs, legacy, answer)), f"legacy {shown(legacy)}, candidate {shown(answer)}"
        if kind == "minimum":
            holds = function(inputs, answer)
            return (None if holds is None else bool(holds)), f"candidate {shown(answer)}"
        changed = function(inputs)
        if changed is None:
            return None, ""
        after = self._answer(changed)
        why = f"{shown(answer)} became {shown(after)}"
        if kind == "same_under":
            assert self._comparator is not None
            return self._comparator(answer, after).match, why
        return (after <= answer if kind == "not_up_under" else after >= answer), why


def try_relations(gate: Gate, rows: Sequence[Row], allow: tuple[str, ...], compare: str) -> list[Held]:
    """Try all relations of a gate on recorded inputs.

    Args:
        gate: which names them.
        rows: the calls; those on which legacy raised are left out.
        allow: modules whose classes recorded values may name.
        compare: the name of the comparator that says what is the same answer.

    Raises:
        SeamError: something cannot be imported.
    """
    relations = [(kind, name) for kind in KINDS for name in getattr(gate, kind)]
    trust = Trust(gate.trust, gate.allow_pickle)
    tried = Tried(gate.candidate, compare, gate.imports, allow, relations, trust)
    experiment = Experiment("gate", nothing(), tried, compare=custom(lambda one, other: True), deadline=10.0)
    rows = [row for row in rows if row.control is not None and row.control.raised is None]
    calls = (RecordedCall((row.inputs, row.control.value if row.control else None)) for row in rows)
    results: list[list[tuple[bool | None, str]]] = []
    for observed in run_offline(experiment, calls, mode="worker"):
        if observed.reason in ("model_load_failed", "version_mismatch"):
            raise SeamError(f"The relations of the gate {gate.name} cannot be tried: {observed.detail}.")
        ran = observed.candidate
        if ran is None or ran.raised is not None:
            why = observed.detail or "it raised"
            results.append([(False, why)] * len(relations))
        else:
            results.append(ran.value)
    return [
        _held(kind, name, rows, [one[place] for one in results]) for place, (kind, name) in enumerate(relations)
    ]


def _held(kind: Kind, name: str, rows: Sequence[Row], results: list[tuple[bool | None, str]]) -> Held:
    broken = [(row.id, why) for row, (holds, why) in zip(rows, results, strict=True) if holds is False]
    tried = sum(holds is not None for holds, _ in results)
    example, why = broken[0] if broken else ("", "")
    return Held(kind, name, tried, len(broken), why, example)
