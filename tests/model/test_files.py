"""Reading a model's file: only what is trusted, and only what was trained."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import ModelLoadFailed, VersionMismatch, load_model
from legacy_seam.experiment.model_files import features_of
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten

OWN_TYPE = """
from sklearn.base import BaseEstimator, RegressorMixin


class Halves(RegressorMixin, BaseEstimator):
    def fit(self, frame, labels):
        self.feature_names_in_ = list(frame.columns)
        self.half_ = sum(labels) / len(labels)
        return self

    def predict(self, frame):
        return [self.half_] * len(frame)


def train(dataset):
    return Halves().fit(dataset.train.frame, dataset.train.labels)
"""


def train(recipe: str, *arguments: str) -> Result:
    given = ["model", "train", recipe, "--data", "data/score", "--name", "score", "--promote", *arguments]
    return CliRunner().invoke(commands, given)


def directory(project: Path) -> Path:
    (found,) = (path for path in (project / "models/score").iterdir() if path.is_dir())
    return found


@pytest.mark.parametrize("form", ["pickle", "joblib"])
def test_what_can_run_code_is_read_only_where_that_is_allowed(project: Path, form: str) -> None:
    assert train("recipes:train", "--as", form).exit_code == 0
    with pytest.raises(ModelLoadFailed, match="nobody has allowed that"):
        load_model("models/score").load()
    model = load_model("models/score", allow_pickle=True)
    assert model({"days": 10, "region": "HH", "open": True}) == pytest.approx(720)


def test_a_file_that_is_not_the_trained_one_is_not_read(project: Path) -> None:
    class Harm:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(project / "harm"),)

    assert train("recipes:train", "--as", "pickle").exit_code == 0
    (directory(project) / "model.pickle").write_bytes(pickle.dumps(Harm()))
    with pytest.raises(ModelLoadFailed, match="its digest is another"):
        load_model("models/score", allow_pickle=True).load()
    assert not (project / "harm").exists()


def test_types_of_ones_own_are_trusted_by_name(project: Path) -> None:
    (project / "halves.py").write_text(OWN_TYPE)
    refused = train("halves:train")
    assert isinstance(refused.exception, SeamError) and "--trust halves.Halves" in str(refused.exception)
    assert train("halves:train", "--trust", "halves.Halves").exit_code == 0
    with pytest.raises(ModelLoadFailed, match=r"halves\.Halves"):
        load_model("models/score").load()
    model = load_model("models/score", trusted=["halves.Halves"])
    assert 500 < model({"days": 10, "region": "HH", "open": True}) < 700


def test_other_versions_of_libraries_are_noticed(project: Path) -> None:
    assert train("recipes:train").exit_code == 0
    card = directory(project) / "model.json"
    found = json.loads(card.read_text())
    found["libraries"]["scikit-learn"] = "0.0.1"
    card.write_text(json.dumps(found))
    with pytest.raises(VersionMismatch, match="scikit-learn"):
        load_model("models/score").load()


def test_a_place_without_a_model_is_said(project: Path) -> None:
    with pytest.raises(SeamError, match="There is no model"):
        load_model("models/gone")
    (project / "models" / "empty").mkdir(parents=True)
    with pytest.raises(SeamError, match="has no champion yet"):
        load_model("models/empty")
    (project / "models" / "empty" / "model.json").write_text("{}")
    with pytest.raises(SeamError, match="does not describe a model"):
        load_model("models/empty")


numbers = st.booleans() | st.integers() | st.floats() | st.decimals()
plain = st.none() | numbers | st.dates() | st.text("abc", max_size=4)
inputs_of_calls = st.dictionaries(
    st.sampled_from(["account", "day"]), st.dictionaries(st.text("xyz", min_size=1), plain) | plain
)


@given(inputs_of_calls)
def test_features_are_the_same_in_datasets_and_in_production(inputs: dict[str, Any]) -> None:
    made, exported = features_of(inputs), flatten(encode_roots(inputs))
    assert list(made) == list(exported) and repr(made) == repr(exported)
