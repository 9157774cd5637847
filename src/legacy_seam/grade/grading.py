"""Grading a net of golden masters, world by world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import batches_of
from legacy_seam.grade.equivalents import stale
from legacy_seam.grade.findings import Findings
from legacy_seam.grade.in_world import InWorld
from legacy_seam.grade.plan import Plan, Watcher
from legacy_seam.grade.verdicts import Graded
from legacy_seam.grade.worlds import World
from legacy_seam.replay import Batch, Replayer


def grade(
    goldens: Sequence[tuple[Path, GoldenMaster]],
    directory: GoldenDirectory,
    replayer: Replayer,
    plan: Plan,
    watcher: Watcher | None = None,
) -> Graded:
    """Say of each mutant whether the golden masters notice it.

    Args:
        goldens: approved files, and what they say.
        directory: where they lie.
        replayer: runs calls; its blobs must be those of `directory`.
        plan: what is graded, and how.
        watcher: told how far it is.

    Raises:
        NetNotGreen: where a golden master does not hold.
        SeamError: where it cannot be replayed at all.
    """
    findings = Findings(goldens, directory, replayer, plan, watcher or Watcher())
    worlds: dict[str, list[Batch]] = defaultdict(list)
    for _, master in findings.goldens:
        for batch in batches_of(master, findings.directory):
            worlds[batch.run.identity].append(batch)
    for number, batches in enumerate(worlds.values()):
        findings.watcher.begins(number + 1, len(worlds))
        with findings.replayer.hired(batches) as shift:
            InWorld(findings, World(shift, findings.replayer.redactor, batches, findings.watcher.works)).run()
    findings.notes += stale(findings.plan.equivalent.values(), findings.digests())
    return findings.graded()
