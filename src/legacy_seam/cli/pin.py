"""`legacy-seam pin`: turn recorded calls into golden masters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import click

from legacy_seam.calls import Count, Run
from legacy_seam.cli.shared import (
    check_known,
    complain,
    complain_of_damages,
    console,
    golden_option,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    progress,
    several,
    store_option,
    targets_argument,
)
from legacy_seam.errors import SeamError
from legacy_seam.golden.pin import Pinned, Pinner, Plan
from legacy_seam.golden.recorded import Recorded
from legacy_seam.report.cures import Advice, Adviser
from legacy_seam.report.differences import headline, shorten
from legacy_seam.report.machine import pinned_data
from legacy_seam.store.ledger import Verdict
from legacy_seam.store.recordings import Recordings
from legacy_seam.targets import Pattern, Target
from legacy_seam.values.standin import UNREAD
from legacy_seam.workspace import Workspace

_MOST_COMMANDS = 20
_LONGEST_PLACE = 60


@click.command()
@targets_argument
@golden_option
@store_option
@click.option(
    "--runs", type=click.IntRange(min=2), metavar="N", help="Replay each call so often before believing it (3)."
)
@click.option(
    "--all", "keep_all", is_flag=True, help="Every call becomes a case, not the fewest that show the same."
)
@click.option("--afresh", is_flag=True, help="Replace existing golden masters, whatever was approved before.")
@json_option
def pin(
    targets: tuple[str, ...],
    golden: str | None,
    store: str | None,
    runs: int | None,
    keep_all: bool,
    afresh: bool,
    as_json: bool,
) -> None:
    """Replay recorded calls in a controlled world and write what holds still as golden masters.

    Of the calls that hold still those become cases that show something: a path through the function, a step
    anywhere else in the program, a sort of effect or exception, a mutant that `grade` saw them notice; and a few
    more whose outcomes differ. The smallest come first.
    """
    workspace = open_workspace(golden=golden, store=store, runs=runs)
    recordings = Recordings(workspace.store)
    folded = recordings.fold()
    is_damaged = complain_of_damages(folded.damages)
    known = recordings.targets()
    if not known:
        raise SeamError(f"nothing is recorded in {workspace.store}; run `legacy-seam record -- script.py` first")
    patterns = patterns_of(targets)
    counts = recordings.counts()
    not_kept = [target for target, count in counts.items() if count.seen and target not in set(known)]
    check_known(patterns, [*known, *not_kept], "in the recordings")
    recorded = [_recorded(recordings, target) for target in known if _wanted(target, patterns)]
    settings = workspace.settings
    _warn_of_secrets([run for one in recorded for run in one.runs.values()])
    plan = Plan(
        runs=settings.runs,
        most_cases=settings.max_cases,
        tolerances=settings.tolerances,
        keep_all=keep_all,
        notices=_notices(workspace),
    )
    results: list[Pinned] = []
    contents = [workspace.golden.files, recordings.blobs]
    with workspace.replayer(contents) as replayer, workspace.replayer() as checker, progress() as bar:
        pinner = Pinner(workspace.project, workspace.golden, recordings.blobs, replayer, checker, plan)
        task = bar.add_task("pinning", total=len(recorded))
        for one in pinner.pin(recorded, afresh=afresh):
            results.append(one)
            if one.problem is None:
                recordings.save_verdict(_verdict(one))
            bar.update(task, advance=1, description=f"pinning {one.target.qualname[:30]}")
    lost = [
        _nothing_kept(target, counts[target])
        for target in sorted(not_kept, key=str)
        if _wanted(target, patterns) and not workspace.golden.path_of(target).exists()
    ]
    advice = _advice(workspace, results, lost)
    results += lost
    if as_json:
        print_json(pinned_data(results, advice))
    else:
        _show(results, str(workspace.settings.golden))
        _show_advice(advice)
    unverified = (one.reason for one in results if one.differs and one.differs.status == "error")
    for problem in dict.fromkeys([*(one.problem for one in results if one.problem), *unverified]):
        complain(problem)
    _leave(results, is_damaged=is_damaged)


def _warn_of_secrets(runs: Sequence[Run]) -> None:
    """Golden masters are committed: say so where recordings may hold secrets."""
    bare = {run.identity for run in runs if not run.redacted}
    if bare:
        complain(
            f"{len(bare)} of the recorded runs {'was' if len(bare) == 1 else 'were'} made without redaction:"
            " golden masters hold whatever secrets their calls hold; see `legacy-seam scan`, or record them again"
        )


def _leave(results: Sequence[Pinned], *, is_damaged: bool) -> None:
    departed = [one.differs for one in results if one.differs]
    if any(one.status == "failed" for one in departed):
        raise click.exceptions.Exit(1)
    if departed or is_damaged or any(one.problem for one in results):
        raise click.exceptions.Exit(2)


def _wanted(target: object, patterns: Sequence[Pattern]) -> bool:
    return not patterns or any(pattern.matches(target) for pattern in patterns)  # type: ignore[arg-type]


def _recorded(recordings: Recordings, target: object) -> Recorded:
    calls = tuple(recordings.calls(target))  # type: ignore[arg-type]
    runs = {identity: recordings.run(identity) for identity in {call.run for call in calls}}
    return Recorded(target, calls, runs)  # type: ignore[arg-type]


def _nothing_kept(target: Target, count: Count) -> Pinned:
    """A function that was called, and of which there is no call to replay."""
    reasons = sorted(count.why, key=lambda reason: (UNREAD not in reason, -count.why[reason]))
    why = reasons[0] if reasons else "the recording ended before"
    calls = "its only call" if count.seen == 1 else f"none of its {count.seen:,} calls"
    fate = "was not kept" if count.seen == 1 else "was kept"
    advice = "; pin who calls it, or record a run with smaller data" if UNREAD in why else ""
    return Pinned(target, "refused", 0, f"{calls} {fate}: {why}{advice}")


def _notices(workspace: Workspace) -> Mapping[str, Collection[str]]:
    """Which mutants calls were found to notice, if somebody has graded before."""
    from legacy_seam.grade.memory import Memory
    from legacy_seam.store.layout import Layout

    return Memory(Layout(workspace.store).verdicts).notices()


def _verdict(one: Pinned) -> Verdict:
    return Verdict(one.target, one.state, one.cases, one.reason, one.site, one.depends_on)


def _advice(
    workspace: Workspace, results: Sequence[Pinned], lost: Sequence[Pinned]
) -> dict[Target, tuple[Advice, ...]]:
    """What would free the functions that are not wholly pinned, or steady those of which no call could be kept."""
    loose = [one for one in results if one.reason and not one.differs and not one.problem]
    if not loose and not lost:
        return {}
    adviser = Adviser(workspace.program())
    found = {one.target: adviser.on([one.reason or "", one.site or ""], (), one.target) for one in loose}
    return found | {one.target: adviser.beside(one.target) for one in lost}


def _show(results: Sequence[Pinned], golden: str) -> None:
    from rich.table import Table

    terminal = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (("target", "left"), ("state", "left"), ("cases", "right"), ("remarks", "left")):
        table.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]
    colours = {"pinned": "green", "unstable": "yellow", "refused": "red"}
    for one in results:
        colour = colours[one.state]
        table.add_row(str(one.target), f"[{colour}]{one.state}[/]", str(one.cases), _remarks(one))
    terminal.print(table)
    pinned = [one for one in results if one.state == "pinned"]
    terminal.print(
        f"\n{len(pinned)} of {several(len(results), 'function')} pinned,"
        f" {several(sum(one.cases for one in pinned), 'case')} in {golden}."
        " Next: pytest, or legacy-seam verify"
    )
    if left_out := sum(one.left_out for one in results):
        show = "call shows" if left_out == 1 else "calls show"
        terminal.print(f"{left_out:,} more {show} nothing that these cases do not show; --all takes them as well")
    for one in results:
        if one.differs:
            terminal.print(
                f"not touched: {headline(one.differs)};"
                f" see `legacy-seam verify {one.target}`, then accept or --afresh",
                markup=False,
            )


def _show_advice(advice: Mapping[Target, Sequence[Advice]]) -> None:
    """The commands that would free what does not hold still."""
    told = {one.command: one for found in advice.values() for one in found}
    for one in list(told.values())[:_MOST_COMMANDS]:
        click.echo(f"{one.site} reads {one.source}; {one.technique}:\n  {one.command}")
    if len(told) > _MOST_COMMANDS:
        click.echo(f"{len(told) - _MOST_COMMANDS} more: legacy-seam why TARGET")


def _remarks(one: Pinned) -> str:
    from rich.markup import escape

    remarks = [f"{one.reason} ({one.site})" if one.site else one.reason] if one.reason else []
    remarks += [f"depends on {source}" for source in one.depends_on]
    if one.asks:
        remarks.append(f"stable after these were answered from the recording: {', '.join(one.asks)}")
    if one.departures:
        number, place = one.departures
        come, where = "comes" if number == 1 else "come", shorten(place, _LONGEST_PLACE)
        remarks.append(f"{number} of its cases {come} out otherwise than in the wild ({where})")
    if one.unread:
        remarks.append(f"{one.unread} is too large to be compared: a verification looks at the rest")
    return escape("; ".join(remarks))
