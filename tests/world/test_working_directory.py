"""Where the process stands: told if a call has changed it, and put back to where the call began."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from legacy_seam.world.working_directory import WorkingDirectory


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path.resolve() / "home"
    (home / "in").mkdir(parents=True)
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def place(home: Path) -> WorkingDirectory:
    return WorkingDirectory(str(home))


def test_a_call_that_goes_nowhere_has_changed_nothing(place: WorkingDirectory, home: Path) -> None:
    place.begin()
    os.chdir("in")
    os.chdir(home)
    assert place.left_for() is None


def test_a_call_that_goes_elsewhere_is_put_back_to_where_it_began(place: WorkingDirectory, home: Path) -> None:
    place.begin(str(home / "in"))
    assert Path.cwd() == home / "in"
    assert place.left_for() is None
    os.chdir("..")
    assert place.left_for() == str(home)
    place.go_back()
    assert Path.cwd() == home / "in"


def test_the_next_call_begins_at_home_again(place: WorkingDirectory, home: Path) -> None:
    place.begin(str(home / "in"))
    place.begin()
    assert Path.cwd() == home


def test_a_directory_that_cannot_be_entered_is_as_good_as_none(place: WorkingDirectory, home: Path) -> None:
    place.begin(str(home / "gone"))
    assert Path.cwd() == home
    assert place.left_for() is None


def test_a_call_may_remove_the_ground_under_its_feet(place: WorkingDirectory, home: Path) -> None:
    place.begin(str(home / "in"))
    (home / "in").rmdir()
    assert place.left_for() == "a directory that was removed"
    place.go_back()
    assert Path.cwd() == home


def test_it_is_told_as_people_would_write_it(place: WorkingDirectory, home: Path) -> None:
    looked_at = place.ambient()
    held = looked_at.read()
    os.chdir("in")
    assert looked_at.read() != held
    assert looked_at.tell(held) == {}
    assert looked_at.tell(looked_at.read()) == {"os.getcwd()": str(home / "in")}
    looked_at.put_back(held)
    assert looked_at.read() == held
