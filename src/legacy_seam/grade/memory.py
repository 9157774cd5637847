"""Verdicts of earlier runs, which need not be reached again.

A verdict holds as long as what it came from is as it was: a kill as long as the case that noticed it is there, and
with it all code that this case runs. What some cases do not notice none of them does, so of a survivor only new
cases are asked; unless something may be left of one case for the next: then it holds for just those cases together.
So do all other verdicts.
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
from legacy_seam.grade.verdicts import Judged, Noticed
from legacy_seam.plaindata import dataclass
from legacy_seam.store.atomic import write_atomically

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Ground:
    """What a verdict stands on.

    world:    the name of the world.
    function: the digest of the function that is changed.
    cases:    the digests of the cases that run the place, each with all code that it runs.
    is_stateful: something may be left of one case for the next.
    """

    world: str
    function: str
    cases: Collection[str]
    is_stateful: bool = False

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
        self._suspected: dict[str, set[str]] = {}
        if path is not None:
            self._entries = _load(path)

    def recall(self, mutant: Mutant, ground: Ground) -> Judged | None:
        """What became of a mutant, if that still holds."""
        entry = self._entry(mutant, ground)
        if entry is None:
            return None
        if ground.cases and self.unnoticing(mutant, ground).issuperset(ground.cases):
            return Judged(mutant, "survived", len(ground.cases))
        if entry["by"] not in ground.cases and entry["cases"] != ground.of_all():
            return None
        noticed = None
        if entry["noticed"] is not None:
            target, case, *difference = entry["noticed"]
            noticed = Noticed(target, case, Difference(*difference))
        return Judged(mutant, entry["state"], len(ground.cases), noticed, entry["reason"])

    def unnoticing(self, mutant: Mutant, ground: Ground) -> frozenset[str]:
        """The digests of cases of which it is known that they do not notice a mutant, though they may be gone."""
        entry = None if ground.is_stateful else self._entry(mutant, ground)
        return frozenset() if entry is None else entry["unnoticing"]

    def keep(self, judged: Judged, ground: Ground, by: str | None) -> None:
        """Remember a verdict.

        Args:
            judged: the verdict.
            ground: what it stands on.
            by: the digest of the case that noticed it.
        """
        noticed = judged.noticed
        unnoticing = self.unnoticing(judged.mutant, ground)
        if judged.state == "survived" and not ground.is_stateful:
            unnoticing = frozenset(ground.cases)
        self._entries[_name(judged.mutant, ground)] = {
            "function": ground.function,
            "state": judged.state,
            "cases": ground.of_all(),
            "unnoticing": unnoticing,
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

    def suspect(self, mutant: Mutant, ground: Ground, case: str) -> None:
        """A case seems to notice a mutant: that is no verdict, and is not written down.

        Args:
            mutant: the mutant; ground: what a verdict on it would stand on.
            case: the digest of the case.
        """
        self._suspected.setdefault(_name(mutant, ground), set()).add(case)

    def suspected(self, mutant: Mutant, ground: Ground) -> Collection[str]:
        """The digests of cases that seem to notice a mutant, and are best asked first."""
        return self._suspected.get(_name(mutant, ground), ())

    def _entry(self, mutant: Mutant, ground: Ground) -> dict[str, Any] | None:
        entry = self._entries.get(_name(mutant, ground))
        return entry if entry is not None and entry["function"] == ground.function else None

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
        if self._path is None:
            return
        digests = sorted({one for entry in self._entries.values() for one in entry["unnoticing"]})
        places = {one: place for place, one in enumerate(digests)}
        verdicts = {
            name: {**entry, "unnoticing": sorted(places[one] for one in entry["unnoticing"])}
            for name, entry in self._entries.items()
        }
        data = {**_head(), "digests": digests, "verdicts": verdicts}
        write_atomically(self._path, json.dumps(data, separators=(",", ":")).encode())


def _name(mutant: Mutant, ground: Ground) -> str:
    return f"{ground.world} {mutant.identity}"


def _head() -> dict[str, Any]:
    return {"format": _FORMAT, "operators": VERSION, "python": list(sys.version_info[:2])}


def _load(path: Path) -> dict[str, dict[str, Any]]:
    """The verdicts in a file; none, where it is not there, damaged, or of another Python or other operators."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if {name: data[name] for name in _head()} != _head():
            return {}
        digests: list[str] = data["digests"]
        verdicts: dict[str, dict[str, Any]] = data["verdicts"]
        for entry in verdicts.values():
            entry["unnoticing"] = frozenset(digests[place] for place in entry["unnoticing"])
        return verdicts
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return {}
