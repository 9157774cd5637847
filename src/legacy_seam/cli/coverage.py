"""`legacy-seam coverage`: what of the program the golden masters run, and what only the wild has run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.goldens import chosen_masters, pinned_targets
from legacy_seam.cli.shared import (
    check_known,
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

if TYPE_CHECKING:
    from legacy_seam.golden.running import Running
    from legacy_seam.report.covered import Covered
    from legacy_seam.targets import Target
    from legacy_seam.workspace import Workspace


@click.command()
@targets_argument
@click.option(
    "--data-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a data file of coverage.py, for `coverage html` and the like; each case is a context.",
)
@click.option(
    "--all", "show_all", is_flag=True, help="Every function that no case runs; otherwise the first of them."
)
@golden_option
@store_option
@json_option
def coverage(
    targets: tuple[str, ...],
    data_file: Path | None,
    show_all: bool,
    golden: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Tell which lines and branches of TARGETs their golden masters run.

    Told apart are functions that no case runs though calls of them were seen in the wild, and functions that nobody
    has seen running. Cases are replayed and watched; lines and branches are counted by coverage.py.
    """
    from legacy_seam.report.covered import covered, covered_data

    workspace = open_workspace(golden=golden, store=store)
    patterns = patterns_of(targets)
    known = pinned_targets(workspace)
    running = _watch(workspace)
    found = covered(workspace.program(), running, known, _calls(workspace))
    check_known(patterns, [one.target for one in found], "in the program")
    found = [one for one in found if not patterns or any(pattern.matches(one.target) for pattern in patterns)]
    if data_file is not None:
        from legacy_seam.report.coverage_data import write

        write(running, data_file)
    if as_json:
        print_json(covered_data(found))
    else:
        _show(found, None if show_all else _MOST_SHOWN)


_MOST_SHOWN = 10


def _watch(workspace: Workspace) -> Running:
    from legacy_seam.golden.running import watch

    masters = [master for _, master in chosen_masters(workspace)]
    with workspace.replayer() as replayer, progress() as bar:
        bar.add_task("watching cases", total=None)
        return watch(masters, workspace.golden, replayer)


def _calls(workspace: Workspace) -> dict[Target, int]:
    """How many calls of each target were seen in the wild, as far as recordings are there."""
    if not workspace.store.exists():
        return {}
    from legacy_seam.store.recordings import Recordings

    return {target: count.seen for target, count in Recordings(workspace.store).counts().items()}


def _show(found: Sequence[Covered], most: int | None) -> None:
    from rich.table import Table

    from legacy_seam.report.covered import rows

    terminal = console()
    grid = Table(box=None, pad_edge=False)
    for name in ("golden master", "lines", "branches", "remarks"):
        grid.add_column(name, justify="right" if name in ("lines", "branches") else "left", overflow="fold")
    for row in rows(found):
        grid.add_row(*row)
    terminal.print(grid)
    wild = [one for one in found if one.where == "wild"]
    never = [one for one in found if one.where == "never"]
    for title, some in (("executed in the wild, not in the net", wild), ("never seen executed", never)):
        if some:
            terminal.print(f"\n{title}: {several(len(some), 'function')}", markup=False)
        for one in some[:most]:
            calls = f"  ({several(one.calls, 'call')})" if one.calls else ""
            terminal.print(f"  {one.target}{calls}", markup=False)
        if most is not None and len(some) > most:
            terminal.print(f"  and {len(some) - most} more: --all", markup=False)
    lines, of_lines = sum(one.net.lines for one in found), sum(one.net.of_lines for one in found)
    branches, of_branches = sum(one.net.branches for one in found), sum(one.net.of_branches for one in found)
    terminal.print(
        f"\n{lines:,} of {several(of_lines, 'line')} and {branches:,} of {of_branches:,} branches in"
        f" {several(len(found), 'function')} are run by golden masters",
        markup=False,
    )
