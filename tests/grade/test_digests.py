"""What a remembered verdict stands on has a name that changes with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from legacy_seam.calls import Call, Case, Effect, Outcome
from legacy_seam.grade.digests import digests_of_cases
from legacy_seam.grade.worlds import Ran
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance

SOURCE = "RATE = 2\n\ndef total(n):\n    return n * RATE\n\ndef other():\n    return 1\n"
TARGET = Target("prices", "total")
CALL = Call(TARGET, "5f1c9a02e7b4", {"n": "3"}, {}, {}, 0.0, (), None, "3fa9c20d11ab")
CASE = Case(CALL, Outcome((Effect("returned", "", "6"),)))


@pytest.fixture
def module(tmp_path: Path) -> Path:
    file = tmp_path / "prices.py"
    file.write_text(SOURCE)
    return file


def digest(module: Path, case: Case = CASE, tolerances: tuple[Tolerance, ...] = ()) -> str:
    ran = {0: Ran({str(module): {4}}, {str(module): {("total", 3)}}, 1)}
    return digests_of_cases([case], ran, {"prices": str(module)}, tolerances)[0]


@pytest.mark.parametrize(
    "source",
    [SOURCE.replace("n * RATE", "n + RATE"), SOURCE.replace("RATE = 2", "RATE = 3")],
    ids=["what it runs", "what stands outside of functions"],
)
def test_it_changes_with_the_code(module: Path, source: str) -> None:
    before = digest(module)

    module.write_text(source)

    assert digest(module) != before


def test_it_does_not_change_with_a_function_that_the_case_does_not_run(module: Path) -> None:
    before = digest(module)

    module.write_text(SOURCE.replace("return 1", "return 2"))

    assert digest(module) == before


@pytest.mark.parametrize(
    "case",
    [
        Case(CALL, Outcome((Effect("returned", "", "7"),))),
        Case(replace(CALL, arguments={"n": "4"}), CASE.approved),
        Case(replace(CALL, instant=1.0), CASE.approved),
    ],
    ids=["what is approved", "its inputs", "its clock"],
)
def test_it_changes_with_the_case(module: Path, case: Case) -> None:
    assert digest(module, case) != digest(module)


def test_it_changes_with_what_is_tolerated_of_its_target_and_of_no_other(module: Path) -> None:
    near = digest(module, tolerances=(Tolerance("prices:total", abs=0.1),))
    wide = digest(module, tolerances=(Tolerance("prices:total", abs=1.0),))
    elsewhere = digest(module, tolerances=(Tolerance("prices:other", abs=1.0),))

    assert len({near, wide, digest(module)}) == 3
    assert elsewhere == digest(module)
