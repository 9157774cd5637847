"""Recordings: each frame is folded exactly once, and whatever goes wrong is said in one sentence."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import Call, Count, Effect, FileState, Outcome, Run
from legacy_seam.store import folding, wire
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError, StoreTooNew
from legacy_seam.store.folding import Folded
from legacy_seam.store.layout import Layout
from legacy_seam.store.ledger import Finding, Verdict
from legacy_seam.store.recordings import Recordings
from legacy_seam.store.spool import Spool
from legacy_seam.targets import Target

SCORE = Target("shop.rules", "Account.score")
CALL = Call(
    target=SCORE,
    identity="c1",
    arguments={"self": "shop.rules:Account(id=7)", "day": "date(2024, 1, 31)"},
    closure={},
    state={"shop.rules:CACHE": "{}"},
    instant=100.0,
    files=(FileState("rates.csv", "0" * 32),),
    observed=Outcome((Effect("returned", "", "12"),)),
    run="r1",
    defaulted=("limit",),
)
RUN = Run(
    identity="r1",
    command=("night.py", "--all"),
    directory="/srv/shop",
    main=("night", "night.py"),
    search_path=(".",),
    started=99.0,
    timezone="Europe/Berlin",
    environment={"MODE": "batch", "HOME": None},
    files=(),
    python="3.11.7",
    platform="linux",
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / ".legacy-seam"


@pytest.fixture
def spool(store: Path) -> Iterator[Spool]:
    spool = Spool(Layout(store).spools)
    yield spool
    spool.close()


def record(spool: Spool, *calls: Call) -> None:
    for call in calls:
        spool.append("call", wire.call_to_data(call))


def spools(store: Path) -> list[Path]:
    return folding.spool_files(Layout(store))


def test_a_new_store_is_empty_and_left_out_of_git(store: Path) -> None:
    recordings = Recordings(store)
    assert recordings.fold() == Folded()
    assert not [*recordings.targets(), *recordings.runs(), *recordings.findings(), *recordings.verdicts()]
    assert (store / ".gitignore").read_text() == "*\n"


def test_what_was_spooled_can_be_asked(store: Path, spool: Spool) -> None:
    later = replace(CALL, identity="c2", instant=200.0)
    early = replace(CALL, identity="c3", instant=50.0)
    other = replace(CALL, target=Target("shop.report", "print_all"))
    spool.append("run", wire.run_to_data(RUN))
    record(spool, CALL, later, early, other)
    recordings = Recordings(store)
    assert recordings.fold() == Folded(calls=4, runs=1)
    assert recordings.targets() == [other.target, SCORE]
    assert recordings.calls(SCORE) == [early, CALL, later]
    assert recordings.runs() == [RUN]
    assert recordings.run("r1") == RUN


def test_an_unknown_run_is_told(store: Path) -> None:
    with pytest.raises(StoreError, match="calls of a run r9 but not the run itself"):
        Recordings(store).run("r9")


def test_a_later_run_frame_replaces_an_earlier_one(store: Path, spool: Spool) -> None:
    spool.append("run", wire.run_to_data(RUN))
    finished = replace(RUN, environment={"MODE": "batch", "HOME": None, "LANG": "C"})
    spool.append("run", wire.run_to_data(finished))
    recordings = Recordings(store)
    assert recordings.fold().runs == 1
    assert recordings.runs() == [finished]


def test_the_same_call_of_several_runs_is_stored_once_and_counted(store: Path) -> None:
    for run in ("r1", "r2", "r3"):
        spool = Spool(Layout(store).spools)
        record(spool, replace(CALL, run=run))
        spool.close()
    recordings = Recordings(store)
    assert recordings.fold() == Folded(calls=1, again=2)
    assert [call.run for call in recordings.calls(SCORE)] == ["r1"]
    assert recordings.seen(SCORE) == {"c1": 3}


def test_folding_again_changes_nothing(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    recordings = Recordings(store)
    recordings.fold()
    kept = spools(store)[0].read_bytes()
    assert recordings.fold() == Folded()
    spool.close()
    assert recordings.fold() == Folded()
    assert spools(store) == []
    for name in ("1-1.spool", "2-2.spool"):
        (Layout(store).spools / name).write_bytes(kept)
    recordings.fold()
    assert recordings.seen(SCORE) == {"c1": 3}


def test_a_spool_that_is_restored_after_removal_is_not_folded_again(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    spool.close()
    path = spools(store)[0]
    content = path.read_bytes()
    recordings = Recordings(store)
    recordings.fold()
    path.write_bytes(content)
    assert recordings.fold() == Folded()
    assert recordings.seen(SCORE) == {"c1": 1}


def test_a_spool_in_use_is_folded_as_far_as_it_goes_and_kept(store: Path, spool: Spool) -> None:
    recordings = Recordings(store)
    record(spool, CALL)
    recordings.fold()
    record(spool, replace(CALL, identity="c2"))
    assert recordings.fold() == Folded(calls=1)
    assert len(spools(store)) == 1
    record(spool, replace(CALL, identity="c3"))
    spool.close()
    assert recordings.fold() == Folded(calls=1)
    assert spools(store) == []
    assert [call.identity for call in recordings.calls(SCORE)] == ["c1", "c2", "c3"]


def test_a_half_written_frame_of_a_living_process_is_left_for_later(store: Path, spool: Spool) -> None:
    record(spool, CALL, replace(CALL, identity="c2"))
    path = spools(store)[0]
    whole = path.read_bytes()
    os.truncate(path, len(whole) - 7)
    recordings = Recordings(store)
    assert recordings.fold() == Folded(calls=1)
    with path.open("ab") as file:
        file.write(whole[-7:])
    assert recordings.fold() == Folded(calls=1)


def test_a_crash_while_folding_leaves_all_to_the_next_folding(
    store: Path, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(spool, *(replace(CALL, identity=f"c{number}") for number in range(1200)))
    spool.close()
    recordings = Recordings(store)
    with monkeypatch.context() as crash:
        crash.setattr(folding._Folding, "_settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            recordings.fold()
    assert recordings.targets() == []
    assert recordings.fold() == Folded(calls=1200)


def test_a_kill_between_commit_and_removal_counts_nothing_twice(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    spool.close()
    source = """
        import os, sys
        from pathlib import Path
        from legacy_seam.store import folding
        from legacy_seam.store.recordings import Recordings
        folding._put_away = lambda *_: os.kill(os.getpid(), 9)
        Recordings(Path(sys.argv[1])).fold()
        """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(source), str(store)], check=False)
    assert killed.returncode == -9
    assert len(spools(store)) == 1
    recordings = Recordings(store)
    assert recordings.fold() == Folded()
    assert spools(store) == []
    assert recordings.seen(SCORE) == {"c1": 1}


def test_two_processes_may_fold_at_the_same_time(store: Path) -> None:
    for _ in range(6):
        spool = Spool(Layout(store).spools)
        record(spool, *(replace(CALL, identity=f"c{number}") for number in range(300)))
        spool.close()
    source = """
        import sys
        from pathlib import Path
        from legacy_seam.store.recordings import Recordings
        assert not Recordings(Path(sys.argv[1])).fold().damages
        """
    command = [sys.executable, "-c", textwrap.dedent(source), str(store)]
    folders = [subprocess.Popen(command) for _ in range(3)]
    assert [folder.wait() for folder in folders] == [0, 0, 0]
    assert set(Recordings(store).seen(SCORE).values()) == {6}
    assert len(Recordings(store).calls(SCORE)) == 300


def test_a_damaged_spool_is_reported_and_kept_and_the_rest_is_processed(store: Path) -> None:
    for identity in ("c1", "c2"):
        spool = Spool(Layout(store).spools)
        record(spool, replace(CALL, identity=identity), replace(CALL, identity=identity + "x"))
        spool.close()
    mangled = spools(store)[0]
    content = bytearray(mangled.read_bytes())
    content[60] ^= 1
    mangled.write_bytes(bytes(content))
    recordings = Recordings(store)
    folded = recordings.fold()
    assert folded.calls == 3
    [damage] = folded.damages
    assert damage.path == Layout(store).damaged / mangled.name
    assert damage.path.read_bytes() == bytes(content)
    assert spools(store) == []
    [finding] = recordings.findings()
    assert mangled.name in finding.what
    assert recordings.fold() == Folded()


@pytest.mark.parametrize(
    ("kind", "data", "complaint"),
    [
        ("call", {"target": "m:f"}, "has no 'identity'"),
        ("call", {**wire.call_to_data(CALL), "instant": float("nan")}, "wrong 'instant'"),
        ("count", {"target": "m:f", "seen": -1}, "wrong 'seen'"),
        ("weather", {"sky": "blue"}, "'weather' are not known"),
        ("call", {**wire.call_to_data(CALL), "target": "m:\ud83d"}, "surrogates not allowed"),
    ],
)
def test_a_frame_that_makes_no_sense_is_damage(
    store: Path, spool: Spool, kind: str, data: dict[str, object], complaint: str
) -> None:
    spool.append(kind, data)
    record(spool, CALL)
    spool.close()
    folded = Recordings(store).fold()
    assert folded.calls == 1
    assert [complaint in damage.why for damage in folded.damages] == [True]


def test_a_spool_of_a_later_version_stays_and_the_rest_is_processed(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    spool.close()
    newer = Layout(store).spools / "1-1.spool"
    newer.write_bytes(b"legacy-seam spool 2\nwho knows\n")
    folded = Recordings(store).fold()
    assert folded.calls == 1
    [damage] = folded.damages
    assert str(damage).startswith(f"The spool {newer} was written by a later version")
    assert "later version" in damage.why
    assert spools(store) == [newer]


def test_counts_are_cumulative_within_a_process_and_run_and_added_over_all(store: Path) -> None:
    for run in ("r1", "r2"):
        spool = Spool(Layout(store).spools)
        for seen in (4, 9):
            count = Count(seen=seen, kept=1, duplicate=seen - 3, sampled_out=1, failed=1, why={"RecursionError": 1})
            spool.append("count", {**wire.count_to_data(SCORE, count), "run": run})
        spool.close()
    recordings = Recordings(store)
    recordings.fold()
    expected = Count(seen=18, kept=2, duplicate=12, sampled_out=2, failed=2, why={"RecursionError": 2})
    assert recordings.counts() == {SCORE: expected}


def test_calls_of_a_process_that_was_killed_before_it_counted_are_counted(store: Path, spool: Spool) -> None:
    spool.append("count", wire.count_to_data(SCORE, Count(seen=3, kept=1, duplicate=2)))
    record(spool, CALL, replace(CALL, identity="c2"))
    recordings = Recordings(store)
    recordings.fold()
    assert recordings.counts() == {SCORE: Count(seen=4, kept=2, duplicate=2)}


def test_findings_are_kept_once_even_with_names_that_are_not_text(store: Path, spool: Spool) -> None:
    findings = [Finding(None, "bad\udcff.py", "not UTF-8"), Finding(SCORE, "shop/rules.py", "no source")]
    for finding in findings * 2:
        spool.append("finding", wire.finding_to_data(finding))
    recordings = Recordings(store)
    recordings.fold()
    assert sorted(recordings.findings(), key=str) == sorted(findings, key=str)


def test_a_verdict_replaces_the_one_before(store: Path) -> None:
    recordings = Recordings(store)
    assert recordings.verdict(SCORE) is None
    recordings.save_verdict(Verdict(SCORE, "unstable", 0, "the clock", "shop/rules.py:41"))
    pinned = Verdict(SCORE, "pinned", 12, depends_on=("clock at shop/rules.py:41",))
    recordings.save_verdict(pinned)
    other = Verdict(Target("a", "b"), "refused", 0, "opens a socket", None)
    recordings.save_verdict(other)
    assert Recordings(store).verdict(SCORE) == pinned
    assert Recordings(store).verdicts() == [other, pinned]


def test_clear_forgets_everything(store: Path) -> None:
    spool = Spool(Layout(store).spools)
    record(spool, CALL)
    spool.close()
    digest = Blobs(Layout(store).blobs).put(b"rates")
    recordings = Recordings(store)
    recordings.fold()
    recordings.save_verdict(Verdict(SCORE, "pinned", 1))
    (Layout(store).spools / "1-1.spool").write_bytes(b"not folded yet")
    recordings.clear()
    assert not [*recordings.targets(), *recordings.verdicts(), *spools(store)]
    assert recordings.counts() == {}
    assert not Blobs(Layout(store).blobs).has(digest)
    assert recordings.fold() == Folded()


def test_clear_does_not_pull_the_store_from_under_a_recording(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    recordings = Recordings(store)
    recordings.fold()
    with pytest.raises(StoreError, match="A program is still being recorded into"):
        recordings.clear()
    assert recordings.targets() == [SCORE]


def test_a_store_of_a_later_version_is_refused(store: Path) -> None:
    Recordings(store)
    with sqlite3.connect(Layout(store).database) as connection:
        connection.execute("UPDATE format SET version = 9")
    connection.close()
    with pytest.raises(StoreTooNew, match=r"recordings\.db were made by a later version .*\(format 9.*upgrade"):
        Recordings(store)


def test_a_store_that_was_left_half_made_is_finished(store: Path) -> None:
    Recordings(store)
    with sqlite3.connect(Layout(store).database) as connection:
        connection.executescript("DELETE FROM format; DROP TABLE calls;")
    connection.close()
    assert Recordings(store).targets() == []


def test_a_file_that_is_no_database_is_told(store: Path) -> None:
    Layout(store).prepare().database.write_text("Dear diary, " * 500)
    with pytest.raises(StoreError, match=r"recordings\.db cannot be used: it is no database of recordings; move"):
        Recordings(store)


def test_a_database_in_use_is_told(store: Path) -> None:
    recordings = Recordings(store, patience=0.05)
    other = sqlite3.connect(Layout(store).database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="another process is using them; try again"):
        recordings.save_verdict(Verdict(SCORE, "pinned", 1))
    other.close()


@contextlib.contextmanager
def each_connection_is_told(statement: str) -> Iterator[None]:
    """Limits of SQLite that hold for one connection hold for all that are opened meanwhile."""

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **options)
        connection.execute(statement)
        return connection

    real = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        yield


def test_a_full_database_is_told_and_the_spool_stays(store: Path, spool: Spool) -> None:
    recordings = Recordings(store)
    with contextlib.closing(sqlite3.connect(Layout(store).database)) as connection:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
    record(spool, *(replace(CALL, identity=f"c{number}") for number in range(500)))
    spool.close()

    with (
        each_connection_is_told(f"PRAGMA max_page_count = {pages}"),
        pytest.raises(StoreError, match="the disk is full; make some room and try again"),
    ):
        recordings.fold()
    assert len(spools(store)) == 1
    assert Recordings(store).fold() == Folded(calls=500)


def test_a_place_where_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"taken cannot be made \(.*choose another with --store"):
        Recordings(tmp_path / "taken")


def test_a_database_that_may_not_be_written_can_still_be_asked(store: Path) -> None:
    spool = Spool(Layout(store).spools)
    record(spool, CALL)
    spool.close()
    recordings = Recordings(store)
    recordings.fold()

    with each_connection_is_told("PRAGMA query_only = ON"):
        assert recordings.calls(SCORE) == [CALL]
        with pytest.raises(StoreError, match="they may not be written to; change that"):
            recordings.save_verdict(Verdict(SCORE, "pinned", 1))


def test_a_spool_that_cannot_be_opened_is_reported_and_the_rest_is_processed(store: Path, spool: Spool) -> None:
    record(spool, CALL)
    spool.close()
    obstacle = Layout(store).spools / "1-1.spool"
    obstacle.mkdir()
    folded = Recordings(store).fold()
    assert folded.calls == 1
    assert [damage.path for damage in folded.damages] == [obstacle]
    assert "directory" in str(folded.damages[0])
