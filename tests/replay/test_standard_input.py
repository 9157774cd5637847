"""What a call read from standard input is there to be read again; passwords are not kept."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

SOURCE = """
import getpass, sys
def ask(): return input('name? '), sys.stdin.readline(), sys.stdin.read()
def lines(): return [line for line in sys.stdin]
def to_the_end(): sys.stdin.close(); return True
def replaced(): sys.stdin = None
def secret(): return getpass.getpass('Secret: ')
"""


def outcomes(program: Any, *asked: tuple[str, bytes]) -> list[dict[str, str]]:
    program.write(job=SOURCE)
    calls = [
        dataclasses.replace(
            program.call(f"job:{name}"), files=(program.file("/dev/stdin", given),) if given else ()
        )
        for name, given in asked
    ]
    return [
        {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}
        for replayed in program.replay(*calls)
    ]


def test_what_was_read_is_read_again(program: Any) -> None:
    (found,) = outcomes(program, ("ask", "Zoë\nx\ny\nz".encode()))
    assert found == {"returned": "('Zoë', 'x\\n', 'y\\nz')", "printed stdout": "'name? '"}


def test_each_call_has_its_own(program: Any) -> None:
    found = outcomes(program, ("lines", b"a\nb\n"), ("lines", b""), ("lines", b"c"))
    assert [one["returned"] for one in found] == ["['a\\n', 'b\\n']", "[]", "['c']"]


@pytest.mark.parametrize("spoils", ["to_the_end", "replaced"])
def test_it_is_there_again_for_the_next_call(program: Any, spoils: str) -> None:
    program.write(job=SOURCE)
    outcomes(program, (spoils, b""))
    assert outcomes(program, ("lines", b"a"))[0]["returned"] == "['a']"


def test_nothing_was_read_and_there_is_nothing(program: Any) -> None:
    (found,) = outcomes(program, ("ask", b""))
    assert found["raised"] == "EOFError('EOF when reading a line')"


def test_a_password_is_never_the_real_one(program: Any) -> None:
    (found,) = outcomes(program, ("secret", b""))
    assert found == {"returned": "'redacted'", "printed stderr": "'Secret: \\n'"}
