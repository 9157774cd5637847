"""Real programs, recorded, pinned, verified elsewhere: what share of their functions holds, how many false alarms.

    python benchmarks/programs.py [NAME...] [--rounds 20] [--seed 0] [--place DIR] [--json FILE]

Each program is fetched with pip into a project of its own, what it needs beside it; `benchmarks/drivers/NAME.py`
drives it as its documentation does, or `NAME.sh` from the command line, in one process after the other, each begun
with `$PYTHON`. It runs plainly and recorded under one hash seed, which must print the same, is
pinned, and is verified in rounds as `benchmarks/stability.py` has them. Nothing of a program is changed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stability import SEAM, Surroundings, moved_clock, verify_in

DRIVERS = Path(__file__).with_name("drivers")
LONGEST = 1800
"""Seconds that a step may take."""
REQUIREMENTS = {
    "adventure": "adventure==1.6",
    "bottle": "bottle==0.13.4",
    "buku": "buku==5.1",
    "crontab": "python-crontab==3.4.0",
    "csv2ofx": "csv2ofx==0.34.2",
    "csvkit": "csvkit==2.2.0",
    "dataset": "dataset==2.0.0",
    "diskcache": "diskcache==5.6.3",
    "doit": "doit==0.37.0",
    "faker": "Faker==40.63.0",
    "fpdf": "fpdf==1.7.2",
    "jrnl": "jrnl==4.6",
    "langdetect": "langdetect==1.0.9",
    "markdown2": "markdown2==2.5.5",
    "mt940": "mt-940==4.30.0",
    "ofxparse": "ofxparse==0.21",
    "openpyxl": "openpyxl==3.1.5",
    "parsedatetime": "parsedatetime==2.6",
    "peewee": "peewee==4.5.3",
    "pelican": "pelican==4.12.0",
    "petl": "petl==1.7.30",
    "pydal": "pydal==20260520.0",
    "qifparse": "qifparse==0.5",
    "rss2email": "rss2email==3.14",
    "schedule": "schedule==1.2.2",
    "simpy": "simpy==4.1.1",
    "sqlite_utils": "sqlite-utils==4.2.1",
    "termgraph": "termgraph==0.4.2",
    "tinydb": "tinydb==4.9.0",
    "todoman": "todoman==4.7.0",
    "topydo": "topydo==0.16",
    "transitions": "transitions==0.9.3",
    "utt": "utt==1.32",
    "vobject": "vobject==0.9.9",
    "watson": "td-watson==2.1.0",
    "xkcdpass": "xkcdpass==1.30.0",
}
"""What pip is asked for, by the name of the driver."""


@dataclass
class Figures:
    """What was seen of one program.

    same:     the recorded program printed what it prints unrecorded, and ended as it does; None where nobody can
              say: it prints something else each time.
    seconds:  of processor time: plain, recorded, pinned.
    executed: functions of the program that ran, and were seen.
    reasons:  why functions were not pinned, and how many for that.
    alarms:   lines, one for each golden master that did not hold in a round.
    """

    program: str
    same: bool | None = True
    seconds: dict[str, float] = field(default_factory=dict)
    executed: int = 0
    pinned: int = 0
    cases: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    alarms: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = 100 * self.pinned / self.executed if self.executed else 0
        times = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in self.seconds.items())
        return (
            f"{self.program:<24} {self.pinned:>4} of {self.executed:<4} pinned ({share:.0f} %), {self.cases} cases,"
            f" {len(self.alarms)} alarms in {self.rounds} rounds; {times}"
            + {True: "", False: "; OUTPUT DIFFERS", None: "; prints something else each time"}[self.same]
        )


def main() -> None:
    """Take the figures, and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="all, where none is given")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--place", type=Path, help="where projects are made and kept; a temporary one without")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="programs-") as temporary:
        place = (options.place or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        clock = moved_clock(place)
        for name in options.names or sorted(REQUIREMENTS):
            figures = figures_of(name, place / name, options.rounds, random.Random(options.seed), clock)
            found.append(figures)
            print(figures, flush=True)
            for line in (*figures.troubles, *figures.alarms, *_told(figures.reasons)):
                print("      ", line[:300], flush=True)
            if options.json:
                options.json.write_text(json.dumps([asdict(one) for one in found], indent=1))
    sys.exit(1 if any(one.alarms or one.troubles or one.same is False for one in found) else 0)


def _told(reasons: dict[str, int]) -> list[str]:
    return [f"{count} x {reason}" for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])]


