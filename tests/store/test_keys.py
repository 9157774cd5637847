"""The key of a store: made once, the same for all, readable for its owner only."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from legacy_seam.store.keys import key_of
from legacy_seam.store.layout import Layout


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "store").prepare()
    key = key_of(layout)
    assert len(key) == 32
    assert key_of(layout) == key
    assert stat.S_IMODE(layout.key.stat().st_mode) == 0o600
    assert [path.name for path in layout.directory.glob("redaction*")] == ["redaction.key"]


def test_every_store_has_its_own(tmp_path: Path) -> None:
    assert key_of(Layout(tmp_path / "a").prepare()) != key_of(Layout(tmp_path / "b").prepare())


def test_processes_that_ask_at_the_same_time_get_the_same(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "store").prepare()
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(key_of, [layout] * 16))) == 1


def test_a_key_that_was_altered_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "store").prepare()
    layout.key.write_bytes(b"short")
    with pytest.raises(OSError, match="was altered"):
        key_of(layout)
