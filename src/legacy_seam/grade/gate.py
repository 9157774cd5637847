"""The gate: when grading fails a build."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.grade.score import plain
from legacy_seam.grade.verdicts import SCORED, Graded, Judged
from legacy_seam.plaindata import dataclass
from legacy_seam.store.atomic import write_atomically

_OPEN = ("survived", "not-covered")


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to hold.

    at_least: the score in per cent that is the least; None: any. known:    identities of mutants that may go
    unnoticed, since they did when the baseline was written; None without
              a baseline.
    """

    at_least: float | None = None
    known: Collection[str] | None = None

    def failures(self, graded: Graded) -> list[str]:
        """What does not hold, in sentences."""
        found: list[str] = []
        score = plain(graded.judged)
        if self.at_least is not None and score is not None and 100 * score < self.at_least:
            found.append(f"the score is {100 * score:.1f} %, less than {self.at_least:g} %")
        if new := self.new(graded):
            how_many = "1 mutant goes" if len(new) == 1 else f"{len(new)} mutants go"
            found.append(f"{how_many} unnoticed that the baseline does not have")
        return found

    def new(self, graded: Graded) -> list[Judged]:
        """Mutants that go unnoticed, and are not in the baseline."""
        if self.known is None:
            return []
        return [one for one in unnoticed(graded) if one.mutant.identity not in self.known]


def unnoticed(graded: Graded) -> list[Judged]:
    """Mutants that no case notices, whether or not one runs the place."""
    return [one for one in graded.judged if one.state in _OPEN]


def is_measured(graded: Graded) -> bool:
    """Was anything measured at all?"""
    return any(one.state in SCORED for one in graded.judged)


def read_baseline(path: Path) -> set[str]:
    """The mutants that may go unnoticed.

    Raises:
        SeamError: where the file is not there, or is none.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        return {one["mutant"] for one in data["unnoticed"]}
    except FileNotFoundError:
        raise SeamError(f"there is no baseline {path}; write one with --write-baseline {path}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SeamError(
            f"the baseline {path} cannot be read ({error}); write it anew with --write-baseline"
        ) from None


def write_baseline(path: Path, graded: Graded) -> None:
    """Write down which mutants go unnoticed today."""
    data = {
        "unnoticed": [
            {
                "mutant": one.mutant.identity,
                "function": f"{one.mutant.module}:{one.mutant.function}",
                "line": one.mutant.line,
                "operator": one.mutant.operator,
            }
            for one in unnoticed(graded)
        ]
    }
    write_atomically(path, (json.dumps(data, indent=2) + "\n").encode())
