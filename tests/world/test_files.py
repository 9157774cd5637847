# ruff: noqa: PTH104, PTH107, PTH123, PTH208, SIM115
import importlib
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from legacy_seam.calls import FileState
from legacy_seam.store.blobs import Blobs, digest_of
from legacy_seam.world.files import FileObserver
from legacy_seam.world.recorded_paths import STANDING


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "work"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def observer(blobs: Blobs, root: Path) -> Iterator[FileObserver]:
    observer = FileObserver(blobs, root)
    observer.start()
    yield observer
    observer.stop()


def seen(observer: FileObserver, act: Callable[[], object]) -> dict[str, str | None]:
    return {state.path: state.digest for state in states(observer, act)}


def states(observer: FileObserver, act: Callable[[], object]) -> list[FileState]:
    collector = observer.collector()
    collector.push()
    try:
        act()
    finally:
        collector.pop()
    return list(collector.states())


def test_a_file_is_kept_as_it_was_before_it_was_truncated(observer: FileObserver, root: Path, blobs: Blobs) -> None:
    Path("rates.csv").write_bytes(b"1.2")
    found = seen(observer, lambda: Path("rates.csv").write_bytes(b"changed"))
    assert found == {"rates.csv": digest_of(b"1.2")}
    assert blobs.get(found["rates.csv"] or "") == b"1.2"


def test_the_first_opening_counts(observer: FileObserver) -> None:
    def act() -> None:
        Path("log").write_bytes(b"new")
        Path("log").read_bytes()

    assert seen(observer, act) == {"log": None}


def test_a_directory_that_is_only_entered_is_noted_and_the_first_one_is_not(
    observer: FileObserver, root: Path, tmp_path: Path
) -> None:
    (root / "in").mkdir()

    def act() -> None:
        os.chdir("in")
        os.chdir(root)
        os.chdir(tmp_path)
        os.chdir("/")
        with pytest.raises(FileNotFoundError):
            os.chdir("/nowhere/at/all")

    assert [state.path for state in states(observer, act)] == ["in/", f"{tmp_path}/", "/nowhere/at/all"]


def test_where_the_program_stands_is_told_once_it_has_gone_elsewhere(
    observer: FileObserver, root: Path, tmp_path: Path
) -> None:
    (root / "in").mkdir()
    assert observer.standing() == ()
    os.chdir("in")
    assert observer.standing() == (FileState(STANDING, None, link="<directory>/in"), FileState("in/", None))
    os.chdir(tmp_path)
    assert observer.standing()[0].link == str(tmp_path.resolve())
    os.chdir("/")
    assert observer.standing()[0].link == "/"
    os.chdir(root)
    assert observer.standing() == ()


def test_a_file_that_is_not_there_is_told_as_none(observer: FileObserver) -> None:
    def act() -> None:
        with pytest.raises(FileNotFoundError):
            open("missing.csv")

    assert seen(observer, act) == {"missing.csv": None}


def test_outside_the_root_paths_are_absolute(observer: FileObserver, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"x")
    assert seen(observer, outside.read_bytes) == {str(outside): digest_of(b"x")}


def test_paths_below_the_root_are_relative_however_they_are_spelled(observer: FileObserver, root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "a.txt").write_bytes(b"a")

    def act() -> None:
        for path in ("sub/a.txt", "./sub/../sub/a.txt", root / "sub" / "a.txt", b"sub/a.txt"):
            open(path).close()
        os.close(os.open("sub/a.txt", os.O_RDONLY))

    assert seen(observer, act) == {"sub/a.txt": digest_of(b"a")}


def test_nested_calls_both_see_a_file(observer: FileObserver) -> None:
    Path("a").write_bytes(b"a")
    Path("b").write_bytes(b"b")
    inner_found = {}

    def outer() -> None:
        Path("a").read_bytes()
        inner_found.update(seen(observer, Path("b").read_bytes))

    assert seen(observer, outer) == {"a": digest_of(b"a"), "b": digest_of(b"b")}
    assert inner_found == {"b": digest_of(b"b")}


def test_other_threads_do_not_count(observer: FileObserver) -> None:
    Path("a").write_bytes(b"a")

    def act() -> None:
        thread = threading.Thread(target=Path("a").read_bytes)
        thread.start()
        thread.join()

    assert seen(observer, act) == {}


def test_nothing_is_noted_without_a_collector(observer: FileObserver, blobs: Blobs, tmp_path: Path) -> None:
    Path("a").write_bytes(b"a")
    assert not (tmp_path / "blobs").exists()


