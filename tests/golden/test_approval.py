"""Approved and received files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from legacy_seam.golden.approval import approve, received_path, report, withdraw


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_approving_puts_the_text_in_place_and_leaves_no_received_file(tmp_path: Path) -> None:
    approved = tmp_path / "new/f.approved.txt"

    approve(approved, "one\n")
    approve(approved, "two\n")

    assert approved.read_text() == "two\n"
    assert names(approved.parent) == ["f.approved.txt"]


def test_reporting_leaves_a_received_file_and_the_approved_one_as_it_was(tmp_path: Path) -> None:
    approved = tmp_path / "f.approved.txt"
    approved.write_text("one\n")

    received = report(approved, "two\n", interactive=False)

    assert received == received_path(approved) == tmp_path / "f.received.txt"
    assert (approved.read_text(), received.read_text()) == ("one\n", "two\n")
    withdraw(approved)
    withdraw(approved)
    assert names(tmp_path) == ["f.approved.txt"]


def test_what_cannot_be_written_leaves_the_approved_file_alone(tmp_path: Path) -> None:
    approved = tmp_path / "f.approved.txt"
    approved.write_text("one\n")
    received_path(approved).mkdir()

    with pytest.raises(OSError):
        approve(approved, "two\n")

    assert approved.read_text() == "one\n"


def run(place: Path, code: str, **environment: str) -> str:
    text = f"from pathlib import Path\nfrom legacy_seam.golden.approval import approve, report\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=place, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_left_in_the_current_directory(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()

    run(
        here, f"p = Path({str(tmp_path / 'f.approved.txt')!r})\napprove(p, 'a')\nreport(p, 'b', interactive=True)\n"
    )

    assert names(here) == []
    assert names(tmp_path) == ["f.approved.txt", "f.received.txt", "here"]


REPORT = "report(Path('f.approved.txt').absolute(), 'b', interactive={})\n"


@pytest.mark.parametrize("interactive", [True, False])
def test_a_configured_reporter_is_called_where_somebody_looks(tmp_path: Path, interactive: bool) -> None:
    code = """
from approvaltests.core import Reporter
from approvaltests import set_default_reporter

class Mine(Reporter):
    def report(self, received_path, approved_path):
        print("called with", received_path)
        return True

set_default_reporter(Mine())
"""
    said = run(tmp_path, code + REPORT.format(interactive), APPROVAL_TESTS_USE_REPORTER="")

    assert ("called with" in said) == interactive


def test_the_reporter_that_the_environment_names_is_called(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from approvaltests.core import Reporter\n\n\nclass Mine(Reporter):\n"
        "    def report(self, received_path, approved_path):\n        print('called with', received_path)\n"
        "        return True\n"
    )

    said = run(tmp_path, REPORT.format(True), APPROVAL_TESTS_USE_REPORTER="mine.Mine")

    assert "called with" in said


def test_a_reporter_that_is_not_there_is_told_and_the_received_file_is(tmp_path: Path) -> None:
    code = f"try:\n    {REPORT.format(True)}except Exception as error:\n    print(type(error).__name__, error)\n"

    said = run(tmp_path, code, APPROVAL_TESTS_USE_REPORTER="nothing")

    assert said.startswith("SeamError APPROVAL_TESTS_USE_REPORTER is 'nothing'")
    assert names(tmp_path) == ["f.received.txt"]
