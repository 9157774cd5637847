"""`legacy-seam shadow`: recorded calls through legacy and a candidate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import (
    complain_of_damages,
    console,
    golden_option,
    json_option,
    one_target,
    open_workspace,
    pickle_option,
    print_json,
    progress,
    several,
    store_option,
    trust_option,
)
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.golden.recorded import Recorded
    from legacy_seam.rollout.results import Header, Row
    from legacy_seam.rollout.summary import Summary
    from legacy_seam.store.recordings import Recordings
    from legacy_seam.workspace import Workspace

_MOST_KINDS = 5


@click.command()
@click.argument("target", metavar="TARGET")
@click.option("--candidate", metavar="MODULE:ATTR|PATH", help="What might replace it: a callable, or a model.")
@click.option("--aa", is_flag=True, help="Legacy beside itself instead: how much it departs from itself.")
@click.option(
    "--compare",
    default="tolerance",
    metavar="NAME",
    help="exact, tolerance (default), tolerance:abs=1, or MODULE:ATTR (a comparator, a function of both results).",
)
@click.option("--deadline", type=click.FloatRange(min=0.001), default=5.0, help="Seconds for one answer (5).")
@click.option("--import", "imports", multiple=True, metavar="MODULE", help="Has classes of recorded values.")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Take the latest N calls only.")
@click.option("--resume", is_flag=True, help="Go on with a run of the same candidate that was interrupted.")
@trust_option
@pickle_option
@golden_option
@store_option
@json_option
def shadow(
    target: str,
    candidate: str | None,
    aa: bool,
    compare: str,
    deadline: float,
    imports: tuple[str, ...],
    most: int | None,
    resume: bool,
    trusted: tuple[str, ...],
    allow_pickle: bool,
    golden: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Run the recorded calls of TARGET through legacy and a candidate, and say where they part.

    Legacy runs in the controlled world of a replay, the candidate in a guarded process of its own. Nothing of it
    reaches the real world. What came out is kept, for `explain`; also of a run that is interrupted.

    Exits with 1 where anything departs, is too late or is denied, with 2 where nothing could be compared.
    """
    from legacy_seam.rollout.candidate import Trust
    from legacy_seam.rollout.choosing import comparator_called
    from legacy_seam.rollout.results import Header, Writer, path_of, unfinished
    from legacy_seam.rollout.shadow import Plan
    from legacy_seam.rollout.shadow import shadow as run
    from legacy_seam.rollout.summary import summarize
    from legacy_seam.store.recordings import Recordings

    if aa == (candidate is not None):
        raise SeamError(
            "say what runs beside legacy: either --candidate module:attribute, or --aa for legacy itself"
        )
    if ":" not in compare or compare.startswith("tolerance:"):
        comparator_called(compare)
    workspace = open_workspace(golden=golden, store=store)
    recordings = Recordings(workspace.store)
    complain_of_damages(recordings.fold().damages)
    recorded = _recorded(recordings, target, most)
    settings = workspace.settings
    trust = Trust(trusted, allow_pickle)
    plan = Plan(candidate, compare, deadline, imports, settings.allow, _search_path(workspace, recorded), trust)
    path = path_of(recordings.layout.shadow, str(recorded.target), candidate)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    header = Header(str(recorded.target), candidate, compare, made, len(recorded.calls), _versions(candidate))
    wanted = {call.identity for call in recorded.calls}
    rows = [row for row in unfinished(path, header) if row.id in wanted] if resume else []
    rest = _without(recorded, {row.id for row in rows})
    with workspace.replayer(recordings.blobs) as replayer, Writer(path, header) as writer, progress() as bar:
        task = bar.add_task("replaying legacy", total=len(recorded.calls), completed=len(rows))
        for row in rows:
            writer.write(row)
        for row in run(plan, rest, recordings.seen(recorded.target), replayer, recordings.blobs):
            rows.append(row)
            writer.write(row)
            bar.update(task, advance=1, description="trying the candidate")
    summary = summarize(rows)
    if as_json:
        print_json(_data(header, summary, path))
    else:
        _show(header, summary, rows, path)
    if not summary.compared:
        raise click.exceptions.Exit(2)
    if not summary.agrees:
        raise click.exceptions.Exit(1)


