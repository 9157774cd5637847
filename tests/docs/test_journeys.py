"""Tutorials are read, run and compared as `journeys.py` says, and none is forgotten."""

from __future__ import annotations

import pytest

from docs.journeys import A_MODEL, A_NET, TUTORIALS, Step, agree, steps_of


def test_each_tutorial_is_part_of_a_journey() -> None:
    assert {path.name for path in TUTORIALS.glob("*.md")} == {*A_NET, *A_MODEL}


def test_a_page_is_read_as_commands_and_what_they_print() -> None:
    page = (
        "text\n```console\n$ one 1\nout\n\n...\n$ two\n# exits with 2\n# more\n$ three\n```\n```text\n$ no\n```\n"
    )
    assert steps_of(page) == [
        Step(3, "one 1", 0, ("out", "...")),
        Step(7, "two", 2, ("# more",)),
        Step(10, "three", 0, ()),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("", "", True),
        ("", "something", False),
        ("a  b", "  a b\n\n", True),
        ("a\n...\nc", "a\nc", True),
        ("a\n...\nc", "a\nb\nb\nc", True),
        ("a\n...\nc", "a\nc\nd", False),
        ("b\n...\na", "a\nb", False),
        ("… of … hold", "81 of 81 hold", True),
        ("… of 82 hold", "81 of 81 hold", False),
        ("a…c", "a\nc", False),
        ("a.c", "abc", False),
        ("a", "a\nb", False),
    ],
)
def test_what_is_shown_is_compared_with_what_was_printed(shown: str, printed: str, expected: bool) -> None:
    assert agree(tuple(shown.splitlines()), tuple(printed.splitlines())) is expected
