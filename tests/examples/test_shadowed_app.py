"""A night of the bundled application with a thousand shadowed calls is, byte for byte, the night without them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "examples" / "legacy_app"
CALLS = 1_000

CANDIDATE = '''
import logging, os, random, sys


def apply_overrides(a, score, today):
    """A candidate that does what it should not."""
    random.seed(1)
    print("candidate", a["no"])
    logging.error("candidate")
    os.environ["HALLORAN_ENV"] = "test"
    a["balance"] = None
    a["fees"].append("candidate")
    for act in (lambda: open("halloran.db", "w"), lambda: os.remove("nightly.log"), lambda: os.system("true")):
        try:
            act()
        except OSError:
            pass
    if a["no"].endswith("7"):
        sys.exit(3)
    return score, []
'''

NIGHT = """
import datetime, hashlib, os, random, sys
import time_machine

mode, app = sys.argv[1:]
sys.path.insert(0, app)
with time_machine.travel(datetime.datetime(2026, 3, 10, 2, 15, tzinfo=datetime.UTC), tick=False):
    import collect, bureau, dbx, util

    bureau._rnd = random.Random(5)  # the one thing that is another every night, whatever is done
    dbx.conn.create_function("current_timestamp", 0, lambda: "2026-03-10 02:15:00")
    trial = None
    if mode != "none":
        from legacy_seam.experiment import Experiment, PredictionLog

        log = PredictionLog("../" + mode + ".db")
        trial = Experiment("overrides", collect.apply_overrides, "candidate:apply_overrides", mode, key="a.no",
                           breaker=False, deadline=30, waiting=5_000, log=log)
        collect.apply_overrides = trial
    result = collect.run_nightly()
    try:
        collect.finish(result)
    except UnicodeDecodeError as error:  # a note of account 137: every night
        print(error)
    state = random.getstate(), util.COUNTERS, util.ERRS, result["items"], result["debits"], dict(os.environ)
    dbx.conn.commit()
    dbx.conn.close()
print(hashlib.sha256(repr(state).encode()).hexdigest())
if trial is not None:
    assert trial.settle(60) and trial.counts()["compared"] == trial.counts()["calls"], trial.counts()
    assert "internal_errors" not in trial.counts(), trial.counts()
    print(trial.counts()["calls"], file=sys.stderr)
"""


def night(place: Path, mode: str) -> tuple[dict[str, str], str]:
    """The digests of all files of a night and of its output; and how many calls were shadowed."""
    place.mkdir()
    done = subprocess.run(
        [sys.executable, str(APP / "generate.py"), "--accounts", str(CALLS + 60), "--as-of", "2026-03-10", "."],
        cwd=place, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (place / "candidate.py").write_text(CANDIDATE)
    (place / "night.py").write_text(NIGHT)
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sys.executable, "night.py", mode, str(APP)], cwd=place, env=environment, capture_output=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr.decode()
    files = {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in place.rglob("*")
        if path.is_file()
    }
    return files | {"stdout": hashlib.sha256(ended.stdout).hexdigest()}, ended.stderr.decode().strip()


@pytest.fixture(scope="module")
def unshadowed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    files, _ = night(tmp_path_factory.mktemp("halloran") / "night", "none")
    assert {"halloran.db", "nightly.log", "stdout"} <= set(files) and any("letters" in name for name in files)
    return files


@pytest.mark.parametrize("mode", ["inline", "worker"])
def test_a_thousand_shadowed_calls_leave_the_night_as_it_is(
    mode: str, unshadowed: dict[str, str], tmp_path: Path
) -> None:
    files, shadowed = night(tmp_path / "night", mode)
    assert int(shadowed) >= CALLS
    assert files == unshadowed
