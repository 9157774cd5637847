"""The prediction log, in a SQLite file and on a PostgreSQL server."""

from __future__ import annotations

import datetime
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st

from experiment import candidates
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Experiment, Model, Observation, Outcome, PredictionLog, Raised, Verdict
from legacy_seam.experiment.log.encoding import NotStored, encoded, from_text, to_text
from legacy_seam.experiment.log.provenance import code_version

DATABASES = ["sqlite", "postgres"]


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "predictions.db")
    else:
        with request.getfixturevalue("postgres").database(f"predictions_{os.getpid()}") as url:
            yield url


@pytest.fixture
def log(place: str) -> Iterator[PredictionLog]:
    with PredictionLog(place, batch=20, interval=0.02) as log:
        yield log


def seen(number: int = 0, **changes: Any) -> Observation:
    """An observation as it comes, with some of its parts changed."""
    parts: dict[str, Any] = {
        "experiment": "score", "at": 1_795_755_623_361_877_566 + number * 1_000, "mode": "inline",
        "stage": "shadow", "arm": "legacy", "key": "account-17", "bucket": 0.25,
        "inputs": {"account": {"days": number}, "scale": 1.5},
        "control": Outcome(number, None, 1_000), "candidate": Outcome(number + 0.5, None, 2_000), "served": number,
        "verdict": Verdict(False, 0.5, "rows[3].amount", "so"), "model": Model("propensity", "3", "ab" * 32),
    }  # fmt: skip
    return Observation(**(parts | changes))


def test_every_field_is_kept(log: PredictionLog) -> None:
    log.write(seen(7, denied=("os.remove",), reason="out_of_range", detail="too high"))
    assert log.flush()
    (row,) = log.rows("score")
    assert (row.experiment, row.mode, row.stage, row.arm, row.bucket) == (
        "score",
        "inline",
        "shadow",
        "legacy",
        0.25,
    )
    assert (row.inputs, row.control, row.candidate, row.served) == (
        {"account": {"days": 7}, "scale": 1.5},
        7,
        7.5,
        7,
    )
    assert (row.matched, row.distance, row.path, row.difference) == (False, 0.5, "rows[3].amount", "so")
    assert (row.model_name, row.model_version, row.model_sha256) == ("propensity", "3", "ab" * 32)
    assert (row.reason, row.detail, row.denied) == ("out_of_range", "too high", ["os.remove"])
    assert (row.control_ns, row.candidate_ns, row.at) == (1_000, 2_000, "2026-11-27T05:00:23.361884Z")
    assert row.libraries["python"] == ".".join(map(str, sys.version_info[:3]))
    assert row.libraries["numpy"] == np.__version__
    assert row.key is not None and "17" not in row.key.replace("17", "", 1) and len(row.key) == 24
    assert row.code == code_version(str(Path(__file__).parent))
    assert row.id.startswith(row.run) and row.signature


def test_mismatches_of_one_kind_have_one_signature(log: PredictionLog) -> None:
    log.write(seen(1, verdict=Verdict(False, 1, "rows[3].amount", "one")))
    log.write(seen(2, verdict=Verdict(False, 2, "rows[9].amount", "other")))
    log.write(seen(3, verdict=Verdict(False, 2, "rows[9].days", "other")))
    log.write(seen(4, verdict=Verdict(True)))
    assert log.flush()
    one, other, third, matched = (row.signature for row in log.rows())
    assert one == other != third and matched is None


def test_calls_that_raised_or_were_not_run(log: PredictionLog) -> None:
    raised = Outcome(raised=Raised("KeyError", "'b'"), nanoseconds=5)
    log.write(seen(1, control=raised, candidate=None, verdict=None, served=None))
    log.write(seen(2, control=Outcome(None), candidate=raised, verdict=Verdict(False, reason="so")))
    assert log.flush()
    one, other = log.rows()
    assert one.control_raised == {"type": "KeyError", "message": "'b'"} and one.candidate_raised is None
    assert (one.matched, one.candidate_ns, one.distance) == (None, None, None)
    assert other.control is None and other.control_raised is None and other.candidate_raised is not None


def test_numbers_of_numpy_are_numbers(place: str, log: PredictionLog) -> None:
    values = [np.int64(3), np.float32(0.5), np.bool_(True), np.float64("nan"), np.array([1, 2])]
    for number, value in enumerate(values):
        log.write(seen(number, candidate=Outcome(value), inputs={"value": value}))
    assert log.flush()
    rows = list(log.rows())
    assert [row.candidate for row in rows[:3]] == [3, 0.5, True]
    assert rows[3].candidate != rows[3].candidate and rows[4].candidate == [1, 2]
    assert [row.inputs for row in rows[:3]] == [{"value": 3}, {"value": 0.5}, {"value": True}]
    if "://" not in place:
        with closing(sqlite3.connect(place)) as connection:
            kinds = [
                kind for (kind,) in connection.execute("SELECT typeof(candidate) FROM predictions ORDER BY at")
            ]
        assert kinds[:2] == ["integer", "real"] and "blob" not in kinds


