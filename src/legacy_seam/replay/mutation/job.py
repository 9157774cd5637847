"""What a worker does when a net is graded. It is told one thing after the other, and answers each.

    ["mutate", [[target, number of calls, number of messages], …]] and the calls, as for a replay
        -> ["prepared", {module: file}, threads that go on, seconds of processor time]; or ["refused", sentence]
    ["baseline", [case, …], each in a process of its own?]
        -> ["came", case, effects, seconds] or ["refused", case, kind, sentence],
           ["left", cases] for those of a target that leave something behind,
           ["ended", case, words] where one was the end of its process
    ["watch", [file, …], [case, …]]
        -> ["ran", case, {file: lines}, {file: functions}, steps]
    ["expect", [[gist, rounds, seconds, only in a process of its own?], …]]
    ["try", [mutant, …]]
        -> ["verdict", mutant, verdict, case, effects, refusal, words]
    ["notice", [mutant, …]]
        -> ["noticed", mutant, case] of each case that notices it, not just of the first
    ["probe", mutant, case, [call, …]]
        -> ["parted", number of the call, effects of the original, effects of the mutant], or nothing
    ["part", mutant, case, [call, …], number of recorded ones, ideas, [calls, seconds, chance]]
        -> ["found", number of the call it was made of, arguments, defaulted] of one on which they part, or nothing
    ["explore", case, [file, …], [call, …]]
        -> ["met", number of the call, branches, effects], ["refused", number of the call, kind, sentence],
           ["ended", number of the call, words] where one was the end of its process,
           ["line", branch, line] of each branch that is new
    ["held", case, [call, …]]
        -> ["held", texts, numbers, [[regular expression, flags], …]] that the program holds, or nothing
    ["search", case, [file, …], [call, …], number of recorded ones, ideas, round]
        -> ["found", number of the call it descends from, arguments, defaulted],
           ["searched", calls, how often one was the end of its process]
    ["end"]

The answer to each but the first and the last ends with `["done", seconds of processor time]`; `["working"]` comes
now and then in between. A case is the number of a call, all targets counted through.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Replay
from legacy_seam.replay.frames import receive, receive_unread
from legacy_seam.replay.jobs import Jobs
from legacy_seam.replay.mutation.asked import Expected, Trial
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.bodies import Bodies, functions_of
from legacy_seam.replay.mutation.cases import Cases
from legacy_seam.replay.mutation.fingerprint import closures_are_legible, places_are_legible, state_of
from legacy_seam.replay.mutation.fuel import Fuel
from legacy_seam.replay.mutation.noticing import Noticing
from legacy_seam.replay.mutation.processes import Paper, in_child, limit_cpu, paper
from legacy_seam.replay.mutation.trying import Trying
from legacy_seam.replay.mutation.watching import Watch
from legacy_seam.replay.searching.loop import Round
from legacy_seam.replay.searching.seeking import Seeking
from legacy_seam.replay.wire import job_from_data
from legacy_seam.rewriting.constants import Constants
from legacy_seam.targets import Target
from legacy_seam.world import native_threads

if TYPE_CHECKING:
    from legacy_seam.replay.worker import Worker

_ROUNDS_OF_A_PROBE = 20_000
_SECONDS_OF_PROBES = 5.0
_process_time, _times = time.process_time, os.times  # bound before the clock is replaced


def serve_mutation(worker: Worker, jobs: int, message: list[Any]) -> None:
    """Do what comes through the pipe `jobs` until `["end"]`, or its end."""
    job = MutationJob(worker)
    if not job.prepare(jobs, message[1]):
        return
    while (said := receive(jobs)) is not None:
        before = _used()
        match said:
            case ["baseline", cases, apart]:
                job.baseline(cases, apart)
            case ["watch", files, cases]:
                job.watch(files, cases)
            case ["expect", expected]:
                job.expect([Expected(*one) for one in expected])
            case ["try", mutants]:
                job.try_out([Trial.from_data(one) for one in mutants])
            case ["notice", mutants]:
                job.notice([Trial.from_data(one) for one in mutants])
            case ["probe", mutant, number, calls]:
                job.probe(Trial.from_data(mutant), number, calls)
            case ["part", mutant, number, calls, recorded, ideas, how]:
                job.seeking().part(Trial.from_data(mutant), number, (calls, recorded, ideas), how)
            case ["explore", number, files, calls]:
                job.seeking().explore(number, files, calls)
            case ["held", number, calls]:
                job.seeking().held(number, calls)
            case ["search", number, files, calls, recorded, ideas, one]:
                job.seeking().search(number, files, (calls, recorded, ideas), Round(*one))
            case _:
                return
        worker.say("done", _used() - before)


class MutationJob:
    """Replays the cases of a net while the functions of the program are other ones.

    Args:
        worker: in whose world.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._fuel = Fuel()
        self._cases = Cases(self._fuel)
        self._functions: dict[str, list[FunctionType]] = {}
        self._bodies: dict[str, Bodies] = {}
        self._seeking: Seeking | None = None
        self._legible: dict[int, bool] = {}
        self._closures_are_legible: bool | None = None

    def prepare(self, jobs: int, targets: Sequence[Sequence[Any]]) -> bool:
        """Find the targets, and read their calls; tells where the modules of the program are."""
        refusal: Refused | None = None
        for name, count, messages in targets:
            portions = [part for _ in range(messages) if (part := receive_unread(jobs)) is not None]
            target = Target.parse(name)
            try:
                replay = self._worker.ready_to_replay(target)
            except Refused as refused:
                refusal = refusal or refused
                continue
            self._cases.add(replay, Jobs(count, portions).some(0, count))
        if refusal is not None:
            self._worker.say("refused", refusal.sentence)
            return False
        modules = self._worker.stage.places.modules()
        files = {name: file for name, module in modules.items() if (file := _file_of(module)) is not None}
        self._functions = functions_of(files.values())
        self._worker.say("prepared", files, native_threads.others(), _used())
        return True

    # --- without mutants ------------------------------------------------------------------------------------

    def baseline(self, numbers: Sequence[int], apart: bool) -> None:
        """Tell what comes of cases, and of which targets something is left."""
        for some in [[number] for number in numbers] if apart else [numbers]:
            self._tell_of(some, self._tell_baseline)

    def watch(self, files: Sequence[str], numbers: Sequence[int]) -> None:
        """Tell which lines cases run."""
        self._tell_of(numbers, lambda board, sheet, rest: self._tell_lines(board, sheet, rest, files))

    def _tell_of(self, numbers: Sequence[int], tell: Callable[[Board, Paper, Sequence[int]], None]) -> None:
        """Let a process tell of cases, and where one is the end of it, another one of the rest."""
        rest = list(numbers)
        while rest:
            board = Board(0)
            with paper(self._worker.seal) as sheet:
                end = in_child(partial(tell, board, sheet, rest), board, self._patience(), self._look)
                for message in sheet.read():
                    if message[0] == "came":
                        self._cases.held[message[1]].effects = [tuple(one) for one in message[2]]
                    self._worker.say(*message)
            reached = board.at
            if reached < len(rest) and end.manner != "left":
                self._worker.say("ended", rest[reached], end.words or "it took too long")
                reached += 1
            rest = rest[max(reached, 1) :]
            board.close()

    def _tell_baseline(self, board: Board, sheet: Paper, numbers: Sequence[int]) -> None:
        state, replay = self._state(), None
        for place, number in enumerate(numbers):
            board.at, board.case = place, number
            case = self._cases.held[number]
            if case.replay is not replay:
                state = self._tell_what_is_left(sheet, replay, state)
                replay = case.replay
            started = _process_time()
            came = self._cases.run(number)
            seconds = _process_time() - started
            if came.refusal is None:
                sheet.write("came", number, came.effects, seconds)
            else:
                sheet.write("refused", number, *came.refusal)
        self._tell_what_is_left(sheet, replay, state)
        board.at = len(numbers)

    def _tell_what_is_left(self, sheet: Paper, replay: Replay | None, before: int) -> int:
        now = self._state()
        if replay is not None and now != before:
            sheet.write("left", [n for n, case in enumerate(self._cases.held) if case.replay is replay])
        return now

    def _tell_lines(self, board: Board, sheet: Paper, numbers: Sequence[int], files: Sequence[str]) -> None:
        for place, number in enumerate(numbers):
            board.at, board.case = place, number
            seen = Watch(files)
            with self._cases.watched(number, seen):
                self._cases.run(number)
            lines = {file: sorted(one) for file, one in seen.lines.items() if one}
            functions = {file: sorted(one) for file, one in seen.functions.items() if one}
            sheet.write("ran", number, lines, functions, seen.steps)
        board.at = len(numbers)

    # --- with mutants ---------------------------------------------------------------------------------------

    def expect(self, expected: Sequence[Expected]) -> None:
        """Take note of what is to come of the cases."""
        self._cases.expect(expected)
        self._cases.read()

    def try_out(self, trials: Sequence[Trial]) -> None:
        """Try mutants, and tell of each what came of it."""
        trying = Trying(
            cases=self._cases,
            bodies=self._bodies_of,
            state=self._state,
            is_legible=self._is_legible,
            seal=self._worker.seal,
            patience=self._patience(),
            tell=lambda trial, verdict: self._worker.say(*verdict.as_message(trial.number)),
            look=self._look,
        )
        for file, function in {(trial.file, trial.function) for trial in trials}:
            self._bodies_of(file).get_ready(function)  # here, once, and not in each process
        trying.try_all(trials)

    def notice(self, trials: Sequence[Trial]) -> None:
        """Tell of mutants all cases that notice them."""
        noticing = Noticing(
            cases=self._cases,
            bodies=self._bodies_of,
            seal=self._worker.seal,
            patience=self._patience(),
            tell=lambda trial, case: self._worker.say("noticed", trial.number, case),
            look=self._look,
        )
        for file, function in {(trial.file, trial.function) for trial in trials}:
            self._bodies_of(file).get_ready(function)
        noticing.ask_all(trials)

    def probe(self, trial: Trial, number: int, calls: Sequence[Any]) -> None:
        """Tell of the first of some calls on which a mutant and the original part, each time they are made.

        Args:
            trial: the mutant.
            number: a case of the target that is called.
            calls: calls near it.
        """
        replay = self._cases.held[number].replay
        probes = Cases(self._fuel)
        probes.add(replay, map(job_from_data, calls))
        for case in probes.held:
            case.rounds = _ROUNDS_OF_A_PROBE
        board = Board(0)
        with paper(self._worker.seal) as sheet:
            work = partial(self._tell_where_they_part, board, sheet, trial, probes)
            in_child(work, board, self._patience(), self._look)
            for message in sheet.read():
                self._worker.say(*message)
        board.close()

    def _tell_where_they_part(self, board: Board, sheet: Paper, trial: Trial, probes: Cases) -> None:
        limit_cpu(_SECONDS_OF_PROBES)
        bodies = self._bodies_of(trial.file)
        for number in range(len(probes.held)):
            board.at = number
            original = probes.run(number)
            if original.effects is None or self._fuel.is_out:
                continue
            with bodies.changed(trial.function, trial.edit) as code, probes.within(code, [number]):
                mutated = probes.run(number)
                is_endless = self._fuel.is_out
            if is_endless or mutated.effects is None or mutated.gist == original.gist:
                continue
            if probes.run(number).gist == original.gist:
                sheet.write("parted", number, original.effects, mutated.effects)
                return

    def seeking(self) -> Seeking:
        """What makes calls that nobody recorded."""
        if self._seeking is None:
            self._seeking = Seeking(
                self._worker,
                self._cases,
                self._fuel,
                self._functions,
                self._bodies_of,
                self._read_bodies,
                self._tell_of,
                self._patience(),
                self._look,
            )
        return self._seeking

    def _bodies_of(self, file: str) -> Bodies:
        if file not in self._bodies:
            self._bodies[file] = self._read_bodies(file, self._fuel)
        return self._bodies[file]

    def _read_bodies(
        self, file: str, fuel: Fuel, rewrite: Callable[[ast.Module, Constants], None] | None = None
    ) -> Bodies:
        with open(file, "rb") as stream:
            source = stream.read()
        hooks = self._worker.stage.hooks_for(source)
        return Bodies(file, source, fuel, hooks, self._functions.get(file, ()), rewrite)

    def _state(self) -> int:
        return state_of(self._worker.stage.places, self._all_functions())

    def _is_legible(self, numbers: Collection[int]) -> bool:
        """Would the state show all that cases of these targets leave behind?"""
        if self._closures_are_legible is None:
            self._closures_are_legible = closures_are_legible(self._all_functions())
        replays = {id(one): one for one in (self._cases.held[number].replay for number in numbers)}
        for key, replay in replays.items():
            if key not in self._legible:
                self._legible[key] = places_are_legible(self._worker.stage.places, replay.reached)
        return self._closures_are_legible and all(self._legible[key] for key in replays)

    def _all_functions(self) -> Iterator[FunctionType]:
        return (one for held in self._functions.values() for one in held)

    def _patience(self) -> float:
        return self._worker.stage.setting.limits.wall_seconds

    def _look(self) -> None:
        self._worker.say("working")


def _used() -> float:
    """Seconds of processor time that this process and those that it waited for have used."""
    return sum(_times()[:4])


def _file_of(module: ModuleType) -> str | None:
    file = vars(module).get("__file__")
    return file if isinstance(file, str) else None
