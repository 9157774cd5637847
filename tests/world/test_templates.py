"""Templates are text of the program: that one is read is no input of the call that reads it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader

from legacy_seam.store.blobs import Blobs
from legacy_seam.world.files import FileObserver
from legacy_seam.world.templates import is_read_as_template


def test_a_template_is_no_file_that_a_call_opens(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>{{ n }}</p>")
    (tmp_path / "data.txt").write_text("1")
    observer = FileObserver(Blobs(tmp_path / "blobs"), tmp_path)
    observer.start()
    collector = observer.collector()
    collector.push()
    try:
        page = Environment(loader=FileSystemLoader(tmp_path)).get_template("page.html")
        assert page.render(n=(tmp_path / "data.txt").read_text()) == "<p>1</p>"
    finally:
        collector.pop()
        observer.stop()
    assert [state.path for state in collector.states()] == ["data.txt"]


def test_only_a_loader_reads_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Loader(DictLoader):
        def get_source(self, environment: Environment, template: str) -> tuple[str, None, Callable[[], bool]]:
            seen.append(is_read_as_template(sys._getframe(0)))
            return "a", None, lambda: True

    Environment(loader=Loader({})).get_template("a")
    assert seen == [True]
    assert is_read_as_template(None) is False
