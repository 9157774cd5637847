"""Small nets to be graded: a program, calls of it, and golden masters of what comes of them today."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legacy_seam.calls import Call, Case, Run
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import verify
from legacy_seam.grade.grading import grade
from legacy_seam.grade.plan import Plan
from legacy_seam.grade.verdicts import DETECTED, Graded
from legacy_seam.replay import Batch, Replayer
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Target

INSTANT = 1_700_000_000.25


@dataclass
class Net:
    """A program with golden masters.

    directory: of the program; goldens: its golden masters.
    """

    directory: Path
    golden: GoldenDirectory
    goldens: list[tuple[Path, GoldenMaster]]

    def replayer(self) -> Replayer:
        allow = tuple(path.stem for path in self.directory.glob("*.py"))
        return Replayer(self.directory, Blobs(self.directory.parent / "blobs"), allow)

    def grade(self, **plan: Any) -> Graded:
        """Grade it."""
        with self.replayer() as replayer:
            return grade(self.goldens, self.golden, replayer, Plan(**plan))

    def is_red(self, replayer: Replayer) -> bool:
        """Does verifying the program as it is on disk find a difference, in a process that has run nothing?"""
        return any(one.status != "passed" for one in verify(self.goldens, self.golden, replayer))

    def truth(self, graded: Graded) -> dict[str, bool]:
        """Of each mutant that was tried, whether the net notices it: found out by writing it into the file."""
        found: dict[str, bool] = {}
        with self.replayer() as replayer:
            for one in graded.judged:
                if one.state not in DETECTED and one.state not in ("survived", "not-covered"):
                    continue
                module = graded.modules[one.mutant.module]
                file, mutant = Path(module.file), one.mutant
                try:
                    file.write_text(module.source[: mutant.start] + mutant.after + module.source[mutant.end :])
                    found[mutant.identity] = self.is_red(replayer)
                finally:
                    file.write_text(module.source)
        return found


def net_of(
    place: Path,
    modules: Mapping[str, str],
    calls: Sequence[tuple[str, Mapping[str, str]]],
    isolation: str = "shared",
) -> Net:
    """A net.

    Args:
        place: where everything goes.
        modules: source by name.
        calls: targets, and arguments as texts by name.
        isolation: how cases are replayed.
    """
    directory = place / "program"
    directory.mkdir(parents=True)
    for name, source in modules.items():
        (directory / f"{name}.py").write_text(textwrap.dedent(source))
    run = Run(
        identity="run-1",
        command=("driver.py",),
        directory=str(directory),
        main=None,
        search_path=(".",),
        started=INSTANT - 10,
        timezone="UTC",
        environment={},
        files=(),
        python="3.11",
        platform="linux",
    )
    by_target: dict[Target, list[Call]] = {}
    for number, (name, arguments) in enumerate(calls, 1):
        target = Target.parse(name)
        call = Call(target, str(number), arguments, {}, {}, INSTANT, (), None, run.identity)
        by_target.setdefault(target, []).append(call)
    golden = GoldenDirectory(place / "golden")
    golden.save_worlds([run])
    net = Net(directory, golden, [])
    with net.replayer() as replayer:
        batches = [Batch(target, tuple(some), run) for target, some in by_target.items()]
        outcomes = {one.identity: one.outcome for one in replayer.run(batches)}
    for target, some in by_target.items():
        cases = []
        for call in some:
            outcome = outcomes[call.identity]
            assert outcome is not None
            cases.append(Case(call, outcome))
        master = GoldenMaster(target, tuple(cases), isolation=isolation)  # type: ignore[arg-type]
        net.goldens.append((golden.path_of(target), master))
    return net
