"""What a worker does when inputs are looked for that nobody recorded: calls are made of others, and looked at.

`legacy_seam.replay.mutation.job` says what is asked of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Replay
from legacy_seam.replay.glancing import glance
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.bodies import Bodies
from legacy_seam.replay.mutation.branches import Branches
from legacy_seam.replay.mutation.cases import UNLIMITED, Cases
from legacy_seam.replay.mutation.fuel import Fuel
from legacy_seam.replay.mutation.processes import Paper, in_child, limit_cpu, paper
from legacy_seam.replay.searching.familiarity import familiarity
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.holding import held_by
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.loop import Chance, Round, optional_of
from legacy_seam.replay.searching.mutating import Mutator
from legacy_seam.replay.searching.novelty import Novelty
from legacy_seam.replay.searching.parting import Parting
from legacy_seam.replay.searching.rounds import SECONDS_OF_A_NEW_CALL, InProcess, Search
from legacy_seam.replay.searching.ways import Ways
from legacy_seam.replay.searching.yields import Yields
from legacy_seam.replay.wire import job_from_data
from legacy_seam.rewriting.constants import Constants
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.values import Tree

if TYPE_CHECKING:
    from legacy_seam.replay.worker import Worker

_LONGEST_OUTCOME = 20_000
"""Characters. What came of a new call is looked at by people; longer outcomes are not told."""
_MOST_LIVES = 3
"""Processes in which is looked for one call: a call may be the end of its process."""
Tell = Callable[[Board, Paper, Sequence[int]], None]
Rewrite = Callable[[ast.Module, Constants], None]


@dataclass(slots=True)
class Seeking:
    """Makes calls that nobody recorded.

    Args:
        worker: in whose world.
        cases: the recorded ones; fuel: what loops burn.
        functions: all of the program, by file.
        bodies_of: gives the functions of a file; read_bodies: the same, with other fuel and notes in them.
        tell_of: has a process tell of cases, and another one of the rest where one is the end of it.
        patience: seconds that a process may take for one call; look: called now and then.
    """

    worker: Worker
    cases: Cases
    fuel: Fuel
    functions: Mapping[str, Sequence[FunctionType]]
    bodies_of: Callable[[str], Bodies]
    read_bodies: Callable[[str, Fuel, Rewrite], Bodies]
    tell_of: Callable[[Sequence[int], Tell], None]
    patience: float
    look: Callable[[], None]
    _novelty: dict[int, Novelty] = field(default_factory=dict)
    _yields: dict[int, Yields] = field(default_factory=dict)
    _ways: dict[tuple[str, ...], tuple[Ways, list[Bodies]]] = field(default_factory=dict)

    def part(self, trial: Trial, number: int, given: Sequence[Any], how: Sequence[Any]) -> None:
        """Make calls of others until a mutant and the original part on one; tell of that.

        Args:
            trial: the mutant.
            number: a case of the target that is called.
            given: calls of which others are made, how many of them were recorded, and values to try.
            how: how many calls, how many seconds, and of what chance is made.
        """
        calls, recorded, ideas = given
        most, seconds, chance = how
        seeds = [job_from_data(call) for call in calls]
        habits, ideas = Habits.of(job.arguments for job in seeds[:recorded]), Ideas.from_data(ideas)
        hinted = ideas.as_habits()

        def is_familiar(inputs: Mapping[str, Tree]) -> bool:
            return familiarity(inputs, habits, hinted) != "outside"

        self.bodies_of(trial.file).get_ready(trial.function)
        for life in range(_MOST_LIVES):  # a call may be the end of its process
            replay = self.cases.held[number].replay
            mutator = Mutator(habits, ideas, Chance(f"{chance} {life}"), optional=optional_of(replay))
            parting = Parting(
                replay, seeds, mutator, trial, self.bodies_of(trial.file), self.fuel, is_familiar=is_familiar
            )
            board = Board(0)
            with paper(self.worker.seal) as sheet:
                work = partial(self._tell_of_parting, parting, sheet, most, seconds / (life + 1))
                end = in_child(work, board, self.patience, self.look)
                for message in sheet.read():
                    self.worker.say(*message)
            board.close()
            if end.manner in ("finished", "left"):
                return

    def _tell_of_parting(self, parting: Parting, sheet: Paper, most: int, seconds: float) -> None:
        found = parting.run(most, seconds)
        if found is not None:
            sheet.write("found", *found)

    def explore(self, number: int, files: Sequence[str], calls: Sequence[Any]) -> None:
        """Tell what comes of calls, and which branches they take.

        Args:
            number: a case of the target that is called.
            files: whose branches count.
            calls: the calls.
        """
        tried = Cases(self.fuel)
        tried.add(self.cases.held[number].replay, map(job_from_data, calls))
        told: set[int] = set()
        with self._looked_at(files, number) as branches:
            self.tell_of(
                range(len(tried.held)),
                lambda board, sheet, rest: self._tell_branches(board, sheet, rest, tried, branches, told),
            )

    @contextmanager
    def _looked_at(self, files: Sequence[str], number: int) -> Iterator[Branches]:
        """While functions of some files take note of what they compare; gives what tells the ways of calls.

        Args:
            files: the files.
            number: a case of the target that is called: it may be a function that another one makes for each call.
        """
        key = tuple(files)
        if key not in self._ways:
            ways, endless = Ways(), Fuel()
            endless.fill(UNLIMITED)
            bodies = [self.read_bodies(file, endless, ways.relations.rewrite) for file in files]
            self._ways[key] = ways, bodies
        ways, bodies = self._ways[key]
        functions = [one for file in files for one in self.functions.get(file, ())]
        with ExitStack() as stack:
            stack.enter_context(ways.looked_at(bodies, functions))
            for code in dict.fromkeys(one.__code__ for one in functions):
                stack.enter_context(self.cases.within(code, [number]))
            yield ways

    def held(self, number: int, calls: Sequence[Any]) -> None:
        """Tell what the program holds that a target may look into.

        Args:
            number: a case of the target.
            calls: these are made before: the first call of many functions fills tables.
        """
        replay = self.cases.held[number].replay
        if replay.found.function is not None:
            before = Cases(self.fuel)
            before.add(replay, map(job_from_data, calls))
            self.tell_of([number], lambda board, sheet, rest: self._tell_held(board, sheet, replay, before))

    def _tell_held(self, board: Board, sheet: Paper, replay: Replay, before: Cases) -> None:
        function = replay.found.function
        assert function is not None
        modules = self.worker.stage.places.modules()
        for case in before.held:
            with suppress(Refused, MemoryError, BlobDamaged):
                if (inputs := replay.read(case.job)) is not None:  # a replay would put all back
                    limit_cpu(SECONDS_OF_A_NEW_CALL)
                    glance(replay, case.job, inputs.given, inputs.names)
                    limit_cpu(0)
        sheet.write("held", *held_by(function, self.functions, modules).as_data())
        board.at = 1

    def search(self, number: int, files: Sequence[str], given: Sequence[Any], one: Round) -> None:
        """Make calls of others, and tell of those that seem to show something new.

        Args:
            number: a case of the target that is called.
            files: whose branches count.
            given: calls that have shown something, how many of them were recorded, and values to try.
            one: how long.
        """
        calls, recorded, ideas = given
        with self._looked_at(files, number) as branches:
            search = Search(
                self.cases.held[number].replay,
                [job_from_data(call) for call in calls],
                recorded,
                Ideas.from_data(ideas),
                branches,
                self._novelty.setdefault(number, Novelty()),
                self._yields.setdefault(number, Yields()),
            )
            in_process = InProcess(self.worker.seal, self.patience, self.look)
            made, ends = search.run(one, in_process, lambda find: self.worker.say("found", *find.told()))
        self.worker.say("searched", made, ends)

    def _tell_branches(
        self,
        board: Board,
        sheet: Paper,
        numbers: Sequence[int],
        tried: Cases,
        branches: Branches,
        told: set[int],
    ) -> None:
        with tried.watched(0, branches) if branches.is_costly else branches:
            for place, number in enumerate(numbers):
                board.at = place
                branches.seen.clear()
                limit_cpu(SECONDS_OF_A_NEW_CALL)
                came = tried.run(number)
                limit_cpu(0)
                seen = sorted(branches.seen)
                if came.refusal is not None:
                    sheet.write("refused", number, *came.refusal)
                elif came.effects is None or sum(len(text) for _, _, text in came.effects) > _LONGEST_OUTCOME:
                    sheet.write("refused", number, "large", "what comes of it is too long for people to read")
                else:
                    for branch in seen:
                        if branch not in told:
                            told.add(branch)
                            sheet.write("line", branch, branches.line(branch))
                    sheet.write("met", number, seen, came.effects)
        board.at = len(numbers)
