"""Models that were trained elsewhere."""

from __future__ import annotations

import json
import pickle
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import load_model


def model(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["model", *arguments])


def add(place: str, *arguments: str) -> Result:
    return model("add", place, "--data", "data/score", "--name", "score", *arguments)


def test_a_file_from_elsewhere_is_measured_and_kept_like_one_that_was_trained_here(project: Path) -> None:
    trained = model("train", "recipes:train", "--data", "data/score", "--name", "other", "--as", "pickle", "--json")
    shutil.copy(Path(json.loads(trained.stdout)["directory"]) / "model.pickle", project / "mine.pkl")
    refused = add("mine.pkl")
    assert isinstance(refused.exception, SeamError) and "nobody has allowed that" in str(refused.exception)
    done = add("mine.pkl", "--allow-pickle", "--promote", "--json")
    assert done.exit_code == 0, done.output
    card = json.loads(done.stdout)
    assert card["stored_as"] == "pickle" and card["metrics"]["test"]["mae"] < 1e-6
    kept = load_model("models/score", allow_pickle=True)
    assert kept({"days": 10, "region": "HH", "open": True}) == pytest.approx(720)


@pytest.mark.parametrize(("name", "needs"), [("mine.onnx", "onnxruntime"), ("mine", "mlflow")])
def test_what_needs_a_library_that_is_not_there_says_so(
    project: Path, name: str, needs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, needs, None)
    (project / "mine").mkdir()
    (project / "mine" / "MLmodel").write_text("flavors: {}\n")
    (project / "mine.onnx").write_bytes(b"")
    done = add(name, "--allow-pickle")
    assert isinstance(done.exception, SeamError), done.output
    assert f"{name} needs {needs}, which cannot be imported" in str(done.exception)
    assert not list((project / "models").glob("*/*"))


def test_what_is_no_model_is_said(project: Path) -> None:
    (project / "mine.skops").write_bytes(b"nothing")
    (project / "wrong.pkl").write_bytes(pickle.dumps(3))
    for place, told in (
        ("recipes.py", "is no model"),
        ("mine.skops", "cannot be read"),
        ("wrong.pkl", "int has no predict"),
    ):
        done = add(place, "--allow-pickle")
        assert isinstance(done.exception, SeamError) and told in str(done.exception), done.output
