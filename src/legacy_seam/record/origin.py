"""What a run is known by, and what can be said of where it ran."""

from __future__ import annotations

import os
from _blake2 import blake2b
from collections.abc import Sequence
from pathlib import Path
from time import time_ns


def new_identity(started: float, command: Sequence[str]) -> str:
    """A name that no other run has."""
    seed = f"{started} {time_ns()} {os.getpid()} {command}"
    return blake2b(seed.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def identity_of_child(parent: str, command: Sequence[str]) -> str:
    """Processes that were started alike, out of the same run, are one run: a pool has thousands in the end."""
    surroundings = [f"{name}={value}" for name, value in sorted(os.environ.items())]
    seed = "\0".join([parent, *command, os.getcwd(), *surroundings])
    return blake2b(seed.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def relative_to(path: str, directory: str) -> str:
    """A path relative to a directory, with forward slashes, where it lies below it; itself where not."""
    relative = os.path.relpath(path, directory)
    return path if relative.startswith("..") else relative.replace(os.sep, "/")


def commit_of(directory: Path) -> str | None:
    """The commit that is checked out, read from the files of git; None where that cannot be told."""
    for place in (directory, *directory.parents):
        head = place / ".git" / "HEAD"
        try:
            text = head.read_text("utf-8").strip()
            if not text.startswith("ref: "):
                return text or None
            return (place / ".git" / text.removeprefix("ref: ")).read_text("utf-8").strip() or None
        except (OSError, UnicodeError):
            if head.exists():
                return None
    return None
