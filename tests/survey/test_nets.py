from __future__ import annotations

from pathlib import Path

from legacy_seam.source import Program
from legacy_seam.survey.nets import Net
from legacy_seam.survey.survey import survey
from legacy_seam.targets import Target
from small_program import only, write_program

FILES = {
    "shop.py": "def total(): return rate()\ndef rate(): return step()\ndef step(): ...\ndef other(): ...\n",
    "tests/test_shop.py": "import shop\ndef test_total(): assert shop.rate()\n",
}


def test_tests_and_golden_masters_hold_what_they_reach(tmp_path: Path) -> None:
    write_program(tmp_path, FILES)
    found = survey(Program.at([tmp_path]), tmp_path, golden=[Target("shop", "total")])

    nets = {name: only(found, f"shop:{name}").net for name in ("total", "rate", "step", "other")}
    assert nets == {
        "total": Net(golden=0, test=None),
        "rate": Net(golden=1, test=1),
        "step": Net(golden=2, test=2),
        "other": Net(),
    }


def test_tests_are_no_part_of_the_program(tmp_path: Path) -> None:
    write_program(tmp_path, FILES)
    found = survey(Program.at([tmp_path]), tmp_path)

    assert {one.target.module for one in found.functions} == {"shop"}
    assert only(found, "shop:rate").fan_in == 1


def test_guesses_hold_nothing(tmp_path: Path) -> None:
    files = {"a.py": "class A:\n  def settle(self): ...\n", "test_a.py": "def test_a(thing): thing.settle()\n"}
    write_program(tmp_path, files)

    assert only(survey(Program.at([tmp_path]), tmp_path), "a:A.settle").net == Net()


def test_the_nearer_the_net_the_smaller_the_gap() -> None:
    gaps = [Net(golden=0).gap, Net(golden=1).gap, Net(test=1).gap, Net(test=3).gap, Net().gap]

    assert gaps == sorted(gaps)
    assert Net(golden=0, test=4).gap == Net(golden=0).gap
