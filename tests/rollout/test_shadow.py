"""Recorded calls through legacy and a candidate."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.rollout.results import Ended, Header, Row, Writer, path_of, read, unfinished


def shadow(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["shadow", *arguments])


def data_of(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_candidate_that_lacks_a_rule_departs_on_the_calls_of_that_rule_alone(here: Path) -> None:
    done = shadow("rules:score", "--candidate", "model:score", "--json")
    assert done.exit_code == 1, done.output
    found = data_of(done)
    rows = read(Path(found["file"])).rows
    departed = [row for row in rows if row.match is False]
    assert departed and found["mismatched"] == len(departed)
    assert all("'region': 'HH'" in row.inputs["account"] for row in departed)
    assert found["calls"] == found["compared"] == len(rows)
    assert found["kinds"][0]["rows"] == len(departed)
    assert all(row.source == "replayed" and row.nanoseconds > 0 for row in departed)


def test_a_candidate_that_does_the_same_agrees_exceptions_included(here: Path) -> None:
    done = shadow("rules:score", "--candidate", "model:same", "--json")
    assert done.exit_code == 0, done.output
    found = data_of(done)
    raised = [row for row in read(Path(found["file"])).rows if row.control and row.control.raised]
    assert raised and all(row.match and row.reason == "" for row in raised)
    assert found["parity"] == found["weighted"] == 1.0
    typed = shadow("rules:score", "--candidate", "model:same", "--compare", "exact")
    assert typed.exit_code == 1 and "is not float" in typed.stdout


def test_legacy_beside_itself_shows_what_is_noise(here: Path) -> None:
    still = shadow("rules:score", "--aa")
    assert still.exit_code == 0 and "100.00% of them match" in still.stdout
    noisy = shadow("rules:dice", "--aa", "--json")
    assert noisy.exit_code == 1 and data_of(noisy)["parity"] == 0.0


def test_a_hang_costs_the_one_call(here: Path) -> None:
    found = data_of(shadow("rules:score", "--candidate", "model:hangs_once", "--deadline", "0.5", "--json"))
    assert found["timeouts"] <= 1 and found["compared"] == found["calls"] - found["timeouts"]
    assert found["mismatched"] == 0


def test_what_a_candidate_does_to_the_world_is_refused_and_told(here: Path) -> None:
    found = data_of(shadow("rules:score", "--candidate", "model:writes", "--json"))
    assert found["denied"] == found["calls"] and found["errors"] == found["calls"]
    assert not (here / "written.txt").exists()
    left = data_of(shadow("rules:score", "--candidate", "model:leaves", "--json"))
    assert left["errors"] == left["calls"]


def test_a_candidate_may_be_any_callable_and_a_comparator_any_function(here: Path) -> None:
    assert shadow("rules:score", "--candidate", "model:line", "--most", "5").exit_code in (0, 1)
    loose = data_of(shadow("rules:score", "--candidate", "model:score", "--compare", "model:near", "--json"))
    assert loose["parity"] == 1.0


def test_objects_of_the_program_are_rebuilt_where_their_module_is_imported(here: Path) -> None:
    without = shadow("rules:bonus", "--candidate", "model:bonus")
    assert without.exit_code == 2 and "--import rules" in without.stdout
    found = data_of(shadow("rules:bonus", "--candidate", "model:bonus", "--import", "rules", "--json"))
    assert (found["compared"], found["matched"]) == (4, 2)


def test_what_legacy_was_seen_to_do_stands_in_where_it_cannot_be_run_again(here: Path) -> None:
    rules = here / "rules.py"
    rules.write_text(rules.read_text().replace("def score(account, day)", "def score(account, day, new_one)"))
    found = data_of(shadow("rules:score", "--candidate", "model:same", "--json"))
    assert found["observed"] == found["compared"] == found["calls"]
    assert found["parity"] == 1.0


def test_other_parameters_are_told_for_each_call(here: Path) -> None:
    done = shadow("rules:score", "--candidate", "model:of_one_argument")
    assert done.exit_code == 2
    assert "of_one_argument no longer takes the recorded argument day" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules:score",), "--candidate module:attribute, or --aa"),
        (("rules:score", "--candidate", "model:gone"), "model:gone cannot be loaded"),
        (("rules:score", "--candidate", "model:score", "--compare", "tolerance:x=1"), "there is no bound 'x'"),
        (("rules:score", "--candidate", "model:score", "--compare", "near"), "near"),
        (("rules:skore", "--candidate", "model:score"), "the nearest are rules:score"),
        (("rules", "--candidate", "model:score"), "and this takes one"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(here: Path, arguments: tuple[str, ...], told: str) -> None:
    done = shadow(*arguments)
    assert isinstance(done.exception, SeamError), done.output
    assert told in str(done.exception) and "\n" not in str(done.exception)
    assert not list(here.glob(".legacy-seam/shadow/*"))


def test_an_interrupted_run_goes_on_where_it_was(here: Path) -> None:
    whole = read(Path(data_of(shadow("rules:score", "--candidate", "model:same", "--json"))["file"]))
    path = path_of(here / ".legacy-seam/shadow", "rules:score", "model:same")
    done = whole.rows[: len(whole.rows) // 2]
    with pytest.raises(KeyboardInterrupt), Writer(path, whole.header) as writer:
        for row in done:
            writer.write(replace(row, why="of the first part"))
        raise KeyboardInterrupt
    assert not read(path).complete

    resumed = shadow("rules:score", "--candidate", "model:same", "--resume", "--json")

    found = read(path)
    assert found.complete and resumed.exit_code == 0, resumed.output
    assert {row.id for row in found.rows if row.why == "of the first part"} == {row.id for row in done}
    assert sorted(row.id for row in found.rows) == sorted(row.id for row in whole.rows)
    again = shadow("rules:score", "--candidate", "model:same", "--resume")
    assert isinstance(again.exception, SeamError) and "nothing to resume" in str(again.exception)


def test_only_the_same_run_goes_on(tmp_path: Path) -> None:
    path = path_of(tmp_path, "rules:score", "model:score")
    header = Header("rules:score", "model:score", "exact", "2026-11-27T10:00:00+00:00", 2, {"model": "1"})
    row = Row("a", 0.0, 1, {}, "replayed", Ended("1"), Ended("1"), True)
    with pytest.raises(KeyboardInterrupt), Writer(path, header) as writer:
        writer.write(row)
        raise KeyboardInterrupt

    assert unfinished(path, replace(header, made="later", calls=9)) == (row,)
    for other in (replace(header, compare="tolerance"), replace(header, versions={"model": "2"})):
        with pytest.raises(SeamError, match="run it anew, without --resume"):
            unfinished(path, other)


def test_results_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    path = path_of(tmp_path, "rules:score", "model:score")
    for text in ("", "{}\n", "{", '{"format": "legacy-seam shadow", "version": 9}\n'):
        path.write_text(text)
        with pytest.raises(SeamError):
            read(path)
