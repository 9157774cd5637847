"""A small program in a directory of its own, and its calls replayed in real processes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import Call, FileState, Run
from legacy_seam.replay import Batch, Conditions, Limits, Replayed, Replayer, Zygotes
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Target

INSTANT = 1_700_000_000.25
LIMITS = Limits(cpu_seconds=1, wall_seconds=20.0, memory_bytes=512 * 1024**2)


@dataclass
class Program:
    """A program under test: its modules, the run it was recorded in, its replayer."""

    directory: Path
    blobs: Blobs
    modules: list[str] = field(default_factory=list)
    replayer: Replayer | None = None
    limits: Limits = LIMITS
    search_path: tuple[str, ...] = ()
    zygotes: Zygotes | None = None

    def write(self, **modules: str) -> None:
        for name, source in modules.items():
            path = self.directory / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(source))
            self.modules.append(name.partition("__")[0])

    def file(self, path: str, content: bytes | None) -> FileState:
        return FileState(path, None if content is None else self.blobs.put(content))

    def run_of(self, **fields: Any) -> Run:
        given: dict[str, Any] = {
            "identity": "run-1",
            "command": ("driver.py",),
            "directory": str(self.directory),
            "main": None,
            "search_path": (".",),
            "started": INSTANT - 10,
            "timezone": "Europe/Berlin",
            "environment": {},
            "files": (),
            "python": "3.11",
            "platform": "linux",
        }
        return Run(**(given | fields))

    def call(self, target: str, /, **arguments: str) -> Call:
        return Call(
            target=Target.parse(target),
            identity=f"{target} {arguments}",
            arguments=arguments,
            closure={},
            state={},
            instant=INSTANT,
            files=(),
            observed=None,
            run="run-1",
        )

    def replay(self, *calls: Call, run: Run | None = None, **conditions: Any) -> list[Replayed]:
        """Replay calls, those of one target in one batch."""
        by_target: dict[Target, list[Call]] = {}
        for call in calls:
            by_target.setdefault(call.target, []).append(call)
        batches = [Batch(target, tuple(group), run or self.run_of()) for target, group in by_target.items()]
        if self.replayer is None:
            allow = tuple(self.modules)
            self.replayer = Replayer(
                self.directory, self.blobs, allow, self.limits, self.search_path, zygotes=self.zygotes
            )
        return list(self.replayer.run(batches, Conditions(**conditions)))

    def outcome(self, target: str, /, **arguments: str) -> dict[str, str]:
        """What came of one call: `kind place` -> text."""
        (replayed,) = self.replay(self.call(target, **arguments))
        assert replayed.outcome is not None, replayed
        return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Zygotes]:
    with Zygotes() as zygotes:
        yield zygotes


@pytest.fixture
def program(tmp_path: Path, zygotes: Zygotes) -> Iterator[Program]:
    directory = tmp_path / "project"
    directory.mkdir()
    program = Program(directory, Blobs(tmp_path / "blobs"), zygotes=zygotes)
    yield program
    if program.replayer is not None:
        program.replayer.close()
