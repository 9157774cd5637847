from __future__ import annotations

import ast

import pytest

from legacy_seam.survey.marks import mark_of


@pytest.mark.parametrize(
    ("path", "text", "mark"),
    [
        ("builtins.open", "open(name)", ""),
        ("builtins.open", "open(name, 'rb')", ""),
        ("builtins.open", "open(name, mode='a')", "[w]"),
        ("builtins.open", "open(name, 'r+')", "[w]"),
        ("pathlib.Path().open", "path.open('w')", "[w]"),
        ("builtins.open", "open(b'w')", ""),
        ("random.Random", "Random(3)", "[seed]"),
        ("random.Random", "Random()", ""),
        ("time.localtime", "localtime(then)", "[given]"),
        ("time.strftime", "strftime('%Y')", ""),
        ("?.execute", "c.execute('select 1')", "[select]"),
        ("?.execute", "c.execute('  SELECT %s' % name)", "[select]"),
        ("?.execute", "c.execute(f'select {name}')", "[select]"),
        ("?.execute", "c.execute('delete from t')", ""),
        ("?.execute", "c.execute(statement)", ""),
    ],
)
def test_a_call_is_marked_by_its_arguments(path: str, text: str, mark: str) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)

    assert mark_of(path, call) == mark
