"""How far two samples are apart, as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from legacy_seam.experiment.compare.numbers import is_number


def difference_of_samples(one: Sequence[Any], other: Sequence[Any]) -> float:
    """The distance of two samples, from 0 to 1.

    Of numbers: the largest distance between the empirical distribution functions (Kolmogorov, Smirnov). Of anything
    else: the total variation distance between the shares of each value.

    >>> difference_of_samples([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    >>> difference_of_samples(["call", "call", "letter"], ["call", "letter", "letter"])
    0.3333333333333333
    """
    if not one or not other:
        return 0.0 if not one and not other else 1.0
    if all(is_number(item) and item == item for item in [*one, *other]):
        return _largest_gap(sorted(one), sorted(other))
    shares, their_shares = Counter(map(repr, one)), Counter(map(repr, other))
    gaps = [abs(shares[name] / len(one) - their_shares[name] / len(other)) for name in shares | their_shares]
    return sum(gaps) / 2


def _largest_gap(one: list[Any], other: list[Any]) -> float:
    largest, mine, theirs = 0.0, 0, 0
    for value in sorted({*one, *other}):
        while mine < len(one) and one[mine] <= value:
            mine += 1
        while theirs < len(other) and other[theirs] <= value:
            theirs += 1
        largest = max(largest, abs(mine / len(one) - theirs / len(other)))
    return largest
