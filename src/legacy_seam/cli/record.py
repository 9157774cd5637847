"""`legacy-seam record`: run a program as it is, and keep the inputs of its functions."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from legacy_seam.cli.shared import complain, complain_of_damages, open_workspace, several, store_option
from legacy_seam.errors import SeamError
from legacy_seam.record import launcher
from legacy_seam.record.budget import GENEROUS
from legacy_seam.redaction import Rules
from legacy_seam.store.errors import StoreError
from legacy_seam.store.folding import Folded
from legacy_seam.store.recordings import Recordings
from legacy_seam.targets import Pattern

_ROOM = 4096


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    options_metavar="[OPTIONS] --",
)
@click.option("-t", "--target", "targets", multiple=True, metavar="TARGET", help="Record only what this matches.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="DIR",
    help="Record functions defined below this directory (default: the current one).",
)
@click.option(
    "--boundary",
    "boundaries",
    multiple=True,
    metavar="TARGET",
    help="Take what this answers for an input: a replay does not call it.",
)
@store_option
@click.option("--no-redact", is_flag=True, help="Write secrets down as they are. Think twice.")
@click.option("--json", "as_json", is_flag=True, help="Give the summary on stderr as one JSON document.")
@click.argument("program", nargs=-1, type=click.UNPROCESSED, required=True, metavar="script.py|-m MODULE [ARGS]...")
def record(
    targets: tuple[str, ...],
    sources: tuple[str, ...],
    boundaries: tuple[str, ...],
    store: str | None,
    no_redact: bool,
    as_json: bool,
    program: tuple[str, ...],
) -> None:
    """Run a program and record the inputs of its functions.

    The program keeps its stdin, stdout, stderr, arguments, working directory and exit code; the summary follows on
    stderr when it has ended.

    \b
    legacy-seam record -- nightly.py --date 2026-01-31
    legacy-seam record --source src -t shop.rules -- -m shop.nightly
    """
    workspace = open_workspace(
        store=store, source=sources or None, targets=targets or None, boundaries=boundaries or None
    )
    roots = [str(Path(source).absolute()) for source in workspace.settings.source]
    for root in roots:
        if not Path(root).is_dir():
            raise SeamError(
                f"there is no directory {root} to record functions of; check --source, and source in pyproject.toml"
            )
    _check_program(program)
    recordings = Recordings(workspace.store.absolute())
    _check_writable(recordings)
    try:
        left, before = recordings.fold(), frozenset(run.identity for run in recordings.runs())
    except StoreError:  # it is told at the end: what the program does now needs no database
        left, before = Folded(), frozenset[str]()
    settings = launcher.Settings(
        store=str(workspace.store.absolute()),
        sources=tuple(roots),
        targets=workspace.settings.targets,
        exclude=workspace.settings.exclude,
        redaction=_redaction(workspace.settings.redaction, no_redact=no_redact),
        most_characters=workspace.settings.most_characters,
        boundaries=workspace.settings.boundaries,
        savings=GENEROUS,
    )
    returncode = _run(launcher.command(settings, program))
    try:  # whatever is wrong now, the exit code is the program's
        _check_writable(recordings)
    except SeamError as error:
        complain(error)
    try:
        _summarize(recordings, left, before, targets, as_json=as_json)
    except SeamError as error:
        complain(f"{error} (What the program left is in {recordings.layout.spools} and taken in next time.)")
    _leave(returncode)


def _redaction(rules: Rules, *, no_redact: bool) -> Rules:
    """The rules for this run; where there are none, that is said before anything happens."""
    if not no_redact and rules.enabled:
        return rules
    by_what = "--no-redact" if no_redact else "enabled = false in [tool.legacy-seam.redaction]"
    complain(
        f"WARNING: {by_what}: passwords, keys, card numbers and addresses that the program handles are written to"
        " the store as they are, and from there to golden masters. See `legacy-seam scan` before you commit any."
    )
    return replace(rules, enabled=False)


def _check_writable(recordings: Recordings) -> None:
    """Try to write where the program will write, or has written.

    Raises:
        StoreError: where nothing can be written there; what a program did meanwhile is then not recorded.
    """
    try:
        with tempfile.TemporaryFile(dir=recordings.layout.spools) as probe:
            probe.write(bytes(_ROOM))
    except OSError as error:
        raise StoreError(
            f"{recordings.layout.spools} cannot be written ({error.strerror or error}), so calls made now are not"
            " kept; make room or make it writable, or choose another store with --store"
        ) from error


def _check_program(program: tuple[str, ...]) -> None:
    first = program[0]
    if first == "-m":
        if len(program) < 2:
            raise SeamError("-m needs the name of a module: legacy-seam record -- -m package.module")
    elif not Path(first).exists():
        raise SeamError(f"there is no script {first} in {Path.cwd()}; give its path, or -m and a module's name")


def _run(command: list[str]) -> int:
    """Run the program as a child that owns the terminal; signals go to it, and only it decides what they mean."""
    child = subprocess.Popen(command)
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),  # the terminal sends it to the child as well
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda number, frame: child.send_signal(number)),
    }
    try:
        return child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summarize(
    recordings: Recordings, left: Folded, before: frozenset[str], patterns: Sequence[str], *, as_json: bool
) -> None:
    """Tell what this run, and what it started, brought; not what was in the store before, or `left` for it."""
    import json

    folded = left + recordings.fold()
    runs = {run.identity for run in recordings.runs()} - before
    counts = recordings.counts(runs)
    seen = sum(count.seen for count in counts.values())
    kept = sum(count.kept for count in counts.values())
    if as_json:
        data = {
            "version": 1,
            "runs": len(runs),
            "calls": {"seen": seen, "kept": kept},
            "targets": len(counts),
            "damages": [str(damage) for damage in folded.damages],
        }
        click.echo(json.dumps(data), err=True)
        return
    complain_of_damages(folded.damages)
    for pattern in patterns:
        if not any(Pattern(pattern).matches(target) for target in counts):
            complain(f"no function that was called matches {pattern!r}; check its spelling against the source")
    if not seen:
        click.echo(
            "legacy-seam: no call of a function below the source directories was seen; name them with --source,"
            " and see `legacy-seam status` for files that could not be watched",
            err=True,
        )
        return
    click.echo(
        f"legacy-seam: {several(seen, 'call')} of {several(len(counts), 'function')} seen, {kept:,} kept in"
        f" {recordings.directory.name}. Next: legacy-seam pin",
        err=True,
    )


def _leave(returncode: int) -> None:
    """End as the program ended, by the same signal where it was one."""
    if returncode < 0:
        with contextlib.suppress(OSError):  # SIGKILL has no other handler
            signal.signal(-returncode, signal.SIG_DFL)
        os.kill(os.getpid(), -returncode)
    sys.exit(returncode)
