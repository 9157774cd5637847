"""Open files as values: where one stands in them, without moving there or writing out what waits."""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.values import encode
from legacy_seam.values.held import Held

BEGINNING = "id;name\n1;Åsa\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(BEGINNING, encoding="utf-8")
    return path


def told(file: Any) -> tuple[str, dict[str, bytes]]:
    contents: dict[str, bytes] = {}

    def keep(name: str, content: bytes) -> str:
        contents[name] = content
        return "digest"

    with Held(keep):
        return encode(file, width=None), contents


def test_a_text_file_that_is_read_tells_its_position(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        file.readline()
        text, contents = told(file)
        assert text == "open('in.csv', 'r', encoding='utf-8', position=8)"
        assert contents == {"in.csv": BEGINNING.encode()}
        assert file.readline() == "1;Åsa\n"
    assert encode(file) == "open('in.csv', 'r', closed=True)"


def test_how_a_file_was_opened_is_told(path: Path) -> None:
    with path.open("r", encoding="latin-1", errors="replace", newline="") as file:
        assert encode(file) == "open('in.csv', 'r', encoding='latin-1', errors='replace', newline='')"
    with path.open("a+b", buffering=0) as raw:
        assert encode(raw).startswith("open('in.csv', 'ab+', buffering=0, position=15)")


@pytest.mark.parametrize("piece", ["abc", "Åsa", "a" * 20_000])
def test_what_waits_to_be_written_shows_in_the_position_and_goes_on_waiting(path: Path, piece: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(piece)
        file.write("end\n")
        before = path.read_bytes()
        text, contents = told(file)
        assert text == f"open('in.csv', 'w', encoding='utf-8', position={len(piece.encode()) + 4})"
        assert path.read_bytes() == before == contents["in.csv"]
    assert path.read_text(encoding="utf-8") == piece + "end\n"


def test_binary_files_and_those_that_are_both_read_and_written(path: Path) -> None:
    with path.open("rb") as file:
        file.read(3)
        assert told(file)[0] == "open('in.csv', 'rb', position=3)"
        assert file.read(2) == b"na"
    with path.open("r+", encoding="utf-8") as file:
        file.readline()
        assert told(file)[0] == "open('in.csv', 'r+', encoding='utf-8', position=8)"
        assert file.readline() == "1;Åsa\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("newline", [None, "", "\n", "\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_in_the_middle_of_a_loop_over_its_lines(
    tmp_path: Path, encoding: str, newline: str | None, end: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(
        "".join(f"{number};Ås€"[: 40 - number % 9] + end for number in range(3000)).encode(encoding, "ignore")
    )
    with (
        path.open(encoding=encoding, newline=newline) as file,
        path.open(encoding=encoding, newline=newline) as other,
    ):
        for number, _ in enumerate(file):
            if number in (0, 1, 1500, 2998, 2999):
                position = re.search(r"position=(\d+)", told(file)[0])
                assert position is not None
                other.seek(int(position[1]))
                assert other.readline() == next(file, "")


def test_a_temporary_file_is_the_file_and_when_it_goes() -> None:
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as file:
        file.write("a")
        name = Path(file.name).name
        assert told(file)[0] == f"temporary(open('{name}', 'w+', encoding='utf-8', position=1), delete=True)"
    with tempfile.NamedTemporaryFile(delete=False) as kept:
        assert told(kept)[0].endswith(", delete=False)")
    Path(kept.name).unlink()


def test_what_cannot_be_opened_again_says_why(path: Path, tmp_path: Path) -> None:
    (tmp_path / "wide.txt").write_text("a\nb\n", encoding="utf-16")
    with (tmp_path / "wide.txt").open(encoding="utf-16") as file:
        next(file)
        assert "in the middle of a loop over its lines" in encode(file)
    with path.open(encoding="utf-8") as file:
        path.rename(tmp_path / "other.csv")
        assert "moved or removed: in.csv" in encode(file)
    with gzip.open(tmp_path / "z.gz", "wb") as packed:
        assert encode(packed) == "opaque('gzip:GzipFile', 'an archive or compressed file that is being written')"
