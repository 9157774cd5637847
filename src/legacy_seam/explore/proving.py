"""Before a found call may be proposed: does it hold still, does it crash, what does it notice?"""

from __future__ import annotations

import ast
import re
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

_FIELD = re.compile(r"%[-#0 +]*[0-9.*]*[a-zA-Z]|%\([^)]*\)[a-zA-Z]|\{[^{}]*\}")
"""Where something is put into a message."""
_LEAST_SAID = 3


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
    """The names of exceptions that a module raises itself, by `raise` or by `assert`.

    >>> raised_on_purpose(ast.parse("def f(x): raise errors.Unknown(x)"))
    {'Unknown'}
    """
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Raise) and node.exc is not None:
            found.add(_name_of(node.exc))
        elif isinstance(node, ast.Assert):
            found.add("AssertionError")
    return found - {""}


def is_refused_on_purpose(outcome: Outcome, module: ast.AST) -> bool:
    """Does a call end in an exception that the module raises itself, for a reason that is written there?

    What a program refuses in so many words is an input that it was made for. An exception of a type of its own says
    as much; of others, the words are looked for.

    Args:
        outcome: what came of the call; module: in which the function stands.
    """
    effect = next((one for one in outcome.effects if one.kind == "raised"), None)
    name = exception_of(outcome)
    if effect is None or name is None:
        return False
    plain = name.rpartition(":")[2].rpartition(".")[2]
    for node in ast.walk(module):
        if isinstance(node, ast.Assert) and plain == "AssertionError":
            return True
        if isinstance(node, ast.Raise) and node.exc is not None and _name_of(node.exc) == plain:
            words = [one for one in _words_of(node.exc) if len(one) >= _LEAST_SAID]
            is_its_own = ":" in name
            if all(one in _said(effect.text) for one in words) if words else is_its_own:
                return True
    return False


def _name_of(raised: ast.expr) -> str:
    called = raised.func if isinstance(raised, ast.Call) else raised
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _words_of(raised: ast.expr) -> list[str]:
    """What is written in a message, without the places where something is put in."""
    texts = [one.value for one in ast.walk(raised) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [piece.strip() for text in texts for piece in _FIELD.split(text)]


def _said(text: str) -> str:
    """What an exception says, as it is read."""
    try:
        tree = parse(text)
    except NotationError:
        return text
    return " ".join(one for one in getattr(tree, "args", ()) if type(one) is str)


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
