"""The log of git as data: for each commit, which lines of which files it replaced by how many others."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_HUNK: Final = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUIETLY: Final = (
    "git",
    "-c",
    "core.quotePath=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "log.showSignature=false",
)
"""Nothing that a repository's own configuration names is run."""
_PATCH: Final = (
    "-p",
    "-U0",
    "-M",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
_FILES: Final = ("--", "*.py", "*.pyw")


class Hunk(NamedTuple):
    """Lines `old` to `old + old_count` became lines `new` to `new + new_count`; lines count from 1."""

    old: int
    old_count: int
    new: int
    new_count: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit did to one file: before, it had the name `old`; None where there was none."""

    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit.

    moment: seconds since the epoch; 0 for what is not committed yet.
    author: who wrote it.
    """

    moment: int
    author: bytes
    changes: tuple[Change, ...]


def top_of(root: Path) -> Path | None:
    """The top directory of the repository that a directory lies in; None where there is none, or no git."""
    try:
        done = subprocess.run(
            [*_QUIETLY, "rev-parse", "--show-toplevel"], cwd=root, capture_output=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Path(os.fsdecode(done.stdout.rstrip(b"\n")))


@contextmanager
def log_of(root: Path, most: int) -> Iterator[Iterator[Commit]]:
    """What is not committed yet, and the commits that touched Python files below a directory, the latest first.

    Merges count as one commit each: history is followed along first parents.

    Args:
        root: the directory.
        most: how many commits at most.
    """
    with _output(root, "diff", "HEAD", *_PATCH, *_FILES) as lines:
        uncommitted = Commit(0, b"", tuple(_changes(lines)))
    kind = ("log", "--first-parent", "--diff-merges=first-parent", f"--max-count={most}", "--format=%x01%ct %ae")
    with _output(root, *kind, *_PATCH, *_FILES) as lines:
        yield _commits(uncommitted, lines)


@contextmanager
def _output(root: Path, *arguments: str) -> Iterator[Iterator[bytes]]:
    process = subprocess.Popen(
        [*_QUIETLY, *arguments],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield iter(process.stdout)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _commits(uncommitted: Commit, lines: Iterator[bytes]) -> Iterator[Commit]:
    yield uncommitted
    head, patch = b"", list[bytes]()
    for line in lines:
        if line.startswith(b"\x01"):
            if head:
                yield _commit(head, patch)
            head, patch = line, []
        elif not line.startswith((b"+", b"-")) or line.startswith((b"+++ ", b"--- ")):
            patch.append(line)
    if head:
        yield _commit(head, patch)


def _commit(head: bytes, patch: Iterable[bytes]) -> Commit:
    moment, _, author = head[1:].rstrip().partition(b" ")
    return Commit(int(moment), author, tuple(_changes(patch)))


def _changes(lines: Iterable[bytes]) -> Iterator[Change]:
    old, new, hunks, is_header = None, None, list[Hunk](), False
    for line in lines:
        if line.startswith(b"diff --git "):
            if old or new:
                yield Change(old, new, tuple(hunks))
            old, new, hunks, is_header = None, None, [], True
        elif is_header and line.startswith((b"--- ", b"rename from ")):
            old = _name(line)
        elif is_header and line.startswith((b"+++ ", b"rename to ")):
            new = _name(line)
        elif match := _HUNK.match(line):
            is_header = False
            at, count, to, given = match.groups()
            hunks.append(Hunk(int(at), int(count or 1), int(to), int(given or 1)))
    if old or new:
        yield Change(old, new, tuple(hunks))


def _name(line: bytes) -> str | None:
    """The file that a line of a patch names.

    >>> _name(b"--- a/shop/rules.py\\n"), _name(b"+++ /dev/null\\n"), _name(b"rename to b.py\\n")
    ('shop/rules.py', None, 'b.py')
    """
    if line.startswith(b"rename "):
        return os.fsdecode(line.split(b" ", 2)[2].rstrip(b"\n"))
    name = line[4:].rstrip(b"\n").rstrip(b"\t")
    return None if name == b"/dev/null" else os.fsdecode(name[2:])
