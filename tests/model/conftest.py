"""A recorded program, and a dataset that is large enough to learn from."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from dataset.collections_calls import samples
from legacy_seam.dataset.exporting import Plan, export
from legacy_seam.dataset.origin import Source

RECIPE = """
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

COLUMNS = ["account.days", "account.region", "account.open"]


def pipeline(regressor):
    encoder = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["account.region"]), remainder="passthrough"
    )
    return make_pipeline(encoder, regressor)


def train(dataset):
    print("learning")
    return pipeline(LinearRegression()).fit(dataset.train.frame[COLUMNS], dataset.train.labels)


def constant(dataset):
    return pipeline(DummyRegressor()).fit(dataset.train.frame[COLUMNS], dataset.train.labels)


def of_rows(dataset):
    from sklearn.feature_extraction import DictVectorizer

    rows = [{name: row[name] for name in COLUMNS} for row in dataset.train.rows]
    return make_pipeline(DictVectorizer(), LinearRegression()).fit(rows, dataset.train.labels)


def fails(dataset):
    raise KeyError("no such column")


def nothing(dataset):
    return 3
"""


@pytest.fixture(scope="session")
def exported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("exported") / "data"
    plan = Plan("rules:score", place, Source(parameters=("account",)))
    assert export(plan, samples(600), Counter()).written
    return place


@pytest.fixture
def project(exported_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a dataset and recipes, as the current directory."""
    shutil.copytree(exported_once, tmp_path / "data" / "score")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "recipes.py").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "recipes", raising=False)
    return tmp_path
