"""The process in which pytest has collected the tests, and of which a fork runs some of them with a mutant.

It is started with two descriptors, and the arguments of pytest. What it says first is

    ["collected", [name of a test, …], {module: file}]

Then it does what it is told: `["run"]` (all tests; `["came", test, passed, seconds]` of each), `["watch", [file,
…]]` (`["ran", test, lines, functions, steps]`), `["try", [mutant, …]]` (`["verdict", mutant, verdict, test,
words]`), each ended by `["done"]`, and `["end"]`. It runs no test itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from legacy_seam.replay.frames import receive, send
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.bodies import Bodies, NoCode, SameCode, Unreachable, functions_of
from legacy_seam.replay.mutation.fuel import Fuel
from legacy_seam.replay.mutation.processes import Paper, in_child, limit_cpu, paper
from legacy_seam.replay.mutation.watching import Watch
from legacy_seam.rewriting.edits import NoSuchPlace

_PATIENCE_SECONDS = 60.0
_TIMES = 10
_SECONDS_MORE = 2.0
_TIMES_THE_STEPS = 10
_MORE_ROUNDS = 10_000


class Host:
    """A plugin of pytest that takes the place of its loop.

    Args:
        orders: descriptor from which orders are read; answers: to which answers are written.
        project: modules below it are the program's.
    """

    def __init__(self, orders: int, answers: int, project: Path) -> None:
        self._orders, self._answers = orders, answers
        self._project = project
        self._items: list[pytest.Item] = []
        self._seconds: dict[int, float] = {}
        self._steps: dict[int, int] = {}
        self._fuel = Fuel()
        self._bodies: dict[str, Bodies] = {}
        self._killers: dict[tuple[str, int], int] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do what is told, instead of running all tests."""
        if session.testsfailed:
            raise session.Interrupted("tests cannot be collected")
        self._items = list(session.items)
        tests = {str(item.path) for item in self._items}
        self._say("collected", [item.nodeid for item in self._items], _modules(self._project, tests))
        while (order := receive(self._orders)) is not None:
            match order:
                case ["run"]:
                    self._tell_of_all(self._run_one)
                case ["watch", files]:
                    self._tell_of_all(partial(self._watch_one, files))
                case ["try", mutants]:
                    self._try_out([Trial.from_data(one) for one in mutants])
                case _:
                    break
            self._say("done")
        return True

    def _say(self, *message: object) -> None:
        send(self._answers, message)

    # --- without mutants ------------------------------------------------------------------------------------

    def _tell_of_all(self, tell: Callable[[int, pytest.Item | None], list[Any]]) -> None:
        """Let a process run all tests, and where one is the end of it, another one the rest."""
        start = 0
        while start < len(self._items):
            board = Board(0)
            with paper(b"") as sheet:
                work = partial(self._run_from, start, tell, board, sheet)
                end = in_child(work, board, _PATIENCE_SECONDS, self._look, confined=False)
                for message in sheet.read():
                    if message[0] == "came":
                        self._seconds[message[1]] = message[3]
                    elif message[0] == "ran":
                        self._steps[message[1]] = message[4]
                    self._say(*message)
            reached = max(board.at, start)
            if reached < len(self._items) and end.manner != "left":
                self._say("came", reached, False, 0.0)
                reached += 1
            board.close()
            start = max(reached, start + 1)

    def _run_from(
        self,
        start: int,
        tell: Callable[[int, pytest.Item | None], list[Any]],
        board: Board,
        sheet: Paper,
    ) -> None:
        for number in range(start, len(self._items)):
            board.at = number
            following = self._items[number + 1] if number + 1 < len(self._items) else None
            sheet.write(*tell(number, following))
        board.at = len(self._items)

    def _run_one(self, number: int, following: pytest.Item | None) -> list[Any]:
        started = time.process_time()
        failure = self._failure(number, following)
        return ["came", number, failure is None, time.process_time() - started]

    def _watch_one(self, files: Sequence[str], number: int, following: pytest.Item | None) -> list[Any]:
        with Watch(files) as seen:
            self._failure(number, following)
        lines = {file: sorted(one) for file, one in seen.lines.items() if one}
        functions = {file: sorted(one) for file, one in seen.functions.items() if one}
        return ["ran", number, lines, functions, seen.steps]

    def _failure(self, number: int, following: pytest.Item | None) -> str | None:
        """How a test fails, in a line; None where it does not."""
        for report in runtestprotocol(self._items[number], log=False, nextitem=following):
            if report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                return str(crash.message if crash else report.longrepr).partition("\n")[0]
        return None

    # --- with mutants ---------------------------------------------------------------------------------------

    def _try_out(self, trials: Sequence[Trial]) -> None:
        files = {trial.file for trial in trials} - self._bodies.keys()
        live = functions_of(files)
        for file in files:
            self._bodies[file] = Bodies(file, Path(file).read_bytes(), self._fuel, None, live[file])
        for trial in trials:
            verdict, test, words = self._verdict(self._nearest_first(trial))
            if verdict == "killed":
                self._killers[trial.file, trial.line] = test
            self._say("verdict", trial.number, verdict, test, words)

    def _nearest_first(self, trial: Trial) -> Trial:
        """The test that killed the neighbour comes first."""
        last = self._killers.get((trial.file, trial.line))
        if last not in trial.cases:
            return trial
        return replace(trial, cases=(last, *(one for one in trial.cases if one != last)))

    def _verdict(self, trial: Trial) -> tuple[str, int, str]:
        board = Board(1)
        with paper(b"") as sheet:
            work = partial(self._try, trial, board, sheet)
            end = in_child(work, board, _PATIENCE_SECONDS, self._look, confined=False)
            told = next(sheet.read(), None)
        test = board.case
        board.close()
        if told is not None:
            verdict, test, words = told
            return verdict, test, words
        if end.manner in ("timeout", "crash"):
            return end.manner, test, end.words
        return "failed", test, end.words or "its process said nothing of it"

    def _try(self, trial: Trial, board: Board, sheet: Paper) -> None:
        steps = sum(self._steps.get(number, 0) for number in trial.cases)
        self._fuel.fill(_TIMES_THE_STEPS * steps + _MORE_ROUNDS)
        limit_cpu(_TIMES * sum(self._seconds.get(number, 0.0) for number in trial.cases) + _SECONDS_MORE)
        try:
            with self._bodies[trial.file].changed(trial.function, trial.edit):
                sheet.write(*self._ask(trial.cases, board))
        except SameCode:
            sheet.write("same-code", -1, "")
        except NoCode:
            sheet.write("no-code", -1, "")
        except Unreachable:
            sheet.write("unreachable", -1, "")
        except (NoSuchPlace, SyntaxError, ValueError) as failure:
            sheet.write("failed", -1, f"it cannot be compiled ({failure})")

    def _ask(self, tests: Sequence[int], board: Board) -> tuple[str, int, str]:
        for place, number in enumerate(tests):
            board.at, board.case = place, number
            following = self._items[tests[place + 1]] if place + 1 < len(tests) else None
            try:
                failure = self._failure(number, following)
            except BaseException:  # pytest cannot show where the fuel ran out: that is no line of the source
                if not self._fuel.is_out:
                    raise
            if self._fuel.is_out:
                return "timeout", number, ""
            if failure is not None:
                return "killed", number, failure
        return "survived", -1, ""

    def _look(self) -> None:
        self._say("working")


def _modules(project: Path, tests: set[str]) -> dict[str, str]:
    """The program's modules that are loaded: below the project, and no tests."""
    found: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py") or name == "__main__":
            continue
        path = Path(file)
        is_ours = path.is_relative_to(project) and "site-packages" not in path.parts
        if is_ours and file not in tests and path.name != "conftest.py":
            found[name] = file
    return found


def main(orders: int, answers: int, project: str, arguments: list[str]) -> int:
    """Collect the tests, and do what is told."""
    sys.path.insert(0, str(Path.cwd()))
    return int(pytest.main(arguments, plugins=[Host(orders, answers, Path(project))]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
