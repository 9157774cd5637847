"""The survey of a program: all functions, the most risky first, and where they can be held and cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from legacy_seam.source import Program
from legacy_seam.survey.catalogue import Kind
from legacy_seam.survey.churn import Churn, History, read_history
from legacy_seam.survey.facts import Function, LeftOut, Module, Site
from legacy_seam.survey.gathering import gather
from legacy_seam.survey.graph import Graph, Reach, Touch, link
from legacy_seam.survey.nets import Net, nets_of
from legacy_seam.survey.opportunities import Opportunity, opportunities_of
from legacy_seam.survey.pinching import Pinch, pinch_points
from legacy_seam.survey.risk import level_of, on_scale, risk_of, sentence
from legacy_seam.targets import Target


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One function, or what a module does at import, and all that is known of it.

    fan_in:   how many functions of the program call it.
    fan_out:  how many functions of the program it calls.
    touches:  what it touches itself.
    reaches:  every kind of effect it comes to, by kind and whether it writes.
    unstable: where its outcome may differ from run to run although nothing outside does.
    churn:    its history; None where it was not changed, or there is no history.
    net:      what holds it.
    risk:     without a unit, only good to compare.
    why:      its risk in one sentence.
    """

    function: Function
    fan_in: int
    fan_out: int
    touches: Sequence[Touch]
    reaches: Mapping[tuple[Kind, bool], Reach]
    unstable: Sequence[Site]
    churn: Churn | None
    net: Net
    risk: float
    why: str

    @property
    def target(self) -> Target:
        """Its name."""
        return self.function.target

    @property
    def score(self) -> int:
        """Its risk on the scale of 0 to 100."""
        return on_scale(self.risk)

    @property
    def level(self) -> str:
        """Its risk in a word: high, medium or low."""
        return level_of(self.score)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    modules:   those that were read, tests included.
    left_out:  files that were not read, and why.
    functions: of the program, without tests: the most risky first.
    graph:     who calls whom.
    pinches:   where much can be held with few tests.
    history:   what was read of it; None where there is none.
    """

    modules: Sequence[Module]
    left_out: Sequence[LeftOut]
    functions: Sequence[Surveyed]
    graph: Graph
    pinches: Sequence[Pinch]
    history: History | None

    def opportunities(self, surveyed: Surveyed) -> list[Opportunity]:
        """The places for seams in one of the functions."""
        return opportunities_of(self.graph, surveyed.function.path)


def survey(
    program: Program,
    root: Path,
    *,
    golden: Iterable[Target] = (),
    tell: Callable[[int], None] = lambda done: None,
) -> Survey:
    """Survey a program.

    Args:
        program: its files; nothing of them is imported or run.
        root: the directory relative to which files are named, and whose history is read.
        golden: targets that have golden masters.
        tell: is told how many files have been read.
    """
    modules: list[Module] = []
    left_out: list[LeftOut] = []
    for number, found in enumerate(gather(program, root), 1):
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            modules.append(found)
        tell(number)
    graph = link(modules)
    history = read_history(root, graph.functions.values())
    nets = nets_of(graph, (f"{one.module}.{one.qualname}" for one in golden))
    functions = [_surveyed(graph, path, history, nets[path]) for path in graph.program]
    functions.sort(key=lambda one: (-one.risk, one.target))
    return Survey(modules, left_out, functions, graph, pinch_points(graph), history)


def _surveyed(graph: Graph, path: str, history: History | None, net: Net) -> Surveyed:
    function = graph.functions[path]
    reaches = graph.reaches[path]
    fan_in = sum(caller not in graph.tests for caller in graph.callers[path])
    churn = history.churn.get(path) if history else None
    risk = risk_of(function, reaches, fan_in, churn, net, has_history=history is not None)
    return Surveyed(
        function=function,
        fan_in=fan_in,
        fan_out=len(graph.calls[path]),
        touches=graph.touches[path],
        reaches=reaches,
        unstable=graph.unstable[path],
        churn=churn,
        net=net,
        risk=risk,
        why=sentence(function, reaches, fan_in, churn, net),
    )
