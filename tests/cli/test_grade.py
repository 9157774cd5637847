"""`legacy-seam grade`, as a user types it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError


@pytest.fixture
def here(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(shop)
    return shop


def grade(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["grade", *arguments])


def data_of(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_function_is_graded_gated_and_a_survivor_accepted(here: Path) -> None:
    source = (here / "shop" / "rules.py").read_text()
    done = grade("night:main", "--baseline", "none.json")
    assert isinstance(done.exception, SeamError) and "--write-baseline none.json" in str(done.exception)

    done = grade("night:main", "--json", "--write-baseline", "base.json", "--stryker", "s.json", "--junit", "j.xml")
    assert done.exit_code == 0, done.output
    found = data_of(done)
    survivors = [one for one in found["mutants"] if one["state"] == "survived"]
    assert 0 < found["score"] < 1 and survivors and found["cards"] and found["problems"] == []
    assert json.loads((here / "s.json").read_text())["schemaVersion"] == "2"
    assert (here / "j.xml").read_bytes().startswith(b"<?xml")

    held = grade("night:main", "--baseline", "base.json", "--annotations")
    assert held.exit_code == 0, held.output
    assert "verdicts are of an earlier run" in held.stdout
    assert "::warning file=night.py,line=" in held.stdout
    failed = grade("night:main", "--fail-under", "100")
    assert failed.exit_code == 1
    assert "less than 100 %" in failed.stderr

    identity = survivors[0]["id"]
    for nothing in ((), ("--reason", "..."), ("--reason", " ")):  # the card prints three dots to be filled in
        assert isinstance(grade("night:main", "--accept", identity, *nothing).exception, SeamError)
    accepted = grade("night:main", "--accept", identity, "--reason", "only the day counts")
    assert accepted.exit_code == 0, accepted.output
    again = {one["id"]: one["state"] for one in data_of(grade("night:main", "--json"))["mutants"]}
    assert again[identity] == "equivalent"

    shown = grade("night:main", "--operators", "number-plus-one").stdout
    typed = shlex.split(shown[shown.index("legacy-seam grade") :].splitlines()[0])
    assert grade(*typed[2:-1], "only the day counts").exit_code == 0, "the command of a card works as it stands"
    assert (here / "shop" / "rules.py").read_text() == source


def test_what_matches_nothing_is_said(here: Path) -> None:
    done = grade("shop.rulez")
    assert isinstance(done.exception, SeamError)
    assert "no target with a golden master matches 'shop.rulez'" in str(done.exception)


def test_a_net_that_does_not_hold_is_said(here: Path) -> None:
    rules = here / "shop" / "rules.py"
    rules.write_text(rules.read_text().replace("points = 50", "points = 51"))
    done = grade("shop.rules:score")
    assert isinstance(done.exception, SeamError)
    assert "does not hold, so it cannot notice a mutant" in str(done.exception)
