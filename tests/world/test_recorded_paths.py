"""Paths as recordings have them: they come from a file, and may say anything."""

from __future__ import annotations

import os
import sysconfig

import pytest

from legacy_seam.world.recorded_paths import inside, interpreter_directories, outside


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "a\0b"])
def test_recorded_paths_that_lead_out(path: str) -> None:
    assert not inside(path)


@pytest.mark.parametrize(
    "path", ["/data/../etc/passwd", "/data//x", "/./x", "/proc/1/mem", "/dev/sda", "/a\0b", "x"]
)
def test_absolute_paths_that_have_no_place_in_a_tree_of_their_own(path: str) -> None:
    assert not outside(path)


@pytest.mark.parametrize("path", ["/data/x.csv", "/data/", "/home/ann/..x"])
def test_absolute_paths_that_have_one(path: str) -> None:
    assert outside(path)


def test_what_belongs_to_the_interpreter_is_known_by_its_directories() -> None:
    directories = interpreter_directories()
    assert all(one.endswith("/") for one in directories)
    assert os.__file__.startswith(directories)
    assert f"{sysconfig.get_paths()['purelib']}/".startswith(directories)
