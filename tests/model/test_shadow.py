"""A real model of scikit-learn in shadow, in a gate and in an experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Experiment, load_model, tolerance

PROGRAM = """
def score(account, bonus=5):
    return 700 - 3 * account["days"] + (50 if account["region"] == "HH" else 0) + bonus
"""

NIGHT = """
import random

import rules

chance = random.Random(7)
for number in range(90):
    region = chance.choice(["HH", "MUC", "BER"])
    rules.score({"days": number, "region": region, "open": chance.random() < 0.5})
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, list(arguments))


@pytest.fixture
def recorded(project: Path) -> Path:
    from shop_project import run_seam

    (project / "rules.py").write_text(PROGRAM)
    (project / "night.py").write_text(NIGHT)
    done = run_seam(project, "record", "--", "night.py")
    assert done.returncode == 0, done.stderr
    return project


def test_a_trained_model_is_shadowed_gated_and_run_behind_the_seam(recorded: Path) -> None:
    assert run("dataset", "export", "rules:score", "--to", "calls").exit_code == 0
    trained = run("model", "train", "recipes:train", "--data", "calls", "--name", "score", "--promote")
    assert trained.exit_code == 0, trained.output

    done = run("shadow", "rules:score", "--candidate", "models/score", "--compare", "tolerance:abs=0.01", "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["parity"] == 1.0 and found["compared"] == found["calls"] == 90

    (recorded / "pyproject.toml").write_text(
        '[tool.legacy-seam.gate.score]\ntarget = "rules:score"\ncandidate = "models/score"\nleast = 50\n'
    )
    assert run("gate", "score").exit_code == 0
    again = run("model", "train", "recipes:constant", "--data", "calls", "--name", "score")
    assert again.exit_code == 1, again.output
    (other,) = {path.name for path in (recorded / "models/score").iterdir() if path.is_dir()} - {
        load_model("models/score").model.version
    }
    assert run("model", "promote", "score", other).exit_code == 0
    changed = run("gate", "score")
    assert isinstance(changed.exception, SeamError) and "shadow it again" in str(changed.exception)


def test_a_model_is_a_candidate_by_its_path(project: Path) -> None:
    done = run("model", "train", "recipes:train", "--data", "data/score", "--name", "score", "--promote")
    assert done.exit_code == 0, done.output

    def score(account: dict[str, Any]) -> int:
        return 700 - 3 * int(account["days"]) + (50 if account["region"] == "HH" else 0)

    trial = Experiment("score", score, "models/score", "inline", compare=tolerance(abs=0.01), deadline=30)
    try:
        trial.start()
        assert trial({"days": 10, "region": "HH", "open": True}) == 720
        assert trial.settle(60)
        assert trial.counts() == {"calls": 1, "compared": 1, "matched": 1}
        assert trial.model is not None and trial.model.name == "score" and trial.model.sha256
    finally:
        trial.close()
