"""The golden masters that a verb is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from legacy_seam.cli.shared import check_known, patterns_of
from legacy_seam.errors import SeamError
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.targets import Target
from legacy_seam.workspace import Workspace


def golden_targets(directory: GoldenDirectory) -> list[Target]:
    """The targets of all golden masters whose first line can be read."""
    known: list[Target] = []
    for path in directory.paths():
        try:
            known.append(directory.target_of(path))
        except SeamError:
            continue
    return known


def pinned_targets(workspace: Workspace) -> list[Target]:
    """The targets of all golden masters whose first line can be read, where there has to be a golden master.

    Raises:
        SeamError: there is none.
    """
    if not workspace.golden.paths():
        raise SeamError(f"there is no golden master below {workspace.golden.path}; run `legacy-seam pin` first")
    return golden_targets(workspace.golden)


def chosen_masters(workspace: Workspace, targets: Sequence[str] = ()) -> list[tuple[Path, GoldenMaster]]:
    """Golden masters with their paths.

    Args:
        workspace: where they lie.
        targets: patterns as the user wrote them; none for all that are there.

    Raises:
        SeamError: there is none, or none of that name.
        GoldenDamaged: one cannot be read.
    """
    patterns = patterns_of(targets)
    check_known(patterns, pinned_targets(workspace), "with a golden master")
    found: list[tuple[Path, GoldenMaster]] = []
    for path, master in workspace.golden.select(patterns):
        if isinstance(master, GoldenDamaged):
            raise master
        found.append((path, master))
    return found
