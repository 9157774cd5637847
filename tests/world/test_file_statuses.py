"""What a file tells of itself comes out the same in every replay."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from legacy_seam.world.file_statuses import FileStatuses

FIRST = 1_700_000_000_000_000_000
NOW = FIRST + 5


@pytest.fixture
def statuses() -> FileStatuses:
    return FileStatuses(lambda: FIRST, lambda: NOW, time.time_ns)


def told(statuses: FileStatuses, path: Path) -> os.stat_result:
    return statuses.told(path.stat(), partial(os.utime, path))


def test_what_was_written_meanwhile_was_written_at_the_moment_of_the_replay(
    statuses: FileStatuses, tmp_path: Path
) -> None:
    file = tmp_path / "new.txt"
    file.write_text("x")
    os.utime(file, ns=(time.time_ns(), time.time_ns()))
    assert told(statuses, file).st_mtime_ns == NOW
    assert file.stat().st_mtime_ns == NOW
    assert statuses.is_of_now(NOW)


def test_what_is_older_keeps_its_time_and_all_its_times_are_one(statuses: FileStatuses, tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("x")
    os.utime(file, ns=(FIRST - 9, FIRST - 7))
    found = told(statuses, file)
    assert (found.st_mtime_ns, found.st_atime_ns, found.st_ctime_ns) == (FIRST - 7,) * 3
    assert not statuses.is_of_now(FIRST - 7)


def test_files_are_numbered_as_they_are_asked_for_in_each_call(statuses: FileStatuses, tmp_path: Path) -> None:
    files = [tmp_path / name for name in "abc"]
    for file in files:
        file.write_text("x")
    assert [told(statuses, file).st_ino for file in (files[2], files[0], files[2])] == [1, 2, 1]
    statuses.begin()
    assert told(statuses, files[1]).st_ino == 1


def test_the_size_of_a_file_whose_content_was_not_kept_is_the_recorded_one(tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    file.touch()
    found = file.stat()
    statuses = FileStatuses(lambda: FIRST, lambda: NOW, time.time_ns, lambda: {(found.st_dev, found.st_ino): 7000})
    again = told(statuses, file)
    assert (again.st_size, again.st_blocks) == (7000, 14)
