"""A glance at what a call gives: it is made in the world as it happens to be, and next to nothing is put back.

A replay costs ten times as much as a call of a few microseconds, and most of that goes into seeing what hardly ever
happens. Who has thousands of calls and wants to know which of them are worth a replay glances at them first. What a
glance shows is never more than a reason to look: it is replays that count.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import copy_context
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Replay
from legacy_seam.replay.inputs import Inputs
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


def glance(
    replay: Replay,
    job: Job,
    given: dict[str, Any],
    names: Mapping[int, str],
    watcher: AbstractContextManager[object] | None = None,
) -> Performance:
    """Make a call.

    Args:
        replay: of its target, which is a live function.
        job: the call; of its arguments, only which there are.
        given: the arguments.
        names: the name of what has an identity among them, by its `id`.
        watcher: entered while code of the program runs.
    """
    stage, function = replay.stage, replay.found.function
    assert function is not None
    positional, keywords = replay.binding(function, job.arguments, job.defaulted).spread(given)
    following = Following(stage.setting.limits.items, names, stage.loop)
    limit = stage.interpreter.recursion
    limit.above = replay.above = replay.above or frames_above() + 1
    what = function, positional, keywords, following, limit
    stage.output.active = stage.sandbox.armed = True
    try:
        if watcher is None:
            done = copy_context().run(perform, *what)
        else:
            with watcher:
                done = copy_context().run(perform, *what)
        stage.loop.rest()
        stage.waiting.until_threads_end(_PATIENCE_SECONDS)
    finally:
        stage.loop.end()
        stage.output.active = stage.sandbox.armed = False
    return done


def shows(look: Look, done: Performance, inputs: Inputs) -> bool:
    """Does what a call gave look as it has to?"""
    if done.used is not None or done.items is not None:
        return False
    if done.raised is not None:
        return look.kind == "raised" and encode(done.raised, names=inputs.names) == look.text
    return look.kind == "returned" and done.returned is not None and fingerprint(done.returned) == look.key
