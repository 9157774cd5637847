"""How far two rankings are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def kendall_distance(one: Sequence[Any], other: Sequence[Any]) -> float:
    """The share of pairs that stand the other way round, from 0 to 1 (Kendall 1938).

    Rankings of different items are as far apart as can be.

    >>> kendall_distance("abc", "abc"), kendall_distance("abc", "cba"), kendall_distance("abc", "abd")
    (0.0, 1.0, 1.0)
    """
    places = {item: place for place, item in enumerate(other)}
    if len(places) != len(other) or set(one) != set(places) or len(one) != len(other):
        return 1.0
    pairs = len(one) * (len(one) - 1) / 2
    return _inversions([places[item] for item in one])[0] / pairs if pairs else 0.0


def _inversions(places: list[int]) -> tuple[int, list[int]]:
    """How many pairs stand the wrong way round, and the places sorted: a merge sort that counts."""
    if len(places) < 2:
        return 0, places
    middle = len(places) // 2
    (left_count, left), (right_count, right) = _inversions(places[:middle]), _inversions(places[middle:])
    count, merged, index = left_count + right_count, [], 0
    for place in right:
        while index < len(left) and left[index] < place:
            merged.append(left[index])
            index += 1
        count += len(left) - index
        merged.append(place)
    return count, merged + left[index:]


def overlap_distance(one: Sequence[Any], other: Sequence[Any], k: int) -> float:
    """The share of the first `k` of one ranking that the other has not among its own first `k`.

    >>> overlap_distance("abcd", "badc", 2), overlap_distance("abcd", "cdab", 2)
    (0.0, 1.0)
    """
    mine, theirs = set(one[:k]), set(other[:k])
    larger = max(len(mine), len(theirs))
    return 1 - len(mine & theirs) / larger if larger else 0.0
