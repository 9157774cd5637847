"""Which cases notice a mutant: all of them, and not just the first that is asked.

Who chooses among cases has to know it. A verdict is made of a replay of the case in a process that has seen nothing
else (`legacy_seam.replay.mutation.trying`); here many mutants share a process, and nobody looks what one leaves
behind for the next. So what comes of it is reason enough to prefer one case to another, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.bodies import Bodies, NoCode, SameCode, Unreachable
from legacy_seam.replay.mutation.cases import Cases
from legacy_seam.replay.mutation.processes import Paper, in_child, limit_cpu, paper
from legacy_seam.rewriting.edits import NoSuchPlace

_MOST_IN_A_PROCESS = 100
_MOST_ENDLESS = 3
"""Cases of which a mutant makes no end. Each takes long, and further ones would tell little."""
_TIMES = 10
_SECONDS_MORE = 1.0


@dataclass(slots=True)
class Noticing:
    """Asks all cases of mutants.

    Args:
        cases: what is replayed.
        bodies: gives the functions of a file.
        seal: what messages begin with.
        patience: seconds that a process may take for one case.
        tell: told each mutant with each case that notices it.
        look: called now and then.
    """

    cases: Cases
    bodies: Callable[[str], Bodies]
    seal: bytes
    patience: float
    tell: Callable[[Trial, int], None]
    look: Callable[[], None]

    def ask_all(self, trials: Sequence[Trial]) -> None:
        """Ask all cases of all mutants; those that may leave something behind in a process of their own."""
        alone = [one for one in trials if one.is_alone]
        waiting = [one for one in trials if not one.is_alone]
        while waiting:
            reached = self._in_child(waiting[:_MOST_IN_A_PROCESS])
            waiting = waiting[reached:]
        for trial in alone:
            self._in_child([trial])

    def _in_child(self, group: Sequence[Trial]) -> int:
        """How many mutants were dealt with in a process, the one included that was its end."""
        board = Board(0)
        with paper(self.seal) as sheet:
            end = in_child(lambda: self._ask_group(group, board, sheet), board, self.patience, self.look)
            for place, case in sheet.read():
                self.tell(group[place], case)
        reached = board.at
        if end.manner in ("timeout", "crash") and reached < len(group):
            self.tell(group[reached], board.case)
        board.close()
        return min(reached + 1, len(group))

    def _ask_group(self, group: Sequence[Trial], board: Board, sheet: Paper) -> None:
        for place, trial in enumerate(group):
            board.at, board.case = place, trial.cases[0]
            limit_cpu(_TIMES * sum(self.cases.held[number].seconds for number in trial.cases) + _SECONDS_MORE)
            try:
                with (
                    self.bodies(trial.file).changed(trial.function, trial.edit) as code,
                    self.cases.within(code, trial.cases),
                ):
                    self._ask(trial, board, lambda case, at=place: sheet.write(at, case))  # type: ignore[misc]
            except (SameCode, Unreachable, NoCode, NoSuchPlace, SyntaxError, ValueError):
                continue
        board.at = len(group)

    def _ask(self, trial: Trial, board: Board, notes: Callable[[int], None]) -> None:
        endless = 0
        for number in trial.cases:
            board.case = number
            if self.cases.seems_as_expected(number):
                continue
            is_endless = self.cases.fuel.is_out
            if not is_endless:
                self.cases.tidy_up([number])
                came = self.cases.run(number, afresh=True)
                is_endless = self.cases.fuel.is_out
                if not is_endless and (came.failed or self.cases.is_as_expected(came, number)):
                    continue
            notes(number)
            endless += is_endless
            if endless == _MOST_ENDLESS:
                break
        self.cases.tidy_up(trial.cases)
