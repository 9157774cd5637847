"""Which files belong to the project, and which script is somebody's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from legacy_seam.record.sources import Sources, is_own_script, search_directory


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("/shop/rules.py", True),
        ("/shop/deep/down/rules.py", True),
        ("/shop/tests/rules.py", False),
        ("/shop/test_rules.py", False),
        ("/shop/.venv/rules.py", False),
        ("/shop/lib/site-packages/other.py", False),
        ("/shop/migrations/0001.py", False),
        ("/elsewhere/rules.py", False),
    ],
)
def test_a_file_below_a_root_belongs_unless_it_is_a_test_or_was_installed(path: str, belongs: bool) -> None:
    assert Sources(["/shop"], exclude=["migrations/*"]).covers(path) is belongs


def test_a_root_counts_whatever_it_is_called() -> None:
    assert Sources(["/shop/site-packages/old"]).covers("/shop/site-packages/old/rules.py")


def test_a_script_is_own_unless_it_was_installed_or_belongs_to_python(tmp_path: Path) -> None:
    assert is_own_script(str(tmp_path / "drive.py"))
    assert not is_own_script(str(Path(sys.executable).parent / "tool.py"))
    assert not is_own_script(str(tmp_path / "pytest"))
    assert not is_own_script(str(Path(os.__file__).parent / "timeit.py"))


def test_the_directory_that_a_module_was_imported_from_lies_above_its_packages() -> None:
    assert search_directory("/lib/shop/rules.py", "shop.rules") == "/lib"
    assert search_directory("/lib/shop/__init__.py", "shop") == "/lib"
