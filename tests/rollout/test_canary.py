"""Steps of a canary: on while the gate is green, held, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import CanaryFile, Experiment, PredictionLog
from legacy_seam.rollout.canary import Canary, Service, State, canary_called, decide

NOW = datetime(2026, 7, 1, 2, 15, tzinfo=UTC)
CANARY = Canary("score", "log.db", "score", steps=(0.1, 0.5, 1.0), hold=timedelta(hours=24), least=10)
FIRST = State().at(0.1, NOW, "the gate score says PASS")
TOMORROW = NOW + timedelta(hours=24)

TABLE = """
[tool.legacy-seam.canary.score]
log = "log.db"
experiment = "score"
steps = [0.5, 1.0]
hold = "12h"
least = 5
"""


@dataclass(frozen=True)
class Row:
    at: str
    stage: str = "canary"
    reason: str = ""


def test_it_begins_only_when_the_gate_is_green() -> None:
    assert decide(CANARY, State(), "PASS", Service(), NOW).share == 0.1
    for verdict in (None, "INSUFFICIENT", "FAIL"):
        assert decide(CANARY, State(), verdict, Service(), NOW).what == "hold"


def test_a_step_is_held_for_its_time_and_until_enough_was_answered() -> None:
    early = decide(CANARY, FIRST, "PASS", Service(100), TOMORROW - timedelta(seconds=1))
    assert (early.what, early.share) == ("hold", 0.1) and "held until 2026-07-02T02:15" in early.why
    few = decide(CANARY, FIRST, "PASS", Service(9), TOMORROW)
    assert few.what == "hold" and "10 are needed" in few.why
    on = decide(CANARY, FIRST, "PASS", Service(10), TOMORROW)
    assert (on.what, on.share) == ("on", 0.5)


def test_a_red_gate_and_failures_take_it_back_before_the_hold_time_is_over() -> None:
    assert decide(CANARY, FIRST, "FAIL", Service(), NOW).what == "back"
    assert decide(CANARY, FIRST, "INSUFFICIENT", Service(100), TOMORROW).what == "hold"
    broken = decide(CANARY, FIRST, "PASS", Service(10, {"exception": 1}), NOW)
    assert (broken.what, broken.share) == ("back", 0.0) and "1 exception" in broken.why


def test_after_the_last_step_it_is_done() -> None:
    assert decide(CANARY, State(1.0, NOW), "PASS", Service(10), TOMORROW).what == "done"
    assert decide(CANARY, State(1.0, NOW), "PASS", Service(99, {"timeout": 9}), TOMORROW).what == "back"


@given(
    st.sampled_from([0.0, *CANARY.steps]),
    st.sampled_from(["PASS", "FAIL", "INSUFFICIENT", None]),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 48),
)
def test_it_never_skips_a_step_and_never_goes_on_without_a_green_gate(
    share: float, verdict: str | None, asked: int, failed: int, hours: int
) -> None:
    service = Service(asked, {"exception": min(asked, failed)} if failed else {})
    found = decide(CANARY, State(share, NOW), verdict, service, NOW + timedelta(hours=hours))
    steps = [0.0, *CANARY.steps]
    if found.what == "on":
        assert (
            steps.index(found.share) == steps.index(share) + 1 and verdict == "PASS" and not failed * asked * share
        )
    else:
        assert found.share in (share, 0.0)


def test_what_legacy_answered_for_other_reasons_says_nothing_against_the_candidate() -> None:
    rows = [
        Row("2026-07-01T01:00:00.000000Z", reason="exception"),  # of the step before
        Row("2026-07-01T03:00:00.000000Z"),
        Row("2026-07-01T03:00:00.000000Z", reason="not_in_canary"),
        Row("2026-07-01T03:00:00.000000Z", reason="legacy_raised"),
        Row("2026-07-01T03:00:00.000000Z", stage="shadow"),
        Row("2026-07-01T03:00:00.000000Z", reason="timeout"),
    ]
    assert Service.of(rows, NOW) == Service(2, {"timeout": 1})


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "canary.json"
    assert State.load(path) == State()
    FIRST.save(path)
    assert State.load(path) == FIRST
    path.write_text("{}")
    with pytest.raises(SeamError, match="cannot be read"):
        State.load(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("steps", [0.5, 0.1]),
        ("steps", [2]),
        ("steps", []),
        ("hold", "soon"),
        ("hold", 5),
        ("least", 0),
        ("fallbacks", 2),
        ("log", 3),
        ("step", [1.0]),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused(key: str, value: Any) -> None:
    with pytest.raises(SeamError):
        canary_called("score", {"score": {"log": "l", "experiment": "e", key: value}})
    with pytest.raises(SeamError, match="does not say which experiment"):
        canary_called("score", {"score": {"log": "l"}})
    with pytest.raises(SeamError, match="There is no canary"):
        canary_called("other", {"score": {}})


# --- with production


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, list(arguments))


def calls(place: Path, candidate: Any) -> int:
    """A hundred calls of an experiment that goes by the file; how many the candidate answered."""
    with PredictionLog(str(place / "log.db")) as log:
        serving = CanaryFile(place / "score.canary.json")
        score = Experiment("score", abs, candidate, "inline", key=str, log=log, serving=serving, breaker=False)
        for number in range(100):
            assert score(number) == number
        return score.counts().get("served_by_candidate", 0)


def test_a_canary_goes_on_with_production_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(TABLE)
    assert calls(tmp_path, abs) == 0
    assert run("canary", "score").stdout == "hold: 0 of the keys; the gate score was not asked yet\n"
    (tmp_path / ".legacy-seam" / "gates").mkdir(parents=True)
    (tmp_path / ".legacy-seam" / "gates" / "score.json").write_text('{"verdict": "PASS"}')

    tried = run("canary", "score", "--dry-run")
    assert "on: 0 → 0.5 of the keys" in tried.stdout and not (tmp_path / "score.canary.json").exists()
    assert run("canary", "score").exit_code == 0
    assert 20 < calls(tmp_path, abs) < 80
    assert "hold: 0.5 of the keys; held until" in run("canary", "score").stdout
    later = (datetime.now(UTC) + timedelta(hours=13)).strftime("%Y-%m-%dT%H:%M:%S")
    assert "on: 0.5 → 1 of the keys" in run("canary", "score", "--at", later).stdout

    past = json.loads((tmp_path / "score.canary.json").read_text()) | {"since": "2020-01-01T00:00:00.000000Z"}
    (tmp_path / "score.canary.json").write_text(json.dumps(past))
    assert calls(tmp_path, abs) == 100
    assert calls(tmp_path, lambda number: 1 / 0) == 0
    back = run("canary", "score", "--json")
    assert back.exit_code == 1
    found = json.loads(back.stdout)
    assert found["decision"] == "back" and found["share"] == 0 and found["service"]["fell_back"]["exception"] == 100
    assert calls(tmp_path, abs) == 0

    assert run("canary", "score", "--back", "holidays").exit_code == 1
    assert State.load(tmp_path / "score.canary.json").why == "holidays"


def test_a_file_is_looked_at_again_after_a_second_and_not_before(tmp_path: Path) -> None:
    path, now = tmp_path / "score.canary.json", [0.0]
    file = CanaryFile(path, clock=lambda: now[0])
    assert file.current().stage == "shadow"
    State().at(0.25, NOW, "").save(path)
    assert file.current().stage == "shadow"
    now[0] = 1.5
    assert (file.current().stage, file.current().share) == ("canary", 0.25)
    path.write_text("half a fi")
    now[0] = 3.0
    assert file.current().stage == "shadow"


def test_an_experiment_that_cannot_answer_takes_no_canary(tmp_path: Path) -> None:
    with pytest.raises(SeamError, match="cannot answer"):
        Experiment("score", abs, abs, "replay", serving=CanaryFile(tmp_path / "x.json"))
