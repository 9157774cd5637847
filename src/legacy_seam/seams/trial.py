"""A plan on its way to being kept: the program before and after, and what each check finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from legacy_seam.seams.interpreter import Interpreter
from legacy_seam.seams.plan import Change, Plan
from legacy_seam.seams.technique import Technique
from legacy_seam.source import Module, Program, Skipped

Verdict = Literal["holds", "fails", "unproved"]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a call hands over its arguments: how many by position, and which by name."""

    positional: int
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step of the ladder found.

    step:    its name.
    verdict: `unproved` where there was nothing to prove it with.
    detail:  a sentence; of a failure, what is wrong and where.
    """

    step: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class Trial:
    """What the checks look at.

    technique: it is asked for a plan a second time.
    options:   what it was told.
    before:    the program as it is.
    plan:      what is to be done to it.
    shapes:    how the target was seen to be called.
    other:     the interpreter that the program runs under, where it is another one than ours.
    """

    technique: Technique
    options: Mapping[str, str]
    before: Program
    plan: Plan
    shapes: Sequence[Shape] = field(default=())
    other: Interpreter | None = None

    @cached_property
    def after(self) -> Program:
        """The program as it would be."""
        return self.before.edited({change.path: change.after for change in self.plan.changes})

    @cached_property
    def pairs(self) -> list[tuple[Change, Module, Module]]:
        """Each change, with its module before and after.

        Raises:
            Broken: where one of them cannot be parsed.
        """
        return [(one, self._parsed(self.before, one), self._parsed(self.after, one)) for one in self.plan.changes]

    @staticmethod
    def _parsed(program: Program, change: Change) -> Module:
        is_to_be = change.creates and change.path not in program.files
        found = Module.of(change.source, change.module) if is_to_be else program.read(change.path)
        if isinstance(found, Skipped):
            raise Broken(str(found))
        return found


class Broken(Exception):
    """A check found something wrong; the message is what and where."""
