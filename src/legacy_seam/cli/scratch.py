"""`legacy-seam scratch`: try a series of techniques in a throw-away copy, see whether the net holds, discard it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.insert import check_options, interpreter_of, net_of, options_of, target_of
from legacy_seam.cli.shared import complain, console, json_option, open_workspace, print_json, several
from legacy_seam.errors import SeamError
from legacy_seam.settings import load_settings
from legacy_seam.store.layout import Layout
from legacy_seam.workspace import Workspace

if TYPE_CHECKING:
    from legacy_seam.seams.scratch import Step, Tried


@click.command()
@click.argument("target")
@click.option(
    "--apply",
    "applied",
    multiple=True,
    required=True,
    metavar='"TECHNIQUE [TARGET] [options]"',
    help="A technique and its options, as `legacy-seam insert` takes them; several are applied one upon the other.",
)
@click.option("--diff", "with_diff", is_flag=True, help="Print what each technique changes.")
@click.option("--no-verify", is_flag=True, help="Look at the text alone, without replaying golden masters.")
@json_option
def scratch(target: str, applied: tuple[str, ...], with_diff: bool, no_verify: bool, as_json: bool) -> None:
    """Apply techniques to TARGET (package.module:Class.method) in a copy of the project, and throw the copy away.

    Each is checked as by `legacy-seam insert`: the golden masters are verified before and after. One that is
    refused, or turns the net red, is taken back in the copy, and the next is tried. Nothing of the project is
    changed. Exits with 1 where one of them would not be kept.
    """
    from legacy_seam.seams.journal import Journal
    from legacy_seam.seams.scratch import copy_of, try_steps

    steps = [_step(one, target) for one in applied]
    workspace = open_workspace()
    with ExitStack() as stack:
        place = stack.enter_context(copy_of(workspace.project, without=[workspace.store]))
        copy = Workspace(place, load_settings(place))
        net = None if no_verify else net_of(copy)
        if net is not None and not net.masters():
            raise SeamError(
                f"there is no golden master below {workspace.golden.path} to hold the behaviour still: run"
                " `legacy-seam record` and `legacy-seam pin` first, or say --no-verify"
            )
        journal = Journal(Layout(copy.store).prepare().seams)
        told = _told if sys.stderr.isatty() and not as_json else _silent
        tried: list[Tried] = []
        other = interpreter_of(workspace)
        for one in try_steps(steps, place, copy.program, journal, net, other, told):
            tried.append(one)
            if not as_json:
                _show(one, place, with_diff=with_diff)
    held = sum(one.status == "kept" for one in tried)
    if as_json:
        from legacy_seam.report.machine import insertion_data

        found = [insertion_data(one.proposal, one.status, one.diff, one.result, root=place) for one in tried]
        print_json({"version": 1, "target": target, "held": held, "steps": found})
    else:
        click.echo(f"{held} of {several(len(tried), 'technique')} would be kept. Nothing was changed.")
    raise click.exceptions.Exit(0 if held == len(tried) else 1)


def _step(text: str, target: str) -> Step:
    """One `--apply`, read as the arguments of `legacy-seam insert`."""
    from legacy_seam.cli.insert import insert
    from legacy_seam.seams.catalogue import technique_named
    from legacy_seam.seams.scratch import Step

    try:
        words = shlex.split(text)
        given = insert.make_context("insert", words, resilient_parsing=False).params
    except (ValueError, click.UsageError) as error:
        told = error.format_message() if isinstance(error, click.UsageError) else str(error)
        raise SeamError(f"--apply {text!r}: {told}") from None
    if not given["technique"]:
        raise SeamError(f"--apply {text!r}: say which technique; `legacy-seam insert --list` shows them")
    technique = technique_named(given["technique"])
    options = options_of(given["call"], given["name"], given["lines"], given["others"])
    check_options(technique, options)
    return Step(technique, target_of(given["target"] or target), options)


def _silent(_: str) -> None:
    pass


def _told(step: str) -> None:
    console(stderr=True).print(f"{step} …", style="dim")


def _show(tried: Tried, place: Path, *, with_diff: bool) -> None:
    plan = tried.proposal.plan
    word = {"kept": "holds", "restored": "turns the net red", "refused": "refused"}[tried.status]
    style = "green" if tried.status == "kept" else "red"
    console().print(f"{word}: {plan.technique} {plan.target}", style=style, markup=False)
    if with_diff and tried.diff:
        click.echo(tried.diff, nl=False)
    for line in _reasons(tried, place):
        complain(line)


def _reasons(tried: Tried, place: Path) -> Sequence[str]:
    if tried.status == "refused" and not tried.proposal.plan.changes:
        return [
            f"{os.path.relpath(one.path, place)}:{one.line}: {one.reason}" for one in tried.proposal.plan.refusals
        ]
    findings = tried.result.findings if tried.result else tried.proposal.findings
    return [f"{one.step}: {one.detail}" for one in findings if one.verdict == "fails"]
