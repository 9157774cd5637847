"""`legacy-seam gate`, after `legacy-seam shadow`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError

GATE = """
[tool.legacy-seam.gate.score]
target = "rules:score"
candidate = "model:{candidate}"
least = 20
parity = 0.8
slice_parity = 0.5
least_in_slice = 5
slices = ["account.region"]
invariants = ["checks:nobody_is_above_legacy"]
minimum = ["checks:new_accounts_are_rich"]
same_under = ["checks:another_day"]
not_up_under = ["checks:ten_days_later"]
"""

CHECKS = """
import datetime


def nobody_is_above_legacy(inputs, legacy, candidate):
    return candidate <= legacy


def new_accounts_are_rich(inputs, answer):
    return answer > 600 if inputs["account"]["days"] < 30 else None


def another_day(inputs):
    return {**inputs, "day": inputs["day"] + datetime.timedelta(days=1)}


def ten_days_later(inputs):
    account = dict(inputs["account"])
    account["days"] += 10
    return {**inputs, "account": account}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, list(arguments))


def test_a_candidate_is_judged_and_the_evidence_is_kept(here: Path) -> None:
    (here / "checks.py").write_text(CHECKS)
    (here / "pyproject.toml").write_text(GATE.format(candidate="same"))
    early = run("gate", "score")
    assert isinstance(early.exception, SeamError) and "run `legacy-seam shadow" in str(early.exception)
    assert run("shadow", "rules:score", "--candidate", "model:same").exit_code == 0

    done = run("gate", "score", "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["verdict"] == "PASS"
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert states["same_under checks:another_day"] == states["not_up_under checks:ten_days_later"] == "PASS"
    kept = json.loads(Path(found["file"]).read_text())
    assert kept["results"]["sha256"] and kept["gate"]["parity"] == 0.8

    (here / "checks.py").write_text(CHECKS.replace("candidate <= legacy", "candidate < 650"))
    failed = run("gate", "score", "--evidence", "evidence.json")
    assert failed.exit_code == 1 and "FAIL: model:same in the place of rules:score" in failed.stdout
    assert "invariants checks:nobody_is_above_legacy" in failed.stdout and (here / "evidence.json").exists()

    (here / "checks.py").unlink()
    gone = run("gate", "score")
    assert isinstance(gone.exception, SeamError) and "cannot be tried" in str(gone.exception)
