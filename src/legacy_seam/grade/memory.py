"""Verdicts of earlier runs, which need not be reached again.

A verdict holds as long as what it came from is as it was: a kill as long as the case that noticed it is there, and
with it all code that this case runs; all others as long as no case that runs the place was added, removed or
changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from legacy_seam.calls import Difference
from legacy_seam.grade.mutants import Mutant, digest_of
from legacy_seam.grade.operators.catalogue import VERSION
from legacy_seam.grade.verdicts import Judged, Noticed, State
from legacy_seam.plaindata import dataclass
from legacy_seam.store.atomic import write_atomically

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Ground:
    """What a verdict stands on.

    world:    the name of the world.
    function: the digest of the function that is changed.
    cases:    the digests of the cases that run the place, each with all code that it runs.
    """

    world: str
    function: str
    cases: Collection[str]

    def of_all(self) -> str:
        """One digest for all of them."""
        return digest_of("\n".join(sorted(self.cases)))


class Memory:
    """Verdicts, kept in a file between runs.

    Args:
        path: the file; None keeps nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._entries: dict[str, dict[str, Any]] = {}
        if path is not None:
            self._entries = _load(path)

    def recall(self, mutant: Mutant, ground: Ground) -> Judged | None:
        """What became of a mutant, if that still holds."""
        entry = self._entries.get(f"{ground.world} {mutant.identity}")
        if entry is None or entry["function"] != ground.function:
            return None
        state: State = entry["state"]
        holds = entry["by"] in ground.cases if state == "killed" else entry["cases"] == ground.of_all()
        if not holds:
            return None
        noticed = None
        if entry["noticed"] is not None:
            target, case, *difference = entry["noticed"]
            noticed = Noticed(target, case, Difference(*difference))
        return Judged(mutant, state, len(ground.cases), noticed, entry["reason"])

    def keep(self, judged: Judged, ground: Ground, by: str | None) -> None:
        """Remember a verdict.

        Args:
            judged: the verdict.
            ground: what it stands on.
            by: the digest of the case that noticed it.
        """
        noticed = judged.noticed
        self._entries[f"{ground.world} {judged.mutant.identity}"] = {
            "function": ground.function,
            "state": judged.state,
            "cases": ground.of_all(),
            "by": by,
            "noticed": noticed
            and [
                noticed.target,
                noticed.case,
                noticed.difference.path,
                noticed.difference.expected,
                noticed.difference.got,
            ],
            "reason": judged.reason,
        }

    def notices(self) -> dict[str, set[str]]:
        """Which mutants cases were found to notice: identity of the case -> those of mutants.

        A mutant stands with the case that noticed it first; others may do so as well.
        """
        found: dict[str, set[str]] = {}
        for name, entry in self._entries.items():
            if entry["noticed"] is not None:
                found.setdefault(entry["noticed"][1], set()).add(name.rpartition(" ")[2])
        return found

    def save(self) -> None:
        """Write all of it down."""
        if self._path is not None:
            data = {**_head(), "verdicts": self._entries}
            write_atomically(self._path, json.dumps(data, separators=(",", ":")).encode())


def _head() -> dict[str, Any]:
    return {"format": _FORMAT, "operators": VERSION, "python": list(sys.version_info[:2])}


def _load(path: Path) -> dict[str, dict[str, Any]]:
    """The verdicts in a file; none, where it is not there, damaged, or of another Python or other operators."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if {name: data[name] for name in _head()} != _head():
            return {}
        verdicts: dict[str, dict[str, Any]] = data["verdicts"]
        return verdicts
    except (OSError, ValueError, KeyError, TypeError):
        return {}
