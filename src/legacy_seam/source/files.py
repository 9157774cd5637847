"""Which files below a directory are Python files of the project.

What `.gitignore` files exclude is left out, and what is never the project's own: repositories, environments,
caches. Links are followed to files but not to directories, so that no walk goes in circles or leaves the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pathspec import GitIgnoreSpec

from legacy_seam.plaindata import dataclass

SUFFIXES: Final = (".py", ".pyw")

_NEVER: Final = frozenset(
    {
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
    }
)
_ENVIRONMENT: Final = frozenset({"pyvenv.cfg", "conda-meta"})  # what marks a directory as an environment of Python


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The patterns that hold below one directory."""

    directory: str
    patterns: GitIgnoreSpec

    def matches(self, path: str) -> bool:
        slash = "/" if path.endswith("/") else ""  # what marks a directory
        return self.patterns.match_file(os.path.relpath(path, self.directory).replace(os.sep, "/") + slash)


def find_files(
    paths: Iterable[Path], *, exclude: Sequence[str] = (), root: Path | None = None, gitignore: bool = True
) -> Iterator[Path]:
    """The Python files at and below paths, each once, sorted within each directory.

    Args:
        paths: files, which are given whatever their name, and directories.
        exclude: patterns as in a `.gitignore`, relative to `root`.
        root: by default the current directory.
        gitignore: do the `.gitignore` files of the directories hold?

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> for name in ("a.py", "b.txt", ".hidden.py"): _ = (place / name).write_text("")
    >>> [path.name for path in find_files([place])]
    ['.hidden.py', 'a.py']
    """
    base = os.path.abspath(root or Path.cwd())
    ignores = (_Ignore(base, GitIgnoreSpec.from_lines(exclude)),) if exclude else ()
    seen: set[str] = set()
    for path in paths:
        place = os.path.abspath(path)
        above = (*ignores, *_ignored_from_above(place)) if gitignore else ignores
        found = _below(place, above, gitignore) if path.is_dir() else (place,)
        for one in found:
            real = os.path.realpath(one)
            if real not in seen:
                seen.add(real)
                yield Path(one)


def _below(directory: str, ignores: tuple[_Ignore, ...], gitignore: bool) -> Iterator[str]:
    waiting = [(directory, ignores)]
    while waiting:
        place, ignores = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # a directory that may not be entered has no files for us
            continue
        names = {entry.name for entry in found}
        if place != directory and names & _ENVIRONMENT:
            continue
        if gitignore and ".gitignore" in names:
            ignores = (*ignores, *_ignore_file(place))
        inner = []
        for entry in found:
            path = entry.path
            if _is_directory(entry):
                wanted = entry.name not in _NEVER and not entry.name.startswith(".")
                if wanted and not any(one.matches(path + "/") for one in ignores):
                    inner.append((path, ignores))
            elif path.endswith(SUFFIXES) and not any(one.matches(path) for one in ignores) and _is_file(entry):
                yield path
        waiting.extend(reversed(inner))


def _ignored_from_above(directory: str) -> tuple[_Ignore, ...]:
    """What the `.gitignore` files between the root of the repository and a directory below it say."""
    above = list(Path(directory).parents)
    places = [Path(directory), *above]
    root = next((number for number, place in enumerate(places) if (place / ".git").exists()), None)
    if not root:
        return ()
    found = tuple(one for place in reversed(places[1 : root + 1]) for one in _ignore_file(str(place)))
    return () if any(one.matches(directory + "/") for one in found) else found  # who names it wants it


def _ignore_file(directory: str) -> tuple[_Ignore, ...]:
    try:
        lines = (Path(directory) / ".gitignore").read_text("utf-8", "replace").splitlines()
        return (_Ignore(directory, GitIgnoreSpec.from_lines(lines)),)
    except (OSError, ValueError):  # there is none, or a pattern that git itself would not understand
        return ()


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
