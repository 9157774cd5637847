"""One worker, in which the cases of one run are judged: what is asked of it, and what it answers.

`legacy_seam.replay.mutation.job` is the other end.
"""

from __future__ import annotations

import os
import re
import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import Call, Case, Effect, Outcome
from legacy_seam.errors import SeamError
from legacy_seam.plaindata import dataclass, field
from legacy_seam.redaction import Redactor
from legacy_seam.replay.batch import Batch
from legacy_seam.replay.jobs import portions
from legacy_seam.replay.mutation.asked import MUTATE, Expected, Trial
from legacy_seam.replay.shift import Shift
from legacy_seam.replay.wire import job_to_data
from legacy_seam.targets import Target

if TYPE_CHECKING:  # a search loads most of what a worker does; who grades does not need it
    from legacy_seam.replay.searching.ideas import Ideas, Literals
    from legacy_seam.replay.searching.loop import Round

_SILENCE_SECONDS = 300.0
"""A worker says now and then that it is working. One that does not is beyond hope."""


class WorkerLost(SeamError):
    """The process in which cases are judged has ended, or says nothing any more."""


class CannotBeReplayed(SeamError):
    """A golden master has a target that is not there, or cannot be imported."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a case without a mutant: effects, or a refusal; how long it took in seconds of processor
    time."""

    effects: tuple[Effect, ...] | None
    refusal: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What a case ran: lines by file, functions (name, first line) by file, and how many steps it took."""

    lines: dict[str, set[int]]
    functions: dict[str, set[tuple[str, int]]]
    steps: int


@dataclass(frozen=True, slots=True)
class Met:
    """What came of a call that nobody recorded.

    branches: those that it took, each a number that holds for this world only.
    effects:  everything visible; None where it was refused, or was the end of its process.
    refusal:  why there are none.
    has_ended: it was the end of its process: it took too long, or left it.
    """

    branches: frozenset[int] = frozenset()
    effects: tuple[Effect, ...] | None = None
    refusal: str = ""
    has_ended: bool = False


@dataclass(slots=True)
class Sought:
    """What came of a round of a search.

    found: of calls that seem to show something new: the one that they descend from, arguments, what is left to its
           default.
    tried: calls; ends: those of them that were the end of their process.
    """

    found: list[tuple[Call, dict[str, str], tuple[str, ...]]] = field(default_factory=list)
    tried: int = 0
    ends: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says of a mutant, in its own words."""

    verdict: str
    case: int
    outcome: Outcome | None
    refusal: str
    words: str


