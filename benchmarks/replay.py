"""How fast calls are replayed, and how that grows with their number, beside peers in the same run.

    python benchmarks/replay.py [--quick] [--peers 10000]

A case is one call in the controlled world: clock, seed and state are put back before it, all that it did is
compared after it. A worker that has imported the program is reused, as it is by the second test of a session.

Four functions are replayed: one that only computes, one that reads a file, one that writes one, one that changes
a row of a small SQLite database. Then the first one 100 to 100,000 times. The peers verify the values of that
same function by stored files, in one pytest run each (`benchmarks/verify.py` says how). They run it as it
stands, with nothing put back. All but the floor, most of which keep a file for each value, stop at 10,000, or where
`--peers` says: beyond, they take minutes to hours.

Columns: cases a second of real time; microseconds of the processor a case costs in all processes together; cases a
second of one processor; how many times the bare call that is (in the same process, as it stands). The last line
says what one more case costs among many, beside what it costs among few.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import verify

from legacy_seam.calls import Call, FileState, Run
from legacy_seam.golden.world_text import named_by_content
from legacy_seam.replay import Batch, Conditions, Replayer
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Target

PROGRAM = '''
import sqlite3


def price(quantity, grade, discount):
    """A small pure function."""
    rate = 1.5 if grade == "A" else 2.25
    return round(quantity * rate * (1 - discount), 2)


def read(number):
    with open("in/rates.txt") as file:
        return len(file.read()) + number


def write(number):
    with open("out.txt", "w") as file:
        file.write(f"{number}\\n")


def book(number):
    connection = sqlite3.connect("shop.db")
    connection.execute("UPDATE stock SET count = count + ? WHERE id = 7", (number,))
    connection.commit()
    (count,) = connection.execute("SELECT count FROM stock WHERE id = 7").fetchone()
    connection.close()
    return count
'''
CATALOG = """
from shop import price


def describe(number):
    return price(number, "A", number % 7 / 10)
"""
INSTANT = 1_790_000_000.0
_LEAST = 0.02
"""Seconds: a difference of two runs of pytest that is smaller says nothing."""
PEERS_MOST = 10_000
"""Cases up to which all peers run: most keep a file for each, and take minutes beyond."""
FEWEST = 10_000
"""Cases to be replayed in all, in so many runs as that takes: the system counts processor time in hundredths."""


@dataclass(frozen=True)
class Subject:
    """A function, its goal in cases a second, the text of its arguments, the file it finds (path, content)."""

    name: str
    told: str
    goal: int
    arguments: Callable[[int], dict[str, str]]
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Speed:
    """What so many cases took: seconds of real time, and of processors."""

    cases: int
    real: float
    processors: float

    def __str__(self) -> str:
        each = 1e6 / self.cases
        rate = f"{self.cases / self.processors:10,.0f}" if self.processors else " " * 10
        return f"{self.cases / self.real:10,.0f} /s {self.processors * each:10.1f} us {rate} /s of a processor"


def subjects() -> tuple[Subject, ...]:
    """What is replayed."""

    def number(at: int) -> dict[str, str]:
        return {"number": str(at)}

    return (
        Subject(
            "price",
            "pure function",
            50_000,
            lambda at: {"quantity": str(at), "grade": "'A'", "discount": repr(at % 7 / 10)},
        ),
        Subject("read", "reads a file", 2_000, number, ("in/rates.txt", b"EUR 1.0\n" * 16)),
        Subject("write", "writes a file", 2_000, number),
        Subject("book", "changes a small SQLite database", 500, number, ("shop.db", small_database())),
    )


def small_database() -> bytes:
    """100 rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE stock (id INTEGER PRIMARY KEY, count INTEGER)")
        connection.executemany("INSERT INTO stock VALUES (?, ?)", [(at, at) for at in range(100)])
        connection.commit()
        return connection.serialize()


def replay_speed(place: Path, subject: Subject, cases: int, repeats: int) -> Speed:
    """The best of some runs of all cases in a warm worker; each must come out as it did the first time."""
    blobs = Blobs(place / "blobs")
    files = () if subject.file is None else (FileState(subject.file[0], blobs.put(subject.file[1])),)
    run = named_by_content(
        Run("", ("driver.py",), str(place), None, (".",), INSTANT, "UTC", {}, (), "3", sys.platform)
    )
    target = Target("shop", subject.name)
    calls = tuple(
        Call(target, f"{at:012x}", subject.arguments(at), {}, {}, INSTANT + at, files, None, run.identity)
        for at in range(cases)
    )
    best = float("inf")
    with Replayer(place, blobs, allow=(), keeps_workers=True) as replayer:
        approved = {
            one.identity: one.outcome
            for one in replayer.run([Batch(target, calls, run)], Conditions())
            if one.outcome
        }
        batch = Batch(target, calls, run, approved)
        processors = processor_seconds(os.getpid())
        for _ in range(repeats):
            before = time.perf_counter()
            same = sum(one.outcome is approved.get(one.identity) for one in replayer.run([batch], Conditions()))
            if same < cases:
                raise SystemExit(f"{subject.name}: {cases - same} of {cases} cases came out otherwise")
            best = min(best, time.perf_counter() - before)
        processors = processor_seconds(os.getpid()) - processors
    return Speed(cases, best, processors / repeats)


