"""`legacy-seam verify`: replay golden masters and say what differs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from legacy_seam.cli.goldens import pinned_targets
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
    targets_argument,
)
from legacy_seam.errors import SeamError
from legacy_seam.golden.approval import report, withdraw
from legacy_seam.golden.directory import CannotWrite
from legacy_seam.golden.verify import Verification
from legacy_seam.report.differences import in_full, summarize
from legacy_seam.report.machine import verification_data
from legacy_seam.settings import in_ci
from legacy_seam.workspace import Workspace


@click.command()
@targets_argument
@golden_option
@json_option
def verify(targets: tuple[str, ...], golden: str | None, as_json: bool) -> None:
    """Replay golden masters and say what behaves otherwise than approved.

    Exits with 1 where something differs, with 2 where something could not be verified at all.
    """
    workspace = open_workspace(golden=golden)
    patterns = patterns_of(targets)
    known = pinned_targets(workspace)
    check_known(patterns, known, "with a golden master")
    wanted = [one for one in known if not patterns or any(pattern.matches(one) for pattern in patterns)]
    results: list[Verification] = []
    with progress() as bar:
        task = bar.add_task("verifying", total=len(wanted))
        for one in workspace.verify(patterns):
            results.append(one)
            bar.update(task, advance=1)
    problems = leave_received(workspace, results)
    if as_json:
        print_json(verification_data(results))
        problems = [*(one.problem for one in results if one.problem), *problems]
    else:
        problems += _show(workspace, results)
    for problem in dict.fromkeys(problems):
        complain(problem)
    if any(one.status == "failed" for one in results):
        raise click.exceptions.Exit(1)
    if any(one.status == "error" for one in results):
        raise click.exceptions.Exit(2)


def leave_received(workspace: Workspace, results: Sequence[Verification]) -> list[str]:
    """Leave received files for what failed, and no others from earlier runs; in CI nothing is written.

    Returns:
        what stood in the way.
    """
    try:
        if in_ci():
            return []
        failed = {one.path: one.received for one in results if one.status == "failed" and one.received}
        for path in workspace.golden.paths():
            if path not in failed:
                withdraw(path)
        for path, received in failed.items():
            report(path, workspace.golden.write(received), interactive=False)
    except OSError as error:
        return [
            f"received files cannot be left ({error.strerror}: {error.filename}); make room or make it writable"
        ]
    except CannotWrite as error:
        return [str(error)]
    return []


def _show(workspace: Workspace, results: Sequence[Verification]) -> list[str]:
    """Print the results; gives what could not be written."""
    terminal = console()
    for line in summarize(results):
        terminal.print(line, markup=False)
    for one in results:
        for note in one.notes:
            terminal.print(f"note: {one.target}: {note}", markup=False)
    passed = [one for one in results if one.status == "passed"]
    cases = sum(one.cases for one in results)
    differing = sum(one.failed for one in results)
    terminal.print(
        f"{len(passed)} of {several(len(results), 'golden master')} {'holds' if len(results) == 1 else 'hold'};"
        f" {differing} of {several(cases, 'case')} {'differs' if cases == 1 else 'differ'}",
        style="green" if len(passed) == len(results) else "red",
    )
    if any(one.status == "failed" for one in results):
        problems: list[str] = []
        try:
            written = _write_in_full(workspace.store, results)
        except (OSError, SeamError) as error:
            written = None
            problems.append(f"not every difference is shown: {workspace.store} cannot be written ({error})")
        if written:
            terminal.print(f"Every difference: {written}", markup=False)
        terminal.print("If this is what you want: legacy-seam accept [TARGET]...", markup=False)
        return problems
    return []


def _write_in_full(store: Path, results: Sequence[Verification]) -> Path | None:
    if in_ci():
        return None
    from legacy_seam.store.atomic import write_atomically
    from legacy_seam.store.layout import Layout

    path = Layout(store).prepare().directory / "differences.txt"
    write_atomically(path, in_full(results).encode("utf-8", "backslashreplace"))
    return path
