"""What holds a function: golden masters, and tests that reach it.

A golden master holds its target, and what it calls as far as the recorded cases go there. A test holds what it
calls, the less the further away that is: it may run through a function without looking at what comes out. Only
calls that are sure count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from legacy_seam.survey.graph import Graph

_FURTHEST: Final = 6


@dataclass(frozen=True, slots=True)
class Net:
    """What holds one function.

    golden: calls from the nearest function with a golden master, 0 for itself; None where there is none.
    test:   calls from the nearest test, 1 for what a test calls itself; None where no test comes here.
    """

    golden: int | None = None
    test: int | None = None

    @property
    def gap(self) -> float:
        """The part of changes that would go unnoticed, as a guess from 0 to 1.

        >>> Net(golden=0).gap, Net(test=1).gap, Net().gap
        (0.1, 0.5, 1.0)
        """
        golden = 1.0 if self.golden is None else min(0.1 + 0.15 * self.golden, 0.7)
        test = 1.0 if self.test is None else min(0.4 + 0.1 * self.test, 0.9)
        return min(golden, test)


def nets_of(graph: Graph, golden: Iterable[str]) -> Mapping[str, Net]:
    """What holds each function of the program.

    Args:
        graph: the program and its tests.
        golden: paths of the functions that have golden masters.
    """
    from_golden = graph.below(path for path in golden if path in graph.functions)
    from_tests = graph.below(graph.tests)
    return {path: Net(_near(from_golden.get(path)), _near(from_tests.get(path))) for path in graph.program}


def _near(steps: int | None) -> int | None:
    return steps if steps is not None and steps <= _FURTHEST else None
