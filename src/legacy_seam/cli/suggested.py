"""What `pin` and `survey` propose for a function, as `legacy-seam insert --suggested` takes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from legacy_seam.errors import SeamError
from legacy_seam.report.cures import Adviser
from legacy_seam.report.openings import openings
from legacy_seam.source import Program
from legacy_seam.store.recordings import Recordings
from legacy_seam.survey.survey import survey
from legacy_seam.targets import Target
from legacy_seam.workspace import Workspace


def suggestions(workspace: Workspace, target: Target) -> list[list[str]]:
    """The arguments of `legacy-seam insert` that are proposed for a target, those of `pin` first.

    Each technique has looked at the function and has nothing against it.

    Raises:
        SeamError: where nothing is proposed.
    """
    program = workspace.program()
    proposed = dict.fromkeys([*_of_pin(workspace, program, target), *_of_survey(workspace, program, target)])
    found = [shlex.split(one) for one in proposed]
    if not found:
        raise SeamError(
            f"neither `pin` nor `survey` proposes a seam for {target}: `legacy-seam why {target}` tells what is"
            " known, `legacy-seam insert --list` shows the techniques"
        )
    return [words[2:] for words in found]


def _of_pin(workspace: Workspace, program: Program, target: Target) -> Iterator[str]:
    if not workspace.store.exists():
        return
    recordings = Recordings(workspace.store)
    recordings.fold()
    verdict = recordings.verdict(target)
    if verdict is None:
        return
    asked = dict.fromkeys(name for call in recordings.calls(target) for name in call.asks())
    remarks = (*verdict.depends_on, verdict.reason or "", verdict.site or "")
    yield from (one.command for one in Adviser(program).on(remarks, asked, target))


def _of_survey(workspace: Workspace, program: Program, target: Target) -> Iterator[str]:
    found = survey(program, workspace.project)
    chosen = [one for one in found.functions if one.target == target]
    for places in openings(found, program, chosen).values():
        yield from (place.command for place in places if place.command)
