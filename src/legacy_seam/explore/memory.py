"""What an earlier search of a target has kept, so that the next one goes on from there."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from legacy_seam.calls import Call, Run
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.grade.mutants import digest_of
from legacy_seam.store.atomic import write_atomically
from legacy_seam.store.errors import WireError
from legacy_seam.store.wire import call_from_data, call_to_data
from legacy_seam.targets import Target

_FORMAT = 1


@dataclass(slots=True)
class Found:
    """Calls that earlier searches kept. searches: how many there were."""

    calls: Sequence[Call] = ()
    searches: int = 0


class Memory:
    """Remembers what was found, in a directory of the store.

    Args:
        directory: of the store; None remembers nothing.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory

    def recall(self, target: Target, run: Run) -> Found:
        """What earlier searches of a target kept, as calls in a world; nothing where that cannot be read."""
        if self._directory is None:
            return Found()
        try:
            data = json.loads(self._path(target).read_bytes())
            if data["version"] != _FORMAT:
                return Found()
            calls = [replace(call_from_data(one), run=run.identity) for one in data["calls"]]
            return Found([call for call in calls if call.target == target], int(data["searches"]))
        except (OSError, ValueError, KeyError, TypeError, WireError):
            return Found()

    def keep(self, target: Target, found: Found) -> None:
        """Keep what was found.

        Raises:
            OSError: where it cannot be written.
        """
        if self._directory is None:
            return
        calls = [call_to_data(call) for call in found.calls]
        data = {"version": _FORMAT, "target": str(target), "searches": found.searches, "calls": calls}
        write_atomically(self._path(target), json.dumps(data).encode("ascii"))

    def forget(self, target: Target) -> None:
        """Forget what was found of a target."""
        if self._directory is not None:
            with contextlib.suppress(OSError):
                self._path(target).unlink(missing_ok=True)

    def _path(self, target: Target) -> Path:
        assert self._directory is not None
        plain = GoldenDirectory(Path()).path_of(target).name.partition(".approved")[0][:60]
        return self._directory / f"{plain}-{digest_of(str(target))}.json"