def test_listing_a_directory_depends_on_its_files(observer: FileObserver) -> None:
    Path("data").mkdir()
    Path("data/1.csv").write_bytes(b"1")
    Path("data/2.csv").write_bytes(b"2")
    expected = {"data/1.csv": digest_of(b"1"), "data/2.csv": digest_of(b"2")}
    assert seen(observer, lambda: os.listdir("data")) == expected
    assert seen(observer, lambda: list(os.scandir("data"))) == expected
    assert seen(observer, lambda: list(Path("data").glob("*.csv"))) == expected


def test_of_the_sources_of_a_package_that_is_listed_only_the_names_are_of_interest(
    observer: FileObserver, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("plugs_of_a_test/__init__.py", "plugs_of_a_test/one.py", "plugs_of_a_test/prices.csv"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("a = 1")
    monkeypatch.syspath_prepend(str(root))
    importlib.import_module("plugs_of_a_test")
    monkeypatch.delitem(sys.modules, "plugs_of_a_test", raising=False)
    assert all(seen(observer, lambda: os.listdir("plugs_of_a_test")).values())
    importlib.import_module("plugs_of_a_test")
    found = states(observer, lambda: os.listdir("plugs_of_a_test"))
    monkeypatch.delitem(sys.modules, "plugs_of_a_test")
    assert [(one.path, one.size) for one in found if one.digest is None and not one.path.endswith("/")] == [
        ("plugs_of_a_test/__init__.py", 5),
        ("plugs_of_a_test/one.py", 5),
    ]
    assert "plugs_of_a_test/prices.csv" in {one.path for one in found if one.digest}


def test_listing_an_empty_directory_depends_on_it(observer: FileObserver) -> None:
    Path("inbox").mkdir()
    assert seen(observer, lambda: os.listdir("inbox")) == {"inbox/": None}


def test_databases_are_files(observer: FileObserver) -> None:
    connection = sqlite3.connect("shop.db")
    connection.execute("create table t (x)")
    connection.commit()
    connection.close()
    found = seen(observer, lambda: sqlite3.connect("shop.db").close())
    assert found["shop.db"] == digest_of(Path("shop.db").read_bytes())
    assert seen(observer, lambda: sqlite3.connect(":memory:").close()) == {}


def test_removing_and_renaming_depend_on_the_file(observer: FileObserver) -> None:
    Path("old").write_bytes(b"old")
    assert seen(observer, lambda: os.rename("old", "new")) == {"old": digest_of(b"old"), "new": None}
    assert seen(observer, lambda: os.remove("new")) == {"new": digest_of(b"old")}


def test_sources_devices_and_the_store_are_ignored(observer: FileObserver, root: Path) -> None:
    (root / "module.py").write_bytes(b"")
    (root / ".legacy-seam").mkdir()
    (root / ".legacy-seam" / "x").write_bytes(b"")

    def act() -> None:
        for path in ("module.py", ".legacy-seam/x", os.devnull, "/proc/self/status", os.__file__):
            open(path).close()

    assert seen(observer, act) == {}


def test_of_large_files_only_the_size_is_kept(blobs: Blobs, root: Path) -> None:
    observer = FileObserver(blobs, root, limit=10)
    observer.start()
    Path("big").write_bytes(b"x" * 11)
    collector = observer.collector()
    collector.push()
    Path("big").read_bytes()
    collector.pop()
    assert collector.states() == (FileState("big", None, size=11),)
    assert observer.oversized == {"big": 11}
    observer.stop()


def test_a_pipe_is_not_waited_for(observer: FileObserver) -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(b"x"))

    def act() -> None:
        writer.start()
        Path("pipe").read_bytes()
        writer.join()

    assert seen(observer, act) == {}


def test_trouble_stays_inside_and_is_counted(root: Path) -> None:
    class Broken(Blobs):
        def put(self, content: bytes) -> str:
            raise OSError(28, "No space left on device")

    observer = FileObserver(Broken(root), root)
    observer.start()
    Path("a").write_bytes(b"a")
    assert seen(observer, lambda: Path("a").read_bytes() == b"a") == {}
    assert observer.failures == {"OSError": 1}
    observer.stop()


def test_a_change_right_after_reading_is_not_missed(observer: FileObserver) -> None:
    Path("a").write_bytes(b"1")
    assert seen(observer, Path("a").read_bytes) == {"a": digest_of(b"1")}
    Path("a").write_bytes(b"2")
    assert seen(observer, Path("a").read_bytes) == {"a": digest_of(b"2")}


def test_only_the_started_observer_sees(observer: FileObserver) -> None:
    observer.stop()
    Path("a").write_bytes(b"1")
    assert seen(observer, Path("a").read_bytes) == {}


def test_collectors_that_were_left_behind_go_with_those_below() -> None:
    observer = FileObserver(Blobs(Path("/nowhere")), Path("/"))
    lower, upper = observer.collector(), observer.collector()
    lower.push()
    upper.push()
    lower.pop()
    assert observer.active() == []
    upper.pop()


def test_file_states_are_plain() -> None:
    collector = FileObserver(Blobs(Path("/nowhere")), Path("/")).collector()
    collector.note(FileState("a", None))
    collector.note(FileState("a", "0" * 32))
    assert collector.states() == (FileState("a", None),)


def test_a_new_file_depends_on_its_directory(observer: FileObserver) -> None:
    Path("out").mkdir()
    assert seen(observer, lambda: Path("out/report.txt").write_text("x")) == {"out/report.txt": None, "out/": None}

    def fail() -> None:
        with pytest.raises(FileNotFoundError):
            Path("gone/x").read_text()

    assert seen(observer, fail) == {"gone/x": None}


def test_listing_a_directory_depends_on_the_directories_in_it(observer: FileObserver, root: Path) -> None:
    (root / "box" / "empty").mkdir(parents=True)
    (root / "box" / "plugin.py").write_text("pass")
    (root / "box" / "__pycache__").mkdir()
    assert set(seen(observer, lambda: os.listdir(root / "box"))) == {"box/empty/", "box/plugin.py"}


def test_making_and_removing_a_directory_depends_on_it(observer: FileObserver, root: Path) -> None:
    (root / "old").mkdir()
    assert seen(observer, (root / "old").rmdir) == {"old/": None}
    assert seen(observer, (root / "new").mkdir)["new"] is None


def test_what_is_made_in_a_directory_that_the_call_has_made_was_not_there(
    observer: FileObserver, root: Path
) -> None:
    def act() -> None:
        (root / "new").mkdir()
        (root / "new" / "x").write_text("x")

    states = seen(observer, act)
    assert states["new"] is None
    assert "new/" not in states


def test_a_source_file_that_is_written_is_noted(observer: FileObserver, root: Path) -> None:
    (root / "made.py").write_text("old = 1")
    assert seen(observer, lambda: (root / "made.py").write_text("new = 2")) == {"made.py": digest_of(b"old = 1")}
    assert seen(observer, (root / "made.py").read_text) == {}


def test_imports_are_not_listings(observer: FileObserver, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "seam_other.py").write_text("pass")
    (root / "seam_imported.py").write_text("pass")
    monkeypatch.syspath_prepend(root)
    assert seen(observer, lambda: __import__("seam_imported")) == {}


def test_links_are_told_apart_from_what_they_lead_to(observer: FileObserver, root: Path, tmp_path: Path) -> None:
    (root / "releases/1").mkdir(parents=True)
    (root / "releases/1/a.txt").write_bytes(b"one")
    (tmp_path / "shared").write_bytes(b"two")
    for name, leads_to in {"current": "releases/1", "abs": f"{root}/releases", "out": "../shared"}.items():
        (root / name).symlink_to(leads_to)

    def act() -> None:
        Path("current/a.txt").read_bytes()
        Path("abs/1/a.txt").read_bytes()
        Path("out").read_bytes()

    assert states(observer, act) == [
        FileState("current", None, link="releases/1"),
        FileState("releases/1/a.txt", digest_of(b"one")),
        FileState("abs", None, link="<directory>/releases"),
        FileState("out", None, link=str(tmp_path / "shared")),
        FileState(str(tmp_path / "shared"), digest_of(b"two")),
    ]


def test_a_link_that_is_replaced_is_kept_as_it_was(observer: FileObserver, root: Path) -> None:
    (root / "log").symlink_to("log.1")

    def act() -> None:
        Path("log").unlink()
        Path("log").write_bytes(b"new")

    assert states(observer, act) == [FileState("log", None, link="log.1"), FileState("log.1", None)]


def test_of_a_path_that_is_only_resolved_the_links_are_kept(observer: FileObserver, root: Path) -> None:
    (root / "a.txt").write_bytes(b"large")
    (root / "link").symlink_to("a.txt")

    assert states(observer, lambda: observer.asked(["link", "a.txt"], "links")) == [
        FileState("link", None, link="a.txt")
    ]


def test_what_goes_wrong_when_a_database_is_opened_does_not_reach_the_program(observer: FileObserver) -> None:
    def fail(files: list[str]) -> None:
        raise RuntimeError(files)

    observer.database_opened = fail
    sqlite3.connect("shop.db").close()

    assert observer.failures == {"RuntimeError": 1}
