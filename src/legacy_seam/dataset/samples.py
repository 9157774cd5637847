"""Recorded calls as samples, one after the other: what is left out is counted by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from legacy_seam.calls import Call, Effect
from legacy_seam.store.pieces import join_all
from legacy_seam.store.recordings import Recordings
from legacy_seam.targets import Target
from legacy_seam.values.flat import Value, flatten

ANSWER = "call:legacy"
"""The column of legacy's answer; where that has parts, what their columns begin with."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One call of the legacy function.

    id:       its identity.
    at:       when it began, in seconds since the epoch.
    seen:     how often it was recorded.
    features: its inputs before the call, flat.
    answer:   what legacy returned, flat, under `ANSWER`.
    written:  inputs that the call itself changed.
    """

    id: str
    at: float
    seen: int
    features: dict[str, Value]
    answer: dict[str, Value]
    written: frozenset[str] = frozenset()


def recorded_samples(
    recordings: Recordings,
    target: Target,
    left_out: Counter[str],
    defaults: Mapping[str, str] | None = None,
    since: float | None = None,
    until: float | None = None,
) -> Iterator[Sample]:
    """The recorded calls of a function, the earliest first, as they were seen in the wild.

    Args:
        recordings: the store.
        target: the function.
        left_out: counts the calls that are no samples, by reason.
        defaults: literals of parameters: what a call had that left them to these.
        since, until: seconds since the epoch: from the one, to before the other.
    """
    for call, seen in recordings.each_call(target, since, until):
        returned = returned_by(call)
        if returned is None:
            left_out[_why(call)] += 1
            continue
        left = {name: defaults[name] for name in call.defaulted if defaults and name in defaults}
        texts = join_all({**left, **call.arguments, ANSWER: returned}, recordings.blobs.get)
        if texts is None:
            left_out["a large value is gone"] += 1
            continue
        answer = flatten({ANSWER: texts.pop(ANSWER)})
        features = flatten(texts)
        yield Sample(call.identity, call.instant, seen, features, answer, _written(call, features))


def returned_by(call: Call) -> str | None:
    """What a call was seen to return, as text; None where it did not."""
    for effect in call.observed.effects if call.observed else ():
        if effect.kind in ("returned", "yielded"):
            return effect.text
    return None


def _why(call: Call) -> str:
    ended = {effect.kind for effect in call.observed.effects} if call.observed else set()
    return "legacy raised" if "raised" in ended else "legacy was not seen to end"


def _written(call: Call, before: Mapping[str, Value]) -> frozenset[str]:
    """The columns whose values are others after the call."""
    changed = [effect for effect in call.observed.effects if effect.kind == "changed"] if call.observed else []
    return frozenset(name for effect in changed for name in _columns_of(effect, call, before))


def _columns_of(effect: Effect, call: Call, before: Mapping[str, Value]) -> Iterator[str]:
    if effect.place not in call.arguments or "@" in effect.text:
        return
    after = flatten({effect.place: effect.text})
    for name in after.keys() | {
        name for name in before if name.startswith((f"{effect.place}.", f"{effect.place}["))
    }:
        if before.get(name) != after.get(name):
            yield name
