"""A candidate in a process of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from experiment import candidates
from forked import children
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Experiment, LoadedModel, Model, Observation, Raised, Serving
from legacy_seam.experiment.runners.wire import Foreign

Make = Callable[..., Experiment]


@pytest.fixture
def make() -> Iterator[Make]:
    """Experiments in worker mode that end with the test."""
    made: list[Experiment] = []

    def make(control: Any, candidate: Any, **settings: Any) -> Experiment:
        made.append(Experiment("test", control, candidate, "worker", **({"deadline": 20.0} | settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def observed(trial: Experiment, *arguments: Any) -> Observation:
    """The observation of one call."""
    seen: list[Observation] = []
    trial._conclusion.publish = seen.append
    trial(*arguments)
    assert trial.settle(60)
    return seen[0]


def test_the_candidate_runs_elsewhere_and_the_caller_does_not_wait(make: Make) -> None:
    trial = make(candidates.double, candidates.process_id)
    seen = observed(trial, 4)
    assert seen.candidate is not None and seen.candidate.value not in (os.getpid(), None)
    assert (seen.mode, seen.inputs, seen.control.value, seen.arm) == ("worker", {"number": 4}, 8, "legacy")
    assert trial.counts() == {"calls": 1, "compared": 1, "mismatched": 1}


def test_the_process_is_no_child_of_ours(make: Make) -> None:
    before = children()
    trial = make(candidates.double, candidates.process_id)
    trial.start()
    assert children() <= before


def test_an_answer_that_is_late_kills_the_process_and_the_next_one_gets_a_new_one(make: Make) -> None:
    trial = make(candidates.double, candidates.hang, deadline=0.3, breaker=False)
    trial.start()
    assert [trial(number) for number in (2, 1)] == [4, 2]
    assert trial.settle(60)
    assert trial.counts()["candidate_timeout"] == 1 and trial.counts()["matched"] == 1


def test_the_models_of_its_module_are_loaded_before_the_first_call(make: Make) -> None:
    trial = make(candidates.double, "experiment.candidates:ask_a_slow_model", deadline=0.5)
    trial.start()
    assert trial(2) == 4 and trial.settle(60)
    assert trial.counts() == {"calls": 1, "compared": 1, "matched": 1}


def test_a_process_that_dies_is_started_again(make: Make) -> None:
    trial = make(candidates.double, candidates.die)
    seen = observed(trial, 1)
    assert seen.candidate is None and "the worker died" in seen.detail
    assert trial(2) == 4 and trial.settle(60)
    assert trial.counts()["candidate_exception"] == 2


def test_an_exception_travels_as_its_type_and_message(make: Make) -> None:
    seen = observed(make(candidates.double, candidates.raise_it), 3)
    assert seen.candidate is not None and seen.candidate.raised == Raised("ValueError", "not 3")
    assert seen.verdict is not None and seen.verdict.reason == "control returned 6, candidate raised ValueError"


def test_what_cannot_be_sent_arrives_as_a_description(make: Make) -> None:
    seen = observed(make(candidates.double, candidates.an_object), 3)
    assert seen.candidate is not None and type(seen.candidate.value) is Foreign
    assert seen.candidate.value.type == "_thread.lock"


def test_arguments_that_cannot_be_sent_are_counted(make: Make) -> None:
    trial = make(candidates.double, candidates.double)
    generator = (number for number in [1])
    with pytest.raises(TypeError):
        trial(generator)
    assert trial.counts() == {"calls": 1, "skipped_cannot_snapshot": 1}
    assert next(generator) == 1


def test_nothing_outside_is_changed(make: Make, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("legacy")
    seen = observed(make(str.upper, candidates.do_harm), str(kept))
    assert seen.candidate is not None and len(seen.candidate.value) == 10, seen
    assert list(tmp_path.iterdir()) == [kept] and kept.read_text() == "legacy"
    assert "os.remove" in seen.denied


def test_a_candidate_that_cannot_be_loaded_says_so_and_is_left_alone(make: Make) -> None:
    trial = make(candidates.double, LoadedModel(candidates.fail_to_load), serving=Serving("live"))
    trial.start()
    assert trial(2) == 4
    assert trial.counts()["fallback_model_load_failed"] == 1
    begun = time.process_time()
    trial(3)
    assert trial.counts()["fallback_model_load_failed"] == 2 and time.process_time() - begun < 0.5


def test_another_version_than_expected_is_not_served(make: Make) -> None:
    model = Model("score", "1", libraries=(("pytest", "0.1"),))
    trial = make(candidates.double, LoadedModel(candidates.load_number, model=model), serving=Serving("live"))
    trial.start()
    assert trial(2) == 4
    assert trial.counts()["fallback_version_mismatch"] == 1


def test_live_its_answer_is_served_before_what_waits(make: Make) -> None:
    trial = make(candidates.double, candidates.slightly_more, serving=Serving("live", rounding="floor"))
    assert trial(2) == 4  # the process is still starting
    trial.start()
    assert trial(2.0) == 4.5
    assert trial.counts()["fallback_timeout"] == 1 and trial.counts()["served_by_candidate"] == 1


def test_more_than_may_wait_is_dropped_and_counted(make: Make) -> None:
    trial = make(candidates.double, candidates.double, waiting=5)
    for number in range(50):
        assert trial(number) == number * 2
    assert trial.settle(60)
    counts = trial.counts()
    assert counts["skipped_dropped"] >= 44 and counts["skipped_dropped"] + counts["matched"] == 50


def test_an_experiment_within_the_worker_is_the_legacy_function(make: Make) -> None:
    seen = observed(make(candidates.double, candidates.call_the_seam), 3)
    assert seen.verdict is not None and seen.verdict.match


def test_candidates_that_cannot_be_imported_elsewhere_are_refused() -> None:
    with pytest.raises(SeamError, match="cannot be sent to a worker"):
        Experiment("test", candidates.double, lambda number: number, "worker")


def test_async_control_and_candidate(make: Make) -> None:
    trial = make(candidates.double_awaited, candidates.double_awaited)
    trial.start()

    async def calls() -> list[int]:
        shadowed = await trial(2)
        trial.serving = Serving("live")
        return [shadowed, await trial(3)]

    assert asyncio.run(calls()) == [4, 6]
    assert trial.settle(60)
    assert trial.counts()["matched"] == 2 and trial.counts()["served_by_candidate"] == 1


PROGRAM = """
import os, sys, time
sys.path[:0] = {path!r}
from experiment import candidates
from forked import children
from legacy_seam.experiment import Experiment

print("once", flush=True)
trial = Experiment("test", candidates.double, candidates.{candidate}, "worker", deadline={deadline})
if {fork}:
    trial.start()
    if not os.fork():
        trial(5)
        assert trial.settle(60)
        print(trial.counts(), flush=True)
        os._exit(0)
    os.wait()
print(trial(4), flush=True)
"""


def run(candidate: str, deadline: float = 30.0, fork: bool = False) -> subprocess.CompletedProcess[str]:
    path = [str(Path(__file__).parent.parent)]
    program = PROGRAM.format(path=path, candidate=candidate, deadline=deadline, fork=fork)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=90)


def test_a_program_without_a_main_guard_runs_once_and_ends_though_the_candidate_hangs() -> None:
    begun = time.monotonic()
    ended = run("hang_without_end")
    assert (ended.stdout, ended.stderr, ended.returncode) == ("once\n8\n", "", 0)
    assert time.monotonic() - begun < 30


def test_a_forked_child_has_a_worker_of_its_own() -> None:
    ended = run("double", fork=True)
    assert ended.stdout == "once\n{'calls': 1, 'compared': 1, 'matched': 1}\n8\n", ended.stderr
