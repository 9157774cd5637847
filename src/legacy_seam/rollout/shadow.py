"""Recorded calls through legacy and a candidate, with nothing at risk.

Legacy runs again in the controlled world. Where that cannot be, what was seen of it in the wild stands in, and the
row says so. The candidate runs in a process of its own, under the guard of `legacy_seam.experiment`.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from legacy_seam import calls as nouns
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Experiment, Observation, Outcome, Raised, RecordedCall
from legacy_seam.experiment import replay as run_offline
from legacy_seam.golden.perturb import BASE, ELSEWHERE
from legacy_seam.golden.recorded import Recorded
from legacy_seam.replay import Batch, Conditions, Replayer
from legacy_seam.rollout.candidate import NOTHING_MORE, Answer, Passed, Rebuilt, Trust, nothing
from legacy_seam.rollout.results import Ended, Row
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.pieces import join_all
from legacy_seam.values import Node, NotationError, parse

ANOTHER_TIME = ELSEWHERE.replace(random_seed=1, hash_seed=1)
"""Legacy against itself: another process, order and directory, other random numbers; the clock is as recorded."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a candidate is tried.

    candidate: `module:attribute`, or the path of a model; None for legacy against itself.
    compare:   the name of a comparator (see `comparator_called`).
    deadline:  seconds that it has for one answer.
    imports:   modules that it needs for recorded values and does not import itself.
    allow:     modules whose classes recorded values may name.
    search_path: directories from which modules are imported, before all others.
    trust:     how far the file of a model is trusted.
    """

    candidate: str | None
    compare: str = "tolerance"
    deadline: float = 5.0
    imports: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    search_path: tuple[Path, ...] = ()
    trust: Trust = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class _Ready:
    """A call that can be compared; `other` is how legacy ended another time, where it is beside itself."""

    call: nouns.Call
    texts: dict[str, str]
    source: str
    control: Ended
    other: Ended | None


def shadow(
    plan: Plan, recorded: Recorded, seen: Mapping[str, int], replayer: Replayer, blobs: Blobs
) -> Iterator[Row]:
    """Run recorded calls through both sides.

    Args:
        plan: how.
        recorded: the calls.
        seen: how often each was recorded, by its identity.
        replayer: runs the legacy function.
        blobs: contents of files, and pieces of large values.

    Yields:
        one row for each call, in the order of the recording.

    Raises:
        SeamError: the candidate cannot be loaded.
    """
    controls = _controls(replayer, recorded, BASE)
    others = _controls(replayer, recorded, ANOTHER_TIME) if plan.candidate is None else {}
    ready: list[_Ready] = []
    for call in recorded.calls:
        control, source = controls.get(call.identity), "replayed"
        if control is None and plan.candidate is not None:
            control, source = _ended(call.observed, blobs), "observed"
        other = others.get(call.identity)
        texts = join_all(call.arguments, blobs.get)
        if control is None or texts is None or (plan.candidate is None and other is None):
            yield _unmatched(call, texts or {}, "none" if control is None else source, control, seen)
        else:
            ready.append(_Ready(call, texts, source, control, other))
    with modules_found_in(plan.search_path):
        yield from _beside(plan, ready, seen)


def _beside(plan: Plan, ready: Sequence[_Ready], seen: Mapping[str, int]) -> Iterator[Row]:
    """The candidate on all calls for which there is something to compare it with."""
    program = {one.call.target.module.partition(".")[0] for one in ready}
    allow = (*plan.allow, *plan.imports, *program)
    experiment = Experiment(
        "shadow", nothing(), Rebuilt(plan.candidate, plan.compare, plan.imports, allow, plan.trust),
        compare=Passed(), deadline=plan.deadline,
    )  # fmt: skip
    offline = (
        RecordedCall(
            (one.texts, one.call.defaulted, one.control.value, one.other.value if one.other else None),
            {},
            _outcome(one.control),
        )
        for one in ready
    )
    for one, observed in zip(ready, run_offline(experiment, offline, mode="worker"), strict=True):
        if observed.reason in ("model_load_failed", "version_mismatch"):
            raise SeamError(f"The candidate {plan.candidate or plan.compare} cannot be loaded: {observed.detail}.")
        if one.other is not None and (one.other.raised or one.control.raised):
            observed = dataclasses.replace(
                observed,
                candidate=_outcome(one.other),
                verdict=experiment.compare_outcomes(_outcome(one.control), _outcome(one.other)),
                reason="",
                detail="",
            )
        yield _row(one, observed, seen)


def _row(one: _Ready, observed: Observation, seen: Mapping[str, int]) -> Row:
    ran, verdict, reason, why, took = observed.candidate, observed.verdict, observed.reason, observed.detail, 0
    ended: Ended | None = None
    if ran is not None and ran.raised is not None:
        ended = Ended(raised=ran.raised.type, message=ran.raised.message)
    elif ran is not None and isinstance(ran.value, Answer):
        ended, took = Ended(ran.value.text), ran.value.nanoseconds
        if ran.value.refusal:
            ended, verdict, reason, why = None, None, "refused", ran.value.refusal
    if reason == "exception" and verdict is not None and verdict.match:
        reason = ""  # as legacy did
    call = one.call
    row = Row(
        call.identity, call.instant, seen.get(call.identity, 1), one.texts, one.source, one.control, ended, None,
        why=why, reason=reason, nanoseconds=took, denied=observed.denied,
    )  # fmt: skip
    if verdict is None:
        return row
    return dataclasses.replace(
        row, match=verdict.match, distance=verdict.distance, path=verdict.path, why=verdict.reason
    )


def _unmatched(
    call: nouns.Call, texts: dict[str, str], source: str, control: Ended | None, seen: Mapping[str, int]
) -> Row:
    """A call that nothing can be compared with."""
    why = "legacy could not be run on it again, and was not seen to end" if control is None else "an input is gone"
    return Row(
        call.identity, call.instant, seen.get(call.identity, 1), texts, source, control, None, None,
        why=why, reason="no_control",
    )  # fmt: skip


# --- legacy


def _controls(replayer: Replayer, recorded: Recorded, conditions: Conditions) -> dict[str, Ended]:
    """How legacy ends in the controlled world, by the identity of the call; calls that it refuses are absent."""
    by_run: dict[str, list[nouns.Call]] = {}
    for call in recorded.calls:
        by_run.setdefault(call.run, []).append(call)
    batches = [Batch(recorded.target, tuple(some), recorded.runs[run]) for run, some in by_run.items()]
    found: dict[str, Ended] = {}
    for replayed in replayer.run(batches, conditions):
        ended = _ended(replayed.outcome, None)
        if ended is not None:
            found[replayed.identity] = ended
    return found


def _ended(outcome: nouns.Outcome | None, blobs: Blobs | None) -> Ended | None:
    """How a call ended, of all that came of it; None where it did not end by itself."""
    if outcome is None or any(effect.kind in ("unanswered", "ended") for effect in outcome.effects):
        return None
    for effect in outcome.effects:
        text = effect.text if blobs is None else (join_all({"": effect.text}, blobs.get) or {}).get("")
        if text is None:
            return None
        if effect.kind in ("returned", "yielded"):
            return Ended(value=text)
        if effect.kind == "raised":
            return _raised(text)
    return None


def _raised(text: str) -> Ended:
    """An exception as `Raised` tells it, of its text in the notation."""
    try:
        node = parse(text)
    except NotationError:
        node = None
    if not isinstance(node, Node):
        return Ended(raised=text.partition("(")[0].replace(":", "."))
    arguments = tuple(node.args)
    message = str(arguments[0] if len(arguments) == 1 else arguments) if arguments else ""
    if node.name == "KeyError" and len(arguments) == 1:
        message = repr(arguments[0])
    return Ended(raised=node.name.replace(":", "."), message=message)


def _outcome(ended: Ended) -> Outcome:
    raised = Raised(ended.raised, ended.message) if ended.raised else None
    return Outcome(None if raised else Answer(ended.value or ""), raised)


@contextmanager
def modules_found_in(search_path: Sequence[Path]) -> Iterator[None]:
    """The process of the candidate looks for modules where this one does."""
    before = list(sys.path)
    sys.path[:0] = [str(one) for one in search_path]
    try:
        yield
    finally:
        sys.path[:] = before
