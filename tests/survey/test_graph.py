"""Modules put together: who calls whom, and what that comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_program import effects, only, survey_of


def calls(place: Path, files: dict[str, str], target: str) -> dict[str, bool]:
    found = survey_of(place, files)
    return dict(found.graph.calls[only(found, target).function.path])


@pytest.mark.parametrize(
    ("files", "callee"),
    [
        ({"a.py": "import b\ndef f(): b.g()", "b.py": "def g(): ..."}, "b.g"),
        (
            {
                "a.py": "from p import g\ndef f(): g()",
                "p/__init__.py": "from .q import g",
                "p/q.py": "def g(): ...",
            },
            "p.q.g",
        ),
        ({"a.py": "from p import *\ndef f(): g()", "p.py": "def g(): ..."}, "p.g"),
        ({"a.py": "import b\ndef f(): b.C().m()", "b.py": "class C:\n  def m(self): ..."}, "b.C.m"),
        ({"a.py": "import b\nc = b.C()\ndef f(): c.m()", "b.py": "class C:\n  def m(self): ..."}, "b.C.m"),
        (
            {
                "a.py": "import b\ndef f(): b.make().m()",
                "b.py": "class C:\n  def m(self): ...\ndef make(): return C()",
            },
            "b.C.m",
        ),
        (
            {"a.py": "import b\ndef f(c: b.D): c.m()", "b.py": "class C:\n  def m(self): ...\nclass D(C): ..."},
            "b.C.m",
        ),
        ({"a.py": "import b\ndef f(): b.C()", "b.py": "class C:\n  def __init__(self): ..."}, "b.C.__init__"),
        ({"a.py": "def g(): ...\nTABLE = {'g': g}\ndef f(x): TABLE[x]()"}, "a.g"),
        ({"a.py": "def g(): ...\ndef f(x): map(g, x)"}, "a.g"),
        ({"a.py": "def g(): ...\nh = g\ndef f(): h()"}, "a.g"),
        ({"a.py": "class C:\n  @property\n  def p(self): ...\ndef f():\n  c = C()\n  return c.p"}, "a.C.p"),
    ],
)
def test_a_call_is_followed_to_its_function(tmp_path: Path, files: dict[str, str], callee: str) -> None:
    assert calls(tmp_path, files, "a:f").get(callee) is True


def test_super_is_the_next_in_line(tmp_path: Path) -> None:
    text = "class A:\n  def m(self): ...\nclass B(A):\n  def m(self): super().m()\n"

    assert calls(tmp_path, {"a.py": text}, "a:B.m") == {"a.A.m": True}


def test_methods_of_something_unknown_are_a_guess(tmp_path: Path) -> None:
    text = "class A:\n  def settle(self): ...\ndef f(a): a.settle()\n"

    assert calls(tmp_path, {"a.py": text}, "a:f") == {"a.A.settle": False}


def test_what_overrides_a_method_is_a_guess(tmp_path: Path) -> None:
    text = "class A:\n  def f(self): self.step()\n  def step(self): ...\nclass B(A):\n  def step(self): ...\n"

    assert calls(tmp_path, {"a.py": text}, "a:A.f") == {"a.A.step": True, "a.B.step": False}


def test_what_refers_to_itself_ends(tmp_path: Path) -> None:
    files = {"a.py": "from b import x\nx = x()\ndef f(): x.y()", "b.py": "from a import x\nclass C(C): ..."}

    assert calls(tmp_path, files, "a:f") == {}


def test_effects_come_through_calls(tmp_path: Path) -> None:
    found = survey_of(
        tmp_path,
        {
            "a.py": "import b\ndef top(): b.middle()",
            "b.py": "import time\ndef middle(): bottom()\ndef bottom():\n  open('x', 'w')\n  return time.time()",
        },
    )

    assert effects(found, "a:top") == {"files!": 2, "clock": 2}
    assert effects(found, "b:bottom") == {"files!": 0, "clock": 0}
    assert only(found, "a:top").reaches["clock", False].via == "b.middle"


def test_globals_that_nobody_changes_are_no_effect(tmp_path: Path) -> None:
    found = survey_of(
        tmp_path,
        {"a.py": "RATE = 3\nSEEN = []\ndef f(): return RATE\ndef g(): SEEN.append(1)\ndef h(): return len(SEEN)"},
    )

    assert effects(found, "a:f") == {}
    assert effects(found, "a:g") == {"globals": 0, "globals!": 0}
    assert effects(found, "a:h") == {"globals": 0}


def test_modules_are_no_containers(tmp_path: Path) -> None:
    found = survey_of(tmp_path, {"a.py": "import os\ndef f(x): os.remove(x)\ndef g(): os.environ['A'] = '1'"})

    assert effects(found, "a:f") == {"files!": 0}
    assert effects(found, "a:g") == {"environment!": 0, "environment": 0}


def test_orders_that_differ_from_run_to_run_are_told(tmp_path: Path) -> None:
    found = survey_of(
        tmp_path,
        {"a.py": "KINDS = {'a', 'b'}\ndef f():\n  for kind in KINDS: print(kind)\ndef g(a):\n  return hash(a)\n"},
    )

    assert [(site.what, site.line) for site in only(found, "a:f").unstable] == [("the order of a set", 3)]
    assert [site.line for site in only(found, "a:g").unstable] == [5]


def test_scripts_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found = survey_of(tmp_path, {"one/job.py": "def f(): ...", "two/job.py": "def f(): ..."})

    assert sorted(str(one.target) for one in found.functions) == ["one.job:f", "two.job:f"]
