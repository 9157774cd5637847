"""What calls ask about files without opening them."""

from __future__ import annotations

import filecmp
import glob
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import FileState
from legacy_seam.store.blobs import Blobs
from legacy_seam.world.file_questions import questions
from legacy_seam.world.files import FileObserver

QUESTIONS: list[tuple[Any, list[Any], tuple[list[str], str]]] = [
    (os.path.exists, ["a"], (["a"], "existence")),
    (os.path.getsize, [b"a"], (["a"], "existence")),
    (os.path.islink, [Path("a")], (["a"], "existence")),
    (os.stat, ["a"], (["a"], "status")),
    (os.access, ["a", os.R_OK], (["a"], "status")),
    (os.path.getmtime, ["a"], (["a"], "status")),
    (os.path.samefile, ["a", "b"], (["a", "b"], "existence")),
    (Path("a").is_file, [], (["a"], "existence")),
    (Path("a").stat, [], (["a"], "status")),
    (shutil.copy2, ["a", "b"], (["a"], "status")),
    (shutil.move, ["a", "b"], (["a", "b"], "existence")),
    (glob.glob, ["a"], (["a"], "existence")),
    (glob.glob, ["a*"], ([], "existence")),
    (filecmp.cmp, ["a", "b"], (["a", "b"], "status")),
    (filter, [os.path.exists, ["a", "b"]], (["a", "b"], "existence")),
]


@pytest.mark.parametrize(("callee", "arguments", "asked"), QUESTIONS)
def test_a_question_is_known_by_who_is_called(callee: Any, arguments: list[Any], asked: Any) -> None:
    assert questions(callee, arguments, {}) == asked


def test_a_sorting_key_asks_about_all_that_is_sorted() -> None:
    assert questions(max, [["a", "b"]], {"key": os.path.getmtime}) == (["a", "b"], "status")


def test_an_entry_of_a_directory_asks_by_its_methods(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with os.scandir(tmp_path) as entries:
        assert questions(next(entries).stat, [], {}) == ([str(tmp_path / "a")], "status")


@pytest.mark.parametrize("callee", [len, print, open, str.upper, Path, "".join, lambda: None])
def test_others_ask_nothing(callee: Any) -> None:
    assert questions(callee, ["a"], {}) is None


@pytest.fixture
def observer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileObserver]:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    observer = FileObserver(Blobs(tmp_path / "blobs"), tmp_path / "work", limit=100)
    observer.start()
    yield observer
    observer.stop()


def _seen(observer: FileObserver, act: Callable[[], object]) -> dict[str, FileState]:
    collector = observer.collector()
    collector.push()
    act()
    collector.pop()
    return {state.path: state for state in collector.states()}


def test_what_is_asked_about_is_kept(observer: FileObserver) -> None:
    Path("a").write_text("content")
    Path("a").chmod(0o640)
    Path("large").write_bytes(b"x" * 101)
    os.utime("a", ns=(5, 1_600_000_000_000_000_007))
    found = _seen(observer, lambda: observer.asked(["a", "large", "none", "."], "existence"))
    assert found["a"].digest is not None
    assert found["a"].mode is None
    assert (found["large"].digest, found["large"].size) == (None, 101)
    assert found["none"].is_missing
    assert found.keys() == {"a", "large", "none"}
    found = _seen(observer, lambda: observer.asked(["a"], "status"))
    assert (found["a"].mode, found["a"].modified) == (0o640, 1_600_000_000_000_000_007)


def test_a_file_is_kept_as_it_was_before_it_was_changed(observer: FileObserver) -> None:
    Path("a").write_text("before")
    before = _seen(observer, lambda: observer.asked(["a"], "status"))["a"]

    def act() -> None:
        observer.asked(["a", "b"], "existence")
        Path("a").write_text("after")
        Path("b").write_text("made")
        observer.asked(["a", "b"], "status")

    found = _seen(observer, act)
    assert found["a"].digest == before.digest
    assert found["b"].is_missing
