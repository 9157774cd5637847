from __future__ import annotations

import os
from pathlib import Path

import pytest

from legacy_seam.source.files import find_files


def made(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


def found(root: Path, **options: object) -> list[str]:
    return [str(path.relative_to(root)) for path in find_files([root], root=root, **options)]  # type: ignore[arg-type]


def test_what_is_never_the_project_s_own_is_left_out(tmp_path: Path) -> None:
    made(
        tmp_path,
        *("a.py", "shop/b.py", "shop/c.pyw", "env/d.py", "notes.txt"),
        *(".git/hook.py", "__pycache__/a.py", "node_modules/x.py", ".tox/y.py"),
        *("myenv/pyvenv.cfg", "myenv/lib/z.py", "conda/conda-meta/history", "conda/w.py"),
    )
    assert sorted(found(tmp_path)) == ["a.py", "env/d.py", "shop/b.py", "shop/c.pyw"]


def test_gitignore_files_hold_below_their_directory(tmp_path: Path) -> None:
    made(tmp_path, "a.py", "gen/b.py", "shop/old_x.py", "shop/new.py", "old_y.py", "shop/gen/keep.py")
    (tmp_path / ".gitignore").write_text("/gen/\n")
    (tmp_path / "shop/.gitignore").write_text("old_*.py\n")
    assert sorted(found(tmp_path)) == ["a.py", "old_y.py", "shop/gen/keep.py", "shop/new.py"]
    assert len(found(tmp_path, gitignore=False)) == 6


def test_the_gitignore_of_a_repository_holds_for_a_directory_within(tmp_path: Path) -> None:
    made(tmp_path, "shop/a.py", "shop/a_generated.py", "build/b.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*_generated.py\nbuild/\n")
    assert found(tmp_path / "shop") == ["a.py"]
    assert found(tmp_path / "build") == ["b.py"], "who names a directory wants it"


def test_excluded_patterns_are_relative_to_the_root(tmp_path: Path) -> None:
    made(tmp_path, "a.py", "migrations/0001.py", "shop/migrations/0002.py", "shop/b.py")
    assert sorted(found(tmp_path, exclude=["/migrations/"])) == ["a.py", "shop/b.py", "shop/migrations/0002.py"]
    assert sorted(found(tmp_path, exclude=["migrations/*.py", "!migrations/0001.py"])) == [
        "a.py",
        "migrations/0001.py",
        "shop/b.py",
        "shop/migrations/0002.py",
    ]


def test_links_lead_neither_in_circles_nor_to_the_same_file_twice(tmp_path: Path) -> None:
    made(tmp_path, "a/b.py")
    (tmp_path / "a/again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "c.py").symlink_to(tmp_path / "a/b.py")
    (tmp_path / "broken.py").symlink_to(tmp_path / "nowhere.py")
    assert found(tmp_path) == ["c.py"]


def test_a_file_is_given_whatever_its_name_and_only_once(tmp_path: Path) -> None:
    made(tmp_path, "script", "a.py")
    paths = [tmp_path / "script", tmp_path / "a.py", tmp_path]
    assert [path.name for path in find_files(paths)] == ["script", "a.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every directory")
def test_a_directory_that_may_not_be_entered_is_passed_by(tmp_path: Path) -> None:
    made(tmp_path, "a.py", "closed/b.py")
    (tmp_path / "closed").chmod(0)
    assert found(tmp_path) == ["a.py"]
    (tmp_path / "closed").chmod(0o700)
