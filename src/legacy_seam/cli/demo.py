"""`legacy-seam demo`: the main job on the bundled application, from nothing to a caught change."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from legacy_seam.cli.shared import console, print_json
from legacy_seam.errors import SeamError

_CHANGE = ("rules.py", "        if score >= lo:\n", "        if score > lo:\n")
"""The slip that the demo makes, in the ladder of dunning steps: `>=` becomes `>`."""


@click.command()
@click.option("--directory", metavar="DIR", help="Work here and keep everything (default: a temporary directory).")
@click.option("--accounts", type=click.IntRange(min=1), default=100, show_default=True, help="How many customers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
def demo(directory: str | None, accounts: int, as_json: bool) -> None:
    """Record, pin and verify a bundled spaghetti application, then change it and see the change caught."""
    with _place(directory) as place:
        result = _Demo(place, quiet=as_json).run(accounts)
    if as_json:
        print_json(result)
    if not result["caught"] or result["false_alarms"]:
        raise click.exceptions.Exit(1)


@contextlib.contextmanager
def _place(directory: str | None) -> Iterator[Path]:
    if directory is None:
        with tempfile.TemporaryDirectory(prefix="legacy-seam-demo-") as temporary:
            yield Path(temporary)
        return
    place = Path(directory).absolute()
    if place.exists() and any(place.iterdir()):
        raise SeamError(f"{place} is not empty; name a new directory with --directory")
    place.mkdir(parents=True, exist_ok=True)
    yield place


@contextlib.contextmanager
def _application() -> Iterator[Path]:
    """The bundled application: inside the installed package, or in `examples/` of a checkout."""
    bundled = files("legacy_seam") / "demo_app"
    if bundled.is_dir():
        with as_file(bundled) as place:
            yield place
    else:
        yield Path(__file__).parents[3] / "examples" / "legacy_app"


class _Demo:
    """The steps, each as a user would type it, run in a copy of the application."""

    def __init__(self, place: Path, *, quiet: bool) -> None:
        self.place = place
        self.quiet = quiet
        self.terminal = console()

    def run(self, accounts: int) -> dict[str, Any]:
        started = time.monotonic()
        with _application() as application:
            shutil.copytree(
                application, self.place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        self.say(f"Halloran Receivables, a nightly job without tests, is in {self.place}")
        self.step("its customers are made up", [sys.executable, "generate.py", "--accounts", str(accounts)])
        self.step("1. record one night", self.seam("record", "--", "collect.py"), show=2)
        self.step("2. pin what was recorded", self.seam("pin"), show=1)
        green = self.step("3. verify: nothing has changed", self.seam("verify"), show=1)
        file, before, after = _CHANGE
        self.edit(file, before, after)
        self.say(f"\n4. somebody tidies up {file}:\n     -{before.rstrip()}\n     +{after.rstrip()}")
        red = self.step("5. verify again", self.seam("verify"), show=14, expect=(0, 1))
        ledger = json.loads(self.output(self.seam("status", "--json")))
        return self.summary(ledger, green, red, time.monotonic() - started)

    def summary(self, ledger: dict[str, Any], green: str, red: str, seconds: float) -> dict[str, Any]:
        states = [one["state"] for one in ledger["targets"]]
        result = {
            "version": 1,
            "directory": str(self.place),
            "calls_seen": ledger["calls"]["seen"],
            "functions": len(states),
            "pinned": states.count("pinned"),
            "cases": sum(one["cases"] for one in ledger["targets"]),
            "false_alarms": " differ, in" in green,
            "caught": " cases differ, in" in red,
            "seconds": round(seconds, 1),
        }
        verdict = "caught" if result["caught"] else "NOT CAUGHT"
        self.say(
            f"\n{result['calls_seen']:,} calls of {result['functions']} functions seen; {result['pinned']} of them"
            f" pinned by {result['cases']} cases; the change was {verdict}. {seconds:.0f} s in all."
        )
        return result

    def seam(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "legacy_seam", *arguments]

    def step(self, title: str, command: list[str], *, show: int = 0, expect: tuple[int, ...] = (0,)) -> str:
        shown = ["legacy-seam" if part == "legacy_seam" else part for part in command if part != sys.executable]
        self.say(f"\n{title}\n  $ {' '.join(part for part in shown if part != '-m')}")
        output = self.output(command, expect)
        lines = [line for line in output.splitlines() if line.strip()]
        tail = lines[-show:] if show <= 2 else lines[:show]
        for line in tail if show else []:
            self.say(f"  {line}")
        return output

    def output(self, command: list[str], expect: tuple[int, ...] = (0,)) -> str:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "CI": "", "COLUMNS": "110"}
        done = subprocess.run(command, cwd=self.place, capture_output=True, text=True, env=environment)
        if done.returncode not in expect:
            tail = (done.stderr or done.stdout).strip().splitlines()[-3:]
            raise SeamError(f"the demo stopped at `{' '.join(command[1:])}`: {' / '.join(tail)}")
        if "record" in command:
            return done.stderr
        return done.stdout

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.place / file
        text = path.read_text(encoding="utf-8")
        if before not in text:
            raise SeamError(f"the bundled {file} is not the one that the demo knows; install legacy-seam again")
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def say(self, text: str) -> None:
        if not self.quiet:
            self.terminal.print(text, markup=False)