def figures_of(name: str, place: Path, rounds: int, source: random.Random, clock: Path | None) -> Figures:
    """Fetch, run, record, pin and verify one program."""
    figures = Figures(REQUIREMENTS[name])
    fetched, needed, project = place / "fetched", place / "site-packages", place / "project"
    if not fetched.exists():
        fetch(REQUIREMENTS[name], fetched, needed)
    os.environ["PYTHONPATH"] = str(needed)
    for copy in (project, place / "plain", place / "plain again"):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(fetched, copy)
        driver = next(DRIVERS.glob(f"{name}.*"))
        shutil.copy(driver, copy / f"drive{driver.suffix}")
        (copy / "pyproject.toml").write_text(f"[tool.legacy-seam]\nallow = {_modules_in(needed)}\n")
    plain = drive(figures, "plain", [], place / "plain")
    recorded = drive(figures, "recorded", [*SEAM, "record", "--"], project)
    figures.same = _told_alike(plain, place / "plain") == _told_alike(recorded, project)
    if recorded.stderr.count("Traceback") > plain.stderr.count("Traceback"):
        figures.troubles.append(f"recorded: {recorded.stderr.strip()[-300:]}")
    if not figures.same:
        again = drive(Figures(""), "plain", [], place / "plain again")
        if _told_alike(again, place / "plain again") != _told_alike(plain, place / "plain"):
            figures.same = None
    pinned = step(figures, "pinned", [*SEAM, "pin", "--json"], project)
    try:
        targets: list[dict[str, Any]] = json.loads(pinned.stdout)["targets"]
    except (ValueError, KeyError):
        figures.troubles.append(f"pin ended with {pinned.returncode}: {pinned.stderr.strip()[-300:]}")
        return figures
    figures.executed = len(targets)
    figures.pinned = sum(one["state"] == "pinned" for one in targets)
    figures.cases = sum(one["cases"] or 0 for one in targets)
    figures.refused = {
        one["target"]: f"{one['state']}: {one['reason']}" for one in targets if one["state"] != "pinned"
    }
    figures.reasons = dict(Counter(figures.refused.values()))
    for number in range(rounds):
        shutil.rmtree(place / f"round {number}", ignore_errors=True)
        seen = verify_in(project, place / f"round {number}", Surroundings.drawn(source), clock)
        figures.rounds += 1
        figures.alarms += seen.alarms
    return figures


def fetch(requirement: str, fetched: Path, needed: Path) -> None:
    """The program into one directory, what it needs into another: what is on PYTHONPATH would come first."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target"]
    subprocess.run([*pip, str(needed), requirement], check=True)
    subprocess.run([*pip, str(fetched), "--no-deps", requirement], check=True)
    for entry in fetched.iterdir():
        own = needed / entry.name
        if own.is_dir():
            shutil.rmtree(own)
        else:
            own.unlink(missing_ok=True)


def _modules_in(needed: Path) -> list[str]:
    """What the program needs: classes of it may be rebuilt, as its user would say who is told that one was not."""
    found = {entry.stem for entry in needed.iterdir() if entry.suffix == ".py"}
    return sorted(found | {entry.parent.name for entry in needed.glob("*/__init__.py")})


def _told_alike(done: subprocess.CompletedProcess[str], project: Path) -> tuple[int, str]:
    """How a run ended and what it printed, without where it ran and addresses."""
    return done.returncode, re.sub(r"0x[0-9a-f]{6,}", "0x", done.stdout.replace(str(project), "."))


def drive(figures: Figures, name: str, before: list[str], project: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as its driver says, with these words between Python and what it runs."""
    if (project / "drive.py").exists():
        return step(figures, name, [*before, "drive.py"], project)
    home = {"HOME": "home", "XDG_DATA_HOME": "home/data", "XDG_CONFIG_HOME": "home/config"}
    python = " ".join(map(shlex.quote, [sys.executable, *before]))
    home = {name: str(project / place) for name, place in home.items()}
    return step(figures, name, ["drive.sh"], project, shell="sh", PYTHON=python, **home)


def step(
    figures: Figures, name: str, words: list[str], project: Path, shell: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python (or another shell) in the project, and note what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            [shell, *words],
            cwd=project,
            env={**os.environ, "PYTHONHASHSEED": "0", **environment},
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        figures.troubles.append(f"{name}: not done after {LONGEST} s")
        done = subprocess.CompletedProcess(words, -1, "", "")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures.seconds[name] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    if name == "pinned" and "Traceback" in done.stderr:
        figures.troubles.append(f"{name}: {done.stderr.strip()[-300:]}")
    return done


if __name__ == "__main__":
    main()
