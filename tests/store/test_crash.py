"""Whatever kills writers and folders, and whenever: what was acknowledged is in the database, once."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

from legacy_seam.calls import Count
from legacy_seam.store.folding import spool_files
from legacy_seam.store.layout import Layout
from legacy_seam.store.recordings import Recordings
from legacy_seam.store.spool import LARGE, Damage, Frame, Spool, process_of, read
from legacy_seam.store.wire import call_to_data, count_to_data
from store.test_recordings import CALL, SCORE

WRITER = """
    import json, os, sys
    from pathlib import Path
    from legacy_seam.store.layout import Layout
    from legacy_seam.store.spool import Spool
    call, count = json.loads(sys.argv[5])
    spool = Spool(Layout(Path(sys.argv[1])).spools, large=int(sys.argv[4]))
    for number in range(int(sys.argv[3])):
        identity = f"{sys.argv[2]}-{number}"
        spool.append("call", {**call, "identity": identity})
        spool.append("count", {**count, "seen": number + 1, "kept": number + 1})
        os.write(1, (identity + "\\n").encode())
"""
FOLDER = """
    import sys
    from pathlib import Path
    from legacy_seam.store.recordings import Recordings
    recordings = Recordings(Path(sys.argv[1]))
    print("ready", flush=True)
    while True:
        recordings.fold()
