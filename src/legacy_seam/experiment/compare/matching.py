"""Pairs between two collections of equal length, whichever order they came in.

With a tolerance "is near" is not transitive, so that taking the first partner that fits may leave another without
one. Augmenting paths (Kuhn's algorithm for bipartite matching) find a complete pairing wherever there is one,
which keeps the verdict symmetric and lets a looser tolerance never match less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def pairing(one: Sequence[Any], other: Sequence[Any], fits: Callable[[Any, Any], bool]) -> list[int | None]:
    """For each item of `one` the index of its partner in `other`, or None where there is none left.

    >>> pairing([1, 2], [2, 1], lambda left, right: left == right)
    [1, 0]
    >>> pairing([1, 2], [1.5, 0.5], lambda left, right: abs(left - right) <= 0.5)  # 1 has to give way
    [1, 0]
    """
    partner_of: list[int | None] = [None] * len(one)
    taken_by: dict[int, int] = {}
    known: dict[tuple[int, int], bool] = {}

    def suits(left: int, right: int) -> bool:
        if (left, right) not in known:
            known[left, right] = fits(one[left], other[right])
        return known[left, right]

    for start in range(len(one)):
        came_from: dict[int, int] = {}
        waiting = [start]
        end: int | None = None
        while waiting and end is None:
            left = waiting.pop(0)
            # The same place first: collections are mostly in the same order after all.
            for right in sorted(range(len(other)), key=lambda place, here=left: place != here):  # type: ignore[misc]
                if right in came_from or not suits(left, right):
                    continue
                came_from[right] = left
                if right not in taken_by:
                    end = right
                    break
                waiting.append(taken_by[right])
        while end is not None:
            left = came_from[end]
            partner_of[left], end = end, partner_of[left]
            taken = partner_of[left]
            assert taken is not None
            taken_by[taken] = left
    return partner_of
