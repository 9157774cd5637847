"""`legacy-seam canary`: a candidate is let answer for more and more keys, while nothing speaks against it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import console, json_option, open_workspace, print_json, store_option
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.rollout.canary import Canary, Service
    from legacy_seam.workspace import Workspace

_COLOURS = {"on": "green", "done": "green", "hold": "yellow", "back": "red"}


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--at", "instant", type=click.DateTime(), help="Take it to be this instant (UTC), not now.")
@click.option("--back", metavar="WHY", help="Go back to nobody, for this reason.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@store_option
@json_option
def canary(
    name: str, instant: datetime | None, back: str | None, dry_run: bool, store: str | None, as_json: bool
) -> None:
    """Let the candidate of the gate NAME answer for one step more keys, or for none any more.

    The steps stand in [tool.legacy-seam.canary.NAME] of pyproject.toml. It goes one step on where the gate says
    PASS, the last step was held long enough, and the prediction log shows that the candidate answered. It goes back
    to nobody where the gate says FAIL or too many answers fell back. To be run again and again, by cron.

    Exits with 0 where it went on, is held or has done all steps, with 1 where it went back.
    """
    from legacy_seam.rollout.canary import Decision, Service, State, canary_called, decide

    workspace = open_workspace(store=store)
    asked = canary_called(name, workspace.settings.canary)
    path = workspace.project / (asked.file or f"{name}.canary.json")
    now = (instant or datetime.now(UTC)).replace(tzinfo=UTC)
    state = State.load(path)
    service = _service(workspace, asked, state.since) if state.share and state.since else Service()
    if back:
        decision = Decision("back", 0.0, back)
    else:
        decision = decide(asked, state, _verdict(workspace, name), service, now)
    if decision.what in ("on", "back") and not dry_run:
        state.at(decision.share, now, decision.why).save(path)
    if as_json:
        counted = {"asked": service.asked, "fell_back": service.fell_back}
        document = {"version": 1, "canary": name, "decision": decision.what, "share": decision.share}
        print_json({**document, "before": state.share, "why": decision.why, "service": counted, "file": str(path)})
    else:
        share = f"{decision.share:.4g}" if decision.what == "hold" else f"{state.share:.4g} → {decision.share:.4g}"
        terminal = console()
        terminal.print(f"[{_COLOURS[decision.what]}]{decision.what}[/]: ", end="")
        terminal.print(f"{share} of the keys; {decision.why}", markup=False)
    if decision.what == "back":
        raise click.exceptions.Exit(1)


def _verdict(workspace: Workspace, name: str) -> str | None:
    """What the gate said last."""
    from legacy_seam.store.layout import Layout

    path = Layout(workspace.store).gates / f"{name}.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["verdict"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        raise SeamError(f"The evidence {path} cannot be read ({error}): ask the gate again.") from None


def _service(workspace: Workspace, asked: Canary, since: datetime) -> Service:
    from legacy_seam.experiment import PredictionLog
    from legacy_seam.rollout.canary import Service

    place = asked.log if "://" in asked.log else str(workspace.project / asked.log)
    if "://" not in asked.log and not Path(place).is_file():
        raise SeamError(f"There is no prediction log {place}: nothing is known of how the candidate answers.")
    return Service.of(PredictionLog(place).rows(asked.experiment), since)
