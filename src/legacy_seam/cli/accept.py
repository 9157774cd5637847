"""`legacy-seam accept`: take what was received as approved."""

from __future__ import annotations

import click

from legacy_seam.cli.shared import (
    check_known,
    console,
    golden_option,
    golden_targets,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    targets_argument,
)
from legacy_seam.errors import SeamError
from legacy_seam.golden.approval import approve, received_path


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
    for path in directory.paths():
        received = received_path(path)
        target = directory.target_of(path)
        if not received.exists() or (patterns and not any(pattern.matches(target) for pattern in patterns)):
            continue
        try:
            text = received.read_text(encoding="utf-8")
            directory.load(received)
            approve(path, text)
        except OSError as error:
            raise SeamError(f"{path} cannot be written ({error.strerror}); nothing of it was changed") from error
        accepted.append(str(target))
    if as_json:
        print_json({"version": 1, "accepted": accepted})
        return
    terminal = console()
    for name in accepted:
        terminal.print(f"accepted {name}", markup=False)
    if accepted:
        terminal.print(f"{len(accepted)} golden masters changed; commit them with the change that caused it")
    else:
        terminal.print(
            "nothing was received; `legacy-seam verify` or pytest leave received files where cases differ"
        )
