"""Blobs: the same content once, whole, and never another content in its place."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.store.blobs import Blobs, digest_of
from legacy_seam.store.errors import BlobDamaged


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]


@given(content=st.binary(max_size=500))
def test_what_is_put_is_got(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    blobs = Blobs(tmp_path_factory.mktemp("blobs"))
    digest = blobs.put(content)
    assert digest == digest_of(content)
    assert blobs.has(digest)
    assert blobs.get(digest) == content


def test_the_same_content_is_stored_once(tmp_path: Path, blobs: Blobs) -> None:
    (tmp_path / "rates.csv").write_bytes(b"7;19")
    assert blobs.put(b"7;19") == blobs.put(b"7;19") == blobs.put_file(tmp_path / "rates.csv")
    assert len(stored(tmp_path)) == 1


def test_a_large_file_is_stored_whole(tmp_path: Path, blobs: Blobs) -> None:
    content = bytes(range(256)) * 12_000
    (tmp_path / "large").write_bytes(content)
    assert blobs.get(blobs.put_file(tmp_path / "large")) == content


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, blobs: Blobs) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.put_file(tmp_path / "absent")
    assert not stored(tmp_path)


def test_an_unknown_digest_is_damage_and_is_not_had(blobs: Blobs) -> None:
    digest = digest_of(b"never stored")
    assert not blobs.has(digest)
    with pytest.raises(BlobDamaged, match=f"{digest} cannot be read from .*record the program again"):
        blobs.get(digest)


def test_an_altered_content_is_damage(tmp_path: Path, blobs: Blobs) -> None:
    digest = blobs.put(b"original")
    stored(tmp_path)[0].write_bytes(b"altered!")
    with pytest.raises(BlobDamaged, match="was altered since it was recorded"):
        blobs.get(digest)


def test_a_content_that_was_cut_short_is_healed_by_the_next_put(tmp_path: Path, blobs: Blobs) -> None:
    digest = blobs.put(b"original")
    stored(tmp_path)[0].write_bytes(b"orig")
    assert blobs.put(b"original") == digest
    assert blobs.get(digest) == b"original"


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 32, "0" * 31, "0" * 33, "/" + "0" * 31, "٣" * 32])
def test_a_digest_cannot_lead_out_of_the_directory(blobs: Blobs, digest: str) -> None:
    assert not blobs.has(digest)
    with pytest.raises(BlobDamaged, match="is not the digest"):
        blobs.get(digest)


def test_many_threads_may_put_the_same_content(tmp_path: Path, blobs: Blobs) -> None:
    gate = threading.Barrier(8)
    content = b"x" * 300_000

    def put() -> None:
        gate.wait()
        blobs.put(content)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs.get(digest_of(content)) == content
    assert len(stored(tmp_path)) == 1


def test_a_killed_process_leaves_no_half_content(tmp_path: Path, blobs: Blobs) -> None:
    source = """
        import os, sys
        from pathlib import Path
        from legacy_seam.store.blobs import Blobs
        print("ready", flush=True)
        for number in range(1_000_000):
            Blobs(Path(sys.argv[1])).put(b"%d" % number * 20_000)
        """
    command = [sys.executable, "-c", textwrap.dedent(source), str(tmp_path / "blobs")]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
            process.kill()
    whole = [path for path in stored(tmp_path) if path.parent.name != "blobs"]
    assert whole
    assert all(digest_of(path.read_bytes()) == path.parent.name + path.name for path in whole)
