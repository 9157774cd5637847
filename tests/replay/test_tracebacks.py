"""Tracebacks within texts."""

from __future__ import annotations

import json
import re
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.tracebacks import without_lines
from legacy_seam.values import decode, encode


def fail(depth: int) -> None:
    if depth:
        fail(depth - 1)
    (1).__add__(
        dict[str, int]()["key"],
    )


def formatted(depth: int) -> str:
    """A traceback of this Python, as if this file were one of a project."""
    try:
        fail(depth)
    except KeyError:
        return re.sub(r'File "[^"]*test_tracebacks.py"', 'File "<project>/shop/a.py"', traceback.format_exc())
    raise AssertionError


SHORT = [
    "Traceback (most recent call last):",
    '  File "<project>/shop/a.py", in formatted',
    '  File "<project>/shop/a.py", in fail',
    "KeyError: 'key'",
    "",
]


def shortened(value: Any) -> Any:
    return decode(without_lines(encode(value)))


def test_functions_and_the_exception_are_left() -> None:
    assert shortened(formatted(0)).split("\n") == SHORT


def test_it_is_found_in_whatever_holds_it() -> None:
    assert shortened({"log": [("before\n" + formatted(0) + "after", 7)]}) == {
        "log": [("before\n" + "\n".join(SHORT) + "after", 7)]
    }
    assert json.loads(shortened(json.dumps({"exc": formatted(0)}))) == {"exc": "\n".join(SHORT)}


def test_frames_that_are_repeated_are_told_as_often_as_python_tells_them() -> None:
    lines = shortened(formatted(90)).split("\n")

    assert lines[2:-2] == [SHORT[2]] * 4, "three of the many, and the last: what is repeated is told in one line"


def test_frames_of_libraries_are_left_out() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 982, in run\n'
        '    self._target(*self._args)\n  File "<project>/a.py", line 3, in work\n    1 / 0\n    ~~^~~\nError\n'
    )

    assert shortened(text) == 'Traceback (most recent call last):\n  File "<project>/a.py", in work\nError\n'


def test_groups_of_exceptions_keep_their_frame() -> None:
    text = '  | ExceptionGroup\n  |   File "<project>/a.py", line 3, in f\n  |     1 / 0\n  +----\n'

    assert shortened(text) == '  | ExceptionGroup\n  |   File "<project>/a.py", in f\n  +----\n'


@pytest.mark.parametrize(
    "text", ['File "a", line 3, in f', 'File "<project>/x", line 4\n  a +', "in File , in line", '  File "x']
)
def test_the_place_of_a_mistake_in_text_that_is_read_is_kept(text: str) -> None:
    assert shortened(f"{text}\n") == ("" if ", in f" in text else f"{text}\n")


@given(st.text() | st.lists(st.text(alphabet='File "<project>, in\n l')))
def test_nothing_else_is_changed(value: Any) -> None:
    assert shortened(value) == value
