"""When two numbers are the same: to the last bit, or within a tolerance.

Every rule here is symmetric, says yes to a number beside itself (NaN included), and never says yes to more when it
is made tighter. `decimals` therefore bounds the difference rather than comparing rounded numbers: 0.249 and 0.251
round to the same two decimals but not to the same one.
"""

from __future__ import annotations

import math
import struct
from typing import Any

from legacy_seam.experiment.compare.verdict import INFINITY
from legacy_seam.plaindata import dataclass

_SIGN = 1 << 63


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near two numbers must be: any one bound that holds is enough.

    Args:
        absolute: The largest difference, in the unit of the numbers.
        relative: The largest difference as a share of the larger of the two magnitudes.
        ulp: The largest number of floating-point numbers between them ("units in the last place").
    """

    absolute: float = 0.0
    relative: float = 0.0
    ulp: int = 0

    def allows(self, one: Any, other: Any) -> tuple[bool, float]:
        """Whether two numbers are near enough, and their difference."""
        one, other = _quiet(one), _quiet(other)
        if one == other:
            return True, 0.0
        if one != one or other != other:  # NaN
            both = one != one and other != other
            return both, 0.0 if both else INFINITY
        if type(one) is not float or type(other) is not float:
            one, other = _comparable(one, other)
        difference = abs(one - other)
        if _infinite(one) or _infinite(other):
            return False, INFINITY
        near = (
            difference <= self.absolute
            or (self.relative > 0 and difference <= _share(self.relative, max(abs(one), abs(other))))
            or (self.ulp > 0 and _between(one, other) <= self.ulp)
        )
        return near, _as_float(difference)


def is_number(value: object) -> bool:
    """Whether this is a number; truth values are not.

    >>> [is_number(value) for value in (1, 2.5, True, "3", None)]
    [True, True, False, False, False]
    """
    kind = type(value)
    if kind is int or kind is float:
        return True
    if kind is bool or kind is str or value is None:
        return False
    if isinstance(value, (int, float, complex)):
        return True
    home = kind.__module__
    if home == "numpy":
        return getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u", "f", "c") and not getattr(
            value, "shape", True
        )
    return home in ("decimal", "_decimal", "fractions") and kind.__name__ in ("Decimal", "Fraction")


def native(value: Any) -> Any:
    """A number or truth value of numpy as the plain one; everything else as it is."""
    if type(value).__module__ == "numpy" and not getattr(value, "shape", True) and hasattr(value, "item"):
        return value.item()
    return value


def _quiet(value: Any) -> Any:
    """A decimal that raises when it is compared (a signalling NaN) as the NaN that does not."""
    return math.nan if type(value) is not float and hasattr(value, "is_snan") and value.is_snan() else value


def _comparable(one: Any, other: Any) -> tuple[Any, Any]:
    """Two numbers of one kind, so that they can be subtracted: exact ones, where plain floats would not be."""
    one, other = native(one), native(other)
    if isinstance(one, complex) or isinstance(other, complex):
        return complex(one), complex(other)
    if type(one) is float and type(other) is float:
        return one, other
    if _infinite(one) or _infinite(other):
        return float(one), float(other)
    from fractions import Fraction

    return Fraction(one), Fraction(other)


def _infinite(value: Any) -> bool:
    return not isinstance(value, complex) and value in (INFINITY, -INFINITY)


def _share(relative: float, magnitude: Any) -> Any:
    if isinstance(magnitude, float):
        return relative * magnitude
    from fractions import Fraction

    return Fraction(relative) * magnitude


def _as_float(difference: Any) -> float:
    try:
        return float(difference)
    except OverflowError:
        return INFINITY


def _between(one: Any, other: Any) -> float:
    """How many steps of floating-point numbers lie between two numbers."""
    if isinstance(one, complex):
        return INFINITY
    try:
        return abs(_rank(float(one)) - _rank(float(other)))
    except OverflowError:
        return INFINITY


def _rank(value: float) -> int:
    """The place of a number in the order of all floating-point numbers."""
    bits = int(struct.unpack("<q", struct.pack("<d", value))[0])
    return bits if bits >= 0 else -(bits + _SIGN)


def decimals_as_difference(decimals: int) -> float:
    """The largest difference that `decimals` places allow: half of the last one.

    >>> decimals_as_difference(2)
    0.005
    """
    return 0.5 * math.pow(10.0, -decimals)
