"""What a technique is: Feathers' name for it, when to use it, what it asks for, and examples that are its tests.

One technique is one class in one file under `techniques/`. Its `EXAMPLES` are what tests/seams/test_techniques.py
tries and what docs/reference/techniques.md shows, so the three cannot come apart. To add one:
docs/how-to/add-a-technique.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason


@dataclass(frozen=True, slots=True)
class Example:
    """A text before and after.

    Args:
        title:   what it shows, a few words.
        before:  the module `m` before; the target is `target` in it.
        after:   and afterwards.
        target:  the qualified name of the target.
        options: as on the command line, by name.
        calls:   expressions that give the same before and after, and reach a stub put through the seam. Empty where
                 nothing can be called (nothing is run then but the module itself).
        others:  other modules of the program, by file name.
        leaves:  the reasons for which places are left alone.
    """

    title: str
    before: str
    after: str
    target: str = "f"
    options: Mapping[str, str] = field(default_factory=dict)
    calls: Sequence[str] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    leaves: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Refuses:
    """A text that a technique leaves alone, and why.

    Args:
        title:   what it shows, a few words.
        before:  the module `m`.
        code:    the reason.
        line:    the line of `before` that forbids it.
        target:  the qualified name of the target.
        options: as on the command line, by name.
        others:  other modules of the program, by file name.
    """

    title: str
    before: str
    code: Reason
    line: int
    target: str = "f"
    options: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a technique.

    name:     `call`, `name` or `lines`, which have an option of their own; others are given as `--with NAME=VALUE`.
    help:     what it says, a few words.
    required: must it be given?
    """

    name: str
    help: str
    required: bool = False


class Technique(Protocol):
    """One way to insert a seam.

    name:          as on the command line.
    feathers:      what "Working Effectively with Legacy Code" calls it; empty for what is not in it.
    summary:       what it does, one sentence.
    when:          when to use it, and when not.
    preconditions: what must hold, a sentence each.
    options:       what it can be told.
    EXAMPLES:      at least one before and after, and one refusal for each reason it has.
    """

    name: ClassVar[str]
    feathers: ClassVar[str]
    summary: ClassVar[str]
    when: ClassVar[str]
    preconditions: ClassVar[Sequence[str]]
    options: ClassVar[Sequence[Option]]
    EXAMPLES: ClassVar[Sequence[Example | Refuses]]

    def plan(self, job: Job) -> Plan:
        """What is to be done; nothing is written.

        Raises:
            Refused: where nothing can be.
        """
        ...
