"""The spool keeps what was appended through kills, forks, full disks and vandals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.store import spool as spool_module
from legacy_seam.store.errors import StoreTooNew
from legacy_seam.store.spool import SUFFIX, Damage, Frame, Spool, read


def files(directory: Path) -> list[Path]:
    return sorted(directory.glob(f"*{SUFFIX}"))


def pieces(directory: Path) -> list[Frame | Damage]:
    return [piece for path in files(directory) for piece in read(path)]


def payloads(directory: Path) -> list[Any]:
    found = pieces(directory)
    assert not [piece for piece in found if isinstance(piece, Damage)]
    return [piece.data for piece in found if isinstance(piece, Frame)]


def run_script(source: str, *args: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(source), *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_is_appended_is_read_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append("run", {"identity": "r1"})
    spool.append("call", {"instant": 1.5, "files": [], "observed": None})
    kinds = [(piece.kind, piece.data) for piece in pieces(tmp_path) if isinstance(piece, Frame)]
    assert kinds == [("run", {"identity": "r1"}), ("call", {"instant": 1.5, "files": [], "observed": None})]


def test_nothing_is_made_before_the_first_frame(tmp_path: Path) -> None:
    Spool(tmp_path / "spools")
    assert not (tmp_path / "spools").exists()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_comes_back_surrogates_included(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    directory = tmp_path_factory.mktemp("spools")
    spool = Spool(directory)
    spool.append("call", {text: text})
    spool.close()
    assert payloads(directory) == [{text: text}]


def test_two_lone_surrogates_are_not_joined(tmp_path: Path) -> None:
    Spool(tmp_path).append("call", {"name": "\ud83d" + "\ude00"})
    assert [len(data["name"]) for data in payloads(tmp_path)] == [2]


def test_the_program_may_change_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spool = Spool(Path("spools"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    spool.append("call", {})
    assert len(files(tmp_path / "spools")) == 1


def test_sigkill_loses_nothing_that_append_returned_from(tmp_path: Path) -> None:
    process = run_script(
        """
        import sys
        from pathlib import Path
        from legacy_seam.store.spool import Spool
        spool = Spool(Path(sys.argv[1]))
        number = 0
        while True:
            spool.append("call", {"number": number, "filling": "x" * 300})
            number += 1
            print(number, flush=True)
        """,
        str(tmp_path),
    )
    assert process.stdout is not None
    promised = [process.stdout.readline() for _ in range(2000)][-1]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    complete = [line for line in (promised + rest).splitlines(keepends=True) if line.endswith("\n")]
    numbers = [piece.data["number"] for piece in pieces(tmp_path) if isinstance(piece, Frame)]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= int(complete[-1]) >= 2000


def test_a_forked_child_has_a_file_of_its_own(tmp_path: Path) -> None:
    process = run_script(
        """
        import os, sys
        from pathlib import Path
        from legacy_seam.store.spool import Spool
        spool = Spool(Path(sys.argv[1]))
        spool.append("call", {"who": "parent"})
        if os.fork() == 0:
            spool.append("call", {"who": "child"})
            if os.fork() == 0:
                spool.append("call", {"who": "grandchild"})
                os._exit(0)
            os.wait()
            spool.append("call", {"who": "child"})
            os._exit(0)
        os.wait()
        spool.append("call", {"who": "parent"})
        """,
        str(tmp_path),
    )
    process.communicate()
    assert process.returncode == 0
    by_file = [[piece.data["who"] for piece in read(path) if isinstance(piece, Frame)] for path in files(tmp_path)]
    assert sorted(by_file) == [["child", "child"], ["grandchild"], ["parent", "parent"]]


def test_eight_processes_write_at_once(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from legacy_seam.store.spool import Spool
        spool = Spool(Path(sys.argv[1]))
        for number in range(200):
            spool.append("call", {"writer": sys.argv[2], "number": number, "filling": "y" * (number * 50)})
        """
    writers = [run_script(script, str(tmp_path), str(writer)) for writer in range(8)]
    for writer in writers:
        writer.communicate()
    found = {(data["writer"], data["number"]) for data in payloads(tmp_path)}
    assert found == {(str(writer), number) for writer in range(8) for number in range(200)}


def test_threads_share_one_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    gate = threading.Barrier(8)

    def write(writer: int) -> None:
        gate.wait()
        for number in range(100):
            spool.append("call", {"writer": writer, "number": number})

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {(data["writer"], data["number"]) for data in payloads(tmp_path)}
    assert found == {(writer, number) for writer in range(8) for number in range(100)}


def test_a_program_that_closes_every_descriptor_does_not_get_our_frames_into_its_files(tmp_path: Path) -> None:
    process = run_script(
        """
        import os, sys
        from pathlib import Path
        from legacy_seam.store.spool import Spool
        spool = Spool(Path(sys.argv[1], "spools"))
        spool.append("call", {"number": 1})
        os.closerange(3, 4096)
        mine = os.open(Path(sys.argv[1], "ledger.txt"), os.O_WRONLY | os.O_CREAT)
        for number in range(3, 256):
            os.dup2(mine, number)
        spool.append("call", {"number": 2})
        """,
        str(tmp_path),
    )
    process.communicate()
    assert process.returncode == 0
    assert (tmp_path / "ledger.txt").read_bytes() == b""
    assert [data["number"] for data in payloads(tmp_path / "spools")] == [1, 2]


def test_the_descriptors_of_the_program_keep_their_numbers(tmp_path: Path) -> None:
    before = os.open(tmp_path, os.O_RDONLY)
    os.close(before)
    spool = Spool(tmp_path)
    spool.append("call", {})
    after = os.open(tmp_path, os.O_RDONLY)
    os.close(after)
    spool.close()
    assert after == before


