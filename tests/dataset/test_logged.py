"""A prediction log as a dataset."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from legacy_seam.cli import commands
from legacy_seam.dataset.loading import Dataset
from legacy_seam.dataset.logged import logged_samples
from legacy_seam.experiment import Experiment, PredictionLog
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten


def score(account: dict[str, object], bonus: int = 5) -> int:
    days = account["days"]
    assert isinstance(days, int)
    if days < 0:
        raise ValueError("days")
    return 700 - days + bonus


def test_rows_of_an_experiment_are_samples_with_the_inputs_before_the_call(tmp_path: Path) -> None:
    place = tmp_path / "log.db"
    with PredictionLog(place) as log:
        trial = Experiment("score", score, score, mode="inline", log=log)
        for days in range(60):
            trial({"days": days, "region": "HH"})
        with contextlib.suppress(ValueError):
            trial({"days": -1, "region": "HH"})
        assert log.flush()
        left_out: Counter[str] = Counter()
        found = list(logged_samples(log, "score", left_out))
    assert left_out == {"legacy raised": 1} and [sample.answer for sample in found][:2] == [
        {"call:legacy": 705},
        {"call:legacy": 704},
    ]
    assert found[7].features == flatten(encode_roots({"account": {"days": 7, "region": "HH"}, "bonus": 5}))
    to = str(tmp_path / "data")
    given = ["dataset", "export", "rules:score", "--log", str(place), "--experiment", "score", "--to", to]
    done = CliRunner().invoke(commands, given)
    assert done.exit_code == 0, done.output
    assert Dataset(Path(to)).manifest.origin["experiment"] == "score"
