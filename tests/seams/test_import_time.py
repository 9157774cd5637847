"""A script with its work behind a guard does what it did, and what can be imported of it works as before."""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seams.small_program import after, proposed

STATEMENTS = [
    "a = 1",
    "b = len('xy')",
    "a += 1",
    "c = a if 'a' in globals() else 0",
    "print('work')",
    "print([b for _ in (1, 2)])",
    "for a in range(2): b = a",
    "try:\n    print(d)\nexcept NameError as e:\n    print('none')\nelse:\n    d = 3",
    "if len('x'):\n    c = 5",
    "if len('x'):\n    def h(): return 'h'",
    "import os\nb = os.sep",
    "import os",
    "def f(): return a",
    "def f(): return 'again'",
    "def g(x=[]):\n    global b\n    b = 'g'\n    return b",
    "class K:\n    z = 1\n    def m(self): return c",
    "class L(Exception): y = a",
    "print(f())",
    "g()",
    "d = lambda: (a, b)",
    "print(sorted([2, 1], key=lambda x: (x, c)))",
    "del a",
    "print(max(1, 2))",
    "max = min",
    "if __name__ == '__main__':\\n    print('guard')\\n    print(b)",
    "x: int = 3",
    "y: int = len('abc')",
    "with open('/dev/null') as z: c = 'with'",
    "print((w := 3), w)",
    's = """one\n  two\nthree"""\nprint(s)',
]


def _run(text: str, name: str) -> tuple[str, str, dict[str, Any]]:
    """What it prints, how it ends, and its names."""
    out, namespace = io.StringIO(), {"__name__": name}
    end = "well"
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, "m.py", "exec"), namespace)
        except Exception as error:
            end = repr(error)
    return re.sub(r" at 0x\w+", "", out.getvalue()), end, namespace


def _told(namespace: dict[str, Any]) -> list[str]:
    found = []
    for call in ("f()", "h()", "K().m()", "L().y", "g()", "d()"):
        try:
            found.append(repr(eval(call, namespace)).split(" at 0x")[0])
        except Exception as error:
            found.append(type(error).__name__)
    return found


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=9).map("\n".join))
def test_a_random_script_does_what_it_did(text: str) -> None:
    text += "\n"
    with tempfile.TemporaryDirectory() as directory:
        proposal = proposed(Path(directory), "main-guard", text, "main")
    if not proposal.plan.changes:
        return
    assert proposal.is_sound, proposal.findings
    new = after(proposal)
    before, later = _run(text, "__main__"), _run(new, "__main__")
    if before[1].startswith(("NameError", "UnboundLocalError")):
        return  # it was broken; that it still is shows in another message
    assert before[:2] == later[:2]
    assert _told(_run(text, "m")[2]) == _told(_run(new, "m")[2])


@pytest.mark.parametrize("ending", ["", "\n", "\n# the end\n", "\n\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_end_of_a_file_stays_as_it_is(ending: str, newline: str, tmp_path: Path) -> None:
    text = f"def f(): return 1\nprint(f()){ending}".replace("\n", newline)
    proposal = proposed(tmp_path, "main-guard", text.encode(), "main")
    assert proposal.is_sound, proposal.findings
    new = after(proposal)
    assert new.endswith(newline + "    main()" + newline + ending.replace("\n", newline).removeprefix(newline))
    assert newline == "\n" or new.replace(newline, "").count("\n") == 0
