"""Scratch refactoring: seams are tried on a throw-away copy, one upon the other, and nothing of it stays.

Feathers' way to learn what code does and what it would cost to change it: refactor without care, look, throw it
away. Here the care is the tool's: every edit climbs the same ladder as one that stays, golden masters included.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from legacy_seam.seams.insertion import Insertion, Proposal, Result, Status, propose
from legacy_seam.seams.interpreter import Interpreter
from legacy_seam.seams.journal import Journal
from legacy_seam.seams.net import Net
from legacy_seam.seams.technique import Technique
from legacy_seam.source import Program
from legacy_seam.targets import Target

_LEFT_BEHIND: Final = (
    *(".git", ".hg", ".svn", "__pycache__", "node_modules"),
    *(".venv", "venv", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One technique to be tried.

    technique: which.
    target:    where.
    options:   what the technique is told.
    """

    technique: Technique
    target: Target
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tried:
    """How a step went.

    proposal: what it would do, to the program as the steps before have left it.
    status:   `refused`, `restored` where the net turned red, or `kept`, as long as the copy lasts.
    result:   where it was applied.
    diff:     what it changes, with paths relative to the copy.
    """

    proposal: Proposal
    status: Status
    result: Result | None
    diff: str


@contextmanager
def copy_of(project: Path, *, without: Sequence[Path] = ()) -> Iterator[Path]:
    """A copy of a project, gone at the end of the block.

    Args:
        project: its directory.
        without: directories of it that are left out, besides those of version control, caches and environments.
    """
    left_out = {one.absolute() for one in without}

    def ignored(directory: str, names: list[str]) -> list[str]:
        return [one for one in names if one in _LEFT_BEHIND or (Path(directory) / one).absolute() in left_out]

    with tempfile.TemporaryDirectory(prefix="legacy-seam-scratch-") as place:
        copy = Path(place).resolve() / project.name
        shutil.copytree(project, copy, symlinks=True, ignore=ignored)
        yield copy


def try_steps(
    steps: Sequence[Step],
    root: Path,
    program: Callable[[], Program],
    journal: Journal,
    net: Net | None,
    other: Interpreter | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[Tried]:
    """Try techniques one upon the other, each on what the ones before have left.

    Args:
        steps: in the order in which they are tried. One that is refused, or turns the net red, leaves no trace.
        root: the directory of the copy.
        program: reads the copy anew.
        journal: of the copy.
        net: of the copy; None to look at the text alone.
        other: the interpreter that the program runs under, where it is another one than ours.
        told: is told what is being done.

    Raises:
        SeamError: where the net is red before anything is tried.
    """
    for step in steps:
        told(f"{step.technique.name} {step.target}")
        proposal = propose(step.technique, program(), step.target, step.options, net, other)
        diff = proposal.diff(root)
        if not proposal.is_sound:
            yield Tried(proposal, "refused", None, diff)
            continue
        with journal.locked():
            result = Insertion(proposal, journal, net, told).run()
        yield Tried(proposal, result.status, result, diff)
