"""`legacy-seam hook`: the environment in which programs are recorded whose start cannot be changed."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from legacy_seam.cli.shared import open_workspace, store_option
from legacy_seam.errors import SeamError
from legacy_seam.record.invocation import Settings
from legacy_seam.record.startup import HIDE, HOOK, RECORD


@click.command()
@click.option("-t", "--target", "targets", multiple=True, metavar="TARGET", help="Record only what this matches.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="DIR",
    help="Record functions defined below this directory (default: the current one).",
)
@store_option
@click.option("--hide", is_flag=True, help="Let programs find no trace of this in their environment.")
@click.option("--plain", is_flag=True, help="Print NAME=value lines (systemd, Docker) instead of shell commands.")
def hook(targets: tuple[str, ...], sources: tuple[str, ...], store: str | None, hide: bool, plain: bool) -> None:
    """Print the environment in which every Python program is recorded.

    For programs whose start cannot be changed: WSGI and Celery workers, cron jobs, what others start.

    \b
    eval "$(legacy-seam hook -t shop.rules)"
    legacy-seam hook --plain --store /var/lib/shop/recordings > shop.env
    """
    workspace = open_workspace(store=store, source=sources or None, targets=targets or None)
    roots = [str(Path(source).absolute()) for source in workspace.settings.source] or [str(workspace.project)]
    for root in roots:
        if not Path(root).is_dir():
            raise SeamError(
                f"there is no directory {root} to record functions of; check --source, and source in pyproject.toml"
            )
    settings = Settings(
        store=str(workspace.store.absolute()),
        sources=tuple(roots),
        targets=workspace.settings.targets,
        exclude=workspace.settings.exclude,
        redaction=workspace.settings.redaction,
        most_characters=workspace.settings.most_characters,
        boundaries=workspace.settings.boundaries,
    )
    variables = {RECORD: settings.to_json()} | ({HIDE: "1"} if hide else {})
    if plain:
        for name, value in variables.items():
            click.echo(f"{name}={value}")
        click.echo(f"PYTHONPATH={HOOK}")
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")
    click.echo(f'export PYTHONPATH={shlex.quote(HOOK)}"${{PYTHONPATH:+{os.pathsep}$PYTHONPATH}}"')
