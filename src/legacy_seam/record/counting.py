"""How many calls of each target went where: summed over its functions, and written down now and then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Protocol

from legacy_seam.calls import Count
from legacy_seam.record.sites import Site
from legacy_seam.store.wire import count_to_data
from legacy_seam.targets import Target

_SECONDS_BETWEEN = 1.0


class Journal(Protocol):
    """Where what was recorded goes."""

    def append(self, kind: str, data: Mapping[str, object]) -> None:
        """Write one frame."""


class Counting:
    """Writes down the counts of all sites of one process.

    Args:
        journal: where they go.
        run: identifier of the `Run`.
    """

    def __init__(self, journal: Journal, run: str) -> None:
        self._journal = journal
        self._run = run
        self._written: dict[Target, Count] = {}
        self._of_parent: dict[Target, Count] = {}
        self._due = 0.0
        self.is_in_child = False

    def is_due(self) -> bool:
        """Has it been long enough since the last time?"""
        return monotonic() >= self._due

    def write(self, sites: Iterable[Site]) -> None:
        """Write down the counts that changed since the last time.

        Raises:
            OSError: where they cannot be written.
        """
        self._due = monotonic() + _SECONDS_BETWEEN
        self._write(sites)

    def write_at_once(self, sites: Iterable[Site]) -> None:
        """Write down the counts of these sites, which are all those of their target, and no others.

        Raises:
            OSError: where they cannot be written.
        """
        self._write(sites)

    def _write(self, sites: Iterable[Site]) -> None:
        for target, count in self.totals(sites).items():
            if count.seen and self._written.get(target) != count:
                self._journal.append("count", {**count_to_data(target, count), "run": self._run})
                self._written[target] = count

    def totals(self, sites: Iterable[Site]) -> dict[Target, Count]:
        """How many calls of each target went where, in this process."""
        totals: dict[Target, Count] = {}
        for site in sites:
            before = totals.get(site.target)
            totals[site.target] = site.count() if before is None else _combined(before, site.count(), 1)
        return {
            target: _combined(count, self._of_parent[target], -1) if target in self._of_parent else count
            for target, count in totals.items()
        }

    def begin_again(self, sites: Iterable[Site]) -> None:
        """After a fork: what was counted before was the parent's. Children are mostly ended without a warning."""
        self.is_in_child = True
        self._of_parent = {}
        self._of_parent = self.totals(sites)
        self._written.clear()


def _combined(one: Count, other: Count, sign: int) -> Count:
    why = {key: one.why.get(key, 0) + sign * other.why.get(key, 0) for key in {**one.why, **other.why}}
    return Count(
        one.seen + sign * other.seen,
        one.kept + sign * other.kept,
        one.duplicate + sign * other.duplicate,
        one.sampled_out + sign * other.sampled_out,
        one.unserialisable + sign * other.unserialisable,
        one.failed + sign * other.failed,
        {key: number for key, number in why.items() if number},
    )
