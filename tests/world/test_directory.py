import os
import stat
from pathlib import Path

import pytest

from legacy_seam.calls import FileState
from legacy_seam.world.directory import PrivateDirectory, text_of_content

CONTENTS = {"d1": b"one", "d2": b"two\n", "bin": b"\xff\0"}


@pytest.fixture
def directory(tmp_path: Path) -> PrivateDirectory:
    directory = PrivateDirectory(str(tmp_path), CONTENTS.__getitem__)
    directory.restore([FileState("base.txt", "d1")], 0.0)
    directory.baseline([], 0.0)
    return directory


def test_files_are_put_there_with_the_time_of_the_call(directory: PrivateDirectory, tmp_path: Path) -> None:
    directory.begin([FileState("in/a.txt", "d2"), FileState("none", None), FileState("box/", None)], 1000.0, False)
    assert (tmp_path / "in" / "a.txt").read_bytes() == b"two\n"
    assert (tmp_path / "box").is_dir()
    assert not (tmp_path / "none").exists()
    assert (tmp_path / "in" / "a.txt").stat().st_mtime == 1000.0
    assert directory.changes() == []


def test_changes_are_told(directory: PrivateDirectory, tmp_path: Path) -> None:
    directory.begin([FileState("a.txt", "d2"), FileState("b", "bin")], 0.0, False)
    (tmp_path / "a.txt").write_text("new")
    (tmp_path / "b").unlink()
    (tmp_path / "empty").write_text("")
    (tmp_path / "sub").mkdir()
    assert directory.changes() == [("a.txt", "'new'"), ("b", "None"), ("empty", "''"), ("sub/", "{}")]