"""


FRAMES = json.dumps([call_to_data(CALL), {**count_to_data(SCORE, Count(1, 1)), "run": "r1"}])


def start(source: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(source), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kept(store: Path) -> set[str]:
    return {call.identity for call in Recordings(store).calls(SCORE)}


def fold_all(store: Path) -> None:
    """Fold to the end; what a killed process was in the middle of writing is all that may be missing."""
    folded = Recordings(store).fold()
    assert all(damage.torn for damage in folded.damages), folded.damages


def test_writers_that_are_killed_at_any_moment(tmp_path: Path) -> None:
    store, chance = tmp_path / "store", random.Random(4)
    acknowledged: set[str] = set()
    for trial in range(24):
        writer = start(WRITER, store, trial, 10_000, chance.choice([LARGE, 3_000]), FRAMES)
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 60)):
            acknowledged.add(writer.stdout.readline().strip())
        writer.send_signal(signal.SIGKILL)
        acknowledged |= set(writer.stdout.read().split("\n")[:-1])
        writer.stdout.close()
        writer.wait()
        if trial % 3 == 0:
            fold_all(store)
    fold_all(store)
    stored = kept(store)
    assert len(acknowledged) > 24
    assert acknowledged - {""} <= stored
    counted = Recordings(store).counts()[SCORE].seen
    assert len(acknowledged - {""}) <= counted <= len(stored)
    assert spool_files(Layout(store)) == []
    assert Recordings(store).fold().calls == 0


def test_eight_writers_while_folders_are_killed(tmp_path: Path) -> None:
    store, chance = tmp_path / "store", random.Random(7)
    Recordings(store)
    writers = [start(WRITER, store, writer, 150, 20_000, FRAMES) for writer in range(8)]
    for _ in range(8):
        folder = start(FOLDER, store)
        assert folder.stdout is not None
        folder.stdout.readline()
        try:
            folder.wait(chance.random() * 0.1)
        except subprocess.TimeoutExpired:
            folder.kill()
        folder.stdout.close()
        folder.wait()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    Recordings(store).fold()
    everything = {f"{writer}-{number}" for writer in range(8) for number in range(150)}
    assert kept(store) == everything
    assert Recordings(store).counts() == {SCORE: Count(1200, 1200)}
    assert set(Recordings(store).seen(SCORE).values()) == {1}
    assert Recordings(store).findings() == []
    assert spool_files(Layout(store)) == []


def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    source = """
        import os, resource, sys
        from pathlib import Path
        from legacy_seam.store.layout import Layout
        from legacy_seam.store.spool import Spool
        spool = Spool(Layout(Path(sys.argv[1])).spools)
        lost = 0
        def limit(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        for number in range(60):
            if number == 10: limit(2000)
            if number == 40: limit(resource.RLIM_INFINITY)
            try:
                spool.append("finding", {"target": None, "what": f"thing {number}", "why": "x" * 100})
                print(number)
            except OSError:
                lost += 1
        assert 0 < lost < 30, lost
    """
    store = tmp_path / "store"
    writer = start(source, store)
    printed, _ = writer.communicate()
    assert writer.returncode == 0
    Recordings(store).fold()
    found = {finding.what for finding in Recordings(store).findings()}
    assert {f"thing {number}" for number in printed.split()} == {what for what in found if what.startswith("thing")}


def test_a_clock_that_jumps_back_hides_no_later_spool(tmp_path: Path) -> None:
    source = """
        import json, os, sys, time
        time.time_ns = lambda: 7
        os.getpid = lambda: 1          # the first process of a container
        from pathlib import Path
        from legacy_seam.store.layout import Layout
        from legacy_seam.store.spool import Spool
        call = json.loads(sys.argv[3])[0]
        Spool(Layout(Path(sys.argv[1])).spools).append("call", {**call, "identity": sys.argv[2]})
    """
    store = tmp_path / "store"
    for number in range(3):
        writer = start(source, store, number, FRAMES)
        writer.communicate()
        assert writer.returncode == 0
        fold_all(store)
    assert kept(store) == {"0", "1", "2"}


def test_a_large_file_is_left_behind_and_can_be_folded_while_its_process_lives(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "store")
    spool = Spool(layout.spools, large=2_000)
    for number in range(40):
        spool.append("call", {**call_to_data(CALL), "identity": str(number)})
        spool.append("count", {**count_to_data(SCORE, Count(number + 1, number + 1)), "run": "r1"})
    assert len(spool_files(layout)) > 5
    assert len({process_of(path.name) for path in spool_files(layout)}) == 1
    recordings = Recordings(layout.directory)
    assert recordings.fold().calls == 40
    assert len(spool_files(layout)) == 1
    assert recordings.counts() == {SCORE: Count(40, 40)}
    spool.append("count", {**count_to_data(SCORE, Count(45, 40, 5)), "run": "r1"})
    spool.close()
    spool.append("count", {**count_to_data(SCORE, Count(46, 40, 6)), "run": "r1"})
    recordings.fold()
    assert recordings.counts() == {SCORE: Count(46, 40, 6)}


def test_threads_that_write_while_files_are_left_behind_write_nowhere_else(tmp_path: Path) -> None:
    layout, gate = Layout(tmp_path / "store"), threading.Barrier(6)
    spool = Spool(layout.spools, large=4_000)

    def write(writer: int) -> None:
        gate.wait()
        for number in range(150):
            spool.append("finding", {"target": None, "what": f"{writer}-{number}", "why": "y" * 50})

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pieces = [piece for path in spool_files(layout) for piece in read(path)]
    assert not [piece for piece in pieces if isinstance(piece, Damage)]
    found = [piece.data["what"] for piece in pieces if isinstance(piece, Frame)]
    assert sorted(found) == sorted(f"{writer}-{number}" for writer in range(6) for number in range(150))
    spool.close()
    assert not [link for link in Path("/proc/self/fd").iterdir() if str(layout.spools) in _target_of(link)]


def test_counts_of_processes_that_ended_are_one_row_per_run_and_target(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for writer in range(3):
        start(WRITER, store, writer, 5, LARGE, FRAMES).communicate()
    recordings = Recordings(store)
    recordings.fold()
    recordings.fold()
    assert recordings.counts() == {SCORE: Count(15, 15)}
    with contextlib.closing(sqlite3.connect(recordings.layout.database)) as connection:
        assert connection.execute("select spool, run from counts").fetchall() == [("", "r1")]


def _target_of(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
