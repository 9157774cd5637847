"""`legacy-seam undo`: take back a seam that was inserted."""

from __future__ import annotations

import click

from legacy_seam.cli.shared import json_option, open_workspace, print_json, several
from legacy_seam.seams.journal import Journal
from legacy_seam.store.layout import Layout


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--list", "listed", is_flag=True, help="List what can be undone, and undo nothing.")
@json_option
def undo(number: int | None, listed: bool, as_json: bool) -> None:
    """Take back the last edit of `legacy-seam insert`, or the one with that NUMBER.

    Every file is what it was, byte for byte. A file that has changed since is refused.
    """
    workspace = open_workspace()
    journal = Journal(Layout(workspace.store).prepare().seams)
    if listed:
        entries = journal.entries()
    else:
        with journal.locked():
            entries = [journal.undo(number)]
    if as_json:
        found = [
            {"number": one.number, "title": one.title, "files": [str(path) for path in one.paths]}
            for one in entries
        ]
        print_json({"version": 1, "edits": found})
        return
    for one in entries:
        what = "" if listed else "undone: "
        click.echo(f"{what}{one.number} {one.title}, {several(len(one.paths), 'file')}")
