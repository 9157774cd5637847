"""A seam that is put in and retired again leaves the program that was there before."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.insertion import Proposal, propose
from legacy_seam.source.deep import deep
from legacy_seam.targets import Target
from seams.small_program import Module, after, program, proposed
from seams.test_adversarial import BEHAVES, BYTES, CLOCK, GETTER, MODEL, PARAMETER

RETIRED = {GETTER: ("_time", {}), PARAMETER: ("f", {"name": "_time"}), MODEL: ("f", {"keep": "legacy"})}


def retired(before: Proposal, target: str, options: dict[str, str]) -> Proposal:
    """What `retire` proposes for a program as another proposal would leave it."""
    edited = before.trial.before.edited({one.path: one.after for one in before.plan.changes})
    return propose(technique_named("retire"), edited, Target("m", target), options)


def _dumped(raw: bytes) -> str:
    return ast.dump(ast.parse(raw))


@pytest.mark.parametrize("technique", RETIRED)
@pytest.mark.parametrize("raw", BYTES.values(), ids=BYTES)
def test_the_text_is_what_it_was(raw: bytes, technique: str, tmp_path: Path) -> None:
    inserted = proposed(tmp_path, technique, raw, options=CLOCK[technique])
    if not inserted.plan.changes:
        return  # what a technique refuses is tested with the technique
    back = retired(inserted, *RETIRED[technique])
    assert back.is_sound, (back.findings, back.plan.refusals)
    (change,) = back.plan.changes
    assert deep(_dumped, change.after) == deep(_dumped, raw)
    one_line = b"): return" in raw or b"return" not in raw.splitlines()[0]
    if technique == GETTER or not one_line:
        assert change.after == raw


@pytest.mark.parametrize(
    ("name", "technique"), [(name, technique) for name, (_, _, some) in BEHAVES.items() for technique in some]
)
def test_what_cannot_be_taken_back_as_it_was_is_refused(name: str, technique: str, tmp_path: Path) -> None:
    text, calls, _ = BEHAVES[name]
    target = "A.f" if "class A" in text and "def f():\n    class A" not in text else "f"
    inserted = proposed(tmp_path, technique, text + "\n", target, CLOCK[technique])
    seam, options = RETIRED[technique]
    back = retired(inserted, seam if technique == GETTER else target, options)
    if not back.plan.changes:
        assert back.plan.refusals
        return
    assert back.is_sound, back.findings
    assert [one.split(" at 0x")[0] for one in Module(after(back), tmp_path).told(calls)] == [
        one.split(" at 0x")[0] for one in Module(text, tmp_path).told(calls)
    ]


CANDIDATES = {
    "a name": ("_f_impl = new", "return new(a, b=b)"),
    "a name of another module": ("import other\n_f_impl = other.new", "return other.new(a, b=b)"),
}


@pytest.mark.parametrize(("put", "expected"), CANDIDATES.values(), ids=CANDIDATES)
def test_a_candidate_is_asked_directly(put: str, expected: str, tmp_path: Path) -> None:
    text = (
        "def new(a, *, b=1): return a + b\n\ndef _f_legacy(a, *, b=1): return a - b\n\n"
        f"_f_impl = _f_legacy\n\ndef f(a, *, b=1):\n    return _f_impl(a, b=b)\n\n{put}\n"
    )
    read = program(tmp_path, {"m.py": text, "other.py": "def new(a, *, b=1): return a * b\n"})
    new = after(propose(technique_named("retire"), read, Target("m", "f"), {}))
    assert expected in new and "_f_" not in new
    assert Module(new, tmp_path).told(["f(3, b=2)"]) == Module(text, tmp_path).told(["f(3, b=2)"])


METHODS = {
    "a function": ("    _f_impl = new", "return new(self, a)"),
    "a function that is not handed the object": ("    _f_impl = staticmethod(new)", "return new(a)"),
    "from outside the class": ("A._f_impl = new", "return new(self, a)"),
}


@pytest.mark.parametrize(("put", "expected"), METHODS.values(), ids=METHODS)
def test_a_candidate_for_a_method_is_handed_what_it_was(put: str, expected: str, tmp_path: Path) -> None:
    text = (
        "def new(*given): return [one for one in given if one == 3]\n\nclass A:\n"
        "    def _f_legacy(self, a): return a\n\n"
        f"    _f_impl = _f_legacy\n\n    def f(self, a):\n        return self._f_impl(a)\n\n{put}\n"
    )
    new = after(proposed(tmp_path, "retire", text, "A.f"))
    assert expected in new
    assert Module(new, tmp_path).told(["A().f(3)"]) == Module(text, tmp_path).told(["A().f(3)"])


def test_what_spells_the_name_in_a_comment_does_not_matter(tmp_path: Path) -> None:
    text = "import time\n\n# see _time\ndef _time():\n    return time.time()\n\ndef f(): return _time()  # _time\n"
    assert proposed(tmp_path, "retire", text, "_time").is_sound


def test_a_file_that_cannot_be_parsed_may_use_the_name(tmp_path: Path) -> None:
    text = "import time\n\ndef _time():\n    return time.time()\n\ndef f(): return _time()\n"
    proposal = proposed(tmp_path, "retire", text, "_time", others={"old.py": "print _time\n"})
    assert [(one.code.value, one.path.name) for one in proposal.plan.refusals] == [("used-elsewhere", "old.py")]


def test_a_parameter_of_another_function_does_not_matter(tmp_path: Path) -> None:
    text = (
        "import time\n\ndef f(*, clock=None):\n    if clock is None:\n        clock = time.time\n"
        "    return clock()\n\n"
        "def g(clock): return clock\n\ng(clock=1)\n"
    )
    assert proposed(tmp_path, "retire", text, options={"name": "clock"}).is_sound
