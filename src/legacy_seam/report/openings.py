"""Places for seams, and whether the technique agrees: its own planning is asked, and nothing is written."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Refused
from legacy_seam.source import Program
from legacy_seam.survey.opportunities import Opportunity
from legacy_seam.survey.survey import Survey, Surveyed
from legacy_seam.targets import Target, TargetSyntaxError

_MOST_SECONDS: Final = 6.0
"""That are spent on asking: methods make a technique read all classes of the program."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A place for a seam, with what the technique says.

    command: cuts it; None where the technique refuses, or was not asked.
    refusal: why it refuses.
    """

    opportunity: Opportunity
    command: str | None = None
    refusal: str | None = None


Openings: TypeAlias = Mapping[str, Sequence[Opening]]
"""The places for seams in functions, by the paths of those."""


def openings(survey: Survey, program: Program, shown: Sequence[Surveyed]) -> Openings:
    """The places for seams in some functions, by the paths of those.

    Args:
        survey: the survey.
        program: its source.
        shown: the functions, in the order in which techniques are asked as long as time allows.
    """
    end = time.monotonic() + _MOST_SECONDS
    return {
        one.function.path: [
            _asked(program, place) if time.monotonic() < end else Opening(place)
            for place in survey.opportunities(one)
        ]
        for one in shown
    }


def _asked(program: Program, place: Opportunity) -> Opening:
    technique = catalogue().get(place.technique)
    options = {"call": place.call} if place.call else {}
    if technique is None:
        return Opening(place)
    try:
        plan = technique.plan(Job(program, Target.parse(place.target), options))
    except Refused as refused:
        return Opening(place, refusal=refused.refusal.reason)
    except TargetSyntaxError:
        return Opening(place)
    if not plan.changes:
        return Opening(place, refusal=plan.refusals[0].reason if plan.refusals else None)
    return Opening(place, command=_command(place))


def _command(place: Opportunity) -> str:
    call = ["--call", place.call] if place.call else []
    return shlex.join(["legacy-seam", "insert", place.technique, place.target, *call])
