"""`legacy-seam model stale`, `list`, `show`, `promote`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.dataset.origin import Source
from legacy_seam.errors import SeamError
from legacy_seam.experiment.model_files import champion_of, read_card
from legacy_seam.model.staleness import reasons


def model(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["model", *arguments])


@pytest.fixture
def trained(project: Path) -> Path:
    done = model("train", "recipes:train", "--data", "data/score", "--name", "score", "--promote")
    assert done.exit_code == 0, done.output
    return project


def kinds(done: Result) -> list[str]:
    return [reason["kind"] for reason in json.loads(done.stdout)["reasons"]]


def test_a_fresh_model_is_fresh_for_so_long(trained: Path) -> None:
    assert model("stale", "score", "--max-age", "7d").exit_code == 0
    directory = Path(champion_of("models/score"))
    card, later = read_card(str(directory)), datetime.now(UTC) + timedelta(days=8)
    found = list(reasons(card, directory, trained, Source(), 7 * 86_400, later))
    assert [reason.kind for reason in found] == ["age"] and "7 days are allowed" in found[0].told


def test_what_a_model_was_made_of_makes_it_stale_when_it_changes(trained: Path) -> None:
    (trained / "recipes.py").write_text((trained / "recipes.py").read_text() + "# changed\n")
    done = model("stale", "score", "--json")
    assert done.exit_code == 1 and kinds(done) == ["recipe"]
    manifest = trained / "data/score/manifest.json"
    found = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**found, "sha256": "0"}))
    assert kinds(model("stale", "score", "--json")) == ["data", "recipe"]
    manifest.unlink()
    card = Path(champion_of("models/score"), "model.json")
    known: dict[str, Any] = json.loads(card.read_text())
    known["libraries"]["numpy"] = "1.0"
    known["source"] = {"file": "rules.py", "sha256": "0"}
    card.write_text(json.dumps(known))
    assert kinds(model("stale", "score", "--json")) == ["data", "libraries", "recipe", "source"]
    assert "rules:score is no longer in rules.py" in model("stale", "score").stdout


def test_models_are_listed_shown_and_rolled_back(trained: Path) -> None:
    first = json.loads(model("show", "score", "--json").stdout)["version_of_model"]
    assert model("train", "recipes:of_rows", "--data", "data/score", "--name", "score", "--promote").exit_code == 0
    listed = json.loads(model("list", "--json").stdout)["models"]
    assert [one["is_champion"] for one in listed] == [False, True] and listed[0]["version_of_model"] == first
    assert first in model("list").stdout
    assert "recipes:of_rows" in model("show", "score").stdout
    back = model("promote", "score", first, "--why", "it was calmer")
    assert back.exit_code == 0 and json.loads(model("show", "score", "--json").stdout)["version_of_model"] == first


@pytest.mark.parametrize("arguments", [("stale", "gone"), ("show", "gone"), ("promote", "score", "never")])
def test_a_model_that_is_not_there_is_said_in_one_sentence(trained: Path, arguments: tuple[str, ...]) -> None:
    done = model(*arguments)
    assert isinstance(done.exception, SeamError) and "There is no model" in str(done.exception)
