"""Archives and compressed files as values: by the file that they lie in, and made again in a replay."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.values import decode, encode
from legacy_seam.values.held import Opening, open_with


class World:
    """A world in which files are opened from one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def known_as(self, thing: object) -> str | None:
        return None

    def name_of(self, path: str) -> str:
        return Path(path).name

    def open_file(self, opening: Opening) -> object:
        return (self._directory / opening.name).open(opening.how["mode"])

    def connect(self, blank: Any, opening: Opening) -> None:
        raise NotImplementedError

    def take_over(self, blank: Any, made: Any) -> None:
        raise NotImplementedError


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(f"content of {name}\n")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("one.txt", "two.txt"):
            archive.write(tmp_path / name, name)
    for suffix in ("", ":gz", ":xz"):
        mode: Any = f"w{suffix}"
        with tarfile.open(tmp_path / f"a.tar{suffix.replace(':', '.')}", mode) as packed:
            for name in ("one.txt", "two.txt"):
                packed.add(tmp_path / name, name)
    for module in (gzip, bz2, lzma):
        with module.open(tmp_path / f"a.{module.__name__}", "wb") as file:
            file.write(b"first\nsecond\n")
    open_with(World(tmp_path))
    yield tmp_path
    open_with(None)


def test_an_archive_is_told_by_its_file_wherever_it_stands_there(place: Path) -> None:
    with zipfile.ZipFile(place / "a.zip") as archive:
        before = encode(archive)
        archive.read("two.txt")
        assert before == encode(archive) == "zipfile.ZipFile(open('a.zip', 'rb'))"


def test_it_comes_back_and_closes_the_file_that_it_has_opened(place: Path) -> None:
    made: Any = decode("zipfile.ZipFile(open('a.zip', 'rb'))")
    file = made.fp
    assert made.namelist() == ["one.txt", "two.txt"]
    assert made.read("two.txt") == b"content of two.txt\n"
    made.close()
    assert file.closed


def test_an_archive_in_memory_comes_back_with_its_memory(place: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO((place / "a.zip").read_bytes()))
    made: Any = decode(encode([archive, archive]))
    assert made[0] is made[1]
    assert made[0].read("one.txt") == b"content of one.txt\n"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a.tar", "open('a.tar', 'rb')"),
        ("a.tar.gz", "gzip.GzipFile(open('a.tar.gz', 'rb'))"),
        ("a.tar.xz", "lzma.LZMAFile(open('a.tar.xz', 'rb'))"),
    ],
)
@pytest.mark.parametrize("taken", [0, 1, 2, 3])
def test_of_a_tape_archive_as_much_is_left_as_was(place: Path, name: str, file: str, taken: int) -> None:
    def rest(packed: tarfile.TarFile) -> list[str]:
        return [one.name for one in iter(packed.next, None)]

    with tarfile.open(place / name) as packed:
        for _ in range(taken):
            packed.next()
        text = encode(packed, width=None)
        assert text.startswith(f"tarfile.TarFile({file}")
        assert rest(packed) == ["one.txt", "two.txt"][taken:]
        at_its_end = encode(packed, width=None)
    with decode(text) as made:  # type: ignore[attr-defined]
        assert rest(made) == ["one.txt", "two.txt"][taken:]
        assert encode(made, width=None) == at_its_end
        assert made.extractfile("two.txt").read() == b"content of two.txt\n"


@pytest.mark.parametrize("opened", [gzip.GzipFile, bz2.BZ2File, lzma.LZMAFile])
@pytest.mark.parametrize("in_memory", [False, True])
def test_compressed_files_go_on_where_they_stood(
    place: Path, opened: Callable[[Any], Any], in_memory: bool
) -> None:
    path = place / f"a.{opened.__module__}"
    if not in_memory:
        source: Any = opened(path)
    elif opened is gzip.GzipFile:
        source = gzip.GzipFile(fileobj=io.BytesIO(path.read_bytes()))
    else:
        source = opened(io.BytesIO(path.read_bytes()))
    with source as file:
        file.readline()
        text = encode(file, width=None)
        assert text.endswith(", position=6)")
        with decode(text) as made:  # type: ignore[attr-defined]
            assert made.tell() == 6
            assert made.readlines() == file.readlines() == [b"second\n"]


class Tagged(zipfile.ZipFile):
    def __init__(self, path: Path, tag: str) -> None:
        super().__init__(path)
        self.tag = tag


class Logged(gzip.GzipFile):
    pass


def test_classes_built_on_them_hold_more_and_are_not_made_again(place: Path) -> None:
    with Tagged(place / "a.zip", "t") as archive, Logged(place / "a.gzip") as file:
        for one in archive, file:
            assert "of a class of its own" in encode(one) and encode(one).startswith("opaque(")


def test_what_is_in_the_middle_of_its_work_says_so(place: Path) -> None:
    with zipfile.ZipFile(place / "b.zip", "w") as written:
        assert "that is being written" in encode(written)
    assert "that was closed" in encode(written)
    with zipfile.ZipFile(place / "a.zip") as archive, archive.open("one.txt"):
        assert "of which a member is open" in encode(archive)
    with zipfile.ZipFile(place / "a.zip") as secret:
        secret.setpassword(b"hush")
        assert "with a password" in encode(secret) and "hush" not in encode(secret)
    with gzip.open(place / "b.gz", "wb") as packed, tarfile.open(place / "b.tar", "w") as tape:
        assert "that is being written" in encode(packed)
        assert "that is being written" in encode(tape)
