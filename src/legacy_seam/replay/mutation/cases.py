"""The cases of a net in a worker: what is replayed, what is to come of it, what it may take."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.case import Replay
from legacy_seam.replay.glancing import Look, glance, look_of, shows
from legacy_seam.replay.inputs import Inputs
from legacy_seam.replay.mutation.asked import Expected
from legacy_seam.replay.mutation.bodies import all_within
from legacy_seam.replay.mutation.fuel import Fuel, OutOfFuel
from legacy_seam.replay.wire import Job, gist_of
from legacy_seam.store.errors import BlobDamaged

UNLIMITED = 1 << 60
"""Rounds of loops."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a case: its effects, or why it could not be replayed (kind and sentence).

    gist:   by which two of them are told apart.
    failed: we ourselves failed on it.
    """

    gist: str
    effects: list[tuple[str, str, str]] | None = None
    refusal: tuple[str, str] | None = None
    failed: bool = False


@dataclass(slots=True)
class Case:
    """One case.

    effects: what came of it without a mutant; gist: what is to come of it.
    rounds, seconds: what its loops and its process may take.
    is_apart: it is what it is to be only where no other case was replayed before.
    inputs:  once they are read, if they may be given again.
    look:    what a glance at it has to show; None where there is no glancing at it.
    """

    replay: Replay
    job: Job
    effects: list[tuple[str, str, str]] | None = None
    gist: str | None = None
    rounds: int = UNLIMITED
    seconds: float = 0.0
    is_apart: bool = False
    inputs: Inputs | None = None
    look: Look | None = None


@dataclass(slots=True)
class Cases:
    """All cases of a net, by number.

    Args:
        fuel: what loops of mutants burn.
    """

    fuel: Fuel
    held: list[Case] = field(default_factory=list)

    def add(self, replay: Replay, jobs: Iterable[Job]) -> None:
        """Take the calls of a target."""
        self.held += [Case(replay, job) for job in jobs]

    def expect(self, expected: Sequence[Expected]) -> None:
        """Take note of what is to come of each, of what it may take, and where it may be replayed."""
        for case, one in zip(self.held, expected, strict=True):
            case.gist, case.rounds, case.seconds, case.is_apart = one

    def parts(self, numbers: Sequence[int]) -> list[Sequence[int]]:
        """Cases divided up by the processes in which they may be replayed."""
        together = [number for number in numbers if not self.held[number].is_apart]
        alone = [[number] for number in numbers if self.held[number].is_apart]
        return [together, *alone] if together or not alone else [*alone]

    def read(self) -> None:
        """Read the inputs of the cases, so that they need not be read in each process, for each mutant.

        No code of the program runs here: all processes are forked from this one.
        """
        for case in self.held:
            reader, texts = case.replay.reader, case.job.arguments
            with suppress(Refused, MemoryError):
                if case.gist is not None and not reader.may_run_code(reader.whole(texts)):
                    case.inputs = case.replay.read(case.job)
                if case.inputs is not None and case.effects and not case.job.files:
                    case.look = look_of(case.replay, case.effects)

    def seems_as_expected(self, number: int) -> bool:
        """Does a glance at a case show what is expected of it? (Where there is no glancing, it does not.)"""
        case = self.held[number]
        if case.look is None or (inputs := self._inputs(case)) is None:
            return False
        self.fuel.fill(case.rounds)
        try:
            return shows(case.look, glance(case.replay, case.job, inputs.given, inputs.names), inputs)
        except (Refused, MemoryError, OutOfFuel):
            return False

    def tidy_up(self, numbers: Collection[int]) -> None:
        """Put back what cases may have changed that were glanced at."""
        for replay in {id(one): one for one in (self.held[number].replay for number in numbers)}.values():
            replay.put_back()

    def _inputs(self, case: Case) -> Inputs | None:
        """Its inputs: those that were read before if nobody has changed them."""
        if case.inputs is not None and not case.inputs.are_unchanged():
            case.inputs = case.replay.read(case.job)
        return case.inputs

    def run(self, number: int, *, afresh: bool = False) -> Came:
        """Replay one case, with whatever bodies the functions have at the moment.

        Args:
            number: the case.
            afresh: read its inputs anew.
        """
        case = self.held[number]
        self.fuel.fill(case.rounds)
        try:
            result = case.replay.run(case.job, None if afresh else self._inputs(case))
        except Refused as refused:
            return _refused(refused.kind, refused.sentence)
        except BlobDamaged:
            return _refused("file-gone", "the content of a file that it opened is missing, or was altered")
        except MemoryError:
            return _refused(
                "lost", "what came of it is too large to be told within the memory that a call may take"
            )
        except OutOfFuel:  # while what it gave was looked at
            return _refused("lost", "it did not end")
        except Exception as failure:
            return Came("", None, ("lost", f"{type(failure).__name__}: {failure}"), failed=True)
        effects = [(str(one.kind), one.place, one.text) for one in result.effects]
        return Came(gist_of(result.effects), effects)

    def is_as_expected(self, came: Came, number: int) -> bool:
        """Did just the expected come of a case?"""
        return came.gist == self.held[number].gist

    @contextmanager
    def watched(self, number: int, watcher: AbstractContextManager[object]) -> Iterator[None]:
        """While something watches what the program does in calls of the target of a case, and nothing of ours."""
        replay = self.held[number].replay
        replay.watcher = watcher
        try:
            yield
        finally:
            replay.watcher = None

    @contextmanager
    def within(self, code: types.CodeType, numbers: Collection[int]) -> Iterator[None]:
        """While a function has that code: targets inside it, of which every call makes a function, have theirs."""
        replays = {id(self.held[number].replay): self.held[number].replay for number in numbers}
        before = [(one, one.found) for one in replays.values() if one.found.function is None]
        codes = {(one.co_qualname, one.co_firstlineno): one for one in all_within(code)} if before else {}
        for replay, found in before:
            mutated = codes.get((found.code.co_qualname, found.code.co_firstlineno))
            if mutated is not None:
                replay.found = replace(found, code=mutated)
        try:
            yield
        finally:
            for replay, found in before:
                replay.found = found


def _refused(kind: str, sentence: str) -> Came:
    return Came(f"refused {kind} {sentence}", None, (kind, sentence))
