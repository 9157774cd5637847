"""Symbolic links on the way to a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from legacy_seam.world.links import Link, through_links


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two links to directories, one behind the other, and one to a file."""
    (tmp_path / "releases/2").mkdir(parents=True)
    (tmp_path / "releases/2/app").write_text("2")
    (tmp_path / "newest").symlink_to("releases/2")
    (tmp_path / "current").symlink_to(tmp_path / "newest")
    (tmp_path / "here").symlink_to("current/app")
    return tmp_path.resolve()


def test_each_link_on_the_way_is_told(tree: Path) -> None:
    links, place = through_links(str(tree / "here"))

    assert {Path(path).name: to for path, to in links.items()} == {
        "here": "current/app",
        "current": str(tree / "newest"),
        "newest": "releases/2",
    }
    assert place == str(tree / "releases/2/app") == os.path.realpath(tree / "here")


@pytest.mark.parametrize("path", ["releases/2/app", "current/missing/more", "nowhere", "releases/2/app/not"])
def test_it_ends_where_the_system_ends(tree: Path, path: str) -> None:
    assert through_links(str(tree / path))[1] == os.path.realpath(tree / path)


def test_links_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")

    links, _ = through_links(str(tmp_path / "one"))

    assert {Path(path).name for path in links} == {"one", "two"}


def test_what_lies_before_the_start_is_not_looked_at(tree: Path) -> None:
    path = str(tree / "current/app")

    assert through_links(path, lambda one: len(one)) == ({}, path)


def test_a_file_that_says_the_same_is_no_link() -> None:
    assert Link.to("a") == Link.to("a")
    assert Link.to("a") != b"link to a"
    assert len({Link.to("a"), Link.to("a"), Link.to("b")}) == 2
