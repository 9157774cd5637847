"""What a shadow run means: where mismatches gather, and what the calls next to them have that they have not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from legacy_seam.rollout.neighbours import Neighbour, Neighbours
from legacy_seam.rollout.results import Results, Row
from legacy_seam.rollout.slices import Slice, find_slices
from legacy_seam.values.flat import Value, flatten


@dataclass(frozen=True, slots=True)
class Explained:
    """One slice, with an example.

    example: a mismatch in it.
    nearest: the recorded call most like it on which both sides agree, if there is any.
    """

    where: Slice
    example: Row
    nearest: Row | None
    differs: dict[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was found.

    explained:   the slices, the most telling first.
    unexplained: mismatches in none of them.
    """

    explained: tuple[Explained, ...]
    mismatched: int
    unexplained: int


def explain(results: Results, *, most: int = 10, least: int = 20) -> Explanation:
    """Explain the mismatches of a shadow run.

    Args:
        results: the run.
        most: slices at most.
        least: rows of a slice at least.

    Raises:
        SeamError: numpy or scipy are not installed.
    """
    rows = results.compared
    flat = [flatten(row.inputs) for row in rows]
    slices = find_slices(flat, [not row.match for row in rows], most=most, least=least)
    covered = {place for one in slices for place in one.members}
    departed = [place for place, row in enumerate(rows) if not row.match]
    return Explanation(
        tuple(_examples(rows, flat, slices)), len(departed), sum(place not in covered for place in departed)
    )


def _examples(rows: tuple[Row, ...], flat: list[dict[str, Value]], slices: list[Slice]) -> Iterator[Explained]:
    matching = [place for place, row in enumerate(rows) if row.match]
    neighbours = Neighbours([flat[place] for place in matching])
    for one in slices:
        example = next(place for place in one.members if not rows[place].match)
        near: Neighbour | None = neighbours.nearest(flat[example])
        nearest = None if near is None else rows[matching[near.place]]
        yield Explained(one, rows[example], nearest, {} if near is None else near.differs)
