"""The testing subclass: it is written beside the program, can be imported, and does what a test says."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.insertion import Proposal, propose
from legacy_seam.targets import Target
from seams.small_program import program

NAME = "subclass-and-override-method"
KINDS = """
    class Alarm:
        __slots__ = ("low",)

        def __init__(self, low=1):
            self.low = low

        def read(self, unit, /, *rest, scale=1, **more):
            raise OSError("no sensor")

        def check(self):
            return self.read("psi", scale=2) < self.low

        @property
        def level(self):
            raise OSError

        @classmethod
        def made(cls):
            raise OSError

        @staticmethod
        def now():
            raise OSError

        def tell(self):
            return self.now()

        async def fetch(self, url):
            raise OSError

        def rows(self):
            yield 1

        async def changes(self):
            yield 1
"""


def written(root: Path, method: str, **options: str) -> Proposal:
    proposal = propose(technique_named(NAME), program(root, {}), Target("alarm_m", f"Alarm.{method}"), options)
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    (change,) = proposal.plan.changes
    change.path.write_bytes(change.after)
    return proposal


@contextlib.contextmanager
def imported(*places: Path) -> Iterator[Any]:
    sys.path[:0] = map(str, places)
    try:
        yield importlib.import_module("alarm_m_under_test")
    finally:
        del sys.path[: len(places)]
        for name in ("alarm_m_under_test", "alarm_m"):
            sys.modules.pop(name, None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    program(tmp_path, {"alarm_m.py": KINDS})
    return tmp_path


def test_what_a_method_gives_is_what_a_test_says(root: Path) -> None:
    before = (root / "alarm_m.py").read_bytes()
    written(root, "read")
    with imported(root) as made:
        alarm = made.AlarmUnderTest(low=10)
        alarm.read_answer = 3
        assert alarm.check() is True
        assert alarm.read_calls == [("psi", (), 2, {})]
        assert made.AlarmUnderTest().read("bar", 1, a=2) is None
    assert (root / "alarm_m.py").read_bytes() == before


def test_every_kind_of_method_stays_of_its_kind(root: Path) -> None:
    for method in ("level", "made", "now", "fetch", "rows", "changes"):
        written(root, method)
    with imported(root) as made:
        alarm = made.AlarmUnderTest()
        made.AlarmUnderTest.now_answer = made.AlarmUnderTest.made_answer = 7
        alarm.level_answer, alarm.fetch_answer, alarm.rows_answer, alarm.changes_answer = 1, 2, [3], [4]

        async def changes() -> list[Any]:
            return [one async for one in alarm.changes()]

        assert (alarm.level, alarm.tell(), alarm.made()) == (1, 7, 7)
        assert (asyncio.run(alarm.fetch("x")), list(alarm.rows()), asyncio.run(changes())) == (2, [3], [4])
        assert alarm.fetch_calls == [("x",)]


def test_it_is_written_where_the_tests_are(root: Path) -> None:
    (root / "tests").mkdir()
    (change,) = written(root, "read").plan.changes
    assert (change.path, change.creates) == (root / "tests/alarm_m_under_test.py", True)
    with imported(root / "tests", root) as made:
        assert made.AlarmUnderTest().read("x") is None


def test_a_file_of_another_kind_is_left_alone(root: Path) -> None:
    (root / "mine.py").write_text("x = 1\n")
    asked = (technique_named(NAME), program(root, {}), Target("alarm_m", "Alarm.read"))
    (refusal,) = propose(*asked, {"file": "mine.py"}).plan.refusals
    assert (refusal.code.value, "mine.py" in refusal.reason) == ("name-taken", True)
