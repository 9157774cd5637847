"""`legacy-seam status`: the ledger of what was recorded, pinned, unstable or refused, and why."""

from __future__ import annotations

from typing import Any

import click

from legacy_seam.cli.shared import (
    complain_of_damages,
    console,
    json_option,
    open_workspace,
    print_json,
    several,
    store_option,
)
from legacy_seam.report.machine import status_data
from legacy_seam.store.recordings import Recordings


@click.command()
@store_option
@json_option
def status(store: str | None, as_json: bool) -> None:
    """Show what was recorded, pinned, unstable or refused, and why."""
    workspace = open_workspace(store=store)
    if not workspace.store.exists():
        if as_json:
            print_json({**status_data({}, {}, ()), "damages": []})
        else:
            click.echo(f"nothing is recorded in {workspace.store} yet; begin with: legacy-seam record -- script.py")
        return
    recordings = Recordings(workspace.store)
    folded = recordings.fold()
    verdicts = {verdict.target: verdict for verdict in recordings.verdicts()}
    data = status_data(recordings.counts(), verdicts, recordings.findings())
    data["damages"] = [str(damage) for damage in folded.damages]
    if as_json:
        print_json(data)
    else:
        _show(data)
    if complain_of_damages(folded.damages):
        raise click.exceptions.Exit(2)


def _show(data: dict[str, object]) -> None:
    from rich.markup import escape
    from rich.table import Table

    terminal = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (("target", "left"), ("calls", "right"), ("state", "left"), ("cases", "right")):
        table.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("why", overflow="fold")
    colours = {"pinned": "green", "unstable": "yellow", "refused": "red", "recorded": "cyan"}
    targets: list[dict[str, object]] = data["targets"]  # type: ignore[assignment]
    for one in targets:
        calls: dict[str, Any] = one["calls"] or {}  # type: ignore[assignment]
        why = [f"{one['reason']} ({one['site']})" if one["site"] else str(one["reason"])] if one["reason"] else []
        why += [f"depends on {source}" for source in one["depends_on"]]  # type: ignore[attr-defined]
        failures = _failures(calls)
        why += [f"{several(number, 'call')} could not be taken in full: {reason}" for reason, number in failures]
        colour = colours[str(one["state"])]
        table.add_row(
            escape(str(one["target"])),
            f"{calls.get('seen', 0):,}",
            f"[{colour}]{one['state']}[/]",
            str(one["cases"]),
            escape("; ".join(why)),
        )
    terminal.print(table)
    for finding in data["findings"]:  # type: ignore[attr-defined]
        terminal.print(f"not recorded: {finding['what']}: {finding['why']}", markup=False)
    calls_of_all: dict[str, int] = data["calls"]  # type: ignore[assignment]
    terminal.print(
        "\n{seen:,} calls seen: {kept:,} kept, {duplicate:,} duplicates, {sampled_out:,} sampled out,"
        " {unserialisable:,} unserialisable, {failed:,} failed".format(**calls_of_all)
    )


def _failures(calls: dict[str, Any]) -> list[tuple[str, int]]:
    """Why calls of one target could not be recorded, and how many."""
    return list(calls.get("why", {}).items())
