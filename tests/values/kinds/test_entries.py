"""Entries of directories: told by their path, and asked again where they are made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.values import decode, encode


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file and a directory in it."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "a.csv").write_text("abc")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("where", [".", "orders", b"orders"])
def test_an_entry_is_made_again_by_its_path(directory: Path, where: Any) -> None:
    for entry in os.scandir(where):
        text = encode(entry)
        assert text == f"DirEntry({entry.path!r})"
        made: Any = decode(text)
        assert (made.name, made.path, os.fspath(made)) == (entry.name, entry.path, os.fspath(entry))
        assert (made.is_dir(), made.is_file(), made.is_symlink()) == (entry.is_dir(), entry.is_file(), False)
        assert (made.stat().st_size, made.inode()) == (entry.stat().st_size, entry.inode())
        assert encode(made) == text


def test_what_is_gone_by_then_is_neither_file_nor_directory(directory: Path) -> None:
    (entry,) = os.scandir("orders")
    text = encode(entry)
    (directory / "orders" / "a.csv").unlink()
    made: Any = decode(text)
    assert (made.is_file(), made.is_dir()) == (False, False)


def test_one_whose_directory_is_known_by_its_number_cannot_be_found_again(directory: Path) -> None:
    handle = os.open("orders", os.O_RDONLY)
    with os.scandir(handle) as entries:
        assert "a directory that is known by its number" in encode(next(entries))
    os.close(handle)
