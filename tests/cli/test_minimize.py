"""`legacy-seam minimize`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError


def test_a_golden_master_is_made_smaller_only_when_it_is_meant(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    path = shop / "tests/golden/shop.rules/score.approved.txt"
    before = path.read_text()

    tried = CliRunner().invoke(commands, ["minimize", "shop.rules:score", "--dry-run", "--json"])
    found = json.loads(tried.stdout)
    (one,) = found["targets"]
    assert (tried.exit_code, found["written"]) == (0, False)
    assert one["kept"] < one["cases"] and len(one["left_out"]) == one["cases"] - one["kept"]
    assert one["before"] == one["after"]
    assert path.read_text() == before

    done = CliRunner().invoke(commands, ["minimize", "shop.rules:score"])
    assert f"{one['kept']} of {one['cases']} cases stay" in done.stdout
    assert path.read_text().count("\ncase ") == one["kept"]
    assert CliRunner().invoke(commands, ["verify", "shop.rules:score"]).exit_code == 0


def test_what_matches_nothing_is_said(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    done = CliRunner().invoke(commands, ["minimize", "shop.rulez"])
    assert isinstance(done.exception, SeamError) and "no target with a golden master" in str(done.exception)
