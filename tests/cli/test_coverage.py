"""`legacy-seam coverage`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import coverage
import pytest
from click.testing import CliRunner

from legacy_seam.cli import commands


def test_what_golden_masters_run_is_told_and_written_for_coverage(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    rules = shop / "shop" / "rules.py"
    rules.write_text(rules.read_text() + "\n\ndef never():\n    return 1\n")

    done = CliRunner().invoke(commands, ["coverage", "shop.rules:*", "--json", "--data-file", "net.coverage"])

    assert done.exit_code == 0, done.output
    seen = {one["function"]: one["seen"] for one in json.loads(done.stdout)["functions"]}
    assert {one for one, where in seen.items() if where != "net"} == {"shop.rules:never"}
    data = coverage.CoverageData(basename=str(shop / "net.coverage"))
    data.read()
    assert data.has_arcs() and str(rules) in data.measured_files()
    assert any(context.startswith("shop.rules:score|") for context in data.measured_contexts())

    shown = CliRunner().invoke(commands, ["coverage", "shop.rules:*"]).stdout
    assert "never seen executed: 1 function\n  shop.rules:never" in shown
