"""`legacy-seam insert`: cut a dependency out of code, and keep the cut only while the net is green."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import complain, console, json_option, open_workspace, print_json, several
from legacy_seam.errors import SeamError
from legacy_seam.store.layout import Layout
from legacy_seam.targets import Target, TargetSyntaxError

if TYPE_CHECKING:
    from legacy_seam.seams.insertion import Proposal, Result, Status
    from legacy_seam.seams.interpreter import Interpreter
    from legacy_seam.seams.journal import Journal
    from legacy_seam.seams.net import Net
    from legacy_seam.seams.technique import Technique
    from legacy_seam.workspace import Workspace

_USAGE = frozenset({"no-such-target", "option-missing", "unparsable"})


@click.command()
@click.argument("technique", required=False)
@click.argument("target", required=False)
@click.option(
    "--call", metavar="NAME", help="The full name of what is cut out: datetime.datetime.now, builtins.open."
)
@click.option("--name", metavar="NAME", help="A name for what comes into being.")
@click.option("--lines", metavar="FIRST-LAST", help="The lines it is about, for techniques that take some.")
@click.option("--with", "others", multiple=True, metavar="NAME=VALUE", help="Any other option of the technique.")
@click.option("--suggested", is_flag=True, help="Take what pin and survey propose for TARGET, and no technique.")
@click.option("--list", "listed", is_flag=True, help="List the techniques.")
@click.option("--dry-run", is_flag=True, help="Show and check what would be done; write nothing.")
@click.option("--diff", "only_diff", is_flag=True, help="Print the diff alone; write nothing.")
@click.option("--no-verify", is_flag=True, help="Apply without replaying golden masters; the result says so.")
@click.option("--python", metavar="PYTHON", help="The program's interpreter: edits must compile under it, too.")
@click.option("--allow-dirty", is_flag=True, help="Edit files whose changes are not committed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def insert(
    technique: str | None,
    target: str | None,
    call: str | None,
    name: str | None,
    lines: str | None,
    others: tuple[str, ...],
    suggested: bool,
    listed: bool,
    dry_run: bool,
    only_diff: bool,
    no_verify: bool,
    python: str | None,
    allow_dirty: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Apply TECHNIQUE to TARGET (package.module:Class.method) as one transaction.

    Preconditions are checked, the diff is shown, golden masters are verified before and after. What turns one red
    is taken back, byte for byte. `legacy-seam undo` takes back what was kept. Exits with 1 where the technique
    refuses, or the net turned red. `--suggested TARGET` takes the first seam that pin and survey propose, and names
    the others.
    """
    if listed:
        _list(as_json)
        return
    if suggested:
        _insert_suggested(technique, target)
    if not technique or not target:
        raise SeamError("say which technique and which target; `legacy-seam insert --list` shows the techniques")
    from legacy_seam.seams.catalogue import technique_named
    from legacy_seam.seams.insertion import propose
    from legacy_seam.seams.journal import Journal

    chosen = technique_named(technique)
    options = options_of(call, name, lines, others)
    check_options(chosen, options)
    workspace = open_workspace()
    net = None if no_verify else net_of(workspace)
    journal = Journal(Layout(workspace.store).prepare().seams)
    writes = not (dry_run or only_diff)
    other = interpreter_of(workspace, python)
    proposal = propose(chosen, workspace.program(), target_of(target), options, net, other)
    shown = _Shown(workspace.project, proposal, quiet=as_json, only_diff=only_diff)
    if not proposal.is_sound:
        shown.refused()
        _end(shown, "refused", None, as_json)
    shown.plan()
    if not writes:
        _end(shown, "planned", None, as_json)
    if net is not None and not net.masters():
        raise SeamError(
            f"there is no golden master below {workspace.golden.path} to hold the behaviour still: run `legacy-seam"
            " record` and `legacy-seam pin` first, or say --no-verify"
        )
    if not yes and sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        click.confirm("Apply this?", abort=True)
    result = _applied(proposal, journal, net, allow_dirty, shown)
    shown.result(result)
    _end(shown, result.status, result, as_json)


def _insert_suggested(target: str | None, other: str | None) -> None:
    """Go on with what is proposed for a target: the same options, another technique.

    Raises:
        SeamError: where a technique is given as well, or nothing is proposed.
        Exit: always, when it is done.
    """
    if target is None or other is not None:
        raise SeamError("--suggested takes the target, and chooses the technique itself")
    from legacy_seam.cli.suggested import suggestions

    found = suggestions(open_workspace(), target_of(target))
    context = click.get_current_context()
    given = insert.make_context("insert", found[0], parent=context.parent).params
    kept = ("dry_run", "only_diff", "no_verify", "python", "allow_dirty", "yes", "as_json")
    if len(found) > 1 and not context.params["as_json"] and not context.params["only_diff"]:
        for words in found[1:]:
            complain(f"proposed as well: legacy-seam insert {shlex.join(words)}")
    context.invoke(insert, **{**given, **{name: context.params[name] for name in kept}})
    raise click.exceptions.Exit(0)


def _applied(proposal: Proposal, journal: Journal, net: Net | None, allow_dirty: bool, shown: _Shown) -> Result:
    from legacy_seam.seams.insertion import Insertion, refuse_unsafe_files

    with journal.locked():
        refuse_unsafe_files(proposal.plan.changes, journal, allow_dirty=allow_dirty)
        return Insertion(proposal, journal, net, shown.step).run()


