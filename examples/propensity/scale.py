"""From a probability to the scale of the old score, which other programs read."""

from __future__ import annotations

import math

MIDDLE = 440
"""Where the old score puts customers of whom every second one pays."""

STEP = 55
"""Points by which the old score goes up where the odds grow e-fold."""


def points(probability: float) -> int:
    """The points of a probability, from 0 to 710.

    >>> points(0.5), points(0.9), points(0.0)
    (440, 561, 0)
    """
    within = min(max(probability, 1e-9), 1 - 1e-9)
    return max(0, min(710, round(MIDDLE + STEP * math.log(within / (1 - within)))))
