"""How risky it is to change a function, as a number and in one sentence.

risk = how likely a change is, and goes wrong times what it would do times what no net holds

- **likely**: how often it was changed lately (`survey.churn`; the same for all where there is no history), times
  the root of its complexity, and more where it nests deeply.
- **do**: 1, a weight for each kind of effect (`WEIGHTS`; through others, by the number of calls in between less),
  and half a point for each doubling of its callers.
- **net**: the part of changes that nothing would notice (`survey.nets`).

The product has no unit, so it is shown on a scale of 0 to 100 that never moves: the same function has the same risk
whatever else is surveyed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from legacy_seam.survey.catalogue import KINDS, Kind
from legacy_seam.survey.churn import Churn
from legacy_seam.survey.facts import Function
from legacy_seam.survey.graph import Reach
from legacy_seam.survey.nets import Net

WEIGHTS: Final[dict[tuple[Kind, bool], float]] = {
    ("databases", True): 3.0,
    ("databases", False): 1.0,
    ("network", True): 3.0,
    ("processes", True): 3.0,
    ("files", True): 2.0,
    ("files", False): 1.0,
    ("globals", True): 2.0,
    ("globals", False): 1.0,
    ("dynamic code", True): 2.0,
    ("threads", True): 2.0,
    ("clock", False): 1.0,
    ("randomness", False): 1.0,
    ("environment", True): 1.5,
    ("environment", False): 0.5,
    ("input", False): 1.0,
    ("output", True): 0.5,
    ("logging", True): 0.25,
}
"""How grave it is to do something by mistake, by kind and whether it writes."""

_SCALE: Final = 20.0
"""The product that has the risk 63."""
_HIGH: Final = 60
_MEDIUM: Final = 25

WORDS: Final[dict[tuple[Kind, bool], str]] = {
    ("databases", True): "changes a database",
    ("databases", False): "asks a database",
    ("network", True): "uses the network",
    ("processes", True): "starts or ends processes",
    ("files", True): "writes files",
    ("files", False): "reads files",
    ("globals", True): "changes globals",
    ("globals", False): "reads globals that change",
    ("dynamic code", True): "runs code made at run time",
    ("threads", True): "starts threads or tasks",
    ("clock", False): "looks at the clock",
    ("randomness", False): "draws random numbers",
    ("environment", True): "changes its environment",
    ("environment", False): "depends on its environment",
    ("input", False): "waits for input",
    ("output", True): "prints",
    ("logging", True): "logs",
}
_MOST_SAID: Final = 4


def risk_of(
    function: Function,
    reaches: Mapping[tuple[Kind, bool], Reach],
    fan_in: int,
    churn: Churn | None,
    net: Net,
    *,
    has_history: bool,
) -> float:
    """The risk of changing a function, without a unit: only good to compare.

    Args:
        function: the function.
        reaches: its effects.
        fan_in: how many functions call it.
        churn: its history; None where it was not changed.
        net: what holds it.
        has_history: is there any history?
    """
    changes = (0.5 + math.log2(1 + churn.weight) if churn else 0.5) if has_history else 1.0
    difficulty = math.sqrt(function.complexity) * (1 + 0.15 * max(function.nesting - 2, 0))
    effect = 1 + 0.5 * math.log2(1 + fan_in)
    for kind in KINDS:
        effect += max(
            (WEIGHTS[kind, writes] / (1 + reach.steps) for (one, writes), reach in reaches.items() if one == kind),
            default=0,
        )
    return changes * difficulty * effect * net.gap


def on_scale(risk: float) -> int:
    """A risk on the scale of 0 to 100.

    >>> on_scale(0), on_scale(20), on_scale(2000)
    (0, 63, 100)
    """
    return round(100 * (1 - math.exp(-risk / _SCALE)))


def level_of(score: int) -> str:
    """A risk on the scale, in a word.

    >>> level_of(70), level_of(30), level_of(3)
    ('high', 'medium', 'low')
    """
    return "high" if score >= _HIGH else "medium" if score >= _MEDIUM else "low"


def sentence(
    function: Function, reaches: Mapping[tuple[Kind, bool], Reach], fan_in: int, churn: Churn | None, net: Net
) -> str:
    """Why a function is as risky as it is."""
    parts = [_size(function), *_effects(reaches)]
    if fan_in > 2:
        parts.append(f"{fan_in} callers")
    if churn is not None:
        by = f" by {churn.authors} people" if churn.authors > 1 else ""
        parts.append(f"changed {_times(churn.commits)}{by}")
    return "; ".join((*parts, net_in_words(net)))


def _size(function: Function) -> str:
    lines = f"{function.lines} line{'s' * (function.lines != 1)}"
    branches = function.complexity - 1
    ways = f", {branches} branch{'es' * (branches != 1)}" if branches else ""
    return f"{lines}{ways}" + (f", {function.nesting} deep" if function.nesting > 3 else "")


def _effects(reaches: Mapping[tuple[Kind, bool], Reach]) -> list[str]:
    gravest = sorted(reaches, key=lambda one: (-WEIGHTS[one] / (1 + reaches[one].steps), reaches[one].steps, one))
    own, others, told = list[str](), list[str](), set[Kind]()
    for kind, writes in gravest:
        if kind not in told and len(told) < _MOST_SAID:
            told.add(kind)
            (own if reaches[kind, writes].steps == 0 else others).append(WORDS[kind, writes])
    said = [", ".join(own)] if own else []
    if others:
        said.append(f"through others {', '.join(others)}")
    left = len({kind for kind, _ in reaches} - told)
    if left:
        said[-1] += f" and {left} kind{'s' * (left > 1)} more"
    return said


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def net_in_words(net: Net) -> str:
    """What holds a function, in a few words.

    >>> net_in_words(Net(test=1)), net_in_words(Net())
    ('called by a test', 'nothing holds it')
    """
    if net.golden == 0:
        return "has a golden master"
    if net.test == 1:
        return "called by a test"
    if net.golden is not None:
        return f"{_calls(net.golden)} below a golden master"
    return "nothing holds it" if net.test is None else f"{_calls(net.test)} from a test"


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number} calls"
