"""What those who grade ask of a worker, as nouns: they load nothing of what the worker needs to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from legacy_seam.plaindata import dataclass
from legacy_seam.rewriting.edits import Edit, Path

MUTATE = "mutate"
"""With what a worker is told to do what `job` does."""
WAITED = "it waited for longer than a call may"
"""In words, how a process ended that used no processor time."""


class Expected(NamedTuple):
    """What is to come of a case.

    gist:    of its effects; None where nothing can be said.
    rounds:  how many its loops may go.
    seconds: of processor time that it took.
    is_apart: it holds only where no other case was replayed before.
    """

    gist: str | None
    rounds: int
    seconds: float
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutant to be tried.

    number:   by which it is told of.
    file:     in which it is; function: where the outermost function stands that it changes.
    edit:     the change; None for the control that changes nothing.
    line:     on which it is: neighbours are mostly killed by the same case.
    cases:    which may notice it, in the order in which they are asked.
    is_alone: only a process of its own will do.
    """

    number: int
    file: str
    function: Path
    edit: Edit | None
    line: int
    cases: tuple[int, ...]
    is_alone: bool

    def as_data(self) -> list[Any]:
        """As plain data."""
        edit = None if self.edit is None else [self.edit.path, self.edit.code]
        return [self.number, self.file, self.function, edit, self.line, self.cases, self.is_alone]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Trial:
        """The inverse of `as_data`."""
        number, file, function, edit, line, cases, is_alone = data
        made = None if edit is None else Edit(tuple(edit[0]), edit[1])
        return cls(number, file, tuple(function), made, line, tuple(cases), is_alone)
