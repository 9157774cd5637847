"""Where outcomes in the controlled world depart from those that were seen in the wild."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from legacy_seam.calls import Call, Difference, Effect, Outcome
from legacy_seam.golden.compare import unread_ending
from legacy_seam.golden.trial import Trial
from legacy_seam.redaction.likeness import are_same_but_for_pseudonyms
from legacy_seam.replay.relocation import MARK
from legacy_seam.values import decode
from legacy_seam.values.standin import GIVEN, UNREAD

_SEEN_IN_THE_WILD = ("returned", "yielded", "raised", "changed")
_LONGEST_CALL = 3600.0
"""Seconds by which the clock may have gone on in the wild since the call began."""
_OF_STATE = re.compile(r"[\w.]+:")
_INPUT = re.compile(r"\w+")
_NAME_OF_A_HANDLE = re.compile(r"(?<![\w.:])(outside\('[^']+'), '\w+'\)")
_WHICH_WAS_GIVEN = re.compile(rf"(?<={UNREAD}){GIVEN}\d+(?='\))")
"""In the wild, what was too large to be read is told in the same words whether it was given or made."""


def cut_short(trial: Trial) -> list[str]:
    """What was denied to calls that came to another end for it than in the wild, one for each call."""
    found: list[str] = []
    for call in trial.stable():
        outcome = trial.outcomes[call.identity]
        at = trial.runs[call.run].directory
        denied = next((str(decode(one.text)) for one in outcome.effects if one.kind == "denied"), None)
        seen = call.observed
        if denied is None or seen is None:
            continue
        if _parted(trial, _seen(call, seen, at), _seen(call, outcome, at)):
            found.append(denied)
    return found


def departures(trial: Trial) -> tuple[int, str] | None:
    """How many calls came out otherwise than in the wild, of what can be seen from outside, and where first."""
    firsts = [
        found[0].path
        for call in trial.stable()
        if call.observed is not None
        and not unread_ending(call.observed)
        and (found := _departures_of(trial, call, call.observed))
    ]
    return (len(firsts), firsts[0]) if firsts else None


def _departures_of(trial: Trial, call: Call, observed: Outcome) -> list[Difference]:
    at = trial.runs[call.run].directory
    parted = _parted(trial, _seen(call, observed, at), _seen(call, trial.outcomes[call.identity], at))
    swayed = trial.swayed.get(call.identity, frozenset())
    return [one for one in parted if not _is_as_expected(one, swayed)]


def _parted(trial: Trial, seen: Outcome, replayed: Outcome) -> list[Difference]:
    """Where they part, but for secrets: those of a recording have other stand-ins than those of a replay.

    A generator that a plain function makes is followed in a replay only: in the wild nobody knows what came of it.
    """
    if any(effect.kind == "returned" and effect.text.startswith("opaque(") for effect in seen.effects):
        seen, replayed = _but_for_its_end(seen), _but_for_its_end(replayed)
    return [
        one for one in trial.departures(seen, replayed) if not are_same_but_for_pseudonyms(one.expected, one.got)
    ]


def _is_as_expected(departure: Difference, swayed: frozenset[str]) -> bool:
    """Does it come from what the world holds still? In a replay the clock stands where the call began, and chance
    is another; a moment that is further away than a call may last has another cause."""
    if departure.path not in swayed:
        return False
    seen, replayed = (_moment(text) for text in (departure.expected, departure.got))
    return seen is None or replayed is None or abs(seen - replayed) <= _LONGEST_CALL


def _moment(text: str) -> float | None:
    """The seconds that a text of a moment stands for; None for what is none."""
    if not text.startswith("datetime("):
        return None
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        found = decode(text)
        if isinstance(found, datetime):
            return found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    return None


def _but_for_its_end(outcome: Outcome) -> Outcome:
    return Outcome(tuple(effect for effect in outcome.effects if effect.kind not in ("returned", "yielded")))


def _seen(call: Call, outcome: Outcome, directory: str) -> Outcome:
    """The part of an outcome that the recorder sees in the wild, where nothing else is captured."""
    return Outcome(
        tuple(
            replace(
                effect,
                place=_without_what_is_elsewhere(effect.place, directory),
                text=_without_what_is_elsewhere(effect.text, directory),
            )
            for effect in outcome.effects
            if effect.kind in _SEEN_IN_THE_WILD and (effect.kind != "changed" or _is_looked_at(call, effect))
        )
    )


def _without_what_is_elsewhere(text: str, directory: str) -> str:
    """Without the numbers of handles, and with the one name that the working directory has on both sides."""
    text = _NAME_OF_A_HANDLE.sub(r"\1)", text)
    if GIVEN in text:
        text = _WHICH_WAS_GIVEN.sub("", text)
    for name in _names_of(directory):
        text = text.replace(name, "<directory>")
    return text


def _names_of(directory: str) -> tuple[str, ...]:
    """What the working directory of a run may be called in a text, but for `<directory>`.

    Args:
        directory: as it is seen from the project (see `seen_from`): below it, or from the root.
    """
    if not directory:
        return (MARK,)
    return (MARK, directory) if Path(directory).is_absolute() else (f"{MARK}/{directory}", MARK)


def _is_looked_at(call: Call, change: Effect) -> bool:
    """Does the recorder look at that place? It does at inputs and at state, not at what the process has as a whole
    (`os.environ`, `locale.setlocale(..)`), nor at what was lent."""
    if _OF_STATE.match(change.place):
        return True
    root = _INPUT.match(change.place)
    return root is not None and (root[0] in call.arguments or root[0] in call.closure or root[0] in call.defaulted)