def test_rows_can_be_asked_for(log: PredictionLog) -> None:
    log.write(seen(1, arm="candidate"))
    log.write(seen(2, experiment="other"))
    log.write(seen(3, verdict=None))
    assert log.flush()
    assert [row.control for row in log.rows("score")] == [1, 3]
    assert [row.control for row in log.rows(arm="candidate")] == [1]
    assert [row.control for row in log.rows(matched=None)] == [3]
    with pytest.raises(SeamError, match="cannot be asked for nonsense"):
        list(log.rows(nonsense=1))


def test_what_is_hidden_is_not_kept(place: str) -> None:
    with PredictionLog(place, hide=("account.name", "nothing.here")) as log:
        log.write(seen(1, inputs={"account": {"name": "Ann", "days": 3}}))
        assert log.flush()
        assert [row.inputs for row in log.rows()] == [{"account": {"name": "(hidden)", "days": 3}}]


def test_odd_texts_are_kept_as_far_as_databases_go(log: PredictionLog) -> None:
    log.write(seen(1, inputs={"file": "b\udcffd"}, detail="nul\0 and \udcff", key="\udcff"))
    log.write(seen(2))
    assert log.flush()
    assert log.counts()["written"] == 2 and log.counts()["refused"] == 0, log.error


def test_what_does_not_fit_is_dropped_and_counted(place: str) -> None:
    with PredictionLog(place, capacity=10, batch=10, interval=60) as log:
        with log._writer._state:  # as long as the thread cannot begin
            for number in range(9):
                log._writer._waiting.append(seen(number))
        for number in range(9, 200):
            log.write(seen(number))
        assert log.flush()
        counts = log.counts()
        assert counts["dropped"] > 0 and counts["dropped"] + counts["written"] == 200


