"""`legacy-seam explain`, on a shadow run."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.rollout.results import Ended, Header, Row, Writer, path_of, read
from legacy_seam.rollout.to_test import test_of as source_of_test
from legacy_seam.rollout.trying import check

HEADER = Header("rules:score", "straight:score", "tolerance", "2026-11-27T05:00:00+00:00", 240)


def row(number: int) -> Row:
    region, days = ("HH", "MUC", "BER")[number % 3], number % 120
    legacy = 700 - 3 * days
    legacy = max(legacy, 580) if region == "HH" else legacy
    mine = 700.0 - 3 * days
    inputs = {"account": f"{{'days': {days}, 'region': {region!r}}}", "day": "date(2026, 1, 1)"}
    return Row(
        f"{number:04x}", 1e9 + number, 1, inputs, "replayed", Ended(str(legacy)), Ended(str(mine)), legacy == mine,
        float(abs(legacy - mine)), "", "" if legacy == mine else f"{legacy} is not {mine}",
    )  # fmt: skip


@pytest.fixture
def shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "straight.py").write_text("def score(account, day):\n    return 700.0 - 3 * account['days']\n")
    monkeypatch.chdir(tmp_path)
    with Writer(path_of(tmp_path / ".legacy-seam" / "shadow", HEADER.target, HEADER.candidate), HEADER) as writer:
        for number in range(240):
            writer.write(row(number))
    return tmp_path


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["explain", *arguments])


def data_of(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_rule_that_is_missing_is_the_first_slice(shadowed: Path) -> None:
    done = explain("rules:score", "--json")
    assert done.exit_code == 0, done.output
    found = data_of(done)
    first = found["slices"][0]
    assert {one["feature"] for one in first["conditions"]} == {"account.region", "account.days"}
    assert first["departed"] > 0.9 * first["rows"] and first["elsewhere"] < 0.1 and first["p"] < 1e-6
    assert "account.region" in first["differs"] or "account.days" in first["differs"]
    text = explain("rules:score", "--candidate", "straight:score").stdout
    assert "account.region = 'HH'" in text and "nearest that matches" in text


def test_a_mismatch_becomes_a_test_that_fails_until_the_candidate_does_the_same(
    shadowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = data_of(explain("rules:score", "--json"))["slices"][0]["example"]["id"]
    done = explain("rules:score", "--to-test", identity)
    assert done.exit_code == 0, done.output
    (written,) = (shadowed / "tests").glob("test_mismatch_*.py")
    monkeypatch.syspath_prepend(shadowed)
    (the_test,) = (test for name, test in runpy.run_path(str(written)).items() if name.startswith("test_"))
    with pytest.raises(AssertionError, match="straight:score departs from legacy: 580 is not"):
        the_test()
    monkeypatch.setattr("straight.score", lambda account, day: 580)
    the_test()
    assert explain("rules:score", "--to-test", identity).exit_code == 0  # the same again
    written.write_text("# mine")
    assert "something else" in str(explain("rules:score", "--to-test", identity).exception)


def test_the_written_test_checks_values_and_exceptions() -> None:
    check("math:floor", {"x": "2.5"}, returned="2")
    check("math:sqrt", {"x": "-1.0"}, raised=("ValueError", "math domain error"))
    with pytest.raises(AssertionError, match="departs from legacy: 3 is not 2"):
        check("math:floor", {"x": "2.5"}, returned="3")
    with pytest.raises(AssertionError, match="control raised ValueError"):
        check("math:floor", {"x": "2.5"}, raised=("ValueError", "no"))


def test_of_legacy_beside_itself_or_without_an_outcome_there_is_no_test() -> None:
    with pytest.raises(SeamError, match="there is no candidate"):
        source_of_test(replace(HEADER, candidate=None), row(1), ())
    with pytest.raises(SeamError, match="not known what legacy did"):
        source_of_test(HEADER, replace(row(1), control=None), ())


def test_an_interrupted_run_is_explained_as_far_as_it_came(shadowed: Path) -> None:
    path = path_of(shadowed / ".legacy-seam" / "shadow", HEADER.target, HEADER.candidate)
    with pytest.raises(KeyboardInterrupt), Writer(path, HEADER) as writer:
        for number in range(100):
            writer.write(row(number))
        raise KeyboardInterrupt
    assert not read(path).complete
    assert "the run was interrupted: 100 of its 240 calls are here" in explain("rules:score").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules:other",), "run `legacy-seam shadow rules:other --candidate module:attribute` first"),
        (("rules:score", "--candidate", "straight:other"), "was not shadowed with straight:other yet"),
        (("rules:score", "--aa"), "run `legacy-seam shadow` first"),
        (("rules:score", "--to-test", "ffff"), "no call of rules:score is called ffff"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(shadowed: Path, arguments: tuple[str, ...], told: str) -> None:
    done = explain(*arguments)
    assert isinstance(done.exception, SeamError) and told in str(done.exception)
