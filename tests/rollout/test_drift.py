"""`legacy-seam drift`, on a prediction log."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Observation, Outcome, PredictionLog, Verdict

DAY = 86_400 * 1_000_000_000
START = 1_767_225_600 * 1_000_000_000  # 2026-01-01


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log of 300 days, in the last third of which accounts are later."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    chance = random.Random(5)
    log = PredictionLog("predictions.db")
    for number in range(300):
        days = chance.randint(0, 100) + (60 if number >= 200 else 0)
        log.write(
            Observation(
                "score", START + number * DAY, "worker", "shadow", "legacy", None, None,
                {"account": {"days": days, "region": chance.choice(["HH", "MUC"])}}, Outcome(700 - days),
                Outcome(700.0 - days), 700 - days, "", "", Verdict(True),
            )
        )  # fmt: skip
    log.close()
    return "predictions.db"


def drift(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["drift", *arguments])


def test_a_drifted_season_is_flagged_and_a_quiet_one_is_not(log: str) -> None:
    quiet = drift(log, "score", "--before", "2026-04-11", "--until", "2026-07-20")
    assert quiet.exit_code == 0 and "same" in quiet.stdout, quiet.output
    done = drift(log, "score", "--before", "2026-07-20", "--json")
    assert done.exit_code == 1, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    alarms = {column["feature"] for column in found["columns"] if column["alarm"]}
    assert alarms == {"account.days", "legacy's answer", "candidate's answer"}
    assert "account.days drifts" in drift(log, "score", "--before", "2026-07-20").stdout
    few = drift(log, "score", "--before", "2026-10-20")
    assert few.exit_code == 1 and "INSUFFICIENT" in few.stdout


def test_features_that_drift_by_nature_are_left_out(log: str) -> None:
    since = ("score", "--before", "2026-07-20")
    left = drift(log, *since, "--leave-out", "account.days", "--leave-out", "*answer")
    assert left.exit_code == 0 and "same" in left.stdout, left.output
    only = json.loads(drift(log, *since, "--only", "account.*", "--json").stdout)
    assert {column["feature"] for column in only["columns"]} == {"account.days", "account.region"}
    assert isinstance(drift(log, *since, "--only", "acount.*").exception, SeamError)


def test_a_recording_is_a_reference(log: str, here: Path) -> None:
    database = here.parent / log
    done = drift(str(database), "score", "--target", "rules:score", "--least", "20", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["reference"] > 20 and found["live"] == 300
    assert {"account.days", "legacy's answer"} <= {column["feature"] for column in found["columns"]}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("predictions.db", "score"), "either --target"),
        (("none.db", "score", "--before", "2026-07-20"), "There is no prediction log none.db"),
        (("predictions.db", "skore", "--before", "2026-07-20"), "no rows of an experiment 'skore'"),
        (("predictions.db", "score", "--target", "rules"), "is not a target"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(log: str, arguments: tuple[str, ...], told: str) -> None:
    done = drift(*arguments)
    assert isinstance(done.exception, SeamError) and told in str(done.exception)
