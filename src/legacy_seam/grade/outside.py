"""Mutants outside of functions: defaults, decorators, bodies of classes, constants of a module.

What they change runs when the module is imported, so each takes a process that imports the program with the changed
text in the place of the file's. All cases of the world are asked: who imports the module may depend on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from legacy_seam.calls import Case, Difference
from legacy_seam.golden.compare import compare
from legacy_seam.grade.mutants import Mutant, Source
from legacy_seam.grade.verdicts import Noticed, State
from legacy_seam.plaindata import dataclass
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer
from legacy_seam.replay.batch import NO_ANSWER
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.values.tolerance import Tolerance, tolerances_for

_One = TypeVar("_One")


def spread(some: Sequence[_One], most: int) -> list[_One]:
    """So many of some things, from all over.

    >>> spread("abcdef", 3)
    ['a', 'c', 'e']
    """
    if len(some) <= most:
        return list(some)
    return [some[number * len(some) // most] for number in range(most)]


@dataclass(frozen=True, slots=True)
class Reimport:
    """Judges mutants outside of functions by the cases of a world.

    Args:
        replayer: runs calls.
        batches: the calls, with what is approved of each.
        steady: the cases that hold, by target and identity; the others are not asked.
        apart: whether some of them hold only in processes of their own.
        tolerances: how far numbers in outcomes may be apart.
    """

    replayer: Replayer
    batches: Sequence[Batch]
    steady: Collection[Case]
    apart: bool
    tolerances: tuple[Tolerance, ...]

    def control(self, source: Source, file: str) -> str:
        """Why mutants of a module cannot be judged; nothing where they can: its text must do what its file does."""
        _, noticed, reason = self._judge(file, source.text.source)
        if noticed is None:
            return ""
        return reason or f"{noticed.difference.path} of case {noticed.case} of {noticed.target} differs"

    def judge(self, mutant: Mutant, source: Source, file: str) -> tuple[State, Noticed | None, str]:
        """What becomes of a mutant, by what it is noticed, and why.

        Args:
            mutant: stands outside of all functions.
            source: its module; file: where it is.
        """
        text = source.after(mutant)
        try:
            with warnings_kept_quiet():
                compile(text, file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return "suppressed", None, "no-code"
        return self._judge(file, text)

    def _judge(self, file: str, text: str) -> tuple[State, Noticed | None, str]:
        conditions = Conditions(isolation="fresh" if self.apart else "shared", instead=((file, text),))
        replays = self.replayer.run(list(self._asked()), conditions)
        approved = {(case.call.target, case.call.identity): case for case in self.steady}
        try:
            for replayed in replays:
                case = approved[replayed.target, replayed.identity] if replayed.target else None
                if case is not None and (found := self._noticed(replayed, case)) is not None:
                    return found
        finally:
            replays.close()  # type: ignore[attr-defined]  # ends the workers: nobody waits for the other cases
        return "survived", None, ""

    def _asked(self) -> Iterator[Batch]:
        names = {(case.call.target, case.call.identity) for case in self.steady}
        for batch in self.batches:
            calls = tuple(call for call in batch.calls if (batch.target, call.identity) in names)
            if calls:
                yield replace(batch, calls=calls)

    def _noticed(self, replayed: Replayed, case: Case) -> tuple[State, Noticed, str] | None:
        target = str(case.call.target)
        if replayed.outcome is None:
            why = replayed.refusal or "it cannot be replayed"
            return "killed", Noticed(target, case.call.identity, Difference("replay", "", why)), why
        tolerated = tolerances_for(case.call.target, self.tolerances)
        differences = compare(case.approved, replayed.outcome, tolerated)
        if not differences:
            return None
        ended = [effect.text for effect in replayed.outcome.effects if effect.kind == "ended"]
        state: State = "killed" if not ended else "timeout" if NO_ANSWER in ended[0] else "crash"
        return state, Noticed(target, case.call.identity, differences[0]), ended[0] if ended else ""
