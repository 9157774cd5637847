"""Which rows are for training, which for choosing, and which for the last word: by time, or by group."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import Literal

from legacy_seam.errors import SeamError

NAMES = ("train", "valid", "test")
By = Literal["time", "group"]


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of the splits; they come to one.

    >>> Shares.read("70/15/15")
    Shares(train=0.7, valid=0.15, test=0.15)
    """

    train: float = 0.7
    valid: float = 0.15
    test: float = 0.15

    @staticmethod
    def read(text: str) -> Shares:
        """Shares as people write them.

        Raises:
            SeamError: they cannot be read.
        """
        try:
            parts = [float(part) for part in text.split("/")]
        except ValueError:
            parts = []
        if len(parts) != len(NAMES) or min(parts) < 0 or not parts[0] or sum(parts) <= 0:
            raise SeamError(f"The split {text!r} cannot be read: give three shares, such as 70/15/15.")
        return Shares(*(part / sum(parts) for part in parts))

    def bounds(self) -> list[float]:
        """Where the second and the third begin, from 0 to 1."""
        return list(accumulate((self.train, self.valid)))


def time_bounds(instants: Sequence[float], shares: Shares) -> list[float]:
    """The instants at which `valid` and `test` begin: rows of one instant stay together.

    Args:
        instants: of all rows, ascending.
        shares: how many rows each is to have, as nearly as may be.

    >>> time_bounds([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Shares(0.5, 0.2, 0.3))
    [6, 8]
    """
    places = [round(bound * len(instants)) for bound in shares.bounds()]
    return [instants[place] if place < len(instants) else float("inf") for place in places]


def split_at(instant: float, bounds: Sequence[float]) -> str:
    """The split of an instant.

    >>> [split_at(instant, [6, 8]) for instant in (1, 6, 9)]
    ['train', 'valid', 'test']
    """
    return NAMES[bisect_right(bounds, instant)]


def split_of_group(group: str, shares: Shares) -> str:
    """The split of a group: drawn by its name, so that it is the same in every export.

    >>> split_of_group("A-1", Shares()) == split_of_group("A-1", Shares())
    True
    """
    place = int.from_bytes(blake2b(f"split:{group}".encode(), digest_size=8).digest(), "big") / 2**64
    return NAMES[bisect_right(shares.bounds(), place)]
