"""What recording costs: CPU time of a recorded program over that of the same program left alone.

    python benchmarks/record_overhead.py --python python3.11 --python python3.13

Two programs, each a worst case of its kind; each does the same block of work again and again:

a  200,004 calls of seven tiny functions and methods (one to five lines), all recorded
b  as many calls of the same, of which one in a hundred goes into a module that is recorded

first     the first block, in which functions are learnt, over the same block of the program left alone
steady    the same for later blocks, when the functions are learnt (the first two are left out)
first+ms  what the first block took longer
rest+ms   what start-up, imports and the end of the process took longer
ns/call   what one call took longer in the later blocks
kB        what was left on disk

All is CPU time; each figure is the least of several fresh processes, and plain and recorded ones take turns. Other
recorders that the interpreter has (dependency group `bench`) are measured once, for fewer blocks. Each is driven as
its documentation says, for the recorded module alone, with its own defaults.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from legacy_seam.record.launcher import Settings, command

CALLS = 200_004

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

sys.path.append("recorded")
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


for block in range(int(sys.argv[1])):
    began = time.process_time()
    work({rare}, {common}, {rounds}, {every})
    print("block", time.process_time() - began)
"""

_NODRIFT = """
import runpy, sys
from nodrift.recorder import Recorder
sys.path[:0] = [".", "recorded"]
import watched
recorder = Recorder(["watched"], max_per_target=600, include=[], exclude=[])
recorder.install()
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
recorder.uninstall()
recorder.dump("recording.pkl")
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another recorder.

    distribution: its name on PyPI.
    before:       what comes between the interpreter and `driver.py`.
    again:        the interpreter is named once more before `driver.py`.
    environment:  variables that it needs.
    """

    distribution: str
    before: tuple[str, ...]
    again: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, python: str, program: list[str]) -> list[str]:
        """The command line that records a program."""
        return [python, *self.before, *([python] if self.again else []), *program]

    def version(self, python: str) -> str | None:
        """Which version that interpreter has of it; None where it has none."""
        ask = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
        answer = subprocess.run([python, "-c", ask, self.distribution], capture_output=True, text=True)
        return None if answer.returncode else answer.stdout.strip()


PEERS = (
    Peer("MonkeyType", ("-m", "monkeytype", "run"), environment={"MONKEYTYPE_TRACE_MODULES": "watched"}),
    Peer("nodrift", ("-c", _NODRIFT)),
    Peer(
        "selfsame", ("-m", "probe", "capture", "--modules", "watched", "--out", "captured.json", "--"), again=True
    ),
    Peer("zerodiff", ("-m", "zerodiff", "record", "--include", "watched", "-o", "traces", "--"), again=True),
)

