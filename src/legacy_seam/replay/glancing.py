"""A glance at what a call gives: it is made in the world as it happens to be, and next to nothing is put back.

A replay costs ten times as much as a call of a few microseconds, and most of that goes into seeing what hardly ever
happens. Who has thousands of calls and wants to know which of them are worth a replay glances at them first. What a
glance shows is never more than a reason to look: it is replays that count.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import copy_context

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Inputs, Replay
from legacy_seam.replay.performing import Following, Performance, perform
from legacy_seam.replay.wire import Job
from legacy_seam.values import encode, fingerprint
from legacy_seam.world.recursion import frames_above

_PATIENCE_SECONDS = 2.0
_ALONE = ("returned", "raised")
"""Kinds of effect that a glance sees."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a glance is to show.

    kind: how the call ends.
    key:  of what it returns.
    text: of what it raises.
    """

    kind: str
    key: int | bytes | None
    text: str


def look_of(replay: Replay, effects: list[tuple[str, str, str]]) -> Look | None:
    """What a glance at a call has to show of which these effects are expected; None where it cannot show them.

    Args:
        replay: of its target.
        effects: all of them: kind, place, text.
    """
    if len(effects) != 1 or effects[0][0] not in _ALONE or replay.found.function is None:
        return None
    kind, _, text = effects[0]
    if kind == "raised":
        return Look(kind, None, text)
    texts: Mapping[str, str] = {"": text}
    if replay.reader.may_run_code(texts):
        return None
    try:
        return Look(kind, fingerprint((replay.reader.read(texts)[""],)), text)
    except (Refused, MemoryError):
        return None


def glance(replay: Replay, job: Job, inputs: Inputs) -> Performance:
    """Make a call.

    Args:
        replay: of its target, which is a live function.
        job: the call.
        inputs: what `replay.read` has given.
    """
    stage, function = replay.stage, replay.found.function
    assert function is not None
    positional, keywords = replay.binding(function, job).spread(inputs.given)
    following = Following(most=stage.setting.limits.items, tell=lambda item: encode(item, names=inputs.names))
    limit = stage.interpreter.recursion
    limit.above = replay.above = replay.above or frames_above() + 1
    stage.output.active = stage.sandbox.armed = True
    try:
        done = copy_context().run(perform, function, positional, keywords, following, limit)
        stage.waiting.until_threads_end(_PATIENCE_SECONDS)
    finally:
        stage.output.active = stage.sandbox.armed = False
    return done


def shows(look: Look, done: Performance, inputs: Inputs) -> bool:
    """Does what a call gave look as it has to?"""
    if done.used is not None or done.items is not None:
        return False
    if done.raised is not None:
        return look.kind == "raised" and encode(done.raised, names=inputs.names) == look.text
    return look.kind == "returned" and done.returned is not None and fingerprint(done.returned) == look.key
