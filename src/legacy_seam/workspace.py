"""One project as the verbs see it: its settings, its recordings, its golden masters, and replayers for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.golden.verify import Verification, verify
from legacy_seam.replay import Limits, Replayer, Zygotes
from legacy_seam.targets import Pattern, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legacy_seam.golden.master import GoldenMaster
    from legacy_seam.settings import Settings
    from legacy_seam.source import Program
    from legacy_seam.store.blobs import Blobs


@dataclass(frozen=True)
class Workspace:
    """A project directory and its settings.

    Args:
        project: the directory that modules are imported from and that relative paths are relative to.
        settings: what `[tool.legacy-seam]` and the command line say.
    """

    project: Path
    settings: Settings

    @cached_property
    def golden(self) -> GoldenDirectory:
        """Where the golden masters lie."""
        return GoldenDirectory(self.project / self.settings.golden)

    @property
    def store(self) -> Path:
        """Where the recordings lie."""
        return self.project / self.settings.store

    def program(self) -> Program:
        """All its source, to be read and not imported; `src` and `lib` are roots where they are no packages."""
        from legacy_seam.source import Program

        places = [Path(one) for one in self.settings.source] or [self.project]
        beside = [one for one in (self.project / "src", self.project / "lib") if _holds_modules(one)]
        own = [f"/{one}" for one in (self.settings.golden, self.settings.store) if not Path(one).is_absolute()]
        exclude = [*self.settings.exclude, *own]
        return Program.at(places, roots=[self.project, *places, *beside], exclude=exclude, root=self.project)

    def replayer(
        self,
        blobs: Blobs | Sequence[Blobs] | None = None,
        *,
        keeps_workers: bool = False,
        zygotes: Zygotes | None = None,
    ) -> Replayer:
        """A replayer for this project; to be used in a `with` statement.

        Args:
            blobs: contents of files that calls opened, in one place or several; by default those beside the golden
                masters.
            keeps_workers: see `Replayer`.
            zygotes: see `Replayer`.
        """
        settings = self.settings
        return Replayer(
            self.project,
            blobs or self.golden.files,
            allow=settings.allow,
            limits=Limits(
                cpu_seconds=math.ceil(settings.cpu_seconds),
                wall_seconds=settings.wall_seconds,
                memory_bytes=settings.memory_mb * 1024 * 1024,
                characters=settings.most_characters,
            ),
            keeps_workers=keeps_workers,
            redaction=settings.redaction,
            zygotes=zygotes,
        )

    def verify(self, patterns: Iterable[Pattern] = ()) -> Iterator[Verification]:
        """Verify the golden masters which a pattern matches, each told as soon as it is known."""
        readable, damaged = self._select(patterns)
        yield from damaged
        if readable:
            with self.replayer() as replayer:
                yield from verify(readable, self.golden, replayer, tolerances=self.settings.tolerances)

    def _select(
        self, patterns: Iterable[Pattern]
    ) -> tuple[Sequence[tuple[Path, GoldenMaster]], Sequence[Verification]]:
        readable: list[tuple[Path, GoldenMaster]] = []
        damaged: list[Verification] = []
        for path, master in self.golden.select(patterns):
            if isinstance(master, GoldenDamaged):
                damaged.append(Verification(self._target_of(path), path, "error", 0, problem=str(master)))
            else:
                readable.append((path, master))
        return readable, damaged

    def _target_of(self, path: Path) -> Target:
        try:
            return self.golden.target_of(path)
        except GoldenDamaged:
            return Target(path.parent.name, path.name.partition(".approved")[0])


def _holds_modules(directory: Path) -> bool:
    """Is this a directory that modules are imported from, and no package itself?"""
    return directory.is_dir() and not (directory / "__init__.py").exists()