def test_everything_is_put_back_in_place(directory: PrivateDirectory, tmp_path: Path) -> None:
    directory.begin([FileState("a.txt", "d2")], 0.0, False)
    inode = (tmp_path / "base.txt").stat().st_ino
    with (tmp_path / "base.txt").open("a") as held:
        held.write("more")
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "sub" / "deep" / "x").write_text("x")
    (tmp_path / "base.txt").chmod(0o400)
    directory.begin([], 0.0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.txt"]
    assert (tmp_path / "base.txt").read_bytes() == b"one"
    assert (tmp_path / "base.txt").stat().st_ino == inode


def test_a_file_in_place_of_a_directory_and_the_other_way_round(
    directory: PrivateDirectory, tmp_path: Path
) -> None:
    directory.begin([FileState("a/b.txt", "d1")], 0.0, False)
    directory.begin([FileState("a", "d2")], 0.0, False)
    assert (tmp_path / "a").read_bytes() == b"two\n"
    directory.begin([FileState("a/b.txt", "d1")], 0.0, False)
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"one"


@pytest.mark.parametrize("path", ["../out", "/elsewhere/out", "a/../../out"])
def test_recorded_paths_cannot_lead_out(directory: PrivateDirectory, tmp_path: Path, path: str) -> None:
    directory.begin([FileState(path, "d1")], 0.0, False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base.txt"]
    assert not (tmp_path.parent / "out").exists()


def test_a_file_that_a_call_made_is_not_looked_at_for_ever(directory: PrivateDirectory, tmp_path: Path) -> None:
    made, kept = tmp_path / "made.txt", tmp_path / "base.txt"
    directory.begin([], 0.0, False)
    for path in (made, kept):
        path.write_text("by the call")
    directory.watch([str(made), str(kept)])
    directory.begin([], 0.0, True)
    assert not made.exists()
    made.write_text("by the next call, which the sandbox hears of")
    assert directory.is_untouched()
    kept.write_text("through a handle that was kept open")
    assert directory.is_disturbed()


def test_writing_through_a_handle_that_was_opened_at_import(tmp_path: Path) -> None:
    directory = PrivateDirectory(str(tmp_path), CONTENTS.__getitem__)
    with (tmp_path / "log").open("a") as held:
        directory.baseline([str(tmp_path / "log")], 5.0)
        assert not directory.touched_while_open()
        held.write("line")
        held.flush()
        assert directory.touched_while_open()
        assert directory.changes() == [("log", "'line'")]
        directory.begin([], 5.0, True)
        assert (tmp_path / "log").read_bytes() == b""
        held.write("again")
        held.flush()
        assert directory.changes() == [("log", "'again'")]


def test_contents_as_text() -> None:
    assert text_of_content("é\n".encode()) == "'é\\n'"
    assert text_of_content(b"\xff").startswith("{'bytes': 1, 'digest': ")


def test_what_was_asked_about_a_file_is_put_back(directory: PrivateDirectory, tmp_path: Path) -> None:
    old = 1_600_000_000_123_456_789
    kept = FileState("kept.csv", "d1", mode=0o400, modified=old)
    large = FileState("large.log", None, size=20_000_000, modified=old)
    closed = FileState("closed/", None, mode=0o500)
    for _ in range(2):
        directory.begin([kept, large, closed, FileState("closed/in", "d2")], 5.0, False)
        assert stat.S_IMODE((tmp_path / "kept.csv").stat().st_mode) == 0o400
        assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o500
        assert (tmp_path / "kept.csv").stat().st_mtime_ns == (tmp_path / "large.log").stat().st_mtime_ns == old
        found = (tmp_path / "large.log").stat()
        assert directory.sizes == {(found.st_dev, found.st_ino): 20_000_000}
        assert directory.changes() == []
        directory.begin([FileState("kept.csv", "d1")], 7.0, False)
        assert (tmp_path / "kept.csv").stat().st_mtime == 7.0
        assert stat.S_IMODE((tmp_path / "kept.csv").stat().st_mode) == 0o644
        assert directory.sizes == {}


def test_permissions_and_times_that_were_set_are_told(directory: PrivateDirectory, tmp_path: Path) -> None:
    directory.begin([FileState("a.txt", "d1"), FileState("b.txt", "d1")], 0.0, False)
    (tmp_path / "a.txt").chmod(0o600)
    (tmp_path / "new").write_text("")
    (tmp_path / "new").chmod(0o755)
    os.utime(tmp_path / "b.txt", (1e9, 1e9))
    assert directory.changes(lambda moment: moment > 1.5e18) == [
        ("a.txt, mode", "'rw-------'"),
        ("b.txt, modified", "'2001-09-09 01:46:40+00:00'"),
        ("new", "''"),
        ("new, mode", "'rwxr-xr-x'"),
    ]
    directory.begin([], 0.0, True)
    directory.begin([FileState("a.txt", "d1")], 0.0, True)
    assert directory.changes() == []


def test_links_are_put_there_as_links_and_are_told_when_they_change(tmp_path: Path) -> None:
    own, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    own.mkdir()
    elsewhere.mkdir()
    directory = PrivateDirectory(str(own), CONTENTS.__getitem__, str(elsewhere))
    found = [
        FileState("current", None, link="releases/1"),
        FileState("releases/1/a", "d1"),
        FileState("home", None, link="<directory>/releases"),
        FileState("/data", None, link="/disk"),
        FileState("/disk/b", "d2"),
        FileState("dangling", None, link="nowhere"),
    ]

    directory.begin(found, 1000.0, False)

    assert [(own / name).is_symlink() for name in ("current", "home", "dangling")] == [True] * 3
    assert (own / "current/a").read_text() == (own / "home/1/a").read_text() == "one"
    assert (elsewhere / "data/b").read_text() == "two\n"
    assert directory.changes() == []

    (own / "current").unlink()
    (own / "current").symlink_to("releases/2")
    (own / "dangling").unlink()
    (own / "dangling").write_text("link to nowhere")
    assert directory.changes() == [("current", "'link to releases/2'"), ("dangling", "'link to nowhere'")]

    directory.begin(found, 1000.0, True)
    assert ((own / "current").readlink(), (own / "dangling").readlink()) == (Path("releases/1"), Path("nowhere"))


@pytest.mark.parametrize("link", ["..", "../other", "a/../../other", "<directory>/../other"])
def test_a_link_that_leads_out_is_not_put_there(directory: PrivateDirectory, tmp_path: Path, link: str) -> None:
    directory.begin([FileState("way", None, link=link)], 0.0, False)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.txt"]


def test_nothing_is_written_through_a_link(directory: PrivateDirectory, tmp_path: Path) -> None:
    """Not even where no link says by itself that it leads out."""
    states = [
        FileState("one/two/root", None, link="<directory>/"),
        FileState("way", None, link="one/two/root/../.."),
        FileState("way/over", "d1"),
    ]

    directory.begin(states, 0.0, False)

    assert not (tmp_path / "way").is_symlink()
    assert not (tmp_path.parent / "over").exists()
