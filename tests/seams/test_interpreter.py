"""Another interpreter has its say: an edit that it does not compile is not kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from legacy_seam.errors import SeamError
from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.insertion import Proposal, propose
from legacy_seam.seams.interpreter import Interpreter
from legacy_seam.targets import Target
from seams.small_program import program

TEXT = "import time\ndef f(a=1):\n    match a:\n        case 1: return time.time()\n    return a\n"


@pytest.fixture
def old(tmp_path: Path) -> Interpreter:
    """This Python, as if it were one that knows no `match`."""
    path = tmp_path / "python3.9"
    refusing = "import sys; print('1: no match here', end='') if b'match' in sys.stdin.buffer.read() else None"
    path.write_text(
        f'#!/bin/sh\n[ $# -gt 4 ] && exec {sys.executable} -c "{refusing}"\nexec {sys.executable} "$@"\n'
    )
    path.chmod(0o755)
    return Interpreter.at(str(path))


def asked(root: Path, text: str, other: Interpreter) -> Proposal:
    getter = technique_named("replace-global-reference-with-getter")
    return propose(getter, program(root, {"m.py": text}), Target("m", "f"), {"call": "time.time"}, None, other)


def test_it_compiles_what_is_there_and_what_will_be(old: Interpreter, tmp_path: Path) -> None:
    proposal = asked(tmp_path / "p", TEXT, old)
    assert not proposal.is_sound
    assert "does not compile it, nor what is there now" in proposal.findings[0].detail
    proposal = asked(tmp_path / "q", "import time\ndef f(): return time.time()\n", old)
    assert proposal.is_sound
    assert proposal.findings[0].detail.startswith("under Python 3.")


def test_what_it_says_is_told_with_the_line() -> None:
    here = Interpreter.at(sys.executable)
    assert here.refusal(Path("m.py"), "# coding: latin-1\nx = 'é'\n".encode("latin-1")) is None
    assert (here.refusal(Path("m.py"), b"x = 1\ndef f(:\n") or "").startswith("2: ")


@pytest.mark.parametrize("name", ["no-such-python", "/bin/cat", "false"])
def test_what_is_no_python_is_refused(name: str) -> None:
    with pytest.raises(SeamError, match=r"^--python "):
        Interpreter.at(name)
