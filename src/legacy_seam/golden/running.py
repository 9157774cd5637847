"""What of the program golden masters run: each case is replayed once more, and watched from line to line.

Outcomes are not looked at: whether a golden master holds is found out by replays that nobody watches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster, Isolation
from legacy_seam.golden.verify import batches_of
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Batch, Conditions, Replayer
from legacy_seam.replay.steps import Step
from legacy_seam.targets import Target


@dataclass(slots=True)
class Running:
    """What golden masters run.

    cases:     steps by file, by target and the identity of the case.
    at_import: the steps of importing the program, by file.
    """

    cases: dict[tuple[Target, str], Mapping[str, Collection[Step]]] = field(default_factory=dict)
    at_import: dict[str, set[Step]] = field(default_factory=dict)

    def by(self, target: Target) -> dict[str, set[Step]]:
        """The steps that the golden master of a target takes, by file."""
        found: dict[str, set[Step]] = defaultdict(set)
        for (whose, _), ran in self.cases.items():
            if whose == target:
                for file, steps in ran.items():
                    found[file].update(steps)
        return dict(found)

    def by_all(self) -> dict[str, set[Step]]:
        """The steps that are taken by any case, by file."""
        found: dict[str, set[Step]] = defaultdict(set)
        for ran in self.cases.values():
            for file, steps in ran.items():
                found[file].update(steps)
        return dict(found)


def watch(goldens: Iterable[GoldenMaster], directory: GoldenDirectory, replayer: Replayer) -> Running:
    """Find out what golden masters run.

    Args:
        goldens: the golden masters.
        directory: where they lie.
        replayer: runs calls; its blobs must be those of `directory`.

    Raises:
        GoldenDamaged: where the world of a case cannot be read.
    """
    batches: Mapping[Isolation, list[Batch]] = {"shared": [], "fresh": []}
    for master in goldens:
        batches[master.isolation].extend(batches_of(master, directory))
    running = Running()
    for isolation, some in batches.items():
        for one in replayer.run(some, Conditions(isolation=isolation, trace_steps=True)) if some else ():
            if one.target is not None:
                running.cases[one.target, one.identity] = one.steps
                for file, steps in one.at_import.items():
                    running.at_import.setdefault(file, set()).update(steps)
    return running
