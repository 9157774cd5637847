"""`legacy-seam contract`: what inputs and answers of a function were recorded to look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import (
    complain_of_damages,
    console,
    json_option,
    one_target,
    open_workspace,
    print_json,
    progress,
    several,
    store_option,
)
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.experiment import Contract, Field
    from legacy_seam.store.recordings import Recordings
    from legacy_seam.targets import Target


@click.command()
@click.argument("target", metavar="TARGET")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="The file (contracts/ and the target's name)."
)
@click.option("--force", is_flag=True, help="Put it in the place of one that is there, edited or not.")
@store_option
@json_option
def contract(target: str, to: Path | None, force: bool, store: str | None, as_json: bool) -> None:
    """Learn from the recorded calls of TARGET which types, ranges and categories its inputs and answers have.

    The file is for people to edit: it says what was seen, which is not always what may be. A gate holds answers
    against it (contract), and an experiment leaves to legacy whatever is outside of it (Serving).

    Exits with 0 when it is written, with 2 where there is nothing to learn from or a file is in its place.
    """
    from legacy_seam.store.recordings import Recordings

    workspace = open_workspace(store=store)
    recordings = Recordings(workspace.store)
    complain_of_damages(recordings.fold().damages)
    meant = one_target(target, recordings.targets())
    path = to or workspace.project / "contracts" / f"{str(meant).replace(':', '.')}.json"
    if path.exists() and not force:
        raise SeamError(f"there is a contract {path} already: --force writes another in its place, --to elsewhere")
    learnt = _learnt(recordings, meant)
    path.parent.mkdir(parents=True, exist_ok=True)
    learnt.save(path)
    if as_json:
        print_json({"version": 1, "file": str(path), "contract": learnt.as_json()})
    else:
        _show(learnt, path)


def _learnt(recordings: Recordings, target: Target) -> Contract:
    from legacy_seam.dataset.samples import returned_by
    from legacy_seam.rollout.learning import Learner
    from legacy_seam.store.pieces import join_all

    learner, first, last = Learner(str(target)), 0.0, 0.0
    with progress() as bar:
        task = bar.add_task("reading calls", total=recordings.counts()[target].kept)
        for call, _ in recordings.each_call(target):
            texts, answer = join_all(call.arguments, recordings.blobs.get), returned_by(call)
            told = {} if answer is None else join_all({"": answer}, recordings.blobs.get) or {}
            if texts is not None:
                learner.add(texts, told.get(""))
            first, last = first or call.instant, call.instant
            bar.update(task, advance=1)
    return learner.contract(**({"since": _day(first), "until": _day(last)} if first else {}))


def _day(instant: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(instant, UTC).date().isoformat()


def _show(learnt: Contract, path: Path) -> None:
    terminal = console()
    terminal.print(f"learnt from {several(learnt.learnt_from['calls'], 'call')} of {learnt.target}", markup=False)
    answers = {f"answer {path}".strip(): field for path, field in learnt.output.items()}
    for name, field in (learnt.inputs | answers).items():
        terminal.print(f"  {name:<28} {_told(field)}", markup=False)
    terminal.print(f"written to {path}", markup=False)


def _told(field: Field) -> str:
    parts = [" or ".join(field.types) or "anything"]
    if field.low is not None:
        parts.append(f"from {field.low:g} to {field.high:g}")
    if field.categories:
        parts.append(f"one of {', '.join(map(repr, field.categories))}")
    return ", ".join([*parts, *(["may be missing"] if field.optional else [])])
