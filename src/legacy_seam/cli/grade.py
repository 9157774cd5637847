"""`legacy-seam grade`: how strong the golden masters are."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.goldens import chosen_masters
from legacy_seam.cli.shared import (
    check_known,
    complain,
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
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from legacy_seam.grade.cards import Card
    from legacy_seam.grade.gate import Gate
    from legacy_seam.grade.plan import Plan, Watcher
    from legacy_seam.grade.verdicts import Graded
    from legacy_seam.workspace import Workspace

_OUTSIDE = 30
_PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@targets_argument
@click.option("--operators", multiple=True, metavar="NAME", help="default, all, or an operator; several times.")
@click.option("--probes/--no-probes", default=True, help="Look for inputs that would notice survivors (default).")
@click.option(
    "--outside",
    type=click.IntRange(min=0),
    default=_OUTSIDE,
    metavar="N",
    help="Try so many mutants of each module outside of its functions; each takes an import (30).",
)
@click.option("--since", metavar="REV", help="Only functions that were changed since this revision (git).")
@click.option("--all", "show_all", is_flag=True, help="Every survivor; otherwise the most telling of each file.")
@click.option("--fail-under", type=float, metavar="PERCENT", help="Exit with 1 where the score is less.")
@click.option("--baseline", type=_PATH, help="Exit with 1 where a mutant goes unnoticed that is not in this file.")
@click.option("--write-baseline", type=_PATH, help="Write down which mutants go unnoticed today.")
@click.option("--stryker", type=_PATH, help="Write a report in Stryker's mutation testing schema.")
@click.option("--junit", type=_PATH, help="Write a report for CI servers.")
@click.option("--annotations", is_flag=True, help="Print survivors as annotations of GitHub Actions.")
@click.option("--with", "judge", type=click.Choice(["pytest"]), help="Let a test suite judge, not golden masters.")
@click.option("--tests", multiple=True, metavar="PATH", help="Which tests (with --with pytest); by default all.")
@click.option(
    "--accept", "accepted", multiple=True, metavar="ID", help="This mutant cannot be told from the original."
)
@click.option("--reason", help="Why (with --accept).")
@click.option("--afresh", is_flag=True, help="Reuse no verdicts of earlier runs.")
@golden_option
@store_option
@json_option
def grade(
    targets: tuple[str, ...],
    operators: tuple[str, ...],
    probes: bool,
    outside: int,
    since: str | None,
    show_all: bool,
    fail_under: float | None,
    baseline: Path | None,
    write_baseline: Path | None,
    stryker: Path | None,
    junit: Path | None,
    annotations: bool,
    judge: str | None,
    tests: tuple[str, ...],
    accepted: tuple[str, ...],
    reason: str | None,
    afresh: bool,
    golden: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Change TARGETs in small ways, and see whether the golden masters notice.

    What goes unnoticed is shown as missing cases, line by line. No file is changed; every change is tried in the
    world in which golden masters are verified.

    Exits with 1 where --fail-under or --baseline fails, with 2 where nothing could be measured.
    """
    from legacy_seam.grade import gate as gates
    from legacy_seam.report.machine import grade_data

    workspace = open_workspace(golden=golden, store=store)
    gate = gates.Gate(fail_under, None if baseline is None else gates.read_baseline(baseline))
    plan = replace(
        _plan(workspace, targets, operators or ("default",), since, afresh), probes=probes, outside=outside
    )
    graded = _grade_suite(workspace, plan, tests) if judge else _grade(workspace, plan)
    if accepted:
        _accept(workspace, graded, accepted, reason)
        return
    shown = _cards(graded, show_all)
    failures = gate.failures(graded)
    if as_json:
        print_json(grade_data(graded, shown, failures))
    else:
        _show(workspace, graded, shown, _again(targets, operators, outside, judge, tests, golden, store))
    _export(workspace, graded, stryker, junit, annotations)
    if write_baseline is not None and not graded.problems:
        gates.write_baseline(write_baseline, graded)
    _end(graded, gate, failures)


def _plan(
    workspace: Workspace, targets: tuple[str, ...], operators: tuple[str, ...], since: str | None, afresh: bool
) -> Plan:
    from legacy_seam.grade import equivalents
    from legacy_seam.grade.memory import Memory
    from legacy_seam.grade.operators import named
    from legacy_seam.grade.plan import Plan
    from legacy_seam.grade.scope import Scope
    from legacy_seam.grade.since import changed_lines
    from legacy_seam.store.layout import Layout

    memory = Layout(workspace.store).prepare().verdicts
    if afresh:
        memory.unlink(missing_ok=True)
    changed = None if since is None else changed_lines(workspace.project, since)
    return Plan(
        scope=Scope(tuple(patterns_of(targets)), changed),
        operators=named(operators),
        tolerances=workspace.settings.tolerances,
        equivalent=equivalents.load(workspace.golden.path),
        memory=Memory(memory),
    )


def _grade(workspace: Workspace, plan: Plan) -> Graded:
    from legacy_seam.grade.grading import grade as grade_net

    goldens = chosen_masters(workspace)
    with workspace.replayer() as replayer, progress() as bar:
        graded = grade_net(goldens, workspace.golden, replayer, plan, _watcher(bar))
    if not graded.functions and plan.scope.changed is None:
        check_known(plan.scope.patterns, sorted(master.target for _, master in goldens), "with a golden master")
    return graded


