"""The audit hook by itself, in processes that are its own: nothing leads paths elsewhere, no kernel helps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from forked import status_of
from legacy_seam.world.confinement import Reading
from legacy_seam.world.sandbox import Denied, Sandbox
from legacy_seam.world.sites import Sites
from legacy_seam.world.substitution import Substitution


@dataclass(frozen=True)
class Places:
    """A directory that may be changed, one that may not be, one that may not be read."""

    own: Path
    other: Path
    private: Path

    def sandbox(self) -> Sandbox:
        sandbox = Sandbox(str(self.own), Sites([str(self.other)]))
        sandbox.reading = Reading((str(self.private),), (), (str(self.private),))
        return sandbox

    def denials(self, act: Callable[[Places], object]) -> int:
        """How many denials are kept of an act; 0 where it is let through."""

        def watched() -> int:
            sandbox = self.sandbox()
            Substitution(sandbox.replacements())
            sandbox.install()
            os.chdir(self.own)
            sandbox.armed = True
            try:
                act(self)
            except Denied:
                assert sandbox.denials
            finally:
                sandbox.armed = False
            return len(sandbox.denials)

        return status_of(watched)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = Path(os.path.realpath(tmp_path))
    found = Places(root / "own", root / "other", root / "private")
    for place in (found.own, found.other, found.private):
        place.mkdir()
        (place / "file").write_text("kept")
    (found.own / "way").symlink_to(found.other)
    (found.own / "way-to-file").symlink_to(found.other / "file")
    (found.own / "way-in").symlink_to(found.private)
    return found


CHANGES: dict[str, Callable[[Places], object]] = {
    "write": lambda on: (on.other / "file").write_text("x"),
    "through a link": lambda on: Path("way/file").write_text("x"),
    "through a link to the file": lambda on: Path("way-to-file").write_text("x"),
    "truncate through a link": lambda on: os.truncate("way-to-file", 0),
    "mode through a link": lambda on: Path("way-to-file").chmod(0),
    "times through a link": lambda on: os.utime("way-to-file", (0, 0)),
    "upwards": lambda on: Path("../other/file").write_text("x"),
    "relative to a directory": lambda on: os.open("file", os.O_WRONLY, dir_fd=os.open(on.other, os.O_RDONLY)),
    "reopened": lambda on: os.open(f"/proc/self/fd/{os.open(on.other / 'file', os.O_RDONLY)}", os.O_WRONLY),
    "mode of what is open": lambda on: os.fchmod(os.open(on.other / "file", os.O_RDONLY), 0),
    "times of what is open": lambda on: os.utime(os.open(on.other / "file", os.O_RDONLY), (0, 0)),
    "remove": lambda on: (on.other / "file").unlink(),
    "remove tree": lambda on: shutil.rmtree(on.other),
    "rename away": lambda on: (on.other / "file").rename("mine"),
    "rename there": lambda on: Path("file").rename(on.other / "file"),
    "link": lambda on: os.link(on.other / "file", "mine"),
    "directory": lambda on: (on.other / "x").mkdir(),
    "pipe": lambda on: os.mkfifo(on.other / "x"),
    "database": lambda on: sqlite3.connect(on.other / "x.db"),
    "memory of this process": lambda on: os.open("/proc/self/mem", os.O_RDWR),
}
READS: dict[str, Callable[[Places], object]] = {
    "open": lambda on: (on.private / "file").read_text(),
    "list": lambda on: list(on.private.iterdir()),
    "walk": lambda on: list(os.scandir(on.private)),
    "through a link": lambda on: Path("way-in/file").read_text(),
    "relative to a directory": lambda on: os.open("private/file", 0, dir_fd=os.open(on.own.parent, 0)),
    "accounts": lambda on: Path("/etc/passwd").read_text(),
    "environment": lambda on: Path("/proc/self/environ").read_text(),
}
HARMLESS: dict[str, Callable[[Places], object]] = {
    "write": lambda on: (on.own / "file").write_text("x"),
    "remove a link that leads out": lambda on: Path("way-to-file").unlink(),
    "rename a link that leads out": lambda on: Path("way-to-file").rename("another"),
    "read elsewhere": lambda on: (on.other / "file").read_text(),
    "list elsewhere": lambda on: list(on.other.iterdir()),
    "mode of a pipe": lambda on: os.fchmod(os.pipe()[0], 0o600),
    "nothing": lambda on: Path("/dev/null").write_text("x"),
    "database in memory": lambda on: sqlite3.connect("file:x?mode=memory", uri=True).close(),
}


@pytest.mark.parametrize("act", CHANGES)
def test_changes_outside_the_directory_are_denied(places: Places, act: str) -> None:
    assert places.denials(CHANGES[act]) == 1
    kept = (places.other / "file").lstat()
    assert (places.other / "file").read_text() == "kept"
    assert (kept.st_nlink, kept.st_mode & 0o777, kept.st_mtime > 0) == (1, 0o644, True)
    assert [path.name for path in places.other.iterdir()] == ["file"]


@pytest.mark.parametrize("act", READS)
def test_reading_what_is_private_is_denied(places: Places, act: str) -> None:
    assert places.denials(READS[act]) == 1


@pytest.mark.parametrize("act", HARMLESS)
def test_what_does_no_harm_is_let_through(places: Places, act: str) -> None:
    assert places.denials(HARMLESS[act]) == 0


def test_threads_of_the_program_are_watched_while_we_are_at_work(places: Places) -> None:
    sandbox = places.sandbox()
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(sandbox.is_watching()))
    thread.start()
    thread.join()
    assert seen == [True]
    assert not sandbox.is_watching()
    sandbox.armed = True
    assert sandbox.is_watching()


def test_a_denial_says_what_and_where_without_the_home_directory(places: Places) -> None:
    sandbox = places.sandbox()
    sandbox.armed = True
    with pytest.raises(Denied, match="not done during a replay"):
        sandbox.refuse("files: open of ~/file")
    assert sandbox.denials == ["files: open of ~/file (outside the project)"]


def test_a_descriptor_that_was_open_before_is_not_opened_by_its_number_and_one_of_the_program_is(
    places: Places,
) -> None:
    ours, _ = os.pipe()  # whoever reads it waits for ever

    def open_own(places: Places) -> None:
        own = os.open(places.own / "a.txt", os.O_CREAT | os.O_RDWR)
        os.dup2(own, ours)  # the number is the program's now
        for number in (own, ours):
            os.fdopen(number, closefd=False).close()

    assert places.denials(lambda places: os.fdopen(ours)) == 1
    assert places.denials(open_own) == 0
