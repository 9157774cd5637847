"""Which lines were changed since a revision: what git says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from legacy_seam.errors import SeamError

_HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_lines(project: Path, revision: str) -> dict[Path, set[int]]:
    """The lines of Python files that differ from a revision, by file; of new files all.

    Where lines were only removed, those around the place count.

    Raises:
        SeamError: where there is no git, no repository, or no such revision.
    """
    difference = _git(project, "diff", "--unified=0", "--no-color", "--no-ext-diff", "-M", revision, "--", "*.py")
    root = Path(_git(project, "rev-parse", "--show-toplevel").strip())
    lines: dict[Path, set[int]] = {}
    current: set[int] = set()
    for line in difference.splitlines():
        if line.startswith("+++ "):
            current = set() if line == "+++ /dev/null" else lines.setdefault((root / line[6:]).resolve(), set())
        elif found := _HUNK.match(line):
            first, count = int(found[1]), int(found[2] or 1)
            current.update(range(first, first + count) if count else (first, first + 1))
    for name in _git(
        project, "ls-files", "--others", "--exclude-standard", "--full-name", "--", "*.py"
    ).splitlines():
        path = (root / name).resolve()
        lines[path] = set(range(1, len(path.read_bytes().splitlines()) + 1))
    return lines


def _git(project: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except OSError as error:
        raise SeamError(f"--since needs git, which cannot be started ({error.strerror})") from None
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0].removeprefix("fatal: ")
        raise SeamError(f"--since: git says: {said}; name a commit, branch or tag of this repository")
    return done.stdout
