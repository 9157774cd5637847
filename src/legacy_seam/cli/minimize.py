"""`legacy-seam minimize`: golden masters with fewer cases, which notice all the same."""

from __future__ import annotations

from collections.abc import Sequence
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
    targets_argument,
)
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.golden.directory import GoldenDirectory
    from legacy_seam.golden.master import GoldenMaster
    from legacy_seam.grade.minimizing import Minimized
    from legacy_seam.workspace import Workspace


@click.command()
@targets_argument
@click.option("--operators", multiple=True, metavar="NAME", help="As of grade: what makes mutants.")
@click.option("--dry-run", is_flag=True, help="Show what would be left out, and write nothing.")
@golden_option
@json_option
def minimize(
    targets: tuple[str, ...], operators: tuple[str, ...], dry_run: bool, golden: str | None, as_json: bool
) -> None:
    """Leave out cases of golden masters that show and notice nothing which others do not.

    What stays takes the same paths and steps through the program, has the same sorts of effects and exceptions, and
    notices the same mutants of the functions that it runs in the module of its target. Each golden master is proved
    by itself, from the cases that stay; where the proof fails nothing of it is written.
    """
    workspace = open_workspace(golden=golden)
    goldens = chosen_masters(workspace, targets)
    results, problems = _minimize(workspace, goldens, operators or ("default",), dry_run=dry_run)
    if as_json:
        from legacy_seam.report.minimized import minimized_data

        print_json(minimized_data(results, written=not dry_run))
    else:
        _show(results, dry_run=dry_run)
    for problem in problems:
        complain(problem)
    if problems:
        raise click.exceptions.Exit(2)


def _minimize(
    workspace: Workspace,
    goldens: Sequence[tuple[Path, GoldenMaster]],
    operators: Sequence[str],
    *,
    dry_run: bool,
) -> tuple[list[Minimized], list[str]]:
    from legacy_seam.golden.pruning import prune
    from legacy_seam.grade import equivalents
    from legacy_seam.grade.minimizing import Minimizer
    from legacy_seam.grade.operators import named
    from legacy_seam.grade.plan import Plan
    from legacy_seam.grade.scope import Scope

    plan = Plan(
        operators=named(operators),
        tolerances=workspace.settings.tolerances,
        equivalent=equivalents.load(workspace.golden.path),
        scope=Scope(everywhere=True),
    )
    results: list[Minimized] = []
    problems: list[str] = []
    with workspace.replayer() as replayer, progress() as bar:
        task = bar.add_task("minimizing", total=len(goldens))
        for path, master in goldens:
            name = master.target.qualname[:30]
            minimizer = Minimizer(
                workspace.golden,
                replayer,
                plan,
                told=lambda doing, name=name: bar.update(task, description=f"{name}: {doing}"),  # type: ignore[misc]
            )
            try:
                one = minimizer.minimize(path, master)
                if one.master is not None and not dry_run:
                    _write(workspace.golden, path, one.master)
                results.append(one)
                problems += [f"{one.target} stays as it is: {one.problem}"] if one.problem else []
            except SeamError as error:
                problems.append(str(error))
            bar.update(task, advance=1)
    if not dry_run and any(one.master is not None for one in results):
        prune(workspace.golden)
    return results, problems


def _write(directory: GoldenDirectory, path: Path, master: GoldenMaster) -> None:
    from legacy_seam.golden.approval import approve
    from legacy_seam.golden.directory import CannotWrite

    try:
        approve(path, directory.write(master))
    except OSError as error:
        raise CannotWrite(directory.path, error) from error


def _show(results: Sequence[Minimized], *, dry_run: bool) -> None:
    from rich.table import Table

    from legacy_seam.report.minimized import rows

    terminal = console()
    grid = Table(box=None, pad_edge=False)
    for name in ("target", "cases", "stay", "paths and steps", "sorts of effects", "mutants noticed"):
        grid.add_column(name, justify="left" if name == "target" else "right")
    for row in rows(results):
        grid.add_row(*row)
    smaller = [one for one in results if one.master is not None]
    if smaller:
        terminal.print(grid)
        terminal.print()
    before, after = sum(one.cases for one in results), sum(one.kept for one in results)
    would = "would stay" if dry_run else "stay"
    terminal.print(
        f"{after:,} of {several(before, 'case')} {would}, in {several(len(results), 'golden master')};"
        " all that they show and notice is as it was"
    )
    if dry_run and smaller:
        terminal.print("nothing was written (--dry-run)")
