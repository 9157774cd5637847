"""A program under replay: its libraries in C are told to start no threads, and it does not see by what."""

from __future__ import annotations

from typing import Any

SOURCE = """
import ctypes, os
C = ctypes.CDLL(None)
C.getenv.restype = ctypes.c_char_p
SEEN = C.getenv(b'OMP_NUM_THREADS'), os.environ.get('OMP_NUM_THREADS')
def seen():
    return SEEN
"""


def test_what_libraries_are_told_is_not_in_the_environment_of_the_program(program: Any) -> None:
    program.write(shop=SOURCE)
    assert program.outcome("shop:seen")["returned"] == "(b'1', None)"


def test_a_number_that_was_recorded_is_seen_but_not_followed(program: Any) -> None:
    program.write(shop=SOURCE)
    run = program.run_of(environment={"OMP_NUM_THREADS": "8"})
    (replayed,) = program.replay(program.call("shop:seen"), run=run)
    assert replayed.outcome is not None
    assert replayed.outcome.effects[0].text == "(b'1', '8')"
