"""What the replayer makes of the messages of a worker (`worker` says which there are)."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from legacy_seam.boundary.answering import Departure
from legacy_seam.calls import Effect, Outcome
from legacy_seam.redaction import Redactor
from legacy_seam.redaction.likeness import are_same_but_for_pseudonyms
from legacy_seam.replay.batch import Replayed, SourceRead
from legacy_seam.replay.shift import Shift
from legacy_seam.replay.steps import Step
from legacy_seam.values import encode


def hear(shift: Shift, message: list[Any], redactor: Redactor) -> Iterator[Replayed]:
    """Take in one message.

    Args:
        shift: the worker that says it.
        message: what it says.
        redactor: outcomes end up in golden masters, which hold no secrets.

    Raises:
        ValueError, KeyError, IndexError, TypeError: it is none that a worker would send now.
    """
    shift.deadline = time.monotonic() + shift.limits.wall_seconds
    match message:
        case ["ready"]:
            shift.is_ready = True
            shift.give_lot()
        case ["batch", _]:
            shift.is_begun = True
        case ["same", first, index, count]:
            yield from _same(shift, first + index, count)
        case ["case" | "refused", first, index, *_] if shift.lots[0].done != first + index:
            raise ValueError("the result of another call")
        case ["case", _, _, None, notes, _, _, *traced]:
            yield shift.result(outcome=_approved(shift), notes=_noted(notes, (), redactor), **_steps(*traced))
        case ["case", _, _, effects, notes, departures, sources, *traced]:
            outcome = Outcome(tuple(Effect(kind, place, text) for kind, place, text in effects))
            outcome = redactor.outcome(outcome, str(shift.lots[0].batch.target))
            reads = tuple(SourceRead(source, site) for source, site in sources)
            told = _noted(notes, departures, redactor)
            yield shift.result(outcome=outcome, notes=told, sources=reads, **_steps(*traced))
        case ["refused", _, _, kind, sentence, site]:
            yield shift.result(refusal=redactor.text(sentence), refusal_kind=kind, site=site)
        case ["child", _, _, child]:
            shift.child = child
        case ["ended", first, index, status]:
            shift.child = None
            if shift.lots and shift.lots[0].done == first + index:
                yield shift.result(outcome=ended(status, shift))
            shift.is_late, shift.breach = False, None
        case ["done", _]:
            while shift.lots[0].done < len(shift.lots[0].calls):
                shift.breach = "its result never came"
                yield shift.result(outcome=ended(0, shift))
            shift.breach = None
            shift.lots.popleft()
            shift.give_lot()


def ended(status: int, shift: Shift) -> Outcome:
    """The outcome of a call that was the end of its process."""
    return Outcome((Effect("ended", "", encode(shift.end_in_words(status))),))


def _noted(notes: Iterable[str], departures: Iterable[Sequence[str]], redactor: Redactor) -> tuple[str, ...]:
    """Notes as they are shown to people: without secrets, and without questions that depart only by those.

    In the recording stand-ins of its own key have their place, here those of another one.
    """
    told = [redactor.text(note) for note in notes]
    for place, asked, recorded, now in departures:
        [shown] = redactor.outcome(Outcome((Effect("asked", "1", now),))).effects
        if not are_same_but_for_pseudonyms(recorded, shown.text):
            told.append(str(Departure(place, asked, recorded, shown.text)))
    return tuple(told)


def _steps(*traced: Mapping[str, Collection[Sequence[int]]]) -> dict[str, Mapping[str, frozenset[Step]]]:
    """What was run in a call and, before it, at import; nothing, where nobody wanted to know."""
    return {
        name: {file: frozenset((before, after) for before, after in steps) for file, steps in some.items()}
        for name, some in zip(("steps", "at_import"), traced, strict=False)
    }


def _same(shift: Shift, first: int, count: int) -> Iterator[Replayed]:
    """Of so many calls came what is approved. (Some may have been told of by the process that ended then.)"""
    lot = shift.lots[0]
    if lot.done < first or first + count > len(lot.calls):
        raise ValueError("the results of other calls")
    target, approved = lot.batch.target, lot.batch.approved
    identities = [call.identity for call in lot.calls[lot.done : first + count]]
    lot.done = first + count
    yield from [Replayed(identity, approved[identity], target=target) for identity in identities]


def _approved(shift: Shift) -> Outcome:
    lot = shift.lots[0]
    return lot.batch.approved[lot.calls[lot.done].identity]
