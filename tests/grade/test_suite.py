"""Grading a suite of pytest: tests by hand, and those with the fixture `characterize`, as judges of mutants."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from legacy_seam.errors import SeamError
from legacy_seam.grade.operators import named
from legacy_seam.grade.plan import Plan
from legacy_seam.grade.scope import Scope
from legacy_seam.grade.suite.grading import grade_suite
from legacy_seam.grade.verdicts import Graded
from legacy_seam.targets import Pattern

FILES = {
    "pytest.ini": "[pytest]\n",
    "rules.py": """
        def fee(days, tier="B"):
            if days <= 15:
                return 0
            return 10 if tier == "G" else 5

        def countdown(n):
            while n > 0:
                n -= 1
            return n

        def never(x):
            return x + 1
        """,
    "test_rules.py": """
        import pytest
        import rules

        @pytest.fixture(scope="session")
        def late():
            return 20

        @pytest.mark.parametrize("tier, expected", [("G", 10), ("B", 5)])
        def test_fee(late, tier, expected):
            assert rules.fee(late, tier) == expected

        def test_countdown(characterize):
            characterize(rules.countdown(3))

        def test_that_fails():
            assert rules.fee(1) == 1
        """,
    "test_rules.test_countdown.approved.txt": "0\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("suite")
    for name, text in FILES.items():
        (place / name).write_text(textwrap.dedent(text).lstrip("\n"))
    return place


@pytest.fixture(scope="module")
def graded(project: Path) -> Graded:
    operators = named(["comparison-boundary", "number-minus-one", "comparison-negation"])
    return grade_suite(project, [], Plan(Scope((Pattern("rules"),)), operators))


def states(graded: Graded, function: str) -> dict[tuple[int, str], str]:
    return {
        (one.mutant.line, f"{one.mutant.before} -> {one.mutant.after}"): one.state
        for one in graded.judged
        if one.mutant.function == function
    }


def test_tests_notice_what_they_check(graded: Graded) -> None:
    found = states(graded, "fee")
    assert found[4, "10 -> 9"] == "killed" and found[4, "== -> !="] == "killed"
    assert found[2, "<= -> <"] == "survived" and found[2, "15 -> 14"] == "survived"
    killed = next(one for one in graded.judged if one.mutant.before == "10")
    assert killed.noticed is not None
    assert killed.noticed.case == "test_rules.py::test_fee[G-10]"
    assert killed.noticed.difference.got == "AssertionError: assert 9 == 10"


def test_hand_written_characterization_tests_are_judges_too(graded: Graded, project: Path) -> None:
    found = states(graded, "countdown")
    assert found[7, "0 -> (-1)"] == "killed"
    assert found[8, "1 -> 0"] == "timeout"
    assert not list(project.glob("*.received.txt"))


def test_what_no_test_runs_is_kept_apart(graded: Graded) -> None:
    assert set(states(graded, "never").values()) == {"not-covered"}


def test_a_test_that_fails_anyhow_is_left_out_and_named(graded: Graded) -> None:
    assert graded.notes == ("left out, for they do not pass without a mutant: test_rules.py::test_that_fails",)
    assert graded.problems == ()
    assert graded.cases == 3


def test_tests_that_cannot_be_collected_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_broken.py").write_text("import does_not_exist\n")
    with pytest.raises(SeamError, match="does_not_exist"):
        grade_suite(tmp_path, [], Plan())
