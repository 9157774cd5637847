"""How often golden masters cry wolf: the same code verified again and again in other surroundings.

    python benchmarks/stability.py [PROJECT] [--rounds 20] [--seed 0]

PROJECT has golden masters; without one, the bundled application is recorded and pinned first. Each round copies the
project's golden masters and sources to another directory and runs `legacy-seam verify` in a fresh process with
another hash seed, date, zone, locale, home, user, umask and directory for temporary files. Nothing has changed, so
all that is reported is a false alarm; the exit code is 1 where there is one.

The date is moved by a C library of a few lines that is loaded before all others, as libfaketime does. It needs a C
compiler, and Linux; where there is none, the rounds run today and that is said.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ZONES = ("UTC", "Pacific/Chatham", "America/St_Johns", "Asia/Kolkata", "Europe/Rome", "Pacific/Kiritimati", "")
LOCALES = ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "ja_JP.UTF-8", "nowhere.UTF-8")
DIRECTORIES = (
    "p",
    "a directory with spaces",
    "deep/er/and/deeper/still",
    "ünïcode",
    "x" * 90,
    "tests/site-packages",
)
YEARS_AROUND = 10

MOVED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long moved(void) { const char *by = getenv("CLOCK_MOVED_BY"); return by ? atol(by) : 0; }

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    static long by;
    if (!real) { by = moved(); real = dlsym(RTLD_NEXT, "clock_gettime"); }
    int status = real(clock, at);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += by;
    return status;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    int status = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return status;
}
"""


@dataclass(frozen=True)
class Surroundings:
    """What one round is run in.

    days: by which the date is moved.
    """

    hash_seed: int
    days: int
    zone: str
    locale: str
    directory: str
    umask: int

    @classmethod
    def drawn(cls, source: random.Random) -> Surroundings:
        """Others, each time."""
        return cls(
            hash_seed=source.randrange(1, 2**32),
            days=source.randrange(-365 * YEARS_AROUND, 365 * YEARS_AROUND),
            zone=source.choice(ZONES),
            locale=source.choice(LOCALES),
            directory=source.choice(DIRECTORIES),
            umask=source.choice((0o022, 0o077, 0o002)),
        )

    def __str__(self) -> str:
        return (
            f"seed {self.hash_seed:<10} {self.days:+5d} days  {self.zone or '(no zone)':<18} {self.locale:<13}"
            f" umask {self.umask:03o}  {self.directory[:30]}"
        )


@dataclass(frozen=True)
class Round:
    """What one round gave.

    alarms: a line for each golden master that did not hold.
    """

    masters: int
    cases: int
    alarms: tuple[str, ...]


def main() -> None:
    """Run the rounds, and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    source = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="stability-") as temporary:
        place = Path(temporary)
        clock = moved_clock(place)
        if clock is None:
            print("There is no C compiler that makes a moved clock here: every round runs today.", file=sys.stderr)
        project = options.project or bundled_application(place / "bundled")
        rounds: list[Round] = []
        for number in range(options.rounds):
            surroundings = Surroundings.drawn(source)
            started = time.monotonic()
            rounds.append(verify_in(project, place / f"round {number}", surroundings, clock))
            print(
                f"{number + 1:>3}  {surroundings}  {len(rounds[-1].alarms)} alarms,"
                f" {time.monotonic() - started:.1f} s",
                flush=True,
            )
            for alarm in rounds[-1].alarms:
                print(f"       {alarm}")
    alarms = sum(len(one.alarms) for one in rounds)
    print(
        f"{alarms} false alarms: {rounds[-1].masters} golden masters with {rounds[-1].cases} cases,"
        f" verified {len(rounds)} times"
    )
    sys.exit(1 if alarms else 0)


def moved_clock(place: Path) -> Path | None:
    """A library to be preloaded, which moves the clock; None where it cannot be made or has no effect."""
    library = place / "moved_clock.so"
    command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(library), "-ldl"]
    try:
        subprocess.run(command, input=MOVED_CLOCK, text=True, check=True, capture_output=True)
        ask = [sys.executable, "-c", "import time; print(time.time())"]
        environment = {**os.environ, "LD_PRELOAD": str(library), "CLOCK_MOVED_BY": "86400"}
        answer = subprocess.run(ask, env=environment, text=True, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return library if float(answer.stdout) > time.time() + 80_000 else None


def bundled_application(place: Path) -> Path:
    """The bundled application, recorded for one night and pinned."""
    shutil.copytree(Path(__file__).parents[1] / "examples" / "legacy_app", place)
    for command in (["generate.py", "--accounts", "100"], [*SEAM, "record", "--", "collect.py"], [*SEAM, "pin"]):
        subprocess.run([sys.executable, *command], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return place


SEAM = ("-m", "legacy_seam")


def verify_in(project: Path, place: Path, surroundings: Surroundings, clock: Path | None) -> Round:
    """Verify a copy of the project in these surroundings, and remove it."""
    copy = place / surroundings.directory
    shutil.copytree(project, copy, symlinks=True, ignore=shutil.ignore_patterns(".legacy-seam", ".git"))
    environment = dict(os.environ)
    for name in ("LC_ALL", "LANG", "TZ", "HOME", "USER", "LOGNAME", "TMPDIR", "PYTHONHASHSEED"):
        environment.pop(name, None)
    for name in ("home", "tmp"):
        (place / "elsewhere" / name).mkdir(parents=True)
    environment |= {
        "PYTHONHASHSEED": str(surroundings.hash_seed),
        "LC_ALL": surroundings.locale,
        "HOME": str(place / "elsewhere" / "home"),
        "TMPDIR": str(place / "elsewhere" / "tmp"),
        "USER": f"user{surroundings.hash_seed % 97}",
        "COLUMNS": str(60 + surroundings.hash_seed % 90),
    }
    if surroundings.zone:
        environment["TZ"] = surroundings.zone
    if clock is not None:
        environment |= {"LD_PRELOAD": str(clock), "CLOCK_MOVED_BY": str(surroundings.days * 86_400)}
    try:
        with umask(surroundings.umask):
            done = subprocess.run(
                [sys.executable, *SEAM, "verify", "--json"],
                cwd=copy,
                env=environment,
                text=True,
                capture_output=True,
            )
        return round_of(done)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def round_of(done: subprocess.CompletedProcess[str]) -> Round:
    """What `verify --json` said."""
    try:
        targets: list[dict[str, Any]] = json.loads(done.stdout)["targets"]
    except (ValueError, KeyError):
        return Round(0, 0, (f"verify gave up with {done.returncode}: {done.stderr.strip()[-300:]}",))
    return Round(
        masters=len(targets),
        cases=sum(one["cases"] for one in targets),
        alarms=tuple(alarm(one) for one in targets if one["status"] != "passed"),
    )


def alarm(target: dict[str, Any]) -> str:
    """One golden master that did not hold, in one line."""
    if not target["differences"]:
        return f"{target['target']}: {target['problem']}"
    first = target["differences"][0]
    return (
        f"{target['target']}: {target['failed']} of {target['cases']} cases; {first['path']}:"
        f" {first['expected'][:80]} became {first['got'][:80]}"
    )


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Run the body, and what it starts, under this file mode mask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


if __name__ == "__main__":
    main()
