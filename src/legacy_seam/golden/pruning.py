"""Taking out of a directory of golden masters what none of them refers to any more.

What a case needs of files and large values lies beside it, under names that stand in its text. Whatever has its
name in any text of the directory stays, whoever wrote that; so does what those that stay refer to.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from legacy_seam.golden.directory import CannotWrite, GoldenDirectory

_DIGEST = re.compile(r"\b[0-9a-f]{32}\b")
_NAME_OF_WORLD = re.compile(r"^ *world (\S+)$", re.MULTILINE)


def prune(directory: GoldenDirectory) -> int:
    """Remove files, pieces and worlds to which nothing refers; gives how many there were.

    Raises:
        CannotWrite: where one cannot be removed.
    """
    worlds, texts = directory.path / "_worlds", list(_texts(directory.path))
    used = {name for text in texts for name in _NAME_OF_WORLD.findall(text)}
    unused = [path for path in worlds.glob("*.txt") if path.stem not in used]
    texts += [_text_of(path) for path in worlds.glob("*.txt") if path.stem in used]
    held = set(directory.files.digests())
    kept = _reachable(directory, texts, held)
    try:
        for path in unused:
            path.unlink(missing_ok=True)
        for digest in held - kept:
            directory.files.remove(digest)
    except OSError as error:
        raise CannotWrite(directory.path, error) from error
    return len(unused) + len(held - kept)


def _texts(path: Path) -> Iterator[str]:
    """All texts below a directory of golden masters but for worlds, files and pieces."""
    for file in sorted(path.rglob("*")):
        inner = file.relative_to(path).parts[0]
        if inner not in ("_files", "_worlds") and file.is_file():
            yield _text_of(file)


def _text_of(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text("utf-8", "replace")
    return ""


def _reachable(directory: GoldenDirectory, texts: list[str], held: set[str]) -> set[str]:
    """Which of the contents that are held some texts name, or contents that they name."""
    kept: set[str] = set()
    waiting = [digest for text in texts for digest in _DIGEST.findall(text)]
    while waiting:
        digest = waiting.pop()
        if digest in held and digest not in kept:
            kept.add(digest)
            waiting += _DIGEST.findall(directory.files.get(digest).decode("utf-8", "replace"))
    return kept
