"""What modules are looked for with: the same wherever its directory has been read, and whenever."""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any

from legacy_seam.values import decode, encode


def test_a_finder_is_told_by_its_directory_alone(tmp_path: Path) -> None:
    (tmp_path / "eggs.py").touch()
    finder: Any = pkgutil.get_importer(str(tmp_path))
    text = encode(finder)
    assert text == f"FileFinder({str(tmp_path)!r})"
    assert finder.find_spec("eggs").origin == str(tmp_path / "eggs.py")  # it has read its directory now
    os.utime(tmp_path, (7, 7))
    assert encode(finder) == text
    del sys.path_importer_cache[str(tmp_path)]


def test_one_that_is_made_again_finds_the_same_modules(tmp_path: Path) -> None:
    (tmp_path / "eggs.py").touch()
    (found,) = pkgutil.iter_modules([str(tmp_path)])
    again: Any = decode(encode(found))
    assert (again.name, again.ispkg) == ("eggs", False)
    assert again.module_finder.find_spec("eggs").origin == str(tmp_path / "eggs.py")
    del sys.path_importer_cache[str(tmp_path)]


def test_one_with_loaders_of_its_own_is_told_as_such(tmp_path: Path) -> None:
    text = encode(FileFinder(str(tmp_path), (SourceFileLoader, [".recipe"])))
    assert "a finder of modules with loaders of its own" in text