def _recorded(recordings: Recordings, target: str, most: int | None) -> Recorded:
    """The calls of the one target that is meant."""
    from legacy_seam.golden.recorded import Recorded

    known = recordings.targets()
    if not known:
        raise SeamError(
            f"nothing is recorded in {recordings.directory}; run `legacy-seam record -- script.py` first"
        )
    meant = one_target(target, known)
    calls = tuple(recordings.calls(meant))
    calls = calls if most is None else calls[-most:]
    return Recorded(meant, calls, {run: recordings.run(run) for run in {call.run for call in calls}})


def _without(recorded: Recorded, done: Collection[str]) -> Recorded:
    return replace(recorded, calls=tuple(call for call in recorded.calls if call.identity not in done))


def _search_path(workspace: Workspace, recorded: Recorded) -> tuple[Path, ...]:
    """Where the program found its modules, and the project itself."""
    recorded_paths = (run.search_path for run in recorded.runs.values())
    places = [workspace.project / place for paths in recorded_paths for place in paths]
    return tuple(dict.fromkeys([*places, workspace.project]))


def _versions(candidate: str | None) -> dict[str, str]:
    """Of the model, where the candidate is one, and of what models are commonly built on."""
    import platform

    from legacy_seam.rollout.candidate import version_of

    found = {"python": platform.python_version(), **version_of(candidate)}
    for name in ("numpy", "pandas", "scikit-learn", "scipy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _data(header: Header, summary: Summary, path: Path) -> dict[str, object]:
    from dataclasses import asdict

    numbers = {name: value for name, value in asdict(summary).items() if name != "kinds"}
    return {
        "version": 1,
        "target": header.target,
        "candidate": header.candidate,
        "compare": header.compare,
        **numbers,
        "mismatched": summary.mismatched,
        "parity": summary.parity,
        "kinds": [asdict(kind) for kind in summary.kinds],
        "file": str(path),
    }


def _show(header: Header, summary: Summary, rows: list[Row], path: Path) -> None:
    terminal = console()

    def say(line: str) -> None:
        terminal.print(line, markup=False)

    say(f"{header.target} beside {header.candidate or 'itself'}, compared by {header.compare}")
    parity = "nothing could be compared" if summary.parity is None else f"{summary.parity:.2%} of them match"
    say(f"{several(summary.compared, 'call')} of {summary.calls:,} compared: {parity}")
    if summary.weighted is not None and summary.parity != summary.weighted:
        say(f"counted as often as each was recorded: {summary.weighted:.2%}")
    for number, what in (
        (summary.mismatched, "depart"),
        (summary.errors, "of these raise where legacy does not, or otherwise than it"),
        (summary.timeouts, "were too late"),
        (summary.denied, "tried to do something to the world, which was refused"),
        (summary.refused, "could not be given to the candidate"),
        (summary.no_control, "have nothing to compare with"),
        (summary.observed, "compared with what was seen in the wild: legacy could not be run on them again"),
    ):
        if number:
            say(f"  {number:>7,} {what}")
    for kind in summary.kinds[:_MOST_KINDS]:
        place = f"{kind.path}: " if kind.path else ""
        say(f"  {kind.rows:>7,} times: {place}{kind.why}   (such as {kind.example})")
    if len(summary.kinds) > _MOST_KINDS:
        say(f"          and {several(len(summary.kinds) - _MOST_KINDS, 'other kind')}")
    why = next((row for row in rows if row.reason in ("refused", "no_control", "timeout")), None)
    if why is not None:
        say(f"not compared, such as {why.id}: {why.why}")
    say(f"kept in {path}")
