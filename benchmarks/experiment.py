"""What it costs to try a candidate beside a legacy function, and what the legacy system survives, beside peers.

    python benchmarks/experiment.py [--quick]

The call: a dictionary of five keys goes in, a number comes out; the candidate is as quick as the function, so that
what is measured is the trying. Columns: microseconds of the processor a call costs in all threads of the process,
and how many bare calls that is. `worker` leaves out what the worker itself spends, which is the model's; `log` is
the price of a row in SQLite, with its batches, beyond the same experiment without a log.

The hazards are those of `tests/hazards/`. The peers (`laboratory`, `py-scientist`, `scientist-py`) are installed
into directories of their own, since two of them are called `scientist`, and run in processes of their own.

Last, under eight threads: how long a caller waits for the legacy function (which takes a millisecond), with and
without a candidate in a worker.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hazards.catalogue import HAZARDS, survives
from legacy_seam.experiment import Experiment, PredictionLog
from legacy_seam.experiment.runners import Mode

PEERS = {
    "laboratory": "laboratory==1.0.2",
    "py-scientist": "py-scientist==0.2.0",
    "scientist-py": "scientist-py==0.1.0",
}
ACCOUNT = {"id": 17, "days": 30, "balance": 120.5, "region": "HH", "disputed": False}

Around = Callable[..., Callable[..., Any]]


def control(account: dict[str, Any]) -> float:
    return float(account["balance"] * 2)


def candidate(account: dict[str, Any]) -> float:
    return float(account["balance"] + account["balance"])


class PeerTrial:
    """A peer as a trial of the hazards: used as its documentation says."""

    def __init__(self, around: Around) -> None:
        self.around = around

    def settle(self) -> None:
        """All of them run the candidate at once."""


def laboratory(control: Any, candidate: Any, *, compare: Any = None, publish: Any = None) -> Callable[..., Any]:
    import laboratory as library  # type: ignore[import-not-found]

    class Trial(library.Experiment):  # type: ignore[misc]
        def compare(self, one: Any, other: Any) -> Any:
            return super().compare(one, other) if compare is None else compare(one.value, other.value)

        def publish(self, result: Any) -> None:
            if publish is not None:
                publish(bool(result.match))

    def seam(*arguments: Any) -> Any:
        trial = Trial("bench")
        trial.control(control, args=list(arguments))
        trial.candidate(candidate, args=list(arguments))
        return trial.conduct()

    return seam


def py_scientist(control: Any, candidate: Any, *, compare: Any = None, publish: Any = None) -> Callable[..., Any]:
    import scientist  # type: ignore[import-not-found]

    class Publisher:
        def publish(self, result: Any) -> None:
            assert publish is not None
            publish(bool(result.matched))

    def seam(*arguments: Any) -> Any:
        trial = scientist.Experiment("bench").use(lambda: control(*arguments)).try_(lambda: candidate(*arguments))
        if compare is not None:
            trial.compare(scientist.comparator_from_func(compare))
        if publish is not None:
            trial.publish(Publisher())
        return trial.run()

    return seam


def scientist_py(control: Any, candidate: Any, *, compare: Any = None, publish: Any = None) -> Callable[..., Any]:
    import logging

    import scientist

    logging.disable()  # it configures the root logger and writes nine lines for each call

    class Trial(scientist.Experiment):  # type: ignore[misc]
        def publish(self, result: Any) -> None:
            if publish is not None:
                publish(bool(result.match))
            else:
                super().publish(result)

    async def conducted(arguments: tuple[Any, ...]) -> Any:
        trial = Trial("bench")
        trial.control(lambda: control(*arguments))
        trial.candidate(lambda: candidate(*arguments))
        if compare is not None:
            trial.compare_with(compare)
        answer = await trial.run()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*tasks, return_exceptions=True)  # where, as of 0.1.0, its own comparison fails
        return answer

    loop = asyncio.new_event_loop()
    return lambda *arguments: loop.run_until_complete(conducted(arguments))


AROUNDS: dict[str, Around] = {
    "laboratory": laboratory, "py-scientist": py_scientist, "scientist-py": scientist_py,
}  # fmt: skip


def cost(seam: Callable[..., Any], rounds: int, settle: Callable[[], object] = lambda: None) -> float:
    """Microseconds of the processor that a call costs, the best of five blocks."""
    blocks = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(rounds):
            seam(ACCOUNT)
        settle()
        blocks.append(time.process_time() - begun)
    return min(blocks) / rounds * 1e6


def experiment_cost(
    mode: Literal["inline", "worker", "queue"], rounds: int, log: PredictionLog | None = None
) -> float:
    trial = Experiment(
        "bench", control, "experiment:candidate", mode, breaker=False, waiting=10**6, deadline=60,
        log=log or ((lambda seen: None) if mode == "queue" else None),
    )  # fmt: skip
    with closing(trial):
        trial.start()
        trial(ACCOUNT)
        return cost(trial, rounds, lambda: trial.settle(120) and (log is None or log.flush(120)))


def survived(trial_of: Callable[[], Any]) -> list[str]:
    """The hazards that the legacy system did not come through."""
    failed = []
    for hazard in HAZARDS:
        trial = trial_of()
        if not survives(hazard, trial):
            failed.append(hazard.name)
        if hasattr(trial, "close"):
            trial.close()
    return failed


def as_peer(name: str, rounds: int) -> None:
    """In a process of its own: measure one peer, and print what was found."""
    around = AROUNDS[name]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        found = {"cost": cost(around(control, candidate), rounds), "failed": survived(lambda: PeerTrial(around))}
    print(json.dumps(found))


def peers(rounds: int) -> dict[str, dict[str, Any]]:
    found = {}
    with tempfile.TemporaryDirectory() as place:
        for name, requirement in PEERS.items():
            target = str(Path(place) / name)
            pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, requirement]
            subprocess.run(pip, check=True, capture_output=True)
            ended = subprocess.run(
                [sys.executable, __file__, "--peer", name, "--rounds", str(rounds)],
                env=os.environ | {"PYTHONPATH": target}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            found[name] = (
                json.loads(ended.stdout.splitlines()[-1]) if ended.stdout else {"error": ended.stderr[-300:]}
            )
    return found


def waited(seam: Callable[..., Any], calls: int) -> list[float]:
    """How long each caller waited, in milliseconds, sorted; eight threads."""
    times: list[float] = []

    def call() -> None:
        for _ in range(calls):
            begun = time.perf_counter()
            seam(ACCOUNT)
            times.append((time.perf_counter() - begun) * 1e3)
            time.sleep(0.004)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def slow_control(account: dict[str, Any]) -> float:
    time.sleep(0.001)
    return control(account)


def latency(calls: int) -> None:
    trial = Experiment("bench", slow_control, "experiment:candidate", "worker", breaker=False, deadline=60)
    with closing(trial):
        trial.start()
        for name, seam in (("bare", slow_control), ("worker", trial), ("bare", slow_control), ("worker", trial)):
            times = waited(seam, calls)
            middle, last = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(f"  {name:<8} median {middle:6.2f} ms   p99 {last:6.2f} ms")
        assert trial.settle(60)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", choices=[*PEERS], help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=2_000)
    options = parser.parse_args()
    rounds = 500 if options.quick else options.rounds
    if options.peer:
        as_peer(options.peer, rounds)
        return
    from hazards.trials import ExperimentTrial

    bare = cost(control, rounds * 100)
    print(f"{'':<22}{'µs a call':>10}{'bare calls':>12}{'hazards':>12}")
    print(f"{'bare':<22}{bare:10.2f}{1:12.0f}")
    with tempfile.TemporaryDirectory() as place, PredictionLog(Path(place) / "log.db", capacity=10**6) as log:
        figures: dict[str, float] = {mode: experiment_cost(mode, rounds) for mode in ("inline", "worker", "queue")}
        with_log = experiment_cost("inline", rounds, log)
    modes: tuple[Mode, ...] = ("inline", "worker", "fork")
    for mode in modes:
        failed = survived(functools.partial(ExperimentTrial, mode))
        score = f"{len(HAZARDS) - len(failed)} of {len(HAZARDS)}"
        row = f"{figures[mode]:10.2f}{figures[mode] / bare:12.0f}" if mode in figures else " " * 22
        print(f"{'legacy-seam ' + mode:<22}{row}{score:>12}   {'; '.join(failed)}")
    print(f"{'legacy-seam queue':<22}{figures['queue']:10.2f}{figures['queue'] / bare:12.0f}")
    print(
        f"{'a row of the log':<22}{with_log - figures['inline']:10.2f}{(with_log - figures['inline']) / bare:12.0f}"
    )
    for name, found in peers(rounds).items():
        if "error" in found:
            print(f"{name:<22} {found['error']}")
            continue
        score = f"{len(HAZARDS) - len(found['failed'])} of {len(HAZARDS)}"
        print(f"{name:<22}{found['cost']:10.2f}{found['cost'] / bare:12.0f}{score:>12}")
    print("\nEight threads:")
    latency(60 if options.quick else 300)


if __name__ == "__main__":
    main()
