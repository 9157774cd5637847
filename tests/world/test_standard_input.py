"""What a program reads from standard input is noted as it reads it, and it reads what it would read without us."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

WATCHED = """
import io, sys, pathlib
from legacy_seam.store.blobs import Blobs
from legacy_seam.world.files import FileObserver
from legacy_seam.world.standard_input import InputObserver

blobs = Blobs(pathlib.Path({blobs!r}))
files = FileObserver(blobs, pathlib.Path({root!r}))
InputObserver(files).start()
outer, inner = files.collector(), files.collector()

def noted(collector):
    return [blobs.get(one.digest) for one in collector.states() if one.path == "/dev/stdin"]
"""


def watched(tmp_path: Path, program: str, given: bytes) -> str:
    """What a program prints that is watched, in a process of its own."""
    source = WATCHED.format(blobs=str(tmp_path / "blobs"), root=str(tmp_path)) + textwrap.dedent(program)
    done = subprocess.run([sys.executable, "-c", source], input=given, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


READS = {
    "a line": ("sys.stdin.readline()", b"a\n"),
    "a question": ("input()", b"a\n"),
    "some characters": ("sys.stdin.read(3)", b"a\nb"),
    "all": ("sys.stdin.read()", "a\nb\ré\n".encode()),
    "lines": ("sys.stdin.readlines()", "a\nb\ré\n".encode()),
    "an iteration": ("next(sys.stdin), next(sys.stdin)", "a\nb\ré\n".encode()),
}


@pytest.mark.parametrize("name", READS)
def test_what_is_read_is_noted_and_no_more(tmp_path: Path, name: str) -> None:
    expression, taken = READS[name]
    told = watched(tmp_path, f"outer.push(); {expression}; outer.pop(); print(noted(outer))", "a\nb\ré\n".encode())
    assert told == str([taken])


def test_the_rest_is_there_for_whoever_reads_next(tmp_path: Path) -> None:
    told = watched(
        tmp_path, "outer.push(); input(); outer.pop(); print([sys.stdin.read(), noted(outer)])", b"a\nb\nc"
    )
    assert told == str(["b\nc", [b"a\n"]])


def test_inner_and_outer_calls(tmp_path: Path) -> None:
    program = """
    outer.push(); input(); inner.push(); input(); inner.pop(); outer.pop(); input()
    print(noted(outer), noted(inner))
    """
    assert watched(tmp_path, program, b"a\nb\nc\n") == "[b'a\\nb\\n'] [b'b\\n']"


def test_who_reads_nothing_has_no_input(tmp_path: Path) -> None:
    assert watched(tmp_path, "outer.push(); outer.pop(); print(noted(outer))", b"a") == "[]"


def test_it_looks_like_the_original(tmp_path: Path) -> None:
    program = """
    print(isinstance(sys.stdin, io.TextIOWrapper), sys.stdin.name, sys.stdin.mode, sys.stdin.fileno(),
          sys.stdin is sys.__stdin__, type(sys.stdin).__qualname__, sys.stdin.isatty())
    """
    assert watched(tmp_path, program, b"") == "True <stdin> r 0 True TextIOWrapper False"


def test_a_standard_input_that_the_program_made_is_left_alone(tmp_path: Path) -> None:
    program = """
    sys.stdin = mine = io.StringIO("x")
    InputObserver(files).start()
    print(sys.stdin is mine)
    """
    assert watched(tmp_path, program, b"") == "True"
