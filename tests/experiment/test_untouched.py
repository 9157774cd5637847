"""A thousand shadowed calls leave database, files, output, logs and random state as they are without a shadow."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

LEGACY = '''
import logging, random, sqlite3

CONNECTION = sqlite3.connect("night.db", isolation_level=None)
CONNECTION.execute("PRAGMA synchronous = OFF")
CONNECTION.execute("CREATE TABLE scores (account, score, at)")
CALLS = 0
_score_impl = None


def score(account):
    """The seam."""
    return _score_impl(account)


def _score_legacy(account):
    global CALLS
    CALLS += 1
    points = 700 - account["days"] + random.random()
    account["history"].append(points)
    CONNECTION.execute("INSERT INTO scores VALUES (?, ?, ?)", (account["id"], points, CALLS))
    with open("letters.txt", "a") as letters:
        letters.write(f"Dear {account['name']}, {points:.3f}\\n")
    print("scored", account["id"], end="\\r")
    logging.getLogger("night").info("account %s has %s", account["id"], points)
    if account["id"] % 97 == 0:
        raise LookupError(f"no account {account['id']}")
    return points


_score_impl = _score_legacy
'''

CANDIDATE = '''
import logging, os, random, sys
import numpy as np


def score(account):
    """A candidate that does everything it should not."""
    random.seed(1)
    np.random.seed(2)
    print("candidate", account["id"])
    print("candidate", file=sys.stderr)
    logging.getLogger("night").error("candidate")
    logging.getLogger().setLevel(logging.INFO)
    os.environ["NIGHT"] = "candidate"
    account["history"].clear()
    import legacy
    try:
        legacy.CONNECTION.execute("DELETE FROM scores")
    except Exception:
        pass
    try:
        open("letters.txt", "w")
    except OSError:
        pass
    legacy.score(account)
    if account["id"] % 10 == 0:
        sys.exit(3)
    return np.float64(700 - account["days"])

'''

NIGHT = """
import hashlib, logging, os, random, sys
import numpy as np
mode = sys.argv[1]
logging.basicConfig(
    filename="night.log", level=logging.INFO, format="%(levelname)s %(name)s %(funcName)s:%(lineno)d %(message)s"
)
import legacy
random.seed(20261127)
np.random.seed(7)
if mode != "none":
    from legacy_seam.experiment import Experiment, PredictionLog
    trial = Experiment("score", legacy._score_legacy, "candidate:score", mode, key="account.id", breaker=False,
                       log=PredictionLog(sys.argv[2]), deadline=30, waiting=5_000)
    legacy._score_impl = trial
for number in range(int(sys.argv[3])):
    account = {"id": number, "days": random.randrange(100), "name": "Ann", "history": []}
    try:
        legacy.score(account)
    except LookupError as error:
        print(error)
    assert len(account["history"]) == 1
numpy_state = np.random.get_state()
state = random.getstate(), numpy_state[1].tolist(), numpy_state[2:], dict(os.environ), legacy.CALLS
print(hashlib.sha256(repr(state).encode()).hexdigest())
if mode != "none":
    assert trial.settle(60)
    counts = trial.counts()
    assert counts["compared"] + counts.get("candidate_timeout", 0) == int(sys.argv[3]), counts
    assert "internal_errors" not in counts, counts
"""


def night(place: Path, mode: str, calls: int) -> dict[str, str]:
    """What one night leaves behind: the digest of each file, and of what was printed."""
    place.mkdir()
    for name, text in (("legacy", LEGACY), ("candidate", CANDIDATE), ("night", NIGHT)):
        (place / f"{name}.py").write_text(text)
    ended = subprocess.run(
        [sys.executable, "-B", "night.py", mode, str(place.parent / f"{mode}.db"), str(calls)],
        cwd=place, capture_output=True, timeout=180, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    assert not (place / "__pycache__").exists()
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.iterdir() if path.is_file()
    }
    return digests | {"stdout": ended.stdout.decode(), "stderr": ended.stderr.decode()}


@pytest.mark.parametrize(
    ("mode", "calls"),
    [("inline", 1_000), ("worker", 1_000), ("fork", 100)],  # of a process with numpy in it a copy takes its time
)
def test_a_thousand_shadowed_calls_leave_no_trace(mode: str, calls: int, tmp_path: Path) -> None:
    assert night(tmp_path / "night", mode, calls) == night(tmp_path / "unshadowed", "none", calls)
