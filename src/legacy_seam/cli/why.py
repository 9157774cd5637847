"""`legacy-seam why`: the whole story of one target."""

from __future__ import annotations

import click

from legacy_seam.cli.goldens import golden_targets
from legacy_seam.cli.shared import (
    check_known,
    golden_option,
    json_option,
    open_workspace,
    print_json,
    store_option,
)
from legacy_seam.errors import SeamError
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.report.cures import Adviser
from legacy_seam.report.machine import VERSION
from legacy_seam.report.story import Story, lines_of, story_data
from legacy_seam.store.recordings import Recordings
from legacy_seam.targets import Pattern, Target
from legacy_seam.workspace import Workspace


@click.command()
@click.argument("target")
@golden_option
@store_option
@json_option
def why(target: str, golden: str | None, store: str | None, as_json: bool) -> None:
    """Tell why TARGET is pinned, unstable or refused: all that is known of it."""
    workspace = open_workspace(golden=golden, store=store)
    recordings = Recordings(workspace.store) if workspace.store.exists() else None
    if recordings is not None:
        recordings.fold()
    known = {*(recordings.targets() if recordings else ()), *(recordings.counts() if recordings else ())}
    known |= set(golden_targets(workspace.golden))
    if not known:
        raise SeamError(f"nothing is recorded in {workspace.store}; run `legacy-seam record -- script.py` first")
    pattern = Pattern(target)
    check_known([pattern], sorted(known), "in the recordings or golden masters")
    adviser = Adviser(workspace.program())
    stories = [_story(workspace, recordings, adviser, one) for one in sorted(known) if pattern.matches(one)]
    if as_json:
        print_json({"version": VERSION, "targets": [story_data(story) for story in stories]})
        return
    for story in stories:
        click.echo("\n".join(lines_of(story)))


def _story(workspace: Workspace, recordings: Recordings | None, adviser: Adviser, target: Target) -> Story:
    path = workspace.golden.path_of(target)
    master, problem = None, None
    if path.exists():
        try:
            master = workspace.golden.load(path)
        except GoldenDamaged as damaged:
            problem = str(damaged)
    verdict = recordings.verdict(target) if recordings else None
    calls = recordings.calls(target) if recordings else ()
    remarks = (*verdict.depends_on, verdict.reason or "", verdict.site or "") if verdict else ()
    asked = dict.fromkeys(name for call in calls for name in call.asks())
    return Story(
        target=target,
        count=recordings.counts().get(target) if recordings else None,
        calls=calls,
        verdict=verdict,
        findings=[one for one in recordings.findings() if one.target == target] if recordings else (),
        master=master,
        file=str(path.relative_to(workspace.project))
        if master and path.is_relative_to(workspace.project)
        else None,
        problem=problem,
        advice=adviser.on(remarks, asked, target),
    )
