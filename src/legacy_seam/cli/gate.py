"""`legacy-seam gate`: whether a candidate may be promoted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import console, json_option, open_workspace, print_json, store_option
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.rollout.gates import Gate
    from legacy_seam.rollout.judging import Check, Evidence
    from legacy_seam.rollout.results import Results
    from legacy_seam.workspace import Workspace

_COLOURS = {"PASS": "green", "FAIL": "red", "INSUFFICIENT": "yellow"}


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--evidence", type=click.Path(dir_okay=False, path_type=Path), help="Where the evidence is written.")
@store_option
@json_option
def gate(name: str, evidence: Path | None, store: str | None, as_json: bool) -> None:
    """Judge the candidate of the gate NAME on its last shadow run: PASS, FAIL or INSUFFICIENT.

    What is asked stands in [tool.legacy-seam.gate.NAME] of pyproject.toml. The verdict, each check and the figures
    behind it are written down as evidence, by default into the store.

    Exits with 0 for PASS, with 1 for FAIL and INSUFFICIENT, with 2 where nothing could be judged.
    """
    from legacy_seam.rollout.gates import gate_called
    from legacy_seam.rollout.judging import judge, verdict_of
    from legacy_seam.rollout.results import path_of
    from legacy_seam.store.atomic import write_atomically
    from legacy_seam.store.layout import Layout

    workspace = open_workspace(store=store)
    asked = gate_called(name, workspace.settings.gate)
    layout = Layout(workspace.store)
    checks = judge(asked, _evidence(workspace, asked, layout.shadow))
    judged_on = path_of(layout.shadow, asked.target, asked.candidate)
    document = {
        "version": 1,
        "gate": asdict(asked),
        "verdict": verdict_of(checks),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "results": {"file": judged_on.name, "sha256": hashlib.sha256(judged_on.read_bytes()).hexdigest()},
        "checks": [asdict(check) for check in checks],
    }
    path = evidence or layout.gates / f"{name}.json"
    write_atomically(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())
    if as_json:
        print_json({**document, "file": str(path)})
    else:
        _show(asked, checks, str(document["verdict"]), path)
    if document["verdict"] != "PASS":
        raise click.exceptions.Exit(1)


def _evidence(workspace: Workspace, asked: Gate, directory: Path) -> Evidence:
    """All that the gate is judged on; the candidate runs again where relations are asked for."""
    from legacy_seam.experiment import Contract
    from legacy_seam.experiment.candidates import is_place
    from legacy_seam.rollout.judging import Evidence
    from legacy_seam.rollout.labels import Labels
    from legacy_seam.rollout.relations import try_relations
    from legacy_seam.rollout.results import latest, read
    from legacy_seam.rollout.shadow import modules_found_in

    results = read(latest(directory, asked.target, asked.candidate))
    placed = str(workspace.project / asked.candidate) if is_place(asked.candidate) else asked.candidate
    _check_version(results, placed)
    champion = read(latest(directory, asked.target, asked.champion)) if asked.champion else None
    held = []
    if asked.asks_the_candidate:
        allow = (*workspace.settings.allow, *asked.imports, asked.target.partition(":")[0].partition(".")[0])
        with modules_found_in([workspace.project / "src", workspace.project]):
            held = try_relations(replace(asked, candidate=placed), results.rows, allow, results.header.compare)
    return Evidence(
        results,
        champion,
        _timed(directory, asked) if asked.latency_ratio else None,
        tuple(held),
        Labels.load(workspace.project / asked.labels) if asked.labels else None,
        Contract.load(workspace.project / asked.contract) if asked.contract else None,
    )


def _check_version(results: Results, candidate: str) -> None:
    """The champion may be another model by now than the one that was tried.

    Raises:
        SeamError: it is.
    """
    from legacy_seam.rollout.candidate import version_of

    tried = results.header.versions.get("model")
    now = version_of(candidate).get("model")
    if tried != now:
        raise SeamError(f"{candidate} is the model {now} now, not the {tried} that was shadowed: shadow it again.")


def _timed(directory: Path, asked: Gate) -> Results | None:
    """Legacy as its own candidate, if that was done."""
    from legacy_seam.rollout.results import latest, read

    try:
        return read(latest(directory, asked.target, asked.target))
    except SeamError:
        return None


def _show(asked: Gate, checks: list[Check], verdict: str, path: Path) -> None:
    terminal = console()
    width = max(len(check.name) for check in checks)
    for check in checks:
        state = f"[{_COLOURS[check.state]}]{check.state:<12}[/]"
        terminal.print(f"{state} ", end="")
        terminal.print(f"{check.name:<{width}}  {check.told}", markup=False)
    terminal.print(f"\n[{_COLOURS[verdict]}]{verdict}[/]: ", end="")
    terminal.print(f"{asked.candidate} in the place of {asked.target}; evidence in {path}", markup=False)