def _grade_suite(workspace: Workspace, plan: Plan, tests: tuple[str, ...]) -> Graded:
    from legacy_seam.grade.suite.grading import grade_suite

    with progress() as bar:
        graded = grade_suite(workspace.project, tests, plan, _watcher(bar))
    if not graded.functions and plan.scope.patterns and plan.scope.changed is None:
        patterns = ", ".join(pattern.text for pattern in plan.scope.patterns)
        raise SeamError(f"no function that is loaded with the tests matches {patterns}; is the name right?")
    return graded


def _watcher(bar: Progress) -> Watcher:
    from legacy_seam.grade.plan import Watcher

    class Bar(Watcher):
        task: TaskID = bar.add_task("replaying cases", total=None)

        def expects(self, mutants: int) -> None:
            bar.reset(self.task, total=mutants, description="trying mutants")

        def judged(self, mutants: int) -> None:
            bar.update(self.task, advance=mutants)

        def begins(self, world: int, of: int) -> None:
            bar.reset(self.task, total=None, description="replaying cases")

    return Bar()


def _cards(graded: Graded, show_all: bool) -> list[Card]:
    from legacy_seam.grade.cards import MOST_IN_A_FILE, cards

    return cards(graded, None if show_all else MOST_IN_A_FILE)


def _again(
    targets: tuple[str, ...],
    operators: tuple[str, ...],
    outside: int,
    judge: str | None,
    tests: tuple[str, ...],
    golden: str | None,
    store: str | None,
) -> str:
    """The command that makes the same mutants once more."""
    words = ["legacy-seam", "grade", *targets]
    for name, values in (("--operators", operators), ("--tests", tests)):
        words += [word for value in values for word in (name, value)]
    given = {"--with": judge, "--golden": golden, "--store": store}
    if outside != _OUTSIDE:
        given["--outside"] = str(outside)
    return shlex.join([*words, *(word for name, value in given.items() if value for word in (name, value))])


def _show(workspace: Workspace, graded: Graded, shown: list[Card], again: str) -> None:
    from rich.table import Table

    from legacy_seam.report.grades import card_lines, more_than, summary, table

    terminal = console()
    grid = Table(box=None, pad_edge=False)
    for name in ("function", "mutants", "noticed", "survived", "not run", "score", "weighted"):
        grid.add_column(name, justify="left" if name == "function" else "right")
    for row in table(graded):
        grid.add_row(*row)
    terminal.print(grid)
    for card in shown:
        terminal.print()
        for line in card_lines(card, workspace.project, f"{again} --accept"):
            terminal.print(line, markup=False)
    if more := more_than(shown, graded):
        terminal.print(f"\n{several(more, 'more survivor')}: --all", markup=False)
    terminal.print()
    for line in summary(graded):
        terminal.print(line, markup=False)
    for note in graded.notes:
        terminal.print(f"note: {note}", markup=False)


def _export(
    workspace: Workspace, graded: Graded, stryker: Path | None, junit: Path | None, annotations: bool
) -> None:
    from legacy_seam.report.mutation_exports import github, junit_xml, stryker_data
    from legacy_seam.store.atomic import write_atomically

    if stryker is not None:
        import json

        data = stryker_data(graded, workspace.project)
        write_atomically(
            stryker, json.dumps(data, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")
        )
    if junit is not None:
        write_atomically(junit, junit_xml(graded, workspace.project))
    if annotations:
        for line in github(graded, workspace.project):
            click.echo(line)


def _accept(workspace: Workspace, graded: Graded, accepted: tuple[str, ...], reason: str | None) -> None:
    from legacy_seam.grade import equivalents
    from legacy_seam.report.grades import change_of

    if not reason or not any(map(str.isalnum, reason)):
        raise SeamError("say why nobody can tell it from the original: --reason 'the list is sorted afterwards'")
    by_identity = {one.mutant.identity: one for one in graded.judged}
    for identity in accepted:
        judged = by_identity.get(identity)
        if judged is None:
            raise SeamError(
                f"there is no mutant {identity} in what was graded; `legacy-seam grade --all` lists them"
            )
        mutant = judged.mutant
        new = equivalents.Equivalent(
            mutant=identity,
            function=f"{mutant.module}:{mutant.function}",
            digest=graded.functions[mutant.module, mutant.function],
            change=change_of(judged),
            reason=reason,
            author=equivalents.author(workspace.project),
        )
        path = equivalents.add(workspace.golden.path, new)
        click.echo(f"accepted as equivalent: {new.function}: {new.change}; it is noted in {path}")


def _end(graded: Graded, gate: Gate, failures: list[str]) -> None:
    from legacy_seam.grade.gate import is_measured

    for problem in graded.problems:
        complain(problem)
    if graded.problems:
        raise click.exceptions.Exit(2)
    if not is_measured(graded) and (gate.at_least is not None or gate.known is not None):
        complain("nothing was measured, so the gate says nothing; is the target right?")
        raise click.exceptions.Exit(2)
    for failure in failures:
        complain(failure)
    if failures:
        raise click.exceptions.Exit(1)