def net_of(workspace: Workspace) -> Net:
    """The golden masters of a project, and its program."""
    from legacy_seam.seams.net import Net

    path = [os.path.relpath(one, workspace.project) for one in workspace.settings.source]
    beside = ["src"] if (workspace.project / "src").is_dir() else []
    return Net(
        workspace.golden,
        workspace.replayer,
        tuple(dict.fromkeys([*path, *beside, "."])),
        workspace.settings.tolerances,
    )


def interpreter_of(workspace: Workspace, python: str | None = None) -> Interpreter | None:
    """The interpreter that the program runs under, as the command line or the settings name it; None for ours.

    Raises:
        SeamError: where it cannot be asked.
    """
    from legacy_seam.seams.interpreter import Interpreter

    settled = workspace.settings.python
    name = python or (str(workspace.project / settled) if os.sep in settled else settled)
    return Interpreter.at(name) if name else None


def target_of(target: str) -> Target:
    """A target as it was given on the command line.

    Raises:
        SeamError: where it is none.
    """
    try:
        return Target.parse(target)
    except TargetSyntaxError as error:
        raise SeamError(str(error)) from None


def options_of(call: str | None, name: str | None, lines: str | None, others: tuple[str, ...]) -> dict[str, str]:
    """What a technique is told, by name."""
    given = {"call": call, "name": name, "lines": lines, **_pairs(others)}
    return {key: value for key, value in given.items() if value is not None}


def _pairs(others: tuple[str, ...]) -> dict[str, str]:
    for one in others:
        if "=" not in one:
            raise SeamError(f"--with {one}: write it as NAME=VALUE")
    return dict(one.split("=", 1) for one in others)


def check_options(technique: Technique, options: dict[str, str]) -> None:
    """Refuse what a technique does not take, and the lack of what it needs.

    Raises:
        SeamError: naming the option.
    """
    known = {one.name: one for one in technique.options}
    for name in options:
        if name not in known:
            takes = ", ".join(known) or "none"
            raise SeamError(f"{technique.name} has no option {name!r}; it takes {takes}")
    for one in technique.options:
        if one.required and one.name not in options:
            raise SeamError(f"{technique.name} needs --{one.name}: {one.help}")


def _list(as_json: bool) -> None:
    from legacy_seam.seams.catalogue import catalogue

    if as_json:
        found = [
            {
                "name": one.name,
                "feathers": one.feathers,
                "summary": one.summary,
                "when": one.when,
                "options": [
                    {"name": each.name, "help": each.help, "required": each.required} for each in one.options
                ],
            }
            for one in catalogue().values()
        ]
        print_json({"version": 1, "techniques": found})
        return
    for one in catalogue().values():
        click.echo(f"{one.name}\n    {one.summary}")


def _end(shown: _Shown, status: Status, result: Result | None, as_json: bool) -> None:
    """Print the document, where one is wanted, and leave with the exit code.

    Raises:
        Exit: always.
    """
    if as_json:
        from legacy_seam.report.machine import insertion_data

        print_json(insertion_data(shown.proposal, status, shown.diff, result))
    if status in ("planned", "kept"):
        raise click.exceptions.Exit(0)
    refusals = shown.proposal.plan.refusals
    is_usage = status == "refused" and bool(refusals) and refusals[-1].code.value in _USAGE
    raise click.exceptions.Exit(2 if is_usage else 1)


class _Shown:
    """Tells people what happens."""

    def __init__(self, project: Path, proposal: Proposal, *, quiet: bool, only_diff: bool) -> None:
        self.proposal = proposal
        self.diff = proposal.diff(project)
        self._project = project
        self._quiet, self._only_diff = quiet, only_diff
        self._terminal = console()

    def plan(self) -> None:
        """The diff, what is left alone, and what the checks of the text found."""
        if self._quiet:
            return
        for line in self.diff.splitlines():
            style = "green" if line.startswith("+") else "red" if line.startswith("-") else None
            self._terminal.print(line, style=style, markup=False)
        if self._only_diff:
            return
        for one in self.proposal.plan.refusals:
            self._line(f"left alone: {self._place(one.path, one.line)}: {one.reason}{_instead(one.instead)}")
        for note in self.proposal.plan.notes:
            self._line(f"note: {note}")

    def refused(self) -> None:
        """Why nothing is done."""
        for one in self.proposal.plan.refusals:
            complain(f"refused: {self._place(one.path, one.line)}: {one.reason}{_instead(one.instead)}")
        for finding in self.proposal.findings:
            if finding.verdict == "fails":
                complain(f"refused: the edit would not be safe ({finding.step}): {finding.detail}")

    def step(self, step: str) -> None:
        """What is being done."""
        if not self._quiet and sys.stderr.isatty():
            console(stderr=True).print(f"{step} …", style="dim")

    def result(self, result: Result) -> None:
        """How it ended."""
        if self._quiet:
            return
        for one in result.findings:
            detail = f": {one.detail}" if one.detail else ""
            self._line(f"{one.verdict}: {one.step}{detail}")
        if result.status == "restored":
            self._line("The net turned red: every file is as it was before.", "red")
        elif result.entry:
            files = several(len(result.entry.paths), "file")
            verified = "" if result.verified else " It was not verified (--no-verify)."
            self._line(
                f"Kept, in {files}.{verified} To take it back: legacy-seam undo {result.entry.number}", "green"
            )

    def _place(self, path: Path, line: int) -> str:
        relative = os.path.relpath(path, self._project)
        return f"{relative}:{line}" if line else relative

    def _line(self, text: str, style: str | None = None) -> None:
        self._terminal.print(text, style=style, markup=False)


def _instead(techniques: tuple[str, ...]) -> str:
    return f"; instead: {', '.join(techniques)}" if techniques else ""
