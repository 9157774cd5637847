"""Programs run twice, left alone and recorded, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import Call, Count, Run
from legacy_seam.record.launcher import Settings, command
from legacy_seam.store.ledger import Finding
from legacy_seam.store.spool import Damage, read
from legacy_seam.store.wire import call_from_data, count_from_data, finding_from_data, run_from_data

SOURCES = str(Path(__file__).parents[2] / "src")


@dataclass
class Recorded:
    """What a recording left behind."""

    calls: list[Call] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spools: int = 0

    def of(self, target: str) -> list[Call]:
        return [call for call in self.calls if str(call.target) == target]

    def inputs(self, target: str) -> list[dict[str, str]]:
        return [dict(call.arguments) for call in self.of(target)]

    def outcomes(self, target: str) -> list[list[tuple[str, str, str]]]:
        return [
            [(e.kind, e.place, e.text) for e in call.observed.effects] if call.observed else []
            for call in self.of(target)
        ]

    @property
    def run(self) -> Run:
        return self.runs[-1]


def read_store(store: Path) -> Recorded:
    recorded = Recorded()
    for path in sorted((store / "spools").glob("*.spool"), key=lambda p: p.stem.partition("-")[2]):
        recorded.spools += 1
        counts: dict[str, Count] = {}
        for frame in read(path):
            assert not isinstance(frame, Damage), frame
            if frame.kind == "call":
                recorded.calls.append(call_from_data(frame.data))
            elif frame.kind == "count":
                target, count = count_from_data(frame.data)
                counts[str(target)] = count
            elif frame.kind == "run":
                recorded.runs.append(run_from_data(frame.data))
            elif frame.kind == "finding":
                recorded.findings.append(finding_from_data(frame.data))
        for name, count in counts.items():
            before = recorded.counts.get(name, Count())
            recorded.counts[name] = Count(
                before.seen + count.seen,
                before.kept + count.kept,
                before.duplicate + count.duplicate,
                before.sampled_out + count.sampled_out,
                before.unserialisable + count.unserialisable,
                before.failed + count.failed,
                {**before.why, **count.why},
            )
    for name, count in recorded.counts.items():
        kept = count.kept + count.unserialisable
        assert count.seen == kept + count.duplicate + count.sampled_out + count.failed, (name, count)
    return recorded


class Project:
    """A directory with a program in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = directory.parent / f"{directory.name}-store"
        directory.mkdir()

    def write(self, **files: str) -> None:
        """Write files; `shop__rules` is `shop/rules.py`."""
        for name, text in files.items():
            place = name.replace("__", "/").replace("/init", "/__init__").replace("/main", "/__main__")
            path = self.directory / f"{place}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def plain(self, *program: str, flags: Sequence[str] = (), **options: Any) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, *flags, *program], options)

    def record(
        self,
        *program: str,
        settings: Settings | None = None,
        flags: Sequence[str] = (),
        **options: Any,
    ) -> subprocess.CompletedProcess[str]:
        return self._run(self.command(*program, settings=settings, flags=flags), options)

    def command(self, *program: str, settings: Settings | None = None, flags: Sequence[str] = ()) -> list[str]:
        argv = command(replace(settings or Settings(), store=str(self.store)), program)
        return [argv[0], *flags, *(part for part in argv[1:] if part != "-B")]

    def recorded(self) -> Recorded:
        return read_store(self.store)

    def _run(self, argv: list[str], options: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        extra = options.pop("env", {})
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COV"))
        }
        return subprocess.run(
            argv,
            cwd=options.pop("cwd", self.directory),
            env=env | {"PYTHONDONTWRITEBYTECODE": "1"} | extra,
            capture_output=True,
            text=True,
            timeout=120,
            **options,
        )

    def both(self, *program: str, **options: Any) -> tuple[subprocess.CompletedProcess[str], Recorded]:
        """Run a program plain and recorded, see that nothing about it differs, and give what was recorded."""
        plain = self.plain(*program, **options)
        recorded = self.record(*program, **options)
        assert recorded.stdout == plain.stdout
        assert recorded.stderr == plain.stderr
        assert recorded.returncode == plain.returncode
        return plain, self.recorded()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")
