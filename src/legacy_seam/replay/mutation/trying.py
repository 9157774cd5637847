"""Trying mutants: many in one process as long as that is safe, and each of the others in a process of its own.

A batch is tried in one process after the other mutants of it. At its end stands a canary: cases are replayed with
the original, and must give what they always gave, and the state of the program must be what it was. Where either
fails, or the process dies, nothing that was said in it counts.

First every mutant is glanced at (`replay.glancing`): a case that seems to notice it is replayed, and only that
counts. What no glance shows is tried again, every case being replayed: with others that no glance showed, in a
process that has seen none of those that were noticed, where all state is such that its being untouched can be seen;
else in a process that has seen no other mutant. So is what takes too long or dies in a batch, and every mutant that
is known to run where state is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.mutation.board import (
    FAILED,
    KILLED,
    NO_CODE,
    NONE,
    SAME_CODE,
    SURVIVED,
    TIMEOUT,
    UNREACHABLE,
    Board,
)
from legacy_seam.replay.mutation.bodies import Bodies, NoCode, SameCode, Unreachable
from legacy_seam.replay.mutation.cases import Came, Cases
from legacy_seam.replay.mutation.processes import End, Paper, in_child, limit_cpu, paper
from legacy_seam.rewriting.edits import NoSuchPlace

MOST_IN_A_BATCH = 100
_MOST_CANARIES = 8
_TIMES = 10
_SECONDS_MORE = 1.0
_NO_CASE = -1
_WORDS = {
    KILLED: "killed",
    SURVIVED: "survived",
    TIMEOUT: "timeout",
    SAME_CODE: "same-code",
    NO_CODE: "no-code",
    UNREACHABLE: "unreachable",
    FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of trying a mutant. case: which one noticed it; words: how a process crashed, or we failed."""

    verdict: str
    case: int = _NO_CASE
    came: Came | None = None
    words: str = ""

    def as_message(self, number: int) -> list[Any]:
        """As it is told."""
        effects, refusal = (self.came.effects, self.came.refusal) if self.came else (None, None)
        return ["verdict", number, self.verdict, self.case, effects, refusal, self.words]


