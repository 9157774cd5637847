"""Each step of the ladder, and the faulty edits that it must catch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.checks import LADDER, climb
from legacy_seam.seams.job import Job
from legacy_seam.seams.net import with_stub
from legacy_seam.seams.plan import Change, EnablingPoint, Patch, Plan
from legacy_seam.seams.trial import Shape, Trial
from legacy_seam.source import Module as Source
from legacy_seam.source import Program
from legacy_seam.targets import Target
from seams.small_program import Module, plain, program

BEFORE = """\
import time

LIMIT = 3

def f(a, b=2):
    total = a + b
    return total, time.time() > 0

def g():
    return f(1, b=3)

class A:
    def m(self, x, y=1):
        return x, y, time.time() > 0

A().m(1, 2)
"""


class Typed:
    """A technique that was told beforehand what to do, as a careless one might."""

    name = "typed"
    options: Mapping[str, str] = {}

    def __init__(self, *edits: tuple[str, str]) -> None:
        self.edits = edits

    def plan(self, job: Job) -> Plan:
        source = job.module.source
        patches = []
        for old, new in self.edits:
            if source.text.count(old) != 1:
                return Plan(self.name, job.target)
            start = source.text.index(old)
            patches.append(Patch(start, start + len(old), new))
        change = Change("m", source, tuple(sorted(patches, key=lambda one: one.start)))
        return Plan(self.name, job.target, (change,), introduces=frozenset({"_time"}))


def failed(
    root: Path, *edits: tuple[str, str], target: str = "f", shapes: tuple[Shape, ...] = (), **others: str
) -> str | None:
    """The step that fails for an edit, or None."""
    read = program(root, {"m.py": BEFORE, **{f"{name}.py": text for name, text in others.items()}})
    technique = Typed(*edits)
    plan = technique.plan(Job(read, Target("m", target)))
    assert plan.changes
    findings = climb(Trial(technique, {}, read, plan, shapes))  # type: ignore[arg-type]
    assert all(one.verdict == "holds" for one in findings[:-1])
    return findings[-1].step if findings[-1].verdict == "fails" else None


GUARD = "    if _time is None:\n        _time = time.time\n    total = a + b"


def test_a_right_edit_climbs_to_the_top(tmp_path: Path) -> None:
    edits = [
        ("b=2):", "b=2, *, _time=None):"),
        ("    total = a + b", GUARD),
        ("total, time.time()", "total, _time()"),
    ]
    assert failed(tmp_path, *edits) is None
    assert len(LADDER) == 5


FAULTY = {
    "no syntax": ("compiles", [("return total,", "return total,,")]),
    "a `return` outside": ("compiles", [("LIMIT = 3\n", "LIMIT = 3\nreturn 1\n")]),
    "a parameter twice": ("compiles", [("def f(a, b=2)", "def f(a, a, b=2)")]),
    "a global that becomes local": ("no name changes its scope", [("total = a + b", "total = a + b; time = time")]),
    "a local that becomes global": (
        "no name changes its scope",
        [("total = a + b", "global total; total = a + b")],
    ),
    "a name from nowhere": ("no name changes its scope", [("total = a + b", "total = a + b + c")]),
    "a new local": ("no name changes its scope", [("total = a + b", "total = more = a + b")]),
    "a new name of the module": ("no name changes its scope", [("LIMIT = 3", "LIMIT = MOST = 3")]),
    "a positional parameter": ("every call still binds", [("def f(a, b=2)", "def f(a, b=2, _time=None)")]),
    "a parameter put first": ("every call still binds", [("def f(a, b=2)", "def f(_time, a, b=2)")]),
    "a keyword that must be given": ("every call still binds", [("def f(a, b=2)", "def f(a, b=2, *, _time)")]),
    "a default found too early": ("every call still binds", [("b=2):", "b=2, *, _time=time.time):")]),
    "a default that is made early": ("every call still binds", [("b=2):", "b=2, *, _time=time.time()):")]),
    "a default that is another": ("every call still binds", [("def f(a, b=2)", "def f(a, b=3)")]),
    "a parameter that is gone": ("every call still binds", [("def f(a, b=2)", "def f(a, *, b=2)")]),
}


@pytest.mark.parametrize(("step", "edits"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_edit_is_caught(step: str, edits: list[tuple[str, str]], tmp_path: Path) -> None:
    assert failed(tmp_path, *edits) == step


class Stubborn:
    """A technique that finds something to do each time."""

    name = "stubborn"

    def plan(self, job: Job) -> Plan:
        job.edits.replace(next(job.sites("time.time")).node, "time.time")
        return job.plan(self.name)


def test_what_finds_something_to_do_each_time_is_caught(tmp_path: Path) -> None:
    read = program(tmp_path, {"m.py": BEFORE})
    technique = Stubborn()
    plan = technique.plan(Job(read, Target("m", "f")))
    last = climb(Trial(technique, {}, read, plan))[-1]  # type: ignore[arg-type]
    assert (last.step, last.verdict) == ("a second time does nothing", "fails")


def test_a_call_elsewhere_is_looked_at(tmp_path: Path) -> None:
    edit = ("def m(self, x, y=1)", "def m(self, x, *, y=1)")
    assert failed(tmp_path, edit, target="A.m", other="from m import A\nA().m(1, 2)\n") == "every call still binds"


def test_a_statement_that_no_patch_reaches_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = ("total = a + b", "total = b + a")
    spoilt = BEFORE.replace("LIMIT = 3", "LIMIT = 4").replace("a + b", "b + a").encode()
    monkeypatch.setattr(Change, "after", property(lambda self: spoilt))
    assert failed(tmp_path, edit) == "nothing else is touched"


def test_a_recorded_call_is_looked_at(tmp_path: Path) -> None:
    read = program(tmp_path, {"m.py": "def f(a): return a\n"})
    technique = Typed(("(a)", "(a, *, _time=None)"))
    plan = technique.plan(Job(read, Target("m", "f")))
    findings = climb(Trial(technique, {}, read, plan, [Shape(0, ("a",))]))  # type: ignore[arg-type]
    assert [one.detail for one in findings if one.step == "every call still binds"] == ["1 calls"]


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ("if _t is None:\n        _t = time.time", True),
        ("_t = _t or time.time", False),
        ("_t = time.time", False),
    ],
)
def test_a_stub_finds_out_a_seam_that_throws_it_away(body: str, reached: bool, tmp_path: Path) -> None:
    text = plain(f"import time\ndef f(*, _t=None):\n    {body}\n    return _t() > 0\n")
    stubbed = with_stub(text, [EnablingPoint("m", "f.__kwdefaults__['_t'] = {stub}")])
    told = Module(stubbed, tmp_path).told(["f()"])
    assert told == (["raised BaseException: a stub was called"] if reached else ["True"])


def test_the_techniques_of_the_catalogue_are_asked_by_name() -> None:
    assert technique_named("model-seam").feathers == "Replace Function with Function Pointer"


def test_a_program_after_an_edit_is_read_from_memory(tmp_path: Path) -> None:
    read = program(tmp_path, {"m.py": BEFORE})
    edited = read.edited({tmp_path / "m.py": b"x = 1\n"})
    assert isinstance(edited, Program)
    after = edited.module("m")
    assert isinstance(after, Source) and after.source.raw == b"x = 1\n"
    assert (tmp_path / "m.py").read_text() == BEFORE
