"""`legacy-seam explore` and `accept --explored`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError


@pytest.fixture
def here(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(shop)
    return shop


def seam(*arguments: str) -> Result:
    return CliRunner().invoke(commands, list(arguments))


def test_found_cases_are_proposed_accepted_and_hold(here: Path) -> None:
    done = seam("explore", "shop.rules:parse", "--calls", "150", "--no-mutants", "--json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)["targets"]
    assert found["proposed"] and found["branches"]["with_proposal"] >= found["branches"]["recorded"]
    before = (here / "tests/golden/shop.rules/parse.approved.txt").read_text()
    assert Path(found["file"]).name == "parse.explored.txt"

    accepted = seam("accept", "--explored", "shop.rules:parse", "--all", "--json")
    assert accepted.exit_code == 0, accepted.output
    assert len(json.loads(accepted.stdout)["accepted"]["shop.rules:parse"]) == len(found["proposed"])
    assert (here / "tests/golden/shop.rules/parse.approved.txt").read_text() != before
    assert not Path(found["file"]).exists()
    assert seam("verify", "shop.rules:parse").exit_code == 0
    assert not (here / ".hypothesis").exists()


def test_text_says_what_was_found_and_what_to_do(here: Path) -> None:
    done = seam("explore", "shop.rules:score", "--calls", "150", "--no-mutants")
    assert done.exit_code == 0, done.output
    assert "shop.rules:score" in done.stdout and "accept --explored" in done.stdout
    left = seam("accept", "--explored", "shop.rules:score", "--case", "nosuchcase")
    assert left.exit_code == 2 and "no proposed case nosuchcase" in left.stderr


def test_mistakes_are_said_in_a_sentence(here: Path) -> None:
    assert "--explored as well" in seam("accept", "--all").stderr
    unknown = seam("explore", "shop.rules:nobody")
    assert isinstance(unknown.exception, SeamError) and "nobody" in str(unknown.exception)
    assert "nothing is proposed" in seam("accept", "--explored").stdout
