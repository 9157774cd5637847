"""Seventeen ways in which trying a candidate beside a legacy function harms the legacy system.

Each hazard is a legacy function, a candidate, and a question about what is left afterwards. They know nothing of
legacy-seam: a `Trial` runs both, whatever library it is made with, so that the same suite judges any of them (see
`benchmarks/experiment.py`). Everything a hazard needs is in this module, so that a candidate can be imported by a
process that holds nothing else.

To try a library of your own, write a `Trial` for it and call `survives(hazard, trial)` for each hazard.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Trial(Protocol):
    """One way of running a candidate beside a legacy function."""

    def around(
        self,
        control: Callable[..., Any],
        candidate: Callable[..., Any],
        *,
        compare: Callable[[Any, Any], object] | None = None,
        publish: Callable[[bool], object] | None = None,
    ) -> Callable[..., Any]:
        """What is called in the place of the legacy function.

        Args:
            control: The legacy function.
            candidate: The candidate, a function of this module.
            compare: A comparison of the hazard's own; None for the one that the library comes with.
            publish: Told of each comparison whether it matched.
        """

    def settle(self) -> None:
        """Wait until no candidate runs any more and everything is published."""


@dataclass(frozen=True)
class Hazard:
    """One of them.

    Args:
        name: What must be so.
        happens: Runs it with a trial; gives whether it is so.
    """

    name: str
    happens: Callable[[Trial], bool]


def survives(hazard: Hazard, trial: Trial) -> bool:
    """Whether the legacy system comes through a hazard; whatever escapes from it is a no."""
    try:
        return hazard.happens(trial)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return False


# --- the legacy system: functions and variables that it relies on

COUNTER = 0
HANG = 0.5  # seconds


def double(number: float) -> float:
    return number * 2


def add_up(rows: list[int]) -> int:
    return sum(rows)


def drain(rows: list[int]) -> int:
    total = 0
    while rows:
        total += rows.pop()
    return total


def draw(number: int) -> float:
    return number + random.random()


def failing(number: int) -> int:
    raise LookupError(f"no account {number}")


def not_a_number(number: int) -> float:
    return float("nan")


def three_tenths(number: int) -> float:
    return 0.3


# --- candidates


def raising(number: int) -> int:
    raise ValueError("the candidate is not ready")


def exiting(number: int) -> int:
    sys.exit(3)


def greedy(rows: list[int]) -> int:
    rows.append(1_000)
    return sum(rows)


def three_tenths_by_sum(number: int) -> float:
    return 0.1 + 0.2


def drawing(number: int) -> float:
    return number * 2 + 0 * sum(random.random() for _ in range(5))


def printing(number: int) -> int:
    print("the candidate says hello")
    print("and complains", file=sys.stderr)
    return number * 2


def setting_the_environment(number: int) -> int:
    os.environ["HAZARD_OF_A_CANDIDATE"] = "set"
    return number * 2


def writing_a_global(number: int) -> int:
    global COUNTER
    COUNTER += 1
    return number * 2


def hanging(number: int) -> int:
    time.sleep(HANG)
    return number * 2


def as_an_array(number: int) -> Any:
    import numpy as np

    return np.array([number * 2, number * 2])


def calling_the_seam(number: int) -> int:
    return int(SEAM(number)) if DEPTH.enter() else number * 2


class _Depth:
    """How deep the candidate and the seam have called each other; not endlessly, for the sake of who watches."""

    def __init__(self) -> None:
        self.deepest = self.now = 0

    def enter(self) -> bool:
        self.now += 1
        self.deepest = max(self.deepest, self.now)
        return self.now < 20


DEPTH = _Depth()
SEAM: Callable[..., Any] = double


# --- the hazards


def _candidate_raises(trial: Trial) -> bool:
    seam = trial.around(double, raising)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)]


def _candidate_exits(trial: Trial) -> bool:
    seam = trial.around(double, exiting)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)]


def _candidate_changes_its_argument(trial: Trial) -> bool:
    seam = trial.around(add_up, greedy)
    batches = [[1, 2, number] for number in range(40)]
    answers = [seam(rows) for rows in batches]
    trial.settle()
    return answers == [3 + number for number in range(40)] and all(len(rows) == 3 for rows in batches)


def _control_changes_its_argument(trial: Trial) -> bool:
    matches: list[bool] = []
    seam = trial.around(drain, add_up, publish=matches.append)
    answers = [seam([1, 2, number]) for number in range(40)]
    trial.settle()
    return answers == [3 + number for number in range(40)] and matches == [True] * 40


def _array_compared(trial: Trial) -> bool:
    matches: list[bool] = []
    seam = trial.around(double, as_an_array, publish=matches.append)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)] and matches == [False] * 40


def _nan_compared(trial: Trial) -> bool:
    matches: list[bool] = []
    seam = trial.around(not_a_number, not_a_number_either, publish=matches.append)
    for number in range(40):
        seam(number)
    trial.settle()
    return matches == [True] * 40


def not_a_number_either(number: int) -> float:
    return float("inf") - float("inf")


def _sum_compared(trial: Trial) -> bool:
    matches: list[bool] = []
    seam = trial.around(three_tenths, three_tenths_by_sum, publish=matches.append)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [0.3] * 40 and matches == [True] * 40


def _comparison_fails(trial: Trial) -> bool:
    def compare(one: object, other: object) -> object:
        raise RuntimeError("cannot compare")

    seam = trial.around(double, double, compare=compare)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)]


def _publishing_fails(trial: Trial) -> bool:
    def publish(match: bool) -> None:
        raise RuntimeError("nowhere to publish")

    seam = trial.around(double, double, publish=publish)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)]


def _stream_with(trial: Trial, candidate: Callable[..., Any]) -> bool:
    """Whether a seeded stream is the same with the seam as without, control's own draws included."""
    random.seed(42)
    expected = [draw(number) for number in range(40)] + [random.random() for _ in range(3)]
    random.seed(42)
    seam = trial.around(draw, candidate)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers + [random.random() for _ in range(3)] == expected


