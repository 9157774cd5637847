from __future__ import annotations

import ast

import pytest

from legacy_seam.survey.metrics import measure


@pytest.mark.parametrize(
    ("text", "complexity", "nesting"),
    [
        ("pass", 1, 0),
        ("if a: pass", 2, 1),
        ("if a: pass\nelif b: pass\nelif c: pass\nelse: pass", 4, 1),
        ("if a:\n  pass\nelse:\n  if b: pass", 3, 2),
        ("for a in b:\n  while c:\n    with d: pass", 3, 3),
        ("try: pass\nexcept A: pass\nexcept B: pass\nfinally: pass", 3, 1),
        ("x = a and b and c or d", 4, 0),
        ("x = [a for a in b if a if c]", 4, 0),
        ("x = a if b else c\nassert x", 3, 0),
        ("match a:\n  case 1: pass\n  case 2: pass", 3, 1),
        ("def inner():\n  if a: pass", 2, 1),
    ],
)
def test_branches_and_depth_are_counted(text: str, complexity: int, nesting: int) -> None:
    assert measure(ast.parse(text).body) == (complexity, nesting)
