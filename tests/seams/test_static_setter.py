"""A singleton is replaced for the length of a block, however the block ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from seams.small_program import Module, after, proposed

TECHNIQUE = "introduce-static-setter"
TEXT = """
import threading

client = [1]

def f():
    return client[0]
"""
USES = """
def failing():
    with override_client([3]):
        raise ValueError(f())

def nested():
    with override_client([4]) as outer:
        with override_client([5]):
            inner = f()
        return inner, f(), outer
"""


def test_it_comes_back_however_the_block_ends(tmp_path: Path) -> None:
    text = after(proposed(tmp_path, TECHNIQUE, TEXT, "client"))
    told = Module(text + USES, tmp_path).told(["f()", "failing()", "f()", "nested()", "f()"])
    assert told == ["1", "raised ValueError: 3", "1", "(5, 4, [4])", "1"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("client", "import client\n", "no-variable"),
        ("client", "for client in (1, 2): pass\n", "no-variable"),
        ("client", "client = 1\ndel client\n", "no-variable"),
        ("client", "class client: pass\n", "no-variable"),
        ("A.x", "class A(metaclass=type):\n    x = 1\n", "outside-base"),
        ("A.x", "class A(make()):\n    x = 1\n", "outside-base"),
        ("A.x", "class A:\n    def x(self): pass\n", "no-variable"),
        ("A.x", "def f():\n    class A:\n        x = 1\n", "no-such-target"),
        ("client", "x = 1; client = 2\n", "shared-line"),
        ("client", "client = 1; x = 2\n", "shared-line"),
        ("client", "contextlib = 1\nclient = 2\n", "name-taken"),
    ],
)
def test_what_is_no_variable_is_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    assert [one.code.value for one in proposed(tmp_path, TECHNIQUE, text, name).plan.refusals] == [code]


@pytest.mark.parametrize(
    "importing", ["from m import *", "from m import client as c", "def g():\n    from m import client"]
)
def test_a_copy_elsewhere_is_refused(importing: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, "client = 1\n", "client", others={"other.py": importing + "\n"})
    (refusal,) = proposal.plan.refusals
    assert (refusal.code.value, refusal.path.name) == ("copied", "other.py")


def test_an_annotated_variable_and_the_files_own_newlines(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, b"import os\r\nclient: list = [1]  # all\r\n", "client")
    assert proposal.is_sound
    (change,) = proposal.plan.changes
    assert (
        change.after.count(b"\n") == change.after.count(b"\r\n")
        and b"client: list = [1]  # all\r\n" in change.after
    )


def test_docstring_future_and_a_module_without_a_newline_at_the_end(tmp_path: Path) -> None:
    text = b'"""Doc."""\nfrom __future__ import annotations\nclient = 1'
    new = after(proposed(tmp_path, TECHNIQUE, text, "client"))
    assert new.startswith('"""Doc."""\nfrom __future__ import annotations\n\nimport contextlib\n\nclient = 1\n')
    assert Module(new, tmp_path).told(["client", "override_client(2).__enter__()"]) == ["1", "2"]


def test_what_is_set_up_at_import_stays_together(tmp_path: Path) -> None:
    text = "#!/usr/bin/env python\n# the stock\nconn = dict()\nconn.update(a=1)\nLIMIT = 3\ndef f(): return conn\n"
    new = after(proposed(tmp_path, "introduce-static-setter", text, "conn"))
    assert new.startswith(
        "#!/usr/bin/env python\n# the stock\n\nimport contextlib\n\n\nconn = dict()\nconn.update(a=1)\n"
    )
    assert new.index("LIMIT = 3") < new.index("@contextlib") < new.index("def f")
