"""Which files audit events tell of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from legacy_seam.world.file_events import ENTERED, TOUCHED, asked_by, concerns_sources, database_files


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("a.db", ["a.db", "a.db-wal", "a.db-journal"]),
        ("file:a.db?mode=ro", ["a.db", "a.db-wal", "a.db-journal"]),
        ("file:///data/a.db", ["/data/a.db", "/data/a.db-wal", "/data/a.db-journal"]),
        (":memory:", []),
        ("", []),
    ],
)
def test_a_database_is_its_file_and_what_lies_beside_it(name: str, files: list[str]) -> None:
    assert database_files((name,)) == files


def test_listing_a_directory_touches_what_is_in_it(tmp_path: Path) -> None:
    assert TOUCHED["os.listdir"]((str(tmp_path),)) == [f"{tmp_path}/"]
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert TOUCHED["os.scandir"]((str(tmp_path),)) == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert TOUCHED["os.listdir"]((str(tmp_path / "gone"),)) == []


@pytest.mark.parametrize(
    ("event", "arguments", "paths"),
    [
        ("open", (b"a.csv", "r", 0), ["a.csv"]),
        ("open", (3, "r", 0), []),
        ("os.rename", ("a", Path("b"), -1, -1), ["a", "b"]),
        ("os.symlink", ("a", "b", -1), ["b"]),
        (ENTERED, ("in",), ["in"]),
    ],
)
def test_paths_may_be_of_any_sort(event: str, arguments: tuple[object, ...], paths: list[str]) -> None:
    assert TOUCHED[event](arguments) == paths


def test_of_a_directory_that_is_entered_only_that_it_is_there_matters() -> None:
    assert asked_by(ENTERED) == ("existence",)
    assert asked_by("open") == ("content",)
    assert asked_by("os.utime") == ("content", "status")


@pytest.mark.parametrize(
    ("flags", "concerns"), [(os.O_RDONLY, False), (os.O_WRONLY, True), (os.O_RDWR, True), (os.O_CREAT, True)]
)
def test_a_source_file_that_is_only_read_is_being_imported(flags: int, concerns: bool) -> None:
    assert concerns_sources("open", ("shop.py", "r", flags)) is concerns
    assert concerns_sources("os.remove", ("shop.py",))