@dataclass(slots=True)
class Trying:
    """Tries mutants.

    Args:
        cases: what is replayed.
        bodies: gives the functions of a file.
        state: a number that stays the same as long as the state of the program does.
        is_legible: does that number tell all that calls of some cases may leave behind?
        seal: what messages begin with.
        patience: seconds that a process may take for one case.
        tell: told each verdict.
        look: called now and then.
    """

    cases: Cases
    bodies: Callable[[str], Bodies]
    state: Callable[[], int]
    is_legible: Callable[[Sequence[int]], bool]
    seal: bytes
    patience: float
    tell: Callable[[Trial, Verdict], None]
    look: Callable[[], None]
    _killers: dict[tuple[str, int], int] = field(default_factory=dict)

    def try_all(self, trials: Sequence[Trial]) -> None:
        """Try mutants and tell of each."""
        alone = [one for one in trials if one.is_alone]
        unnoticed, others = self._together([one for one in trials if not one.is_alone], glances=True)
        alone += others
        if unnoticed:
            together = [one for one in unnoticed if self.is_legible(one.cases)]
            unclear, others = self._together(together[::-1], glances=False)
            chosen = {id(one) for one in together}
            alone += [*(one for one in unnoticed if id(one) not in chosen), *unclear, *others]
        for trial in alone:
            self.tell(trial, self._alone(trial))

    # --- many in one process --------------------------------------------------------------------------------

    def _together(self, trials: Sequence[Trial], *, glances: bool) -> tuple[list[Trial], list[Trial]]:
        """Try mutants, many in one process; tells of those of which that is enough.

        Args:
            trials: the mutants.
            glances: replay only those cases that seem to notice something; then none is told to survive.

        Returns:
            those that survived where that is not enough; those that need a process of their own.
        """
        waiting, interrupted = list(trials), list[Trial]()
        survivors, alone = list[Trial](), list[Trial]()
        while waiting:
            group, waiting = waiting[:MOST_IN_A_BATCH], waiting[MOST_IN_A_BATCH:]
            reached, end = self._batch(group, survivors, alone, glances)
            if end.manner != "finished":
                interrupted += group[:reached]
                alone += group[reached : reached + 1]
                waiting = group[reached + 1 :] + waiting
        for start in range(0, len(interrupted), MOST_IN_A_BATCH):  # without those at which their process ended
            group = interrupted[start : start + MOST_IN_A_BATCH]
            _, end = self._batch(group, survivors, alone, glances)
            if end.manner != "finished":
                alone += group
        return survivors, alone

    def _batch(
        self, group: Sequence[Trial], survivors: list[Trial], alone: list[Trial], glances: bool
    ) -> tuple[int, End]:
        """Try mutants in one process.

        Returns:
            how many mutants were dealt with when it ended, and how that was.
        """
        board = Board(len(group))
        with paper(self.seal) as sheet:
            end = in_child(lambda: self._try_group(group, board, sheet, glances), board, self.patience, self.look)
            if end.manner == "finished":
                told = _read(sheet) if board.canary_lives else {}
                for place, trial in enumerate(group):
                    verdict = told.get(place)
                    if verdict is None or board[place] in (TIMEOUT, NONE):
                        alone.append(trial)
                    elif board[place] == SURVIVED and glances:
                        survivors.append(trial)
                    else:
                        self._note_killer(trial, verdict)
                        self.tell(trial, verdict)
        reached = board.at
        board.close()
        return reached, end

    def _try_group(self, group: Sequence[Trial], board: Board, sheet: Paper, glances: bool) -> None:
        before = self.state()
        for place, trial in enumerate(group):
            board.at = place
            verdict = self._try(trial, self._order(trial), board, glances)
            self._note_killer(trial, verdict)
            sheet.write(*verdict.as_message(place))
            board[place] = _number_of(verdict)
        board.at = len(group)
        canaries = list(dict.fromkeys(trial.cases[-1] for trial in group if trial.cases))[-_MOST_CANARIES:]
        live = all(self._is_alive(number, board) for number in canaries)
        board.canary_lives = live and self.state() == before

    def _is_alive(self, number: int, board: Board) -> bool:
        board.case = number
        return self.cases.is_as_expected(self.cases.run(number), number)

    # --- one in one process ---------------------------------------------------------------------------------

    def _alone(self, trial: Trial) -> Verdict:
        verdict = Verdict("survived")
        for numbers in self.cases.parts(self._order(trial)):
            verdict = self._in_its_own(trial, numbers)
            if verdict.verdict != "survived":
                break
        return verdict

    def _in_its_own(self, trial: Trial, numbers: Sequence[int]) -> Verdict:
        """What cases say of a mutant in a process that has seen no other."""
        board = Board(1)
        with paper(self.seal) as sheet:

            def work() -> None:
                verdict = self._try(trial, numbers, board, glances=False)
                sheet.write(*verdict.as_message(0))
                board[0] = _number_of(verdict)

            end = in_child(work, board, self.patience, self.look)
            told = _read(sheet).get(0) if board[0] != NONE else None
        case = board.case
        board.close()
        if told is not None:
            self._note_killer(trial, told)
            return told
        if end.manner in ("finished", "left", "broken"):
            return Verdict("failed", case, words=end.words or "its process said nothing of it")
        return Verdict(end.manner, case, words=end.words)

    # --- one mutant -----------------------------------------------------------------------------------------

    def _try(self, trial: Trial, numbers: Sequence[int], board: Board, glances: bool) -> Verdict:
        limit_cpu(_TIMES * sum(self.cases.held[number].seconds for number in numbers) + _SECONDS_MORE)
        try:
            with (
                self.bodies(trial.file).changed(trial.function, trial.edit) as code,
                self.cases.within(code, numbers),
            ):
                return self._glance(numbers, board) if glances else self._ask(numbers, board)
        except SameCode:
            return Verdict("same-code")
        except Unreachable as unreachable:
            return Verdict("unreachable", words=str(unreachable))
        except NoCode:
            return Verdict("no-code")
        except (NoSuchPlace, SyntaxError, ValueError) as failure:
            return Verdict("failed", words=f"it cannot be compiled ({failure})")

    def _glance(self, numbers: Sequence[int], board: Board) -> Verdict:
        for number in numbers:
            board.case = number
            if self.cases.seems_as_expected(number):
                continue
            if self.cases.fuel.is_out:
                return Verdict("timeout", number)
            self.cases.tidy_up(numbers)
            verdict = self._ask([number], board, afresh=True)
            if verdict.verdict != "survived":
                return verdict
        self.cases.tidy_up(numbers)
        return Verdict("survived")

    def _ask(self, numbers: Sequence[int], board: Board, *, afresh: bool = False) -> Verdict:
        """What cases say of the mutant that is in place.

        Args:
            numbers: the cases.
            board: where it is noted which one is being asked.
            afresh: give them inputs that nobody had before; else that is done where they seem to notice something.
        """
        for number in numbers:
            board.case = number
            came = self._came(number, afresh)
            if self.cases.fuel.is_out:
                return Verdict("timeout", number)
            if came.failed:
                return Verdict("failed", number, words=came.refusal[1] if came.refusal else "")
            if not self.cases.is_as_expected(came, number):
                return Verdict("killed", number, came)
        return Verdict("survived")

    def _came(self, number: int, afresh: bool) -> Came:
        came = self.cases.run(number, afresh=afresh)
        is_noticed = not self.cases.is_as_expected(came, number)
        if is_noticed and not afresh and self.cases.held[number].inputs is not None:
            return self.cases.run(number, afresh=True)  # other mutants have had these inputs before it
        return came

    def _order(self, trial: Trial) -> tuple[int, ...]:
        """The case that killed the neighbour comes first."""
        last = self._killers.get((trial.file, trial.line))
        if last is None or last not in trial.cases:
            return trial.cases
        return (last, *(one for one in trial.cases if one != last))

    def _note_killer(self, trial: Trial, verdict: Verdict) -> None:
        if verdict.verdict == "killed":
            self._killers[trial.file, trial.line] = verdict.case


def _number_of(verdict: Verdict) -> int:
    return next(number for number, word in _WORDS.items() if word == verdict.verdict)


def _read(sheet: Paper) -> Mapping[int, Verdict]:
    found: dict[int, Verdict] = {}
    for _, place, verdict, case, effects, refusal, words in sheet.read():
        came = None if effects is None and refusal is None else Came("", effects, refusal and tuple(refusal))
        found[place] = Verdict(verdict, case, came, words)
    return found
