"""What is asked of a world, and what its answers mean."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from textwrap import indent

from legacy_seam.calls import Difference
from legacy_seam.golden.compare import compare
from legacy_seam.grade.coverage import Coverage
from legacy_seam.grade.mutants import Function, Mutant, Source
from legacy_seam.grade.verdicts import Noticed, State
from legacy_seam.grade.worlds import Answer, World
from legacy_seam.plaindata import dataclass
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.rewriting.edits import Edit, node_at
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance, tolerances_for

_MOST_CONTROLLED = 20
"""Cases that are replayed with the same code compiled again."""
_FAILURE = "raise SystemError('legacy-seam: a mutant that any net must notice')"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried.

    mutant: None for a control, of which `must` says what has to come.
    cases:  which may notice it; tolerated: those that did so, by no more than is tolerated.
    unnoticing: those of which it is known that they do not; they are not asked.
    at_import: the program is imported with it.
    """

    mutant: Mutant | None
    function: Function
    file: str
    edit: Edit | None
    cases: tuple[int, ...]
    is_alone: bool
    must: State = "survived"
    tolerated: tuple[int, ...] = ()
    unnoticing: tuple[int, ...] = ()
    at_import: bool = False

    @property
    def all_cases(self) -> tuple[int, ...]:
        """All cases on which a verdict stands."""
        return (*self.cases, *self.tolerated, *self.unnoticing)

    @property
    def name(self) -> tuple[str, str]:
        """The function: its module, and its label there."""
        return self.function.module, self.function.label

    def trial(self, number: int) -> Trial:
        """As a worker is asked for it, under a number."""
        line = self.mutant.line if self.mutant else self.function.first
        return Trial(number, self.file, self.function.path, self.edit, line, self.cases, self.is_alone)


def failing_at_once(function: Function, source: Source) -> Edit:
    """A function that raises at once. It keeps its first statement, which may bind what others need."""
    path = (*function.path, "body", 0)
    first = ast.unparse(node_at(source.tree, path))
    return Edit(path, f"if True:\n    {_FAILURE}\nelse:\n{indent(first, '    ')}")


def controls(
    function: Function, source: Source, file: str, callers: Sequence[int], coverage: Coverage, own: Collection[int]
) -> Iterator[Asked]:
    """The same code, which must survive; and one that fails at once, which its golden master must notice.

    Args:
        function: the function.
        source: its module; file: where that is.
        callers: cases that call it.
        coverage: what cases run.
        own: those of the callers that are cases of the function itself.
    """
    alone = coverage.is_stateful(callers)
    yield Asked(None, function, file, None, tuple(callers[:_MOST_CONTROLLED]), alone, must="survived")
    if own:
        failure = failing_at_once(function, source)
        yield Asked(None, function, file, failure, tuple(own), alone, must="killed")


def own_cases(world: World, function: Function, callers: Sequence[int]) -> list[int]:
    """Those of some cases that are cases of a function itself."""
    return [number for number in callers if world.target(number) == Target(function.module, function.label)]


def meaning_of(
    answer: Answer, world: World, tolerances: tuple[Tolerance, ...]
) -> tuple[State, Noticed | None, str]:
    """The state of a mutant, by what it was noticed, and why, by a worker's answer.

    A mutant that a case noticed by no more than is tolerated is `killed` by nothing.
    """
    match answer.verdict:
        case "killed":
            return "killed", _noticed(answer, world, tolerances), ""
        case "survived":
            return "survived", None, ""
        case "timeout" | "crash":
            case, target = world.cases[answer.case], world.target(answer.case)
            how = answer.words or "it did not end"
            difference = Difference("ended", "", how)
            state: State = "timeout" if answer.verdict == "timeout" else "crash"
            return state, Noticed(str(target), case.call.identity, difference), how
        case "same-code" | "no-code" | "unreachable":
            return "suppressed", None, answer.verdict
    return "error", None, answer.words or answer.verdict


def _noticed(answer: Answer, world: World, tolerances: tuple[Tolerance, ...]) -> Noticed | None:
    """By what a case notices a mutant; None where it tolerates it."""
    case, target = world.cases[answer.case], world.target(answer.case)
    if answer.outcome is None:
        return Noticed(str(target), case.call.identity, Difference("replay", "", answer.refusal))
    tolerated = tolerances_for(target, tolerances)
    differences = compare(case.approved, answer.outcome, tolerated)
    return Noticed(str(target), case.call.identity, differences[0]) if differences else None