def test_a_stopped_clock_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "time_ns", lambda: 42)
    one, other = Spool(tmp_path), Spool(tmp_path)
    one.append("call", {"number": 1})
    other.append("call", {"number": 2})
    assert sorted(data["number"] for data in payloads(tmp_path)) == [1, 2]


def test_a_directory_that_cannot_be_made_is_an_oserror(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="taken"):
        Spool(tmp_path / "taken").append("call", {})


def test_a_frame_that_did_not_fit_on_the_disk_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    spool.append("call", {"number": 1})
    room = [10]

    def write_while_there_is_room(descriptor: int, content: bytes) -> int:
        if room[0] == 0:
            raise OSError(28, "No space left on device")
        written = os.write(descriptor, content[: room[0]])
        room[0] -= written
        return written

    with monkeypatch.context() as full_disk:
        full_disk.setattr(spool_module, "write", write_while_there_is_room)
        for number in (2, 3):
            with pytest.raises(OSError, match="No space"):
                spool.append("call", {"number": number})
    spool.append("call", {"number": 4})
    one, damage, four = pieces(tmp_path)
    assert isinstance(one, Frame) and one.data == {"number": 1}
    assert isinstance(damage, Damage) and damage.end - damage.start == 11 and not damage.torn
    assert isinstance(four, Frame) and four.data == {"number": 4}


def test_a_full_disk_costs_no_descriptors_and_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    before = len(list(Path("/dev/fd").iterdir()))
    spool = Spool(tmp_path)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(spool_module, "write", refuse)
        for _ in range(20):
            with pytest.raises(OSError, match="No space"):
                spool.append("call", {})
        full_disk.setattr(spool_module, "write", lambda descriptor, content: 7)
        with pytest.raises(OSError, match="No space"):
            spool.append("call", {})
    assert files(tmp_path) == []
    assert len(list(Path("/dev/fd").iterdir())) == before
    spool.append("call", {"number": 1})
    assert payloads(tmp_path) == [{"number": 1}]


def written(tmp_path: Path, frames: int) -> Path:
    spool = Spool(tmp_path)
    for number in range(frames):
        spool.append("call", {"number": number})
    spool.close()
    return files(tmp_path)[0]


def test_every_cut_leaves_all_whole_frames_and_one_torn_tail(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    whole = path.read_bytes()
    ends = [piece.end for piece in read(path)]
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        found = list(read(path))
        frames = [piece for piece in found if isinstance(piece, Frame)]
        damages = [piece for piece in found if isinstance(piece, Damage)]
        assert len(frames) == sum(end <= size for end in ends)
        clean = size in (0, whole.index(b"\n") + 1, *ends)
        assert [damage.torn for damage in damages] == ([] if clean else [True])


@given(data=st.data())
def test_a_mangled_stretch_costs_only_the_frames_it_touches(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("spools"), 6)
    whole = path.read_bytes()
    frames = [piece for piece in read(path) if isinstance(piece, Frame)]
    start = data.draw(st.integers(frames[0].start, len(whole) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=80))
    mangled = whole[:start] + junk + whole[start + len(junk) :]
    path.write_bytes(mangled)
    untouched = [
        frame.data for frame in frames if mangled[frame.start : frame.end] == whole[frame.start : frame.end]
    ]
    found = list(read(path))
    assert [piece.data for piece in found if isinstance(piece, Frame)] == untouched
    assert bool([piece for piece in found if isinstance(piece, Damage)]) == (mangled != whole)


def test_a_mangled_heading_costs_no_frame(tmp_path: Path) -> None:
    path = written(tmp_path, 2)
    whole = path.read_bytes()
    for heading in (b"legacy-seam spool one\n", b"\n", b"", b"legacy-seam spool 1 "):
        path.write_bytes(heading + whole[whole.index(b"\n") + 1 :])
        assert [piece.data["number"] for piece in read(path) if isinstance(piece, Frame)] == [0, 1]


def test_damage_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    _, second, _ = read(path)
    whole = bytearray(path.read_bytes())
    whole[second.start + 20] ^= 1
    path.write_bytes(bytes(whole))
    damage = list(read(path))[1]
    assert isinstance(damage, Damage)
    assert (damage.start, damage.end) == (second.start, second.end)
    assert str(damage).startswith(f"{path}: {second.end - second.start} bytes from offset {second.start} cannot")


def test_reading_may_go_on_where_it_stopped(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    first = next(iter(read(path)))
    assert [piece.data for piece in read(path, first.end) if isinstance(piece, Frame)] == [
        {"number": 1},
        {"number": 2},
    ]


def test_a_spool_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"1-1{SUFFIX}"
    path.write_bytes(b"legacy-seam spool 7\nsomething else entirely\n")
    with pytest.raises(StoreTooNew, match=r"1-1\.spool was written by a later version .* \(format 7.*upgrade"):
        list(read(path))


@pytest.mark.parametrize("payload", [b"[1, 2]", b'["call"]', b"{}", b"[" * 100_000, b"not JSON"])
def test_a_frame_with_strange_content_is_damage(tmp_path: Path, payload: bytes) -> None:
    path = written(tmp_path, 1)
    checksum = zlib.crc32(payload)
    path.write_bytes(path.read_bytes() + b"%08x %08x %s\n" % (len(payload), checksum, payload))
    frame, damage = read(path)
    assert isinstance(frame, Frame)
    assert isinstance(damage, Damage)
