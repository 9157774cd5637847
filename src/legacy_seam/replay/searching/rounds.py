"""Rounds of a search, each in a process of its own: a call may be the end of it, and costs no more than itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.case import Replay
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.branches import Branches
from legacy_seam.replay.mutation.processes import in_child, limit_cpu, paper
from legacy_seam.replay.searching.familiarity import familiarity
from legacy_seam.replay.searching.giving import Giving
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.loop import Chance, Find, Loop, Round, optional_of
from legacy_seam.replay.searching.mutating import Mutator
from legacy_seam.replay.searching.novelty import Novelty
from legacy_seam.replay.searching.yields import Yields
from legacy_seam.replay.wire import Job

SECONDS_OF_A_NEW_CALL = 0.2
"""Of processor time. Calls that people read take far less, and an endless one is not to take all of a search."""
_MOST_ENDS = 20
"""Calls of one round that may be the end of their process."""
_MOST_REAL = 8.0
"""Seconds of real time that a round may take for each of processor time: a call that waits uses none."""
_LEARNED = "learned"
_monotonic = time.monotonic  # bound before the clock is replaced


@dataclass(frozen=True, slots=True)
class InProcess:
    """How a process is watched that searches.

    seal:     what its messages begin with.
    patience: seconds that it may take for one call.
    look:     called now and then.
    """

    seal: bytes
    patience: float
    look: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Search:
    """A search for calls of one target.

    Args:
        replay: of the target.
        seeds: calls that have shown something, recorded ones first.
        recorded: how many these are.
        ideas: values to try.
        branches: tell which ones a call takes.
        novelty: what was shown in earlier rounds, and will have been after this one.
        yields: likewise, which parts it was worth to change.
    """

    replay: Replay
    seeds: Sequence[Job]
    recorded: int
    ideas: Ideas
    branches: Branches
    novelty: Novelty
    yields: Yields

    def run(self, one: Round, how: InProcess, tell: Callable[[Find], None]) -> tuple[int, int]:
        """Search for one round.

        Args:
            one: the round.
            how: how its processes are watched.
            tell: told each call that seems to show something new.

        Returns:
            how many calls were made, and how many of them were the end of their process.
        """
        habits = Habits.of(job.arguments for job in self.seeds[: self.recorded])
        hinted, optional = self.ideas.as_habits(), optional_of(self.replay)
        self.novelty.variety = one.variety
        self.novelty.is_familiar = lambda inputs: familiarity(inputs, habits, hinted) != "outside"
        made, ends, until = 0, 0, _monotonic() + _MOST_REAL * one.seconds
        while made < one.calls and ends < _MOST_ENDS and (left := until - _monotonic()) > 0:
            mutator = Mutator(habits, self.ideas, Chance(f"{one.chance} {made}"), self.yields, optional)
            part = replace(one, calls=one.calls - made, seconds=min(one.seconds, left))
            reached, has_ended = self._in_child(mutator, part, how, tell)
            made += reached + has_ended
            ends += has_ended
            if not has_ended:
                break
        return made, ends

    def _in_child(
        self, mutator: Mutator, one: Round, how: InProcess, tell: Callable[[Find], None]
    ) -> tuple[int, bool]:
        """How many calls were made in a process, and whether the next one was its end."""
        board = Board(0)
        with paper(how.seal) as sheet:
            loop = Loop(
                self.replay,
                Giving(self.replay.reader, self.seeds),
                mutator,
                self.novelty,
                self.branches,
                before_each=lambda begins: limit_cpu(SECONDS_OF_A_NEW_CALL if begins else 0),
                tell=lambda find: sheet.write(*find.as_data()),
            )

            before = dict(self.yields.made), dict(self.yields.new)

            def say_how_far(calls: int) -> None:
                board.at = calls

            def work() -> None:
                loop.run(one, say_how_far)
                sheet.write(_LEARNED, *_more(self.yields, *before))

            end = in_child(work, board, how.patience, how.look)
            for message in sheet.read():
                if message[0] == _LEARNED:
                    self.yields.add(*message[1:])
                    continue
                find = Find.from_data(message)
                self.novelty.take(find.branches, find.shown)
                tell(find)
        reached = board.at
        board.close()
        return reached, end.manner != "finished"


def _more(yields: Yields, made: Mapping[str, int], new: Mapping[str, int]) -> list[dict[str, int]]:
    """What was counted since then."""
    return [
        {role: count - before.get(role, 0) for role, count in now.items() if count > before.get(role, 0)}
        for now, before in ((yields.made, made), (yields.new, new))
    ]
