from __future__ import annotations

import ast
import gc
import sys
from pathlib import Path

import pytest

from legacy_seam.source.parsing import MOST_BYTES, Skipped, decode, parse, read
from legacy_seam.source.text import SourceText

PATH = Path("m.py")


def parsed(raw: bytes) -> ast.Module | Skipped:
    source = decode(PATH, raw)
    return parse(source) if isinstance(source, SourceText) else source


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (b"x = 1\nprint 'hello'\n", "python-2", 2),
        (b"try:\n    pass\nexcept E, e:\n    pass\n", "python-2", 3),
        (b"exec 'a = 1'\n", "python-2", 1),
        (b"mode = 0777\n", "python-2", 1),
        (b"raise ValueError, 'no'\n", "python-2", 1),
        (b"if a <> b: pass\n", "python-2", 1),
        (b"n = 10L\n", "python-2", 1),
        (b"def f(:\n", "not-python", 1),
        (b"<<<<<<< HEAD\n", "not-python", 1),
        (b"{% if x %}\n", "not-python", 1),
        (b"a = 1\x00\n", "not-python", None),
        (b"a = '\xff'\n", "not-text", 0),
        (b"#" * (MOST_BYTES + 1), "too-large", 0),
        (b"a = " + b"[" * 1300 + b"]" * 1300, "too-deep", 1),
        (b"a = " + b"-" * 200_000 + b"1", "too-deep", None),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else str(value),
)
def test_what_cannot_be_parsed_is_skipped_with_a_reason(raw: bytes, code: str, line: int | None) -> None:
    skipped = parsed(raw)
    assert isinstance(skipped, Skipped)
    assert skipped.code == code
    assert line is None or skipped.line == line
    assert skipped.reason and str(PATH) not in skipped.reason
    assert str(skipped).startswith("m.py:")


@pytest.mark.parametrize(
    "raw",
    [
        b"if a: pass\n" + b"".join(b"elif a == %d: pass\n" % n for n in range(320)),
        b"x = a" + b".b()" * 200,
        b"x = " + b" + ".join([b"a"] * 900),
        b"x = '\\d'\n",  # warns when it is compiled
        b"(x): int = 1\n",
        b"try: pass\nexcept E : pass\n",
        b"\\\nx = 1\n",
        b"x = a if b else(lambda: 0)\n",
        b"",
        b"\x0c",
    ],
)
def test_odd_text_is_parsed(raw: bytes) -> None:
    assert isinstance(parsed(raw), ast.Module)


def test_deep_text_needs_no_deep_stack_of_its_reader() -> None:
    text = b"x = a" + b".b" * 1500

    def at_depth(n: int) -> ast.Module | Skipped:
        return parsed(text) if n == 0 else at_depth(n - 1)

    limit = sys.getrecursionlimit()
    found = at_depth(300)
    assert sys.getrecursionlimit() == limit
    assert isinstance(found, ast.Module) or (found.code == "too-deep" and sys.version_info >= (3, 12))


def test_a_file_that_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    skipped = read(tmp_path / "gone.py")
    assert isinstance(skipped, Skipped)
    assert skipped.code == "unreadable"
    assert isinstance(read(tmp_path), Skipped)


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="3.12 may look all the same, under pytest at least")
def test_the_collector_does_not_look_through_a_new_tree() -> None:
    looked_at = [0]
    gc.callbacks.append(lambda phase, _: looked_at.append(gc.get_count()[0]) if phase == "start" else None)
    try:
        tree = parsed(b"x = [1, y]\n" * 5000)
        made: list[list[int]] = [[] for _ in range(2000)]  # what would have it look
    finally:
        gc.callbacks.pop()
    assert isinstance(tree, ast.Module) and made and gc.isenabled()
    assert max(looked_at) < 5000


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        parsed(b"x = 1")
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
