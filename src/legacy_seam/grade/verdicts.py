"""The nouns of grading: what became of each mutant, and of a net as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from legacy_seam.calls import Difference
from legacy_seam.grade.mutants import Mutant
from legacy_seam.plaindata import dataclass, field

State = Literal[
    "killed",
    "survived",
    "not-covered",
    "timeout",
    "crash",
    "unstable",
    "suppressed",
    "equivalent",
    "error",
]
"""What became of a mutant.

killed:      a case gave something else: the net notices.
survived:    every case that runs the place gave what it always gives.
not-covered: no case runs the place.
timeout:     a case did not end; crash: it took its process with it. The net notices both.
unstable:    only cases run the place that do not hold still without a mutant.
suppressed:  a rule says that it tells nothing (`legacy_seam.grade.arid`).
equivalent:  a person has said that nobody can tell it from the original.
error:       we failed on it, which fails the run.
"""

DETECTED: frozenset[State] = frozenset({"killed", "timeout", "crash"})
SCORED: frozenset[State] = DETECTED | {"survived", "not-covered"}
"""What counts for the score."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """How the net notices a mutant: in which case, of which target, and by what."""

    target: str
    case: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant, and what became of it.

    noticed: where it was killed, by what; of a timeout or a crash the case without a difference.
    cases:   how many cases run the place.
    reason:  the rule by which it is suppressed, who accepted it and why, how it crashed, what we failed on.
    """

    mutant: Mutant
    state: State
    cases: int = 0
    noticed: Noticed | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Killer:
    """An input on which a mutant and the original part: a case that is missing.

    target:    what is called; arguments: by name, as texts.
    original, mutant: what came of it, in a few words.
    case:      the recorded one that it was made of; differs: the part in which it is another.
    """

    target: str
    arguments: Mapping[str, str]
    original: str
    mutant: str
    case: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A module as it was graded: its file, and its text."""

    name: str
    file: str
    source: str


@dataclass(frozen=True, slots=True)
class Graded:
    """What grading gave.

    judged:   every mutant, module by module in the order of the source.
    modules:  by name.
    functions: digests of the functions that were graded, by module and label.
    killers:  inputs on which survivors would be noticed, by the identity of the mutant, where one was found.
    noticing: the identities of all cases that seem to notice a mutant, by that of the mutant, where that was asked.
    problems: why there is no score, where there is none: a control failed, or we did.
    notes:    what a person should know though nothing is wrong.
    cases:    how many cases were asked; unstable: how many did not hold still without a mutant.
    reused:   how many verdicts are of an earlier run.
    """

    judged: tuple[Judged, ...]
    modules: Mapping[str, Module]
    functions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    killers: Mapping[str, Killer] = field(default_factory=dict)
    noticing: Mapping[str, Collection[str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cases: int = 0
    unstable: int = 0
    reused: int = 0
    operators: tuple[str, ...] = field(default_factory=tuple)

    def survivors(self) -> list[Judged]:
        """Those that nobody noticed though they were run."""
        return [one for one in self.judged if one.state == "survived"]

    def by_function(self) -> dict[tuple[str, str], list[Judged]]:
        """The mutants of each function, by module and qualified name."""
        found: dict[tuple[str, str], list[Judged]] = {}
        for one in self.judged:
            found.setdefault((one.mutant.module, one.mutant.function), []).append(one)
        return found


def count(judged: Iterable[Judged]) -> dict[State, int]:
    """How many there are in each state."""
    counted: dict[State, int] = {}
    for one in judged:
        counted[one.state] = counted.get(one.state, 0) + 1
    return counted
