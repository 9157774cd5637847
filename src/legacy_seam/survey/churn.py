"""How often each function was changed, from the history in git.

History is walked backwards, and the lines of every file are followed on the way: a commit that changed lines 10 to
12 as they were then is credited to the function in which those lines stand now. Changes fade: one of half a year
ago counts half of one of today, since code that was changed lately is what will be changed next (Graves et al.,
Predicting Fault Incidence Using Software Change History, 2000).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from legacy_seam.survey.facts import Function
from legacy_seam.survey.git_log import Change, Commit, Hunk, log_of, top_of

_HALF_LIFE: Final = 182.0 * 24 * 3600
_MOST_COMMITS: Final = 3000
_MOST_SECONDS: Final = 10.0
_MOST_LINES: Final = 1000
"""That one commit changes in one file. More is a move or a reformatting, and says nothing of functions."""


@dataclass(frozen=True, slots=True)
class Churn:
    """The history of one function.

    commits: how many changed it, as far back as was read.
    weight:  the same, old ones faded.
    authors: how many people those were by.
    last:    seconds since the epoch of the last one.
    """

    commits: int
    weight: float
    authors: int
    last: int


@dataclass(frozen=True, slots=True)
class History:
    """What was read of the history.

    commits:  how many.
    since:    seconds since the epoch of the oldest of them.
    is_whole: was all of it read, or did a limit end it?
    churn:    by the paths of functions; those that are missing were not changed.
    """

    commits: int
    since: int
    is_whole: bool
    churn: Mapping[str, Churn]


@dataclass(slots=True)
class _Credit:
    weight: float = 0.0
    moments: list[int] = field(default_factory=list)
    authors: set[bytes] = field(default_factory=set)


def read_history(root: Path, functions: Iterable[Function]) -> History | None:
    """The history of the functions of a program; None where there is none, or no git.

    What fades, fades from the latest commit on: the same commit gives the same answer on every day.

    Args:
        root: the directory relative to which the files of functions are named.
        functions: as they stand in the working tree.
    """
    top = top_of(root)
    if top is None:
        return None
    following = _Following(_lines_by_file(functions, root, top))
    started, commits, since, is_whole = time.monotonic(), 0, 0, True
    with log_of(root, _MOST_COMMITS) as log:
        for commit in log:
            following.take(commit)
            commits, since = commits + bool(commit.moment), commit.moment or since
            if time.monotonic() - started > _MOST_SECONDS:
                is_whole = False
                break
    if not commits:
        return None
    return History(commits, since, is_whole and commits < _MOST_COMMITS, following.churn())


def _lines_by_file(functions: Iterable[Function], root: Path, top: Path) -> dict[str, list[str | None]]:
    """For every file, as git names it, the function that each line stands in."""
    found: dict[str, list[str | None]] = {}
    inner = Path(os.path.relpath(root.resolve(), top.resolve()))
    for one in functions:
        if one.is_named and not Path(one.file).is_absolute():
            lines = found.setdefault((inner / one.file).as_posix(), [])
            lines.extend([None] * (one.last - len(lines)))
            lines[one.line - 1 : one.last] = [one.path] * one.lines
    return found


class _Following:
    """Follows lines backwards through commits.

    Args:
        lines: by file, which function each line stands in; changed on the way.
    """

    def __init__(self, lines: dict[str, list[str | None]]) -> None:
        self._lines = lines
        self._credits: dict[str, _Credit] = {}
        self._latest = 0

    def take(self, commit: Commit) -> None:
        """Credit a commit, and go back to before it."""
        self._latest = self._latest or commit.moment
        changed: set[str] = set()
        for change in commit.changes:
            if commit.moment and change.old is not None:
                changed |= self._changed_by(change)
            self._go_back(change)
        for path in changed:
            credit = self._credits.setdefault(path, _Credit())
            credit.weight += 0.5 ** ((self._latest - commit.moment) / _HALF_LIFE)
            credit.moments.append(commit.moment)
            credit.authors.add(commit.author)

    def churn(self) -> dict[str, Churn]:
        """What was credited to each function."""
        return {
            path: Churn(len(credit.moments), credit.weight, len(credit.authors), max(credit.moments))
            for path, credit in self._credits.items()
        }

    def _changed_by(self, change: Change) -> set[str]:
        lines = self._lines.get(change.new or "", [])
        if sum(hunk.new_count for hunk in change.hunks) > _MOST_LINES:
            return set()
        found: set[str | None] = set()
        for hunk in change.hunks:
            found.update(
                lines[hunk.new - 1 : hunk.new - 1 + hunk.new_count] if hunk.new_count else _around(lines, hunk)
            )
        return {path for path in found if path is not None}

    def _go_back(self, change: Change) -> None:
        lines = self._lines.pop(change.new or "", None)
        if lines is None or change.old is None:
            return
        for hunk in reversed(change.hunks):
            start = hunk.new - 1 if hunk.new_count else hunk.new
            replaced = lines[start : start + hunk.new_count] if hunk.new_count else list(_around(lines, hunk))
            owner = max(replaced, key=replaced.count, default=None)
            lines[start : start + hunk.new_count] = [owner] * hunk.old_count
        self._lines[change.old] = lines


def _around(lines: list[str | None], hunk: Hunk) -> set[str | None]:
    """The function in which lines were taken out: the same stands before and behind them."""
    around = set(lines[max(hunk.new - 1, 0) : hunk.new + 1])
    return around if len(around) == 1 else set()
