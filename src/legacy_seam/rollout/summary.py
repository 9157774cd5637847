"""What a shadow run comes to, in numbers, and which mismatches are one and the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from legacy_seam.rollout.results import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """Mismatches that look alike: at the same place, and of the same wording but for the values.

    example: the identity of one of them; why: how it departs.
    """

    path: str
    why: str
    rows: int
    example: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a run.

    calls:     recorded calls, each distinct input once.
    compared:  those with a verdict.
    matched:   those whose verdict is a match.
    errors:    those on which the candidate raised where legacy returned, or raised something else.
    timeouts:  those on which it was too late.
    refused:   those that could not be given to it.
    no_control: those with nothing to compare with.
    observed:  those compared with what was seen in the wild, since legacy could not be run again.
    denied:    those on which the candidate tried to do something to the world.
    weighted:  the share of matches where each call counts as often as it was recorded; None where nothing compared.
    kinds:     the kinds of mismatch, the most frequent first.
    """

    calls: int
    compared: int
    matched: int
    errors: int
    timeouts: int
    refused: int
    no_control: int
    observed: int
    denied: int
    weighted: float | None
    kinds: tuple[Kind, ...]

    @property
    def mismatched(self) -> int:
        """Calls whose verdict is no match."""
        return self.compared - self.matched

    @property
    def parity(self) -> float | None:
        """The share of the compared calls that match; None where none was compared."""
        return self.matched / self.compared if self.compared else None

    @property
    def agrees(self) -> bool:
        """Whether something was compared, and nothing departs or fails."""
        return self.compared > 0 and self.matched == self.compared and not self.timeouts and not self.denied


def summarize(rows: Sequence[Row]) -> Summary:
    """The numbers of the rows of a run."""
    compared = [row for row in rows if row.match is not None]
    weight = sum(row.seen for row in compared)
    matched = [row for row in compared if row.match]
    reasons = [row.reason for row in rows]
    return Summary(
        len(rows),
        len(compared),
        len(matched),
        sum(row.reason == "exception" and not row.match for row in rows),
        reasons.count("timeout"),
        reasons.count("refused"),
        reasons.count("no_control"),
        sum(row.source == "observed" for row in compared),
        sum(bool(row.denied) for row in rows),
        sum(row.seen for row in matched) / weight if weight else None,
        _kinds(row for row in compared if not row.match),
    )


def _kinds(rows: Iterable[Row]) -> tuple[Kind, ...]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[re.sub(r"\[[^\]]*\]", "[*]", row.path), _wording(row.why)].append(row)
    found = [Kind(path, some[0].why, len(some), some[0].id) for (path, _), some in groups.items()]
    return tuple(sorted(found, key=lambda kind: (-kind.rows, kind.path, kind.why)))


def _wording(why: str) -> str:
    """A reason without the values in it.

    >>> _wording("680 is not 650.5") == _wording("12 is not -3")
    True
    """
    return re.sub(r"'[^']*'|\"[^\"]*\"|-?\d[\d.e+-]*", "…", why)
