"""What golden masters run, as coverage.py tells it: counts of functions, contexts of cases, the usual settings."""

from __future__ import annotations

from pathlib import Path

import coverage
import pytest

from legacy_seam.golden.running import Running
from legacy_seam.report.coverage_data import Counts, counts_of, data_of, join, write
from legacy_seam.targets import Target

FEE = Target("rules", "fee")
SOURCE = "def fee(days):\n    if days > 15:\n        return 9\n    return 0\n\n\ndef other():\n    return 1\n"
FEW, MANY = {(-1, 2), (2, 4), (4, -1)}, {(-1, 2), (2, 3), (3, -1)}


@pytest.fixture
def rules(tmp_path: Path) -> str:
    (tmp_path / "rules.py").write_text(SOURCE)
    return str(tmp_path / "rules.py")


def running(file: str) -> Running:
    return Running({(FEE, "a1"): {file: FEW}, (FEE, "b2"): {file: FEW}}, {file: {(-1, 1), (1, 7), (7, -1)}})


def test_lines_and_branches_of_each_function_are_counted(rules: str) -> None:
    found = counts_of({rules: FEW}, [rules])

    assert found[rules, "fee"] == Counts(2, 3, 1, 2, (3,), ((2, 3),))
    assert found[rules, "other"] == Counts(0, 1, 0, 0, (8,))
    assert counts_of({rules: FEW | MANY}, [rules])[rules, "fee"] == Counts(3, 3, 2, 2, ())


def test_each_case_is_a_context_of_its_own_and_the_import_has_none(rules: str, tmp_path: Path) -> None:
    write(running(rules), tmp_path / ".coverage")

    data = coverage.CoverageData(basename=str(tmp_path / ".coverage"))
    data.read()
    assert sorted(data.contexts_by_lineno(rules)[4]) == ["rules:fee|a1", "rules:fee|b2"]
    assert data.contexts_by_lineno(rules)[1] == [""]
    assert set(data.arcs(rules) or ()) == FEW | {(-1, 1), (1, 7), (7, -1)}


@pytest.mark.parametrize(
    ("settings", "counts"),
    [
        ({}, True),
        ({"source": ["."]}, True),
        ({"source": ["elsewhere"]}, False),
        ({"source": ["rules"]}, True),
        ({"omit": ["*/rules.py"]}, False),
        ({"include": ["*/rules.py"]}, True),
        ({"include": ["other.py"]}, False),
    ],
)
@pytest.mark.parametrize("branch", [True, False])
def test_what_coverage_was_told_to_measure_is_joined(
    rules: str, monkeypatch: pytest.MonkeyPatch, settings: dict[str, list[str]], counts: bool, branch: bool
) -> None:
    monkeypatch.chdir(Path(rules).parent)
    measuring = coverage.Coverage(data_file=None, config_file=False, branch=branch, **settings)  # type: ignore[arg-type]

    join(measuring, running(rules))

    data = measuring.get_data()
    assert data.measured_files() == ({rules} if counts else set())
    if counts:
        assert set(data.lines(rules) or ()) == {1, 2, 4, 7}
        assert data.has_arcs() == branch
    data.close(force=True)


def test_data_without_branches_is_of_lines(rules: str) -> None:
    with data_of(running(rules), branch=False) as data:
        assert sorted(data.lines(rules) or ()) == [1, 2, 4, 7]
