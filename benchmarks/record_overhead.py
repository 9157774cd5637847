"""What recording costs: CPU time of a recorded program over that of the same program left alone.

    python benchmarks/record_overhead.py --python python3.11 --python python3.13

Two programs, each a worst case of its kind:

a  200,003 calls of seven tiny functions and methods (one to five lines), all recorded
b  200,010 calls of the same, of which one in a hundred goes into a module that is recorded

"work" is the CPU time of the calls alone, "process" that of the whole process, start-up and writing included. Each
figure is the least of several fresh processes; plain and recorded ones take turns.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from legacy_seam.record.launcher import Settings, command

TINY = """
RATES = {"A": 0.25, "B": 0.19, "C": 0.0}


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance

    def pay(self, amount):
        if amount > self.balance:
            amount = self.balance
        self.balance -= amount
        return amount

    @property
    def is_open(self):
        return self.balance > 0


def vat(net, band):
    return round(net * RATES[band], 2)


def label(number, name):
    return f"{number:06d} {name.upper()}"


def age_band(days):
    if days > 90:
        return "late"
    if days > 30:
        return "due"
    return "new"


def total(lines):
    result = 0
    for line in lines:
        result += line["amount"]
    return result


def clamp(value, low=0, high=100):
    return max(low, min(high, value))
"""

DRIVER = """
import sys
import time

import {rare}
import {common}


def work(rare, common, rounds, every):
    calls = 0
    book = {{True: [rare.Account(n, 1000.0 + n) for n in range(3)],
             False: [common.Account(n, 1000.0 + n) for n in range(4)]}}
    calls += 7
    for turn in range(rounds):
        is_rare = turn % every == 0
        there = rare if is_rare else common
        account = book[is_rare][turn % 3]
        account.pay(turn % 7)
        account.is_open
        there.vat(turn * 0.5, "ABC"[turn % 3])
        there.label(turn, "Ann Lee")
        there.age_band(turn % 120)
        there.total([{{"amount": turn}}, {{"amount": 2}}])
        there.clamp(turn - 500)
        calls += 7
    return calls


began = time.process_time()
calls = work({rare}, {common}, {rounds}, {every})
print(time.process_time() - began, calls)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one process: of its calls, and of all of it."""

    work: float
    process: float


def write_program(directory: Path, which: str) -> None:
    recorded = directory / "recorded"
    recorded.mkdir(parents=True)
    (recorded / "watched.py").write_text(TINY)
    (directory / "unwatched.py").write_text(TINY)
    common = "watched" if which == "a" else "unwatched"
    every = 1 if which == "a" else 100
    driver = DRIVER.format(rare="watched", common=common, rounds=28_571, every=every)
    (directory / "driver.py").write_text(f"import sys\nsys.path.append({str(recorded)!r})\n{driver}")


def measured(argv: list[str], directory: Path) -> Cost:
    process = subprocess.Popen(argv, cwd=directory, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the program failed: {argv}")
    return Cost(float(printed.split()[0]), usage.ru_utime + usage.ru_stime)


def least(costs: list[Cost]) -> Cost:
    return Cost(min(cost.work for cost in costs), min(cost.process for cost in costs))


def compare(python: str, directory: Path, repeats: int) -> tuple[Cost, Cost, int]:
    store = directory / "store"
    settings = Settings(store=str(store), sources=(str(directory / "recorded"),))
    recorded_argv = [python, *command(settings, ["driver.py"])[1:]]
    plain: list[Cost] = []
    recorded: list[Cost] = []
    size = 0
    for turn in range(repeats + 1):
        costs = measured([python, "driver.py"], directory), measured(recorded_argv, directory)
        size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
        shutil.rmtree(store)
        if turn:  # the first one also wrote the byte code
            plain.append(costs[0])
            recorded.append(costs[1])
    return least(plain), least(recorded), size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--python", action="append", help="an interpreter to measure (again and again)")
    parser.add_argument("--repeats", type=int, default=5, help="processes of each kind")
    options = parser.parse_args()
    print(f"{'python':<10}{'program':<9}{'work':>7}{'process':>9}{'plain ms':>10}{'us/call':>9}{'store kB':>10}")
    for python in options.python or [sys.executable]:
        version = subprocess.check_output([python, "-c", "import sys; print(sys.version.split()[0])"], text=True)
        for which in "ab":
            with tempfile.TemporaryDirectory() as temporary:
                directory = Path(temporary)
                write_program(directory, which)
                plain, recorded, size = compare(python, directory, options.repeats)
            print(
                f"{version.strip():<10}{which:<9}{recorded.work / plain.work:>7.2f}"
                f"{recorded.process / plain.process:>9.2f}{plain.work * 1000:>10.1f}"
                f"{(recorded.work - plain.work) / 0.2:>9.3f}{size / 1024:>10.1f}"
            )


if __name__ == "__main__":
    main()