def bare_seconds(place: Path, subject: Subject, cases: int) -> float:
    """What the processor takes for one call of the function as it stands, nothing being put back."""
    home, before = place / "bare", Path.cwd()
    if subject.file is not None:
        (home / subject.file[0]).parent.mkdir(parents=True, exist_ok=True)
        (home / subject.file[0]).write_bytes(subject.file[1])
    home.mkdir(exist_ok=True)
    namespace: dict[str, Any] = {}
    exec(compile(PROGRAM, "shop.py", "exec"), namespace)
    function = namespace[subject.name]
    given = [{name: ast.literal_eval(text) for name, text in subject.arguments(at).items()} for at in range(cases)]
    os.chdir(home)
    try:
        began = time.process_time()
        for arguments in given:
            function(**arguments)
        return (time.process_time() - began) / cases
    finally:
        os.chdir(before)


def processor_seconds(process: int) -> float:
    """What a process, all below it, and those of these that have ended, have computed."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has ended meanwhile, or this system has no such files
        return 0.0
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(processor_seconds, map(int, children)))


def peer_speeds(place: Path, cases: int, most: int) -> dict[str, Speed | None]:
    """Verifying the same values, by peer; the cost of a pytest run that verifies nothing is taken off.

    Above `most` cases it is the floor alone that runs. None where what is left is less than starting pytest varies
    by.
    """
    (place / "catalog.py").write_text(CATALOG)
    (place / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    speeds: dict[str, Speed | None] = {}
    for number, one in enumerate(verify.CONTENDERS):
        if cases > most and one.needs is not None:
            continue
        if one.needs is not None and importlib.util.find_spec(one.needs) is None:
            print(f"  {one.name:<46} not installed: pip install --group bench")
            continue
        file = f"test_peer_{number}_{cases}.py"
        (place / file).write_text(one.test.replace("{cases}", str(cases)))
        record = verify.pytest_command(one.plugins, *verify.RECORDING.get(one.needs or "", []), file)
        environment = {**os.environ, **verify.ENVIRONMENT, "RECORDING": "1"}
        subprocess.run(record, cwd=place, capture_output=True, env=environment)
        (all_real, all_processors), (idle_real, idle_processors) = (
            timed(verify.pytest_command(one.plugins, path), place) for path in (file, "test_nothing.py")
        )
        spent = Speed(cases, all_real - idle_real, all_processors - idle_processors)
        speeds[one.name] = spent if spent.real > _LEAST else None
    return speeds


def timed(command: list[str], place: Path) -> tuple[float, float]:
    """Real time and processor time of a command."""
    began = time.perf_counter()
    processors = verify.processor_seconds(command, place)
    return time.perf_counter() - began, processors


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few cases: shows that it works, and little more")
    parser.add_argument("--peers", type=int, default=PEERS_MOST, help="cases up to which all peers run")
    options = parser.parse_args()
    cases, repeats = (300, 1) if options.quick else (5_000, 5)
    counts = (100, 1_000) if options.quick else (100, 1_000, 10_000, 100_000)
    place = Path(tempfile.mkdtemp(prefix="replay-benchmark-"))
    try:
        (place / "shop.py").write_text(PROGRAM)
        (place / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
        print(f"Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        print(f"\n{cases} cases each, min of {repeats}:")
        pure, *others = subjects()
        for subject in (pure, *others):
            some = cases * 4 if subject is pure else cases // 5
            speed, bare = replay_speed(place, subject, some, repeats), bare_seconds(place, subject, some)
            times = speed.processors / some / bare
            call = f"{times:,.0f} x the call ({bare * 1e6:.1f} us)"
            print(f"  {subject.told:<34} {speed}  {call}, goal {subject.goal:,} /s", flush=True)
        print("\ngrowth, and peers on the same values:")
        costs: list[float] = []
        for count in counts:
            speed = replay_speed(place, pure, count, 1 if options.quick else max(2, FEWEST // count))
            costs.append(speed.processors / count)
            print(f"  {f'{count:,} cases':<46} {speed}", flush=True)
            for name, spent in peer_speeds(place, count, options.peers).items():
                print(f"    {name:<44} {spent or '    too quick to tell'}", flush=True)
        few, many = costs[-2:]
        if few:
            print(f"\na case among {counts[-1]:,} costs {many / few:.2f} x what one among {counts[-2]:,} does")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
