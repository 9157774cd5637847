"""`legacy-seam explore`: inputs that nobody recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.goldens import chosen_masters
from legacy_seam.cli.shared import (
    complain,
    console,
    golden_option,
    json_option,
    open_workspace,
    print_json,
    progress,
    several,
    store_option,
    targets_argument,
)

if TYPE_CHECKING:
    from rich.progress import Progress

    from legacy_seam.explore.plan import Explored, Watcher
    from legacy_seam.grade.plan import Plan as GradePlan
    from legacy_seam.workspace import Workspace


@click.command()
@targets_argument
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    help="Processor time, of all targets together (60, or 6 for each where that is more).",
)
@click.option("--calls", type=click.IntRange(min=1), metavar="N", help="Try so many calls of each at most.")
@click.option("--seed", type=int, default=0, help="Chance: the same seed and --calls give the same search (0).")
@click.option(
    "--mutants/--no-mutants", default=True, help="Look for inputs that survivors are noticed by (default)."
)
@click.option(
    "--all", "keep_all", is_flag=True, help="Propose all that was kept, not the fewest that show the same."
)
@click.option("--afresh", is_flag=True, help="Forget what earlier searches found.")
@golden_option
@store_option
@json_option
def explore(
    targets: tuple[str, ...],
    seconds: float | None,
    calls: int | None,
    seed: int,
    mutants: bool,
    keep_all: bool,
    afresh: bool,
    golden: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Look for inputs of TARGETs that nobody recorded, and propose them as cases.

    Recorded calls are changed and run in the world in which golden masters are verified. What takes a new branch,
    ends in a new way or notices a mutant is left beside the golden master, in a file *.explored.txt; nothing counts
    before `legacy-seam accept --explored`.
    """
    from legacy_seam.explore.budget import Budget, usual_seconds
    from legacy_seam.explore.memory import Memory
    from legacy_seam.explore.plan import Plan
    from legacy_seam.explore.session import Explorer
    from legacy_seam.report.explored import explored_data
    from legacy_seam.store.layout import Layout

    workspace = open_workspace(golden=golden, store=store)
    goldens = [one for one in chosen_masters(workspace, targets) if one[1].cases]
    layout = Layout(workspace.store).prepare()
    memory = Memory(layout.explored)
    if afresh:
        for _, master in goldens:
            memory.forget(master.target)
    plan = Plan(
        budget=Budget(usual_seconds(len(goldens)) if seconds is None else seconds, calls, seed),
        grade=_grade_plan(workspace, layout.verdicts) if mutants else None,
        runs=workspace.settings.runs,
        keep_all=keep_all,
    )
    with workspace.replayer() as replayer, progress() as bar:
        explorer = Explorer(workspace.golden, replayer, memory, _watcher(bar))
        results = explorer.explore(goldens, plan)
    if as_json:
        print_json(explored_data(results))
    else:
        _show(workspace, results)
    problems = [one for one in results if one.problem]
    for one in problems:
        complain(f"{one.target}: {one.problem}")
    if problems:
        raise click.exceptions.Exit(2)


def _grade_plan(workspace: Workspace, verdicts: Path) -> GradePlan:
    from legacy_seam.grade import equivalents
    from legacy_seam.grade.memory import Memory
    from legacy_seam.grade.plan import Plan

    return Plan(
        tolerances=workspace.settings.tolerances,
        equivalent=equivalents.load(workspace.golden.path),
        memory=Memory(verdicts),
    )


def _watcher(bar: Progress) -> Watcher:
    from legacy_seam.explore.plan import Watcher
    from legacy_seam.targets import Target

    class Bar(Watcher):
        task = bar.add_task("reading", total=None)

        def tried(self, target: Target, calls: int, kept: int, seconds: float) -> None:
            words = f"{target.qualname[:30]}: {calls:,} calls tried, kept"
            bar.update(self.task, description=words, completed=kept)

        def proves(self, target: Target) -> None:
            bar.update(self.task, description=f"{target.qualname[:30]}: replaying what was found")

    return Bar()


def _show(workspace: Workspace, results: list[Explored]) -> None:
    from rich.table import Table

    from legacy_seam.report.explored import HEADINGS, lines_of, table

    terminal = console()
    grid = Table(box=None, pad_edge=False)
    for name in HEADINGS:
        grid.add_column(name, justify="left" if name == "function" else "right")
    for row in table(results):
        grid.add_row(*row)
    terminal.print(grid)
    for one in results:
        if one.proposed:
            terminal.print(f"\n{one.target}", markup=False)
            for line in lines_of(one):
                terminal.print(line, markup=False)
        if one.moved:
            terminal.print(
                f"note: {several(one.moved, 'found call')} of {one.target} did not hold still and are left out",
                markup=False,
            )
    proposed = [one for one in results if one.path is not None]
    terminal.print()
    if not proposed:
        terminal.print("nothing was found that recorded cases do not show")
        return
    terminal.print(
        f"{several(sum(len(one.proposed) for one in proposed), 'case')} proposed for"
        f" {several(len(proposed), 'function')}, beside the golden masters in {workspace.settings.golden}"
        " (*.explored.txt). Strike out what is not wanted, then: legacy-seam accept --explored"
        " (--all takes those to ask about, too)",
        markup=False,
    )
