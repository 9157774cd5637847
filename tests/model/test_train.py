"""`legacy-seam model train`: what it keeps, and what it says beside the champion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment.model_files import load_model


def model(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["model", *arguments])


def train(recipe: str, *arguments: str) -> Result:
    return model("train", f"recipes:{recipe}", "--data", "data/score", "--name", "score", *arguments)


def data_of(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_model_is_kept_with_all_that_it_depends_on(project: Path) -> None:
    done = train("train", "--promote", "--json")
    assert done.exit_code == 0, done.output
    card = data_of(done)
    assert card["promoted"] and "learning" in done.stderr
    kept = json.loads((Path(card["directory"]) / "model.json").read_text())
    assert kept["dataset"]["sha256"] == json.loads((project / "data/score/manifest.json").read_text())["sha256"]
    assert set(kept["libraries"]) >= {"scikit-learn", "numpy", "pandas"} and kept["recipe"]["sha256"]
    assert kept["features"] == {"account.days": "integer", "account.region": "text", "account.open": "truth"}
    assert kept["metrics"]["test"]["mae"] < 1e-6 and kept["metrics"]["test"]["rows"] == 90


def test_a_kept_model_is_called_like_the_legacy_function(project: Path) -> None:
    assert train("train", "--promote").exit_code == 0
    candidate = load_model("models/score")
    assert candidate({"days": 10, "region": "HH", "open": True}) == pytest.approx(720)
    assert candidate(account={"days": 10, "region": "elsewhere", "open": True}) == pytest.approx(687, abs=40)
    assert candidate.model.name == "score" and candidate.model.sha256


def test_a_worse_challenger_does_not_become_champion(project: Path) -> None:
    first = data_of(train("train", "--promote", "--json"))
    again = train("train", "--promote", "--json")
    assert again.exit_code == 0 and data_of(again)["comparison"]["state"] == "not worse"
    worse = train("constant", "--promote", "--json")
    found = data_of(worse)
    assert worse.exit_code == 1 and found["comparison"]["state"] == "worse" and not found["promoted"]
    assert load_model("models/score").model.version not in (first["version_of_model"], found["version_of_model"])


def test_a_recipe_may_learn_from_rows(project: Path) -> None:
    found = data_of(train("of_rows", "--promote", "--json"))
    assert found["takes"] == "rows"
    assert load_model("models/score")({"days": 10, "region": "HH", "open": True}) == pytest.approx(720)


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        ("fails", "The recipe recipes:fails failed: KeyError: 'no such column' (recipes.py:"),
        ("nothing", "The recipe recipes:nothing gave int, without predict"),
        ("gone", "The recipe recipes:gone cannot be imported"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_in_one_sentence(project: Path, recipe: str, told: str) -> None:
    done = train(recipe)
    assert isinstance(done.exception, SeamError), done.output
    assert told in str(done.exception) and "\n" not in str(done.exception)
    assert not list((project / "models").glob("*/*"))
