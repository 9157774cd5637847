"""Ctrl-C and worse, by real processes: what was finished stays, nothing half-done and no process is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shop_project import run_seam

SLOW = """
import sys
import time


def keep(x):
    return x + 1


def wait():
    time.sleep(60)


for number in range(20):
    keep(number)
open("ready", "w").close()
try:
    wait()
except KeyboardInterrupt:
    if len(sys.argv) > 1:
        keep(99)
        sys.exit(7)
    raise
"""


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    (tmp_path / "slow.py").write_text(SLOW)
    return tmp_path


class Running:
    """A command of legacy-seam in a process group of its own, with temporary files of its own."""

    def __init__(self, place: Path, *arguments: str) -> None:
        self.temporary = place / "temporary"
        self.temporary.mkdir(exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "legacy_seam", *arguments],
            cwd=place,
            env=environment | {"TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < end, "it never came so far"
            assert self.process.poll() is None, "it ended too early"
            time.sleep(0.01)

    def interrupt(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        os.killpg(self.process.pid, number)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors

    def left_over(self) -> list[str]:
        """Processes with our temporary directory in their command, after a moment's grace, and what lies in it."""
        end = time.monotonic() + 5
        while (found := self._processes() + self._files()) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[str]:
        listed = subprocess.run(["ps", "-eo", "pid,ppid,args", "-ww"], capture_output=True, text=True).stdout
        return [line for line in listed.splitlines() if str(self.temporary) in line]

    def _files(self) -> list[str]:
        return [path.name for path in self.temporary.glob("legacy-seam-*") if "approvaltests" not in path.name]


def calls(place: Path, target: str) -> int:
    targets = json.loads(run_seam(place, "status", "--json").stdout)["targets"]
    return int(next(one["calls"]["kept"] for one in targets if one["target"] == target))


def test_an_interrupted_program_dies_as_it_would_and_its_calls_are_kept(slow: Path) -> None:
    plain = subprocess.Popen(
        [sys.executable, "slow.py"], cwd=slow, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (slow / "ready").exists():
        time.sleep(0.01)
    time.sleep(0.1)
    os.killpg(plain.pid, signal.SIGINT)
    _, expected = plain.communicate()
    (slow / "ready").unlink()
    running = Running(slow, "record", "--", "slow.py")
    running.until((slow / "ready").exists)
    time.sleep(0.1)

    code, _, errors = running.interrupt()

    assert code == plain.returncode == -signal.SIGINT
    assert errors.startswith(expected.replace("    ^^^^^^^^^^^^^^\n", "").splitlines()[0])
    assert "KeyboardInterrupt\nlegacy-seam: " in errors
    assert calls(slow, "slow:keep") == 20


def test_a_program_that_handles_the_interrupt_itself_is_recorded_to_its_end(slow: Path) -> None:
    running = Running(slow, "record", "--", "slow.py", "handled")
    running.until((slow / "ready").exists)
    time.sleep(0.1)

    code, _, _ = running.interrupt()

    assert code == 7
    assert calls(slow, "slow:keep") == 21


def test_a_second_recording_adds_to_the_first(slow: Path) -> None:
    for argument, kept in ((1, 1), (2, 2)):
        (slow / "add.py").write_text(f"def add(x):\n    return x\n\nadd({argument})\n")
        assert run_seam(slow, "record", "--", "add.py").returncode == 0
        assert calls(slow, "add:add") == kept


def test_a_killed_program_loses_nothing_that_had_returned(slow: Path) -> None:
    running = Running(slow, "record", "--", "slow.py")
    running.until((slow / "ready").exists)
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()

    os.kill(int(children[0]), signal.SIGKILL)
    _, errors = running.process.communicate(timeout=30)

    assert running.process.returncode == -signal.SIGKILL
    assert "20 kept" in errors
    assert "cannot be read" not in errors
    assert calls(slow, "slow:keep") == 20


def test_a_recorder_that_is_killed_with_its_program_loses_nothing_that_had_returned(slow: Path) -> None:
    running = Running(slow, "record", "--", "slow.py")
    running.until((slow / "ready").exists)

    assert running.interrupt(signal.SIGKILL)[0] == -signal.SIGKILL

    assert calls(slow, "slow:keep") == 20


MANY = "".join(f"def f{number:02}(x):\n    return x + {number}\n\n\nf{number:02}(1)\n" for number in range(60))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More functions than go through `pin` together."""
    (tmp_path / "many.py").write_text(MANY)
    assert run_seam(tmp_path, "record", "--", "many.py").returncode == 0
    return tmp_path


def test_an_interrupted_pin_keeps_what_was_pinned_and_can_be_taken_up_again(many: Path) -> None:
    golden = many / "tests/golden/many"
    running = Running(many, "pin")
    running.until(lambda: golden.exists() and len(list(golden.glob("*.approved.txt"))) >= 5)

    code, output, errors = running.interrupt()

    assert (code, output) == (128 + signal.SIGINT, "")
    assert "interrupted; what was finished before is kept" in errors
    assert "Traceback" not in errors
    assert running.left_over() == []
    written = {path.name: path.read_bytes() for path in golden.iterdir()}
    assert all(name.endswith(".approved.txt") for name in written)
    status = json.loads(run_seam(many, "status", "--json").stdout)["targets"]
    saved = sum(one["state"] == "pinned" for one in status)
    assert saved in (len(written), len(written) - 1), "verdicts are saved one by one"
    assert run_seam(many, "verify").returncode == 0
    assert run_seam(many, "pin").returncode == 0
    assert len(list(golden.iterdir())) == 60
    assert {name: (golden / name).read_bytes() for name in written} == written


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("verb", ["pin", "verify"])
def test_no_process_and_no_private_directory_is_left(shop: Path, verb: str, number: int) -> None:
    before = {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.txt")}
    running = Running(shop, verb)
    running.until(lambda: list(running.temporary.glob("legacy-seam-*/run-*")))

    code, output, errors = running.interrupt(number)

    assert code in (128 + number, -number)
    assert "Traceback" not in errors
    assert output == ""
    assert running.left_over() == []
    assert {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.txt")} == before