@dataclass(slots=True)
class World:
    """A worker that judges cases.

    Args:
        shift: the worker.
        redactor: puts stand-ins in the place of secrets.
        batches: whose calls it has, counted through.
        look: called now and then while it works.

    threads: how many go on in it beside its own, once the program is imported.
    seconds: of processor time that it has worked, the import of the program included.
    """

    shift: Shift
    redactor: Redactor
    batches: Sequence[Batch]
    look: Callable[[], None] = lambda: None
    cases: list[Case] = field(default_factory=list)
    threads: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.cases = [Case(call, batch.approved[call.identity]) for batch in self.batches for call in batch.calls]

    def prepare(self) -> dict[str, str]:
        """Have the program imported; gives the files of its modules.

        Raises:
            CannotBeReplayed: where a target is gone, or its module cannot be imported.
            WorkerLost: where the process ends.
        """
        os.set_blocking(self.shift.worker.jobs, True)
        messages = [list(portions(batch.calls, {})) for batch in self.batches]
        told = [
            [str(batch.target), len(batch.calls), len(parts)]
            for batch, parts in zip(self.batches, messages, strict=True)
        ]
        self.shift.post([MUTATE, told])
        for parts in messages:
            for part in parts:
                self.shift.post(part)
        for message in self._messages():
            match message:
                case ["prepared", files, threads, seconds]:
                    self.threads = threads
                    self.seconds += seconds
                    return dict(files)
                case ["refused", sentence]:
                    raise CannotBeReplayed(f"{self.redactor.text(sentence)}; `legacy-seam verify` says more")
        raise WorkerLost("the program ended the process in which it was imported")

    def baseline(self, numbers: Sequence[int], *, apart: bool = False) -> tuple[dict[int, Came], set[int]]:
        """What comes of cases without a mutant; and those cases of which something is left in the process.

        Args:
            numbers: the cases.
            apart: replay each in a process of its own.
        """
        came: dict[int, Came] = {}
        left: set[int] = set()
        for message in self._ask("baseline", numbers, apart):
            match message:
                case ["came", number, effects, seconds]:
                    came[number] = Came(tuple(Effect(*one) for one in effects), seconds=seconds)
                case ["refused", number, _, sentence]:
                    came[number] = Came(None, self.redactor.text(sentence))
                case ["ended", number, words]:
                    came[number] = Came(None, words)
                case ["left", some]:
                    left.update(some)
        return came, left

    def watch(self, files: Sequence[str], numbers: Sequence[int]) -> dict[int, Ran]:
        """What cases run of some files."""
        ran: dict[int, Ran] = {}
        for message in self._ask("watch", files, numbers):
            match message:
                case ["ran", number, lines, functions, steps]:
                    ran[number] = Ran(
                        {file: set(some) for file, some in lines.items()},
                        {file: {(name, line) for name, line in some} for file, some in functions.items()},
                        steps,
                    )
        return ran

    def expect(self, expected: Sequence[Expected]) -> None:
        """Say what is to come of each case."""
        for _ in self._ask("expect", expected):
            pass

    def try_out(self, trials: Sequence[Trial]) -> Iterator[tuple[int, Answer]]:
        """Have mutants tried; gives what came of each, by its number."""
        for message in self._ask("try", [trial.as_data() for trial in trials]):
            match message:
                case ["verdict", number, verdict, case, effects, refusal, words]:
                    outcome = None
                    if effects is not None:
                        outcome = Outcome(tuple(Effect(*one) for one in effects))
                        outcome = self.redactor.outcome(outcome, str(self.target(case)))
                    why = self.redactor.text(refusal[1]) if refusal else ""
                    yield number, Answer(verdict, case, outcome, why, self.redactor.text(words))

    def noticing(self, trials: Sequence[Trial]) -> Iterator[tuple[int, int]]:
        """Have all cases asked of mutants; gives the number of a mutant with that of each case that notices it."""
        for message in self._ask("notice", [trial.as_data() for trial in trials]):
            match message:
                case ["noticed", number, case]:
                    yield number, case

    def probe(self, trial: Trial, number: int, calls: Sequence[Call]) -> tuple[Call, Outcome, Outcome] | None:
        """The first of some calls on which a mutant and the original part, and what comes of either.

        Args:
            trial: the mutant.
            number: a case of the target that is called.
            calls: the calls.
        """
        found: tuple[Call, Outcome, Outcome] | None = None
        for message in self._ask("probe", trial.as_data(), number, [job_to_data(call, None) for call in calls]):
            match message:
                case ["parted", index, *both]:
                    original, mutated = (
                        self.redactor.outcome(
                            Outcome(tuple(Effect(*one) for one in effects)), str(self.target(number))
                        )
                        for effects in both
                    )
                    found = calls[index], original, mutated
        return found

    def part(
        self,
        trial: Trial,
        number: int,
        calls: Sequence[Call],
        recorded: int,
        ideas: Ideas,
        how: tuple[int, float, str],
    ) -> tuple[Call, dict[str, str], tuple[str, ...]] | None:
        """Have calls made of others until a mutant and the original part on one; gives that, as `search` does.

        Args:
            trial: the mutant.
            number: a case of the target that is called.
            calls: of which others are made.
            recorded: so many of them, the first, were recorded.
            ideas: values to try.
            how: how many calls, how many seconds of processor time, and of what chance is made.
        """
        found: tuple[Call, dict[str, str], tuple[str, ...]] | None = None
        given = [job_to_data(call, None) for call in calls]
        for message in self._ask("part", trial.as_data(), number, given, recorded, ideas.as_data(), how):
            match message:
                case ["found", root, arguments, defaulted]:
                    found = calls[root], arguments, tuple(defaulted)
        return found

    def explore(
        self, number: int, files: Sequence[str], calls: Sequence[Call], lines: dict[int, int]
    ) -> dict[int, Met]:
        """What comes of calls that nobody recorded, and which branches they take; by the place of the call.

        Args:
            number: a case of the target that is called.
            files: whose branches count.
            calls: the calls.
            lines: the line of each branch is put in here.
        """
        met: dict[int, Met] = {}
        for message in self._ask("explore", number, files, [job_to_data(call, None) for call in calls]):
            match message:
                case ["met", place, branches, effects]:
                    met[place] = Met(frozenset(branches), tuple(Effect(*one) for one in effects))
                case ["refused", place, _, sentence]:
                    met[place] = Met(refusal=self.redactor.text(sentence))
                case ["ended", place, words]:
                    met[place] = Met(refusal=words, has_ended=True)
                case ["line", branch, line]:
                    lines[branch] = line
        return met

    def held(self, number: int, calls: Sequence[Call]) -> Literals:
        """What the program holds that a target may look into: texts, numbers, regular expressions.

        Args:
            number: a case of the target.
            calls: these are made before.
        """
        from legacy_seam.replay.searching.ideas import Literals

        found = Literals()
        for message in self._ask("held", number, [job_to_data(call, None) for call in calls]):
            match message:
                case ["held", texts, numbers, patterns]:
                    found = Literals(tuple(numbers), tuple(texts), tuple(_compiled(patterns)))
        return found

    def search(
        self, number: int, files: Sequence[str], calls: Sequence[Call], recorded: int, ideas: Ideas, one: Round
    ) -> Sought:
        """Have calls made of others where they are tried; gives those that seem to show something new.

        Args:
            number: a case of the target that is called.
            files: whose branches count.
            calls: those that have shown something.
            recorded: so many of them, the first, were recorded.
            ideas: values to try.
            one: how long, and how many.
        """
        sought = Sought()
        given = [job_to_data(call, None) for call in calls]
        how = [one.calls, one.seconds, one.variety, one.chance]
        for message in self._ask("search", number, files, given, recorded, ideas.as_data(), how):
            match message:
                case ["found", root, arguments, defaulted]:
                    sought.found.append((calls[root], arguments, tuple(defaulted)))
                case ["searched", tried, ends]:
                    sought.tried, sought.ends = tried, ends
        return sought

    def target(self, number: int) -> Target:
        """Whose case that is."""
        return self.cases[number].call.target

    def _ask(self, *message: Any) -> Iterator[list[Any]]:
        self.shift.post(list(message))
        for answer in self._messages():
            if answer[0] == "done":
                self.seconds += answer[1]
                return
            yield answer
        raise WorkerLost("the process in which cases are judged has ended")

    def _messages(self) -> Iterator[list[Any]]:
        self.shift.write_some()
        while True:
            ready, _, _ = select.select([self.shift.worker.results], [], [], _SILENCE_SECONDS)
            if not ready:
                raise WorkerLost(f"the process in which cases are judged said nothing for {_SILENCE_SECONDS:g} s")
            piece = os.read(self.shift.worker.results, 1 << 18)
            if not piece:
                return
            self.shift.inbox.add(piece)
            for answer in self.shift.inbox.messages():
                if answer == ["working"]:
                    self.look()
                elif answer != ["ready"]:
                    yield answer


def _compiled(patterns: Sequence[tuple[str, int]]) -> Iterator[re.Pattern[str]]:
    for text, flags in patterns:
        with suppress(re.error, ValueError, OverflowError):
            yield re.compile(text, flags)
