"""How a call ended, and what it made, as effects."""

from __future__ import annotations

from collections.abc import Mapping

from legacy_seam.boundary.answering import Unanswered
from legacy_seam.calls import MISSING, Effect
from legacy_seam.replay import wire
from legacy_seam.replay.batch import WAITS_FOR_EVER
from legacy_seam.replay.neutral import is_neutral
from legacy_seam.replay.performing import Performance
from legacy_seam.replay.wire import Job
from legacy_seam.values import encode
from legacy_seam.values.data import containers_of_tree, is_atom
from legacy_seam.values.listing import listed
from legacy_seam.world.alarms import WaitsForEver
from legacy_seam.world.interpreter import Change


def ending(done: Performance, names: Mapping[int, str]) -> list[Effect]:
    """What it returned, yielded and raised."""
    effects: list[Effect] = []
    if done.returned is not None:
        effects.append(Effect("returned", "", encode(done.returned[0], names=names)))
    if done.items is not None:
        effects.append(Effect("yielded", "", listed(done.items, has_more=not done.whole)))
    if done.raised is None:
        return effects
    if isinstance(done.raised, Unanswered):
        effects.append(Effect("unanswered", "", encode(str(done.raised))))
    elif isinstance(done.raised, WaitsForEver):
        effects.append(Effect("ended", "", encode(WAITS_FOR_EVER)))
    else:
        effects.append(Effect("raised", "", encode(done.raised, names=names)))
    return effects


def has_just_returned(call: Job, done: Performance, names: Mapping[int, str]) -> bool:
    """Did it give back what is expected of the call? False may be said in vain."""
    if call.expected is None or done.returned is None or done.items is not None:
        return False
    text = encode(done.returned[0], names=names)
    return is_neutral(text) and call.expected == wire.gist_of_returned(text)


def is_plain(done: Performance) -> bool:
    """Did it give nothing but built-in data? All else may have code that runs when it goes."""
    if done.returned is None or done.items is not None:
        return False
    return is_atom(done.returned[0]) or containers_of_tree(done.returned) is not None


def told(change: Change) -> Effect:
    """What became of one thing that belongs to the process as a whole."""
    place, thing, is_there = change
    return Effect("changed", place, encode(thing) if is_there else MISSING)


def numbered(kind: str, texts: list[str]) -> list[Effect]:
    """Effects of one kind, numbered from 1."""
    return [Effect(kind, str(number), text) for number, text in enumerate(texts, 1)]  # type: ignore[arg-type]