def test_many_threads_write_into_one(log: PredictionLog) -> None:
    def write(first: int) -> None:
        for number in range(100):
            log.write(seen(first + number))

    threads = [threading.Thread(target=write, args=(first,)) for first in range(0, 800, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.flush()
    assert sorted(row.control for row in log.rows()) == list(range(800))


def test_a_table_that_vanishes_is_made_again(place: str, log: PredictionLog, drop: Callable[[str], None]) -> None:
    log.write(seen(1))
    assert log.flush()
    drop(place)
    log.write(seen(2))
    assert log.flush()
    assert [row.control for row in log.rows()] == [2]


@pytest.fixture
def drop() -> Callable[[str], None]:
    """Lets the database of a log vanish."""

    def drop(place: str) -> None:
        if "://" in place:
            engine = sqlalchemy.create_engine(place.replace("://", "+psycopg://"))
            with engine.begin() as connection:
                connection.execute(sqlalchemy.text("DROP TABLE predictions"))
            engine.dispose()
        for path in Path(place).parent.glob("predictions.db*"):
            path.unlink()

    return drop


KILLED = """
import sys, time
sys.path[:0] = {path!r}
from experiment.test_prediction_log import seen
from legacy_seam.experiment import PredictionLog

log = PredictionLog(sys.argv[1], batch=50, interval=30)
for number in range(100_000):
    log.write(seen(number))
    print(number, flush=True)
    time.sleep(0.0005)
"""


def test_a_process_that_is_killed_loses_one_batch_at_most(place: str) -> None:
    path = [str(Path(__file__).parent.parent)]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED.format(path=path), place], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        last = next(number for number in map(int, process.stdout) if number >= 420)
        process.send_signal(signal.SIGKILL)
        last = max([last, *map(int, process.stdout)])
    kept = sorted(row.control for row in PredictionLog(place).rows())
    assert kept == list(range(len(kept)))
    assert last - len(kept) <= 60  # a batch, and what came while one was written


def test_a_forked_child_writes_rows_of_its_own(log: PredictionLog) -> None:
    log.write(seen(1))
    assert log.flush()
    log.write(seen(2))
    if not (child := os.fork()):
        log.write(seen(3))
        os._exit(0 if log.flush() and log.counts()["written"] == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert log.flush()
    rows = list(log.rows())
    assert [row.control for row in rows] == [1, 2, 3]
    assert rows[0].run == rows[1].run != rows[2].run


# --- what is wrong with a SQLite file never reaches a caller


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "predictions.db"


def test_a_locked_file_does_not_hold_up_the_caller(file: Path) -> None:
    with PredictionLog(file, interval=0.01) as log:
        log.write(seen(1))
        assert log.flush()
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            begun = time.process_time()
            for number in range(2, 100):
                log.write(seen(number))
            assert not log.flush(timeout=1.5)
            assert time.process_time() - begun < 1
            other.execute("ROLLBACK")
        assert log.flush()
        assert log.counts()["failures"] >= 1 and "locked" in log.error
        assert len(list(log.rows())) == 99


def test_a_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    with PredictionLog(tmp_path / "later" / "predictions.db", interval=0.01) as log:
        log.write(seen(1))
        assert not log.flush(timeout=0.2)
        with pytest.raises(SeamError, match="cannot be written: OperationalError"):
            log.check()
        (tmp_path / "later").mkdir()
        assert log.flush()
        log.check()
        assert len(list(log.rows())) == 1


FULL = """
import resource, sys
sys.path[:0] = {path!r}
from experiment.test_prediction_log import seen
from legacy_seam.experiment import PredictionLog

resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
log = PredictionLog(sys.argv[1], batch=20, capacity=100, interval=0.01)
for number in range(600):
    log.write(seen(number))
    log.flush(0.001)
counts = log.counts()
assert counts["failures"] and counts["dropped"], counts
print("the program goes on")
"""


def test_a_full_disk(file: Path) -> None:
    path = [str(Path(__file__).parent.parent)]
    ended = subprocess.run(
        [sys.executable, "-c", FULL.format(path=path), str(file)], capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("the program goes on\n", "")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 60_000
    assert list(PredictionLog(file).rows())


def test_what_is_no_log_is_said_to_be_none(file: Path) -> None:
    file.write_text("nothing like a database, and long enough to be taken for one" * 20)
    log = PredictionLog(file, interval=0.01)
    log.write(seen(1))
    assert not log.flush(timeout=0.1)
    with pytest.raises(SeamError, match="not a database"):
        log.check()
    with pytest.raises(SeamError, match="cannot be read"):
        list(log.rows())
    log.close(timeout=0.1)
    assert log.counts()["dropped"] == 1


def test_a_log_of_a_newer_version_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SeamError, match="of a newer version"):
        PredictionLog(file).check()


def test_the_end_of_the_program_writes_what_waits(file: Path) -> None:
    path = [str(Path(__file__).parent.parent)]
    program = KILLED.replace("100_000", "5").format(path=path)
    subprocess.run([sys.executable, "-c", program, str(file)], check=True, capture_output=True, timeout=60)
    assert len(list(PredictionLog(file).rows())) == 5


def test_settings_that_make_no_log_are_refused(file: Path) -> None:
    with pytest.raises(SeamError, match="at least one batch"):
        PredictionLog(file, capacity=10, batch=20)


# --- and on a server


def test_a_server_that_is_not_there_does_not_hold_up_the_caller() -> None:
    log = PredictionLog("postgresql://nobody:secret@127.0.0.1:1/none", interval=0.01)
    log.write(seen(1))
    assert not log.flush(timeout=0.3)
    with pytest.raises(SeamError, match="cannot be written: OperationalError") as refusal:
        log.check()
    assert "secret" not in str(refusal.value)
    log.close(timeout=0.1)


def test_urls_of_anything_else_are_refused() -> None:
    with pytest.raises(SeamError, match="not in mysql"):
        PredictionLog("mysql://somebody@localhost/none")
    with pytest.raises(SeamError, match="cannot be read"):
        PredictionLog("postgresql://localhost:port/none")


# --- values as JSON


def test_scalars_and_containers_come_back(tmp_path: Path) -> None:
    value = {
        "when": datetime.datetime(2026, 11, 27, 5, tzinfo=datetime.UTC), "day": datetime.date(2026, 1, 2),
        "wait": datetime.timedelta(days=-1, seconds=3), "price": Decimal("1.10"), "share": Fraction(1, 3),
        "pair": (1, (2,)), "tags": {"b", "a"}, "frozen": frozenset({1}), 3: b"\xff", "$odd": 10**30,
        "at": datetime.time(5),
    }  # fmt: skip
    assert from_text(to_text(value)) == value


def test_what_has_no_word_is_described() -> None:
    text = to_text({"lock": threading.Lock()})
    assert '"$object":"_thread.lock"' in text
    with pytest.raises(NotStored):
        from_text(text)


def test_values_without_end_are_described() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "$object" in str(encoded(endless))


keys = st.text(max_size=4) | st.integers() | st.booleans()
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.uuids()
    | st.binary(max_size=3) | st.decimals(allow_nan=False) | st.dates() | st.datetimes() | st.timedeltas()
    | st.fractions()
)  # fmt: skip
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(plain)
def test_encoding_is_undone_by_decoding(value: Any) -> None:
    found = from_text(to_text(value))
    assert found == value and repr(found) == repr(value).replace(", fold=1", "")


# --- together with an experiment


def test_an_experiment_writes_what_it_has_seen(log: PredictionLog) -> None:
    trial = Experiment("e", candidates.describe, candidates.raise_it, "inline", key="account.name", log=log)
    assert trial({"name": "Ann", "balance": 3}) == "Ann owes 3"
    assert log.flush()
    (row,) = log.rows("e")
    assert row.inputs == {"account": {"name": "Ann", "balance": 3}} and row.control == "Ann owes 3"
    assert row.candidate_raised is not None and row.candidate_raised["type"] == "ValueError"
