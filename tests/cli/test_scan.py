"""`legacy-seam scan`, and recording without redaction, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shop_project import run_seam

PROGRAM = """
def login(user, password):
    with open("users.csv") as file:
        return user in file.read()

if __name__ == "__main__":
    login("ann", "opensesame-4711")
"""
SECRETS = ("opensesame-4711", "swordfish-0815")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "night.py").write_text(PROGRAM)
    (tmp_path / "users.csv").write_text("name,password\nann,swordfish-0815\n")
    return tmp_path


def test_recording_as_it_is_leaves_nothing_to_find(project: Path) -> None:
    assert "WARNING" not in run_seam(project, "record", "--", "night.py").stderr
    assert run_seam(project, "pin").stderr == ""
    done = run_seam(project, "scan")
    assert done.returncode == 0, done.stdout
    assert "nothing looks like a secret" in done.stdout


def test_recording_without_redaction_is_loud_and_every_place_is_found(project: Path) -> None:
    recorded = run_seam(project, "record", "--no-redact", "--", "night.py")
    assert "WARNING: --no-redact" in recorded.stderr
    pinned = run_seam(project, "pin")
    assert "made without redaction" in pinned.stderr

    done = run_seam(project, "scan", "--json")

    assert done.returncode == 1
    found = json.loads(done.stdout)["found"]
    assert {(Path(one["file"]).parts[-2], one["target"], one["rule"]) for one in found} >= {
        (".legacy-seam", "night:login", "named password"),
        ("night", "night:login", "named password"),
    }
    assert {one["place"] for one in found if "_files" in one["file"]} == {"users.csv"}
    assert all(one["line"] for one in found if one["file"].endswith(".approved.txt"))
    assert not [secret for secret in SECRETS if secret in done.stdout]
    text = run_seam(project, "scan")
    assert text.returncode == 1
    assert not [secret for secret in SECRETS if secret in text.stdout]


def test_any_path_can_be_scanned(project: Path) -> None:
    done = run_seam(project, "scan", "users.csv")
    assert done.returncode == 1
    assert "users.csv:2" in done.stdout


def test_a_project_without_anything_has_no_secrets_and_gets_no_store(project: Path) -> None:
    done = run_seam(project, "scan")
    assert done.returncode == 0
    assert not (project / ".legacy-seam").exists()


def test_a_path_that_is_not_there_is_a_mistake(project: Path) -> None:
    done = run_seam(project, "scan", "nowhere")
    assert done.returncode == 2
    assert "there is no nowhere to scan" in done.stderr


def test_a_project_may_settle_not_to_redact(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.legacy-seam.redaction]\nenabled = false\n")
    assert "enabled = false" in run_seam(project, "record", "--", "night.py").stderr
    assert run_seam(project, "scan").returncode == 1
