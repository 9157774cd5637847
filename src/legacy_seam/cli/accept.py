"""`legacy-seam accept`: take what was received as approved."""

from __future__ import annotations

from collections.abc import Sequence

import click

from legacy_seam.cli.shared import (
    check_known,
    complain,
    console,
    golden_option,
    golden_targets,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    targets_argument,
)
from legacy_seam.golden.approval import approve, received_path
from legacy_seam.golden.text import GoldenDamaged


@click.command()
@targets_argument
@golden_option
@json_option
def accept(targets: tuple[str, ...], golden: str | None, as_json: bool) -> None:
    """Take the received outcomes of the last verification as approved.

    Received files lie beside the approved ones (`*.received.txt`); look at them, or at what `verify` says, first.
    """
    workspace = open_workspace(golden=golden)
    directory = workspace.golden
    patterns = patterns_of(targets)
    check_known(patterns, golden_targets(directory), "with a golden master")
    accepted: list[str] = []
    problems: list[str] = []
    for path in directory.paths():
        received = received_path(path)
        try:
            target = directory.target_of(path)
        except GoldenDamaged as damage:
            problems.append(str(damage))
            continue
        if not received.exists() or (patterns and not any(pattern.matches(target) for pattern in patterns)):
            continue
        try:
            text = received.read_text(encoding="utf-8")
            directory.load(received)
            approve(path, text)
        except GoldenDamaged:
            problems.append(f"{received} cannot be read, so it was not accepted; verify again to make it anew")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            problems.append(f"{path} cannot be replaced ({why}); it is as it was")
        else:
            accepted.append(str(target))
    if as_json:
        print_json({"version": 1, "accepted": accepted})
    else:
        _show(accepted)
    for problem in problems:
        complain(problem)
    if problems:
        raise click.exceptions.Exit(2)


def _show(accepted: Sequence[str]) -> None:
    terminal = console()
    for name in accepted:
        terminal.print(f"accepted {name}", markup=False)
    if accepted:
        terminal.print(f"{len(accepted)} golden masters changed; commit them with the change that caused it")
    else:
        terminal.print(
            "nothing was received; `legacy-seam verify` or pytest leave received files where cases differ"
        )
