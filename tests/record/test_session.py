"""A recording within a program: it begins, ends, and leaves nothing behind in the process."""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.record.session import Recorder
from legacy_seam.store.errors import StoreError
from legacy_seam.values import call_main


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "session_shop.py").write_text("CALLS = []\ndef f(x):\n    CALLS.append(x)\n    return x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda: importlib.import_module("session_shop")
    sys.modules.pop("session_shop", None)
    call_main(None)


def test_everything_is_as_before_when_it_has_ended(shop: Any, tmp_path: Path) -> None:
    def hooks() -> tuple[Any, ...]:
        return (
            SourceFileLoader.get_code,
            SourceFileLoader.exec_module,
            "get_code" in vars(SourceFileLoader),
            runpy._get_code_from_file,  # type: ignore[attr-defined]
            os._exit,
            type(os.environ._data),  # type: ignore[attr-defined]
        )

    before = hooks()
    with Recorder(tmp_path / "store", sources=[tmp_path]):
        module = shop()
        assert module.f(1) == 1
        assert hooks() != before
    assert hooks() == before
    assert [module.f(n) for n in range(1000)] == list(range(1000))


def test_stopping_twice_and_recording_again(shop: Any, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "store", sources=[tmp_path], targets=["session_shop"])
    recorder.start()
    module = shop()
    module.f(1)
    recorder.stop()
    recorder.stop()
    with Recorder(tmp_path / "store", sources=[tmp_path]) as again:
        again.flush()


def test_counts_are_there_at_any_time(shop: Any, tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", sources=[tmp_path]) as recorder:
        module = shop()
        for number in (1, 1, 2):
            module.CALLS.clear()
            module.f(number)
        [(target, count)] = recorder.counts().items()
    assert str(target) == "session_shop:f"
    assert count.seen == 3
    assert count.kept + count.duplicate + count.sampled_out == 3


def test_what_is_left_out(shop: Any, tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", sources=[tmp_path], exclude=["session_shop:f"]) as recorder:
        shop().f(1)
        assert recorder.counts() == {}


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Recorder(tmp_path / "file" / "store").start()


def test_the_commit_is_that_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from legacy_seam.record.origin import commit_of

    (tmp_path / ".git/refs/heads").mkdir(parents=True)
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert commit_of(tmp_path) is None
    (tmp_path / ".git/refs/heads/main").write_text("abc123\n")
    assert commit_of(tmp_path / ".git") == "abc123"
