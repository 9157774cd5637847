"""Before a found call may be proposed: does it hold still, does it crash, what does it notice?"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from legacy_seam.calls import Call, Outcome, Run
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.perturb import surroundings
from legacy_seam.golden.trial import Trial, hold_still
from legacy_seam.grade.verdicts import Graded, Judged
from legacy_seam.replay import Replayer
from legacy_seam.values import NotationError, parse
from legacy_seam.values.sorts import kind_of
from legacy_seam.values.tolerance import Tolerance, tolerances_for


@dataclass(frozen=True, slots=True)
class Proposition:
    """Found calls that may join a golden master.

    master: the golden master; calls: the calls; run: the world they belong to.
    tolerances: how far numbers in outcomes may be apart.
    """

    master: GoldenMaster
    calls: Sequence[Call]
    run: Run
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Calls that came out the same every time, with what came of them; and how many did not."""

    outcomes: Mapping[str, Outcome]
    moved: int


def held_still(replayer: Replayer, some: Sequence[Proposition], runs: int) -> list[Held]:
    """Replay calls of several targets under all the surroundings under which `pin` replays recorded ones.

    Args:
        replayer: runs calls.
        some: the calls of each target.
        runs: how often each is replayed.

    Returns:
        what came of them, of each target.
    """
    trials = [
        Trial(
            one.master.target,
            one.calls,
            {one.run.identity: one.run},
            one.master.isolation,
            tolerances=tolerances_for(one.master.target, one.tolerances),
        )
        for one in some
    ]
    if tried := [one for one in trials if one.calls]:
        hold_still(replayer, tried, surroundings(runs))
    found: list[Held] = []
    for trial in trials:
        stable = trial.stable()
        outcomes = {call.identity: trial.outcomes[call.identity] for call in stable}
        found.append(Held(outcomes, len(trial.calls) - len(stable)))
    return found


def unnoticed_in(graded: Graded) -> list[Judged]:
    """The mutants that no case notices, those that no case runs included."""
    return [one for one in graded.judged if one.state in ("survived", "not-covered")]


def raised_on_purpose(module: ast.AST) -> set[str]:
    """The names of exceptions that a module raises itself.

    >>> raised_on_purpose(ast.parse("def f(x): raise errors.Unknown(x)"))
    {'Unknown'}
    """
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Raise) and node.exc is not None:
            called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(called, ast.Attribute):
                found.add(called.attr)
            elif isinstance(called, ast.Name):
                found.add(called.id)
    return found


def exception_of(outcome: Outcome) -> str | None:
    """The name of the exception that left a call; None where none did."""
    for effect in outcome.effects:
        if effect.kind == "raised":
            try:
                return kind_of(parse(effect.text))
            except NotationError:
                return effect.text
    return None


def is_crash(outcome: Outcome, recorded: Collection[str], on_purpose: Collection[str]) -> bool:
    """Does an exception leave the call that nothing recorded raised, and that the module nowhere raises itself?"""
    name = exception_of(outcome)
    return (
        name is not None and name not in recorded and name.rpartition(":")[2].rpartition(".")[2] not in on_purpose
    )
