"""Functions that the net runs, that only the wild has run, and that nobody has seen running."""

from __future__ import annotations

from pathlib import Path

from legacy_seam.golden.running import Running
from legacy_seam.report.covered import covered, covered_data, rows
from legacy_seam.source import Program
from legacy_seam.targets import Target

SOURCE = """\
def fee(days):
    if days > 15:
        return late(days)
    return 0


def late(days):
    return 9


class Account:
    def close(self):
        return 1

    def open(self):
        return 2
"""
FEE, CLOSE = Target("rules", "fee"), Target("rules", "Account.close")


def test_each_function_is_where_it_was_seen_and_what_others_run_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "rules.py"
    path.write_text(SOURCE)
    file = str(path)
    own = {(-1, 2), (2, 4), (4, -1)}
    others = {(-1, 2), (2, 3), (3, -1), (-7, 8), (8, -7)}
    running = Running({(FEE, "a"): {file: own}, (Target("night", "main"), "b"): {file: others}})

    found = covered(Program.at([tmp_path], roots=[tmp_path]), running, [FEE], {CLOSE: 7, FEE: 2})

    assert [(one.target.qualname, one.where, one.calls) for one in found] == [
        ("fee", "net", 2),
        ("late", "net", 0),
        ("Account.close", "wild", 7),
        ("Account.open", "never", 0),
    ]
    assert list(rows(found)) == [("rules:fee", "2 of 3", "1 of 2", "by others only: 3")]
    first = covered_data(found)["functions"][0]
    assert first["own"]["missing"] == [3] and first["net"]["missing"] == []
    assert first["net"]["branches"] == first["net"]["of_branches"] == 2
