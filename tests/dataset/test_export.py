"""`legacy-seam dataset export`, and the datasets it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.dataset.loading import Dataset
from legacy_seam.errors import SeamError


def export(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["dataset", "export", *arguments])


def data_of(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_inputs_become_columns_and_legacys_answer_the_label(here: Path) -> None:
    done = export("rules:score", "--json")
    assert done.exit_code == 0, done.output
    found = data_of(done)
    dataset = Dataset(here / "data" / "rules.score")
    assert dataset.features[:2] == ["account.days", "account.region"] and "day.weekday" in dataset.features
    for split in (dataset.train, dataset.valid, dataset.test):
        for row, label, legacy in zip(split.rows, split.labels, split.legacy, strict=True):
            days = row["account.days"]
            assert isinstance(days, int)
            lowest = 580 if row["account.region"] == "HH" else -999
            assert label == legacy == max(700 - 3 * days, lowest)
    assert found["label"] == {"column": "call:legacy", "kind": "imitation"}
    assert found["left_out"] == {"legacy raised": 40 - dataset.manifest.rows}
    assert found["parameters"] == ["account", "day"] and found["source"]["file"] == "rules.py"
    dataset.check()


def test_the_latest_calls_are_for_testing(here: Path) -> None:
    done = export("rules:score", "--split", "50/25/25")
    assert done.exit_code == 0 and "calls recorded: 100.0% are kept" in " ".join(done.stdout.split())
    dataset = Dataset(here / "data" / "rules.score")
    assert max(map(str, dataset.train.at)) < min(map(str, dataset.valid.at))
    assert max(map(str, dataset.valid.at)) < min(map(str, dataset.test.at))
    assert len(dataset.train) == round(dataset.manifest.rows / 2)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_every_format_gives_the_same_rows(here: Path, form: str) -> None:
    assert export("rules:score").exit_code == 0
    assert export("rules:score", "--format", form, "--to", "other").exit_code == 0
    one, other = Dataset(here / "data" / "rules.score"), Dataset(here / "other")
    assert one.train.rows == other.train.rows and one.test.labels == other.test.labels
    assert one.train.frame.equals(other.train.frame)


def test_the_same_recordings_give_the_same_digest(here: Path) -> None:
    digests = {data_of(export("rules:score", "--json", "--to", place))["sha256"] for place in ("one", "two", "one")}
    assert len(digests) == 1


def test_a_changed_file_is_noticed(here: Path) -> None:
    assert export("rules:score").exit_code == 0
    place = here / "data" / "rules.score"
    (place / "test.jsonl").write_text("{}\n")
    with pytest.raises(SeamError, match=r"test\.jsonl was changed"):
        Dataset(place).check()


def test_groups_in_several_splits_are_refused_and_nothing_is_written(here: Path) -> None:
    done = export("rules:score", "--group", "account.region")
    assert done.exit_code == 1 and "REFUSED" in done.stdout and "--accept group" in done.stderr
    assert not (here / "data" / "rules.score").exists()
    assert export("rules:score", "--group", "account.region", "--accept", "group").exit_code == 0
    kept = Dataset(here / "data" / "rules.score").manifest.leaks
    assert [(leak["kind"], leak["accepted"]) for leak in kept] == [("group", True)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules:skore",), "the nearest are rules:score"),
        (("rules",), "and this takes one"),
        (("rules:score", "--split", "much"), "give three shares"),
        (("rules:score", "--split-by", "group"), "needs --group"),
        (("rules:score", "--horizon", "7d"), "give --labels as well"),
        (("rules:score", "--log", "gone.db", "--experiment", "score"), "There is no prediction log gone.db"),
        (("rules:score", "--answer", "points"), "There is no row to export"),
        (("rules:score", "--only", "nothing"), "No input of rules:score is left"),
        (("rules:score", "--to", "full"), "is not empty and no dataset"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(here: Path, arguments: tuple[str, ...], told: str) -> None:
    (here / "full").mkdir()
    (here / "full" / "mine.txt").touch()
    done = export(*arguments)
    assert isinstance(done.exception, SeamError), done.output
    assert told in str(done.exception) and "\n" not in str(done.exception)
    assert not (here / "data").exists() or not list((here / "data").iterdir())
