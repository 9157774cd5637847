"""`legacy-seam scan`: what in recordings and golden masters still looks like a secret."""

from __future__ import annotations

from pathlib import Path

import click

from legacy_seam.cli.shared import (
    complain,
    console,
    golden_option,
    json_option,
    open_workspace,
    print_json,
    store_option,
)
from legacy_seam.errors import SeamError
from legacy_seam.report.machine import scanned_data
from legacy_seam.scanning import Scanned, Suspicion, default_paths, scan


@click.command(name="scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@store_option
@golden_option
@json_option
def scan_command(paths: tuple[str, ...], store: str | None, golden: str | None, as_json: bool) -> None:
    """List what still looks like a secret in a store, in golden masters, or in any files.

    Without PATH: this project's recordings and golden masters. Exits with 1 if anything is found. The secrets
    themselves are not shown.
    """
    workspace = open_workspace(store=store, golden=golden)
    places = [Path(path) for path in paths] or list(default_paths(workspace.store, workspace.golden.path))
    for place in places:
        if not place.exists():
            raise SeamError(f"there is no {place} to scan; name a store, a golden directory or a file")
    scanned = scan(places, workspace.settings.redaction)
    if as_json:
        print_json(scanned_data(scanned))
    else:
        _show(scanned, [str(place) for place in places])
    if scanned.suspicions:
        raise click.exceptions.Exit(1)


def _show(scanned: Scanned, places: list[str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    terminal = console()
    if scanned.suspicions:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("where", "target", "place", "rule", "what"):
            table.add_column(column, overflow="fold")
        for one in scanned.suspicions:
            cells = (_where(one), one.target or "", one.place, one.rule, one.excerpt)
            table.add_row(*map(escape, cells))
        terminal.print(table)
    for problem in scanned.problems:
        complain(problem)
    number = len(scanned.suspicions)
    what = "nothing looks" if not number else "1 value looks" if number == 1 else f"{number} values look"
    terminal.print(
        f"{what} like a secret in {', '.join(places) or 'this project: there is nothing yet'}", markup=False
    )


def _where(one: Suspicion) -> str:
    try:
        file = one.file.resolve().relative_to(Path.cwd())
    except ValueError:
        file = one.file
    return f"{file}:{one.line}" if one.line else str(file)
