"""The main job by the command line, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shop_project import edit, run_seam


def verify(shop: Path, *arguments: str, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = run_seam(shop, "verify", "--json", *arguments, **environment)
    return done.returncode, {one["target"]: one for one in json.loads(done.stdout)["targets"]}


def test_every_function_of_the_project_is_pinned(shop: Path) -> None:
    status = json.loads(run_seam(shop, "status", "--json").stdout)

    assert {one["target"]: one["state"] for one in status["targets"]} == dict.fromkeys(
        [
            "night:main",
            "shop.rules:Account.__init__",
            "shop.rules:Account.label",
            "shop.rules:Account.rate",
            "shop.rules:age",
            "shop.rules:letter",
            "shop.rules:parse",
            "shop.rules:remember",
            "shop.rules:score",
        ],
        "pinned",
    )
    calls = status["calls"]
    assert calls["seen"] == sum(
        calls[name] for name in ("kept", "duplicate", "sampled_out", "unserialisable", "failed")
    )
    assert calls["failed"] == 0


def test_unchanged_code_verifies_green_whatever_the_surroundings(shop: Path) -> None:
    for environment in ({"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "8", "LC_ALL": "C"}):
        code, found = verify(shop, **environment)

        assert code == 0
        assert {one["status"] for one in found.values()} == {"passed"}


@pytest.mark.parametrize(
    ("before", "after", "target", "path"),
    [
        ("late <= 15", "late < 15", "shop.rules:score", "returned"),
        ("RATE = 3", "RATE = 4", "shop.rules:score", "returned"),
        ('"no number: {', '"not a number: {', "shop.rules:parse", "raised"),
        ('print("remembered", number)', "pass", "shop.rules:remember", "printed stdout"),
        ("    SEEN.append(number)", "    list(SEEN).append(number)", "shop.rules:remember", "returned"),
        ("pay.\\n", "pay now.\\n", "shop.rules:letter", "wrote letter.txt line 2"),
        ("days late", "days behind", "shop.rules:score", "logged 1"),
        ("self.score = score", "self.scores = score", "shop.rules:Account.rate", "returned"),
        ("{self.number}/", "{self.number}-", "shop.rules:Account.label", "returned"),
        ("bonus=5", "bonus=6", "shop.rules:score", "returned"),
    ],
)
def test_a_small_change_turns_its_function_red(shop: Path, before: str, after: str, target: str, path: str) -> None:
    edit(shop / "shop/rules.py", before, after)

    code, found = verify(shop)

    assert code == 1
    assert found[target]["status"] == "failed"
    paths = {one["path"] for one in found[target]["differences"]}
    assert any(one.startswith(path) for one in paths), paths


def test_what_was_received_can_be_accepted(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    assert verify(shop)[0] == 1

    accepted = run_seam(shop, "accept", "shop.rules:score")

    assert accepted.returncode == 0
    assert verify(shop, "shop.rules:score")[0] == 0
    assert verify(shop)[0] == 1, "other targets that changed were not accepted"
    run_seam(shop, "accept")
    assert verify(shop)[0] == 0
    assert not list(shop.glob("tests/golden/**/*.received.*"))


def test_nothing_is_written_in_ci(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    before = sorted(shop.rglob("*"))

    assert verify(shop, CI="true")[0] == 1

    assert sorted(shop.rglob("*")) == before


def test_pinning_again_changes_no_file(shop: Path) -> None:
    before = {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.txt")}

    assert run_seam(shop, "pin").returncode == 0

    assert {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.txt")} == before


def test_pinning_changed_code_does_not_touch_what_was_approved(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    path = shop / "tests/golden/shop.rules/score.approved.txt"
    before = path.read_bytes()

    done = run_seam(shop, "pin", "shop.rules:score")

    assert done.returncode == 1
    assert "not touched: shop.rules:score" in done.stdout
    assert path.read_bytes() == before


def test_a_function_that_is_gone_is_told_once(shop: Path) -> None:
    edit(shop / "shop/rules.py", "def parse(", "def parse_number(")

    code, found = verify(shop, "shop.rules:parse")

    assert code == 2
    assert found["shop.rules:parse"]["status"] == "error"
    assert "parse" in found["shop.rules:parse"]["problem"]
    assert found["shop.rules:parse"]["differences"] == []


def test_a_module_that_cannot_be_imported_is_an_error_not_a_wall_of_red(shop: Path) -> None:
    edit(shop / "shop/rules.py", "import logging", "import logging, no_such_module")

    done = run_seam(shop, "verify")

    assert done.returncode == 2
    assert "no_such_module" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["record", "--", "missing.py"], "there is no script missing.py"),
        (["record", "--source", "nowhere", "--", "night.py"], "there is no directory"),
        (["verify", "shop.rules:scor"], "the nearest are shop.rules:score"),
        (["pin", "nothing.here"], "no target in the recordings matches 'nothing.here'"),
        (["pin", "--store", "elsewhere"], "nothing is recorded in"),
        (["verify", "--golden", "elsewhere"], "there is no golden master below"),
        (["record"], "Missing argument"),
    ],
)
def test_bad_input_gets_one_sentence(shop: Path, arguments: list[str], said: str) -> None:
    done = run_seam(shop, *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mangled_golden_master_is_named_and_the_others_are_verified(shop: Path) -> None:
    path = shop / "tests/golden/shop.rules/parse.approved.txt"
    path.write_text(path.read_text().replace("  then\n", ""))

    done = run_seam(shop, "verify")

    assert done.returncode == 2
    assert "parse.approved.txt:" in done.stdout
    assert "8 of 9 golden masters hold" in done.stdout


def test_the_recorded_program_is_left_as_it_was(shop: Path) -> None:
    import subprocess
    import sys

    plain = subprocess.run([sys.executable, "night.py", "a b"], cwd=shop, capture_output=True)
    recorded = run_seam(shop, "record", "--", "night.py", "a b")

    assert recorded.stdout == plain.stdout.decode()
    assert recorded.returncode == plain.returncode == 3
    assert recorded.stderr.startswith(plain.stderr.decode())


def test_a_read_only_place_is_told(shop: Path) -> None:
    golden = shop / "tests/golden"
    elsewhere = shop / "file"
    elsewhere.write_text("")

    done = run_seam(shop, "pin", "--golden", "file/golden")

    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert golden.exists()
    assert elsewhere.read_text() == ""
