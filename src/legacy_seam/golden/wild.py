"""Where outcomes in the controlled world depart from those that were seen in the wild."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from legacy_seam.calls import Call, Difference, Effect, Outcome
from legacy_seam.golden.compare import unread_ending
from legacy_seam.golden.trial import Trial
from legacy_seam.redaction.likeness import are_same_but_for_pseudonyms
from legacy_seam.replay.relocation import MARK
from legacy_seam.values import decode
from legacy_seam.values.standin import GIVEN, UNREAD

_SEEN_IN_THE_WILD = ("returned", "yielded", "raised", "changed")
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
    places = [
        differences[0].path
        for call in trial.stable()
        if call.observed is not None
        and not unread_ending(call.observed)
        and (
            differences := _parted(
                trial,
                _seen(call, call.observed, at := trial.runs[call.run].directory),
                _seen(call, trial.outcomes[call.identity], at),
            )
        )
    ]
    return (len(places), places[0]) if places else None


def _parted(trial: Trial, seen: Outcome, replayed: Outcome) -> list[Difference]:
    """Where they part, but for secrets: those of a recording have other stand-ins than those of a replay.

    A generator that a plain function makes is followed in a replay only: in the wild nobody knows what came of it.
    """
    if any(effect.kind == "returned" and effect.text.startswith("opaque(") for effect in seen.effects):
        seen, replayed = _but_for_its_end(seen), _but_for_its_end(replayed)
    return [
        one for one in trial.departures(seen, replayed) if not are_same_but_for_pseudonyms(one.expected, one.got)
    ]


def _but_for_its_end(outcome: Outcome) -> Outcome:
    return Outcome(tuple(effect for effect in outcome.effects if effect.kind not in ("returned", "yielded")))


def _seen(call: Call, outcome: Outcome, directory: str) -> Outcome:
    """The part of an outcome that the recorder sees in the wild, where nothing else is captured."""
    return Outcome(
        tuple(
            replace(effect, text=_without_what_is_elsewhere(effect.text, directory))
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
