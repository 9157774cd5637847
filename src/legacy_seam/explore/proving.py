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
class Held:
    """Calls that came out the same every time, with what came of them; and how many did not."""

    outcomes: Mapping[str, Outcome]
    moved: int


def held_still(
    replayer: Replayer,
    master: GoldenMaster,
    calls: Sequence[Call],
    run: Run,
    runs: int,
    tolerances: tuple[Tolerance, ...] = (),
) -> Held:
    """Replay calls under all the surroundings under which `pin` replays recorded ones.

    Args:
        replayer: runs calls.
        master: the golden master that they may join.
        calls: the calls.
        run: the world they belong to.
        runs: how often each is replayed.
        tolerances: how far numbers in outcomes may be apart.
    """
    trial = Trial(
        master.target,
        calls,
        {run.identity: run},
        master.isolation,
        tolerances=tolerances_for(master.target, tolerances),
    )
    if calls:
        hold_still(replayer, [trial], surroundings(runs))
    stable = trial.stable()
    return Held({call.identity: trial.outcomes[call.identity] for call in stable}, len(calls) - len(stable))


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
