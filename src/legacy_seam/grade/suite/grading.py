"""Grading the tests of pytest: what the host answers, made into verdicts."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from legacy_seam.calls import Difference
from legacy_seam.errors import SeamError
from legacy_seam.grade.arid import Aridity
from legacy_seam.grade.asking import failing_at_once
from legacy_seam.grade.coverage import Coverage
from legacy_seam.grade.mutants import Function, Mutant, Source
from legacy_seam.grade.plan import Plan, Watcher
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.verdicts import Graded, Judged, Module, Noticed, State
from legacy_seam.grade.worlds import Ran
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.frames import receive, send
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.rewriting.edits import Edit
from legacy_seam.source.parsing import Skipped
from legacy_seam.targets import Target

_MOST_FAILING = 5
_MOST_TESTS_OF_A_CONTROL = 3
_AT_ONCE = 50
_LINES_SHOWN = 12


def grade_suite(project: Path, arguments: Sequence[str], plan: Plan, watcher: Watcher | None = None) -> Graded:
    """Say of each mutant whether the tests notice it.

    Args:
        project: the directory in which pytest is run.
        arguments: those of pytest: which tests.
        plan: what is graded, and how. Verdicts of earlier runs are not used.
        watcher: told how far it is.

    Raises:
        SeamError: where the tests cannot be collected, or none passes.
    """
    with tempfile.TemporaryFile() as output, _Host(project, arguments, output) as host:
        return _Suite(host, plan, watcher or Watcher()).run()


class _Host:
    """The process in which the tests are collected; a context manager."""

    def __init__(self, project: Path, arguments: Sequence[str], output: Any) -> None:
        theirs, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        self._output = output
        command = [sys.executable, "-m", "legacy_seam.grade.suite.host", str(theirs), str(answers), str(project)]
        self._process = subprocess.Popen(
            [*command, *_plain(), *arguments],
            cwd=project,
            pass_fds=(theirs, answers),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "CI": os.environ.get("CI") or "1"},  # so that `characterize` writes nothing
        )
        os.close(theirs)
        os.close(answers)

    def __enter__(self) -> _Host:
        return self

    def __exit__(self, *failure: object) -> None:
        os.close(self._orders)
        os.close(self._answers)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def answers(self) -> Iterator[list[Any]]:
        """What it says, to the end."""
        while (message := receive(self._answers)) is not None:
            yield message

    def ask(self, watcher: Watcher, *order: Any) -> Iterator[list[Any]]:
        """Have something done; gives what it says of it."""
        send(self._orders, order)
        for message in self.answers():
            if message == ["done"]:
                return
            if message == ["working"]:
                watcher.works()
            else:
                yield message
        raise SeamError(f"pytest has ended before all tests were run:\n{self.last_words()}")

    def last_words(self) -> str:
        """The last that it has written."""
        self._output.seek(0)
        lines = self._output.read().decode("utf-8", "replace").rstrip().splitlines()
        return "\n".join(lines[-_LINES_SHOWN:])


def _plain() -> list[str]:
    """Arguments by which pytest runs tests here, in order, and no golden masters."""
    arguments = ["-p", "no:cacheprovider", "--seam=off"]
    if importlib.util.find_spec("xdist") is not None:
        arguments.append("-n0")
    if importlib.util.find_spec("pytest_randomly") is not None:
        arguments += ["-p", "no:randomly"]
    if importlib.util.find_spec("pytest_cov") is not None:
        arguments.append("--no-cov")
    return arguments


@dataclass(slots=True)
class _Asked:
    mutant: Mutant | None
    function: Function
    file: str
    edit: Edit | None
    tests: tuple[int, ...]

    def trial(self, number: int) -> Trial:
        line = self.mutant.line if self.mutant else self.function.first
        return Trial(number, self.file, self.function.path, self.edit, line, self.tests, True)


@dataclass(slots=True)
class _Suite:
    host: _Host
    plan: Plan
    watcher: Watcher
    names: list[str] = field(default_factory=list)
    sources: dict[str, tuple[Source, str]] = field(default_factory=dict)
    functions: dict[tuple[str, str], str] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> Graded:
        self.watcher.begins(1, 1)
        modules = self._collected()
        seconds, unstable = self._passing()
        files = self.plan.scope.modules(modules, {Target(name, "-") for name in modules})
        ran = self._ran(files, seconds)
        coverage = Coverage(ran, seconds, frozenset())
        asked = list(self._asked(files, coverage))
        self.watcher.expects(len(asked))
        self._try_out(asked)
        self._check_failing(coverage)
        order = {name: place for place, name in enumerate(sorted(self.sources))}
        return Graded(
            judged=tuple(
                sorted(self.judged.values(), key=lambda one: (order[one.mutant.module], one.mutant.start))
            ),
            modules={name: Module(name, file, source.text.source) for name, (source, file) in self.sources.items()},
            functions=self.functions,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            cases=len(seconds),
            unstable=unstable,
            operators=tuple(one.name for one in self.plan.operators),
        )

    # --- without mutants ------------------------------------------------------------------------------------

    def _collected(self) -> dict[str, str]:
        for message in self.host.answers():
            _, self.names, modules = message
            if not self.names:
                break
            return dict(modules)
        raise SeamError(f"pytest collects no tests:\n{self.host.last_words()}")

    def _passing(self) -> tuple[dict[int, float], int]:
        """The tests that pass twice, with the time that each takes; and how many pass once only."""
        seconds: dict[int, float] = {}
        passed: list[set[int]] = []
        for _ in range(2):
            passed.append(set())
            for message in self.host.ask(self.watcher, "run"):
                match message:
                    case ["came", number, True, taken]:
                        passed[-1].add(number)
                        seconds[number] = taken
        steady = passed[0] & passed[1]
        failing = [name for number, name in enumerate(self.names) if number not in passed[0] | passed[1]]
        if failing:
            first = f"{failing[0]} and {len(failing) - 1} more" if len(failing) > 1 else failing[0]
            self.notes.append(f"left out, for they do not pass without a mutant: {first}")
        if not steady:
            raise SeamError(f"no test passes, so none can notice a mutant; {self.notes[-1]}")
        return {number: seconds[number] for number in sorted(steady)}, len(passed[0] ^ passed[1])

    def _ran(self, files: dict[str, str], seconds: dict[int, float]) -> dict[int, Ran]:
        ran: dict[int, Ran] = {}
        for message in self.host.ask(self.watcher, "watch", list(files.values())):
            match message:
                case ["ran", number, lines, functions, steps] if number in seconds:
                    ran[number] = Ran(
                        {file: set(some) for file, some in lines.items()},
                        {file: {(name, line) for name, line in some} for file, some in functions.items()},
                        steps,
                    )
        return ran

    # --- mutants --------------------------------------------------------------------------------------------

    def _asked(self, files: dict[str, str], coverage: Coverage) -> Iterator[_Asked]:
        aridity = Aridity([])
        for module, file in sorted(files.items()):
            source = source_of(module, file)
            if isinstance(source, Skipped):
                self.notes.append(f"{source}: it is not graded")
                continue
            callers = {
                label: numbers
                for label, function in source.functions.items()
                if (numbers := coverage.of_function(file, function))
            }
            for function in self.plan.scope.functions(source, file, callers, ()):
                self.sources[module] = source, file
                self.functions[module, function.label] = function.digest
                numbers = callers.get(function.label, [])
                if numbers:
                    yield _Asked(None, function, file, None, tuple(numbers[:_MOST_TESTS_OF_A_CONTROL]))
                for mutant in source.mutants(function.label, self.plan.operators, aridity):
                    covering = coverage.of_mutant(mutant, file, numbers)
                    if settled := self._settled(mutant, function, covering):
                        self.judged[mutant.identity] = settled
                    else:
                        yield _Asked(mutant, function, file, mutant.edit, tuple(covering))

    def _settled(self, mutant: Mutant, function: Function, covering: Sequence[int]) -> Judged | None:
        accepted = self.plan.equivalent.get(mutant.identity)
        if mutant.rule is not None:
            return Judged(mutant, "suppressed", reason=mutant.rule)
        if accepted is not None and accepted.digest == function.digest:
            return Judged(mutant, "equivalent", reason=f"{accepted.reason} ({accepted.author})")
        return None if covering else Judged(mutant, "not-covered")

    def _try_out(self, asked: Sequence[_Asked]) -> None:
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            trials = [one.trial(number).as_data() for number, one in enumerate(some)]
            for message in self.host.ask(self.watcher, "try", trials):
                _, number, verdict, test, words = message
                self._take(some[number], verdict, test, words)
                self.watcher.judged(1)

    def _take(self, asked: _Asked, verdict: str, test: int, words: str) -> None:
        mutant = asked.mutant
        name = f"{asked.function.module}:{asked.function.label}"
        if mutant is None:
            if verdict not in ("survived", "unreachable"):
                self.problems.append(
                    f"{self.names[test]} fails when nothing in {name} was changed and it was only compiled again"
                    f" ({words or verdict}): mutants cannot be judged"
                )
            return
        noticed = None
        if verdict in ("killed", "timeout", "crash"):
            how = words or "it did not end"
            noticed = Noticed("pytest", self.names[test], Difference("test", "passed", how))
        state: State = "error"
        match verdict:
            case "killed" | "survived" | "timeout" | "crash":
                state = verdict
            case "same-code" | "no-code" | "unreachable":
                state, words = "suppressed", verdict
            case _:
                self.problems.append(f"{name}, mutant {mutant.identity}: {words}")
        self.judged[mutant.identity] = Judged(
            mutant, state, len(asked.tests), noticed, words if not noticed else ""
        )

    def _check_failing(self, coverage: Coverage) -> None:
        """Of some functions that fail at once, the tests must notice one."""
        calls = [
            (len(numbers), module, function, source, file, numbers)
            for module, (source, file) in self.sources.items()
            for function in source.functions.values()
            if (numbers := coverage.of_function(file, function))
        ]
        calls.sort(key=lambda one: -one[0])
        if not calls:
            return
        trials = [
            Trial(number, file, function.path, failing_at_once(function, source), 0, tuple(numbers), True).as_data()
            for number, (_, _, function, source, file, numbers) in enumerate(calls[:_MOST_FAILING])
        ]
        verdicts = {message[2] for message in self.host.ask(self.watcher, "try", trials)}
        if "killed" not in verdicts:
            self.problems.append("the tests do not notice that the functions they call most fail at once")