_LEARNING = 2
"""Blocks of 200,000 calls that come before the steady state."""
_BLOCKS = 7
_BLOCKS_OF_PEERS = _LEARNING + 1


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one process: of its first block, of a later one on average, and of all that is not a block.

    size: bytes that it left behind.
    """

    first: float
    steady: float
    rest: float
    size: int = 0


def write_program(directory: Path, which: str) -> None:
    recorded = directory / "recorded"
    recorded.mkdir(parents=True)
    (recorded / "watched.py").write_text(TINY)
    (directory / "unwatched.py").write_text(TINY)
    common = "watched" if which == "a" else "unwatched"
    every = 1 if which == "a" else 100
    driver = DRIVER.format(rare="watched", common=common, rounds=28_571, every=every)
    (directory / "driver.py").write_text(driver)


def measured(argv: list[str], directory: Path, environment: dict[str, str]) -> Cost:
    """Run a program once in that directory; it leaves nothing there."""
    before = set(directory.rglob("*"))
    process = subprocess.Popen(
        argv,
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    blocks = [float(line.split()[1]) for line in printed.splitlines() if line.startswith("block ")]
    left = [path for path in set(directory.rglob("*")) - before if "__pycache__" not in path.parts]
    size = sum(path.stat().st_size for path in left if path.is_file())
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if process.returncode or not blocks:
        raise Failed(argv)
    later = blocks[_LEARNING:]
    rest = usage.ru_utime + usage.ru_stime - sum(blocks)
    return Cost(blocks[0], sum(later) / len(later), rest, size)


class Failed(Exception):
    """A program did not run."""


def least(costs: list[Cost]) -> Cost:
    return Cost(
        min(cost.first for cost in costs),
        min(cost.steady for cost in costs),
        min(cost.rest for cost in costs),
        max(cost.size for cost in costs),
    )


def alternating(argvs: list[list[str]], directory: Path, repeats: int) -> list[Cost]:
    """Run several programs in turn, again and again; the least that each has cost."""
    costs: list[list[Cost]] = [[] for _ in argvs]
    for turn in range(repeats + 1):
        for argv, of_it in zip(argvs, costs, strict=True):
            cost = measured(argv, directory, ENVIRONMENT)
            if turn:  # the first one also wrote the byte code
                of_it.append(cost)
    return [least(of_it) for of_it in costs]


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def show(what: str, which: str, plain: Cost, cost: Cost) -> None:
    steady_call = (cost.steady - plain.steady) / CALLS * 1e9
    print(
        f"{what:<26}{which:<4}{cost.first / plain.first:>7.2f}{cost.steady / plain.steady:>8.2f}"
        f"{(cost.first - plain.first) * 1000:>10.0f}{(cost.rest - plain.rest) * 1000:>10.0f}"
        f"{steady_call:>10.0f}{cost.size / 1024:>12,.0f}"
    )


def compare(python: str, which: str, repeats: int, *, with_peers: bool) -> None:
    """Measure one program under one interpreter, and print a line for each recorder."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        write_program(directory, which)
        settings = Settings(store=str(directory / "store"), sources=(str(directory / "recorded"),))
        program = ["driver.py", str(_BLOCKS)]
        ours = [python, *command(settings, program)[1:]]
        plain, recorded = alternating([[python, *program], ours], directory, repeats)
        show(f"legacy-seam {version('legacy-seam')}", which, plain, recorded)
        for peer in PEERS if with_peers else ():
            name = f"{peer.distribution} {peer.version(python) or ''}"
            if peer.version(python) is None:
                print(f"{name:<26}{which:<4}  is not installed for this interpreter")
                continue
            argv = peer.command(python, ["driver.py", str(_BLOCKS_OF_PEERS)])
            try:
                cost = measured(argv, directory, ENVIRONMENT | peer.environment)
            except Failed:
                print(f"{name:<26}{which:<4}  does not run this program")
            else:
                show(name, which, plain, cost)


def import_cost(python: str, repeats: int) -> float:
    """CPU milliseconds that importing the recorder takes in a fresh interpreter."""

    def least_cpu(text: str) -> float:
        seconds = []
        for _ in range(repeats + 1):
            process = subprocess.Popen([python, "-c", text], env=ENVIRONMENT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds.append(usage.ru_utime + usage.ru_stime)
        return min(seconds)

    return (least_cpu("import legacy_seam.record.session") - least_cpu("pass")) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--python", action="append", help="an interpreter to measure (again and again)")
    parser.add_argument("--repeats", type=int, default=5, help="processes of each kind")
    parser.add_argument("--no-peers", action="store_true", help="leave the other recorders out")
    options = parser.parse_args()
    for python in options.python or [sys.executable]:
        found = subprocess.check_output([python, "-c", "import sys; print(sys.version.split()[0])"], text=True)
        print(f"Python {found.strip()}; importing the recorder: {import_cost(python, 10):.0f} ms")
        print(f"{'recorder':<30}{'first':>7}{'steady':>8}{'first+ms':>10}{'rest+ms':>10}{'ns/call':>10}{'kB':>12}")
        for which in "ab":
            compare(python, which, options.repeats, with_peers=not options.no_peers)


if __name__ == "__main__":
    main()