def _library_draws(trial: Trial) -> bool:
    return _stream_with(trial, double)


def _candidate_draws(trial: Trial) -> bool:
    return _stream_with(trial, drawing)


def _candidate_prints(trial: Trial) -> bool:
    read_end, write_end = os.pipe()
    kept = os.dup(1), os.dup(2)
    sys.stdout.flush()
    sys.stderr.flush()
    streams = sys.stdout, sys.stderr
    try:
        os.dup2(write_end, 1)
        os.dup2(write_end, 2)
        sys.stdout = os.fdopen(os.dup(1), "w", buffering=1)
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
        seam = trial.around(double, printing)
        answers = [seam(number) for number in range(5)]
        print("legacy")
        trial.settle()
        sys.stdout.close()
        sys.stderr.close()
    finally:
        sys.stdout, sys.stderr = streams
        for descriptor, number in zip(kept, (1, 2), strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(write_end)
    with os.fdopen(read_end) as file:
        os.set_blocking(read_end, False)
        text = file.read() or ""
    return answers == [0, 2, 4, 6, 8] and text == "legacy\n"


def _candidate_sets_the_environment(trial: Trial) -> bool:
    os.environ.pop("HAZARD_OF_A_CANDIDATE", None)
    seam = trial.around(double, setting_the_environment)
    try:
        answers = [seam(number) for number in range(5)]
        trial.settle()
        return answers == [0, 2, 4, 6, 8] and "HAZARD_OF_A_CANDIDATE" not in os.environ
    finally:
        os.environ.pop("HAZARD_OF_A_CANDIDATE", None)


def _candidate_writes_a_global(trial: Trial) -> bool:
    global COUNTER
    COUNTER = 0
    seam = trial.around(double, writing_a_global)
    answers = [seam(number) for number in range(40)]
    trial.settle()
    return answers == [number * 2 for number in range(40)] and COUNTER == 0


def _control_raises(trial: Trial) -> bool:
    published: list[bool] = []
    seam = trial.around(failing, double, publish=published.append)
    for number in range(40):
        try:
            seam(number)
        except LookupError as error:
            if error.args != (f"no account {number}",):
                return False
        else:
            return False
    trial.settle()
    return published == [False] * 40


def _candidate_hangs(trial: Trial) -> bool:
    seam = trial.around(double, hanging)
    seam(0)  # whatever has to be started once
    begun = time.perf_counter()
    answers = [seam(number) for number in range(4)]
    felt = time.perf_counter() - begun
    trial.settle()
    return answers == [0, 2, 4, 6] and felt < len(answers) * HANG  # who waits for each feels at least that much


def _candidate_calls_the_seam(trial: Trial) -> bool:
    global SEAM
    DEPTH.deepest = DEPTH.now = 0
    SEAM = trial.around(double, calling_the_seam)
    try:
        answer = SEAM(4)
        trial.settle()
        return bool(answer == 8 and DEPTH.deepest <= 1)
    finally:
        SEAM = double


HAZARDS = (
    Hazard("a candidate that raises does not reach the caller", _candidate_raises),
    Hazard("a candidate that calls sys.exit does not end the program", _candidate_exits),
    Hazard("a candidate that changes its argument does not change the answer", _candidate_changes_its_argument),
    Hazard(
        "a control that changes its argument does not change it for the candidate", _control_changes_its_argument
    ),
    Hazard("an array as an answer does not blow up the comparison", _array_compared),
    Hazard("NaN equals NaN", _nan_compared),
    Hazard("0.1 + 0.2 equals 0.3", _sum_compared),
    Hazard("a comparison that raises does not reach the caller", _comparison_fails),
    Hazard("publishing that raises does not reach the caller", _publishing_fails),
    Hazard("the library leaves a seeded random stream alone", _library_draws),
    Hazard("a candidate that draws random numbers leaves the stream alone", _candidate_draws),
    Hazard("what a candidate prints does not appear", _candidate_prints),
    Hazard("what a candidate sets in the environment is not there afterwards", _candidate_sets_the_environment),
    Hazard("a module variable that a candidate assigns is unchanged", _candidate_writes_a_global),
    Hazard("an exception of the control is raised as it is, and published", _control_raises),
    Hazard("a candidate that hangs is not felt", _candidate_hangs),
    Hazard("a candidate that calls the seam does not recurse", _candidate_calls_the_seam),
)
