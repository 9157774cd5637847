"""How far two numbers may be apart and still be taken for the same.

Numbers are compared as they are written: 1.21 and 1.2 are exactly 0.01 apart. Types count as ever: 1 is never close
to 1.0.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from legacy_seam.calls import Text
from legacy_seam.plaindata import dataclass
from legacy_seam.targets import Pattern, Target
from legacy_seam.values.notation import NotationError
from legacy_seam.values.reading import parse
from legacy_seam.values.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is close enough, and where. Two numbers are close if any one of the measures says so.

    target:   a pattern of targets (see `legacy_seam.targets.Pattern`).
    path:     where in the outcome, with all that lies below: `returned.vat`, `returned.lines[*].vat`,
              `changed acct.score`. `*` stands for anything, `?` for one character.
    abs:      the most that two numbers are apart.
    rel:      the same, as a part of the larger one.
    ulp:      the same, in steps from one floating point number to the next; for those only.
    decimals: decimals which are the same after rounding the distance.

    >>> vat = Tolerance(path="returned.lines[*].vat", abs=0.01)
    >>> vat.covers("returned.lines[3].vat"), vat.covers("returned.lines[3].net")
    (True, False)
    >>> vat.allows("Decimal('1.20')", "Decimal('1.21')"), vat.allows("1", "1.0")
    (True, False)
    """

    target: str = "*"
    path: str = "*"
    abs: float = 0.0
    rel: float = 0.0
    ulp: int = 0
    decimals: int | None = None

    def covers(self, path: str) -> bool:
        """Does it hold for the numbers at a path?"""
        return _regex(self.path).match(path) is not None

    def allows(self, expected: Text, got: Text) -> bool:
        """Are these two numbers of one type, and close enough?"""
        try:
            one, other = _Number.of(parse(expected)), _Number.of(parse(got))
        except NotationError:  # no value at all
            return False
        if one is None or other is None or one.kind != other.kind:
            return False
        return all(self._is_close(a, b, one.is_float) for a, b in zip(one.parts, other.parts, strict=True))

    def _is_close(self, one: Fraction, other: Fraction, is_float: bool) -> bool:
        apart, larger = abs(one - other), max(abs(one), abs(other))
        allowed = [_exact(self.abs), _exact(self.rel) * larger]
        if self.ulp and is_float:
            allowed.append(self.ulp * Fraction(math.ulp(float(larger))))
        if self.decimals is not None:
            allowed.append(Fraction(1, 2 * 10**self.decimals))
        return apart <= max(allowed)


def tolerances_for(target: Target, tolerances: tuple[Tolerance, ...]) -> tuple[Tolerance, ...]:
    """Those that hold for one target."""
    return tuple(one for one in tolerances if Pattern(one.target).matches(target))


def are_within(tolerances: tuple[Tolerance, ...], path: str, expected: Text, got: Text) -> bool:
    """Is what stands at a path close enough by any of these?"""
    return any(one.covers(path) and one.allows(expected, got) for one in tolerances)


@dataclass(frozen=True, slots=True)
class _Number:
    """A finite number: its type, and its exact value (both, of a complex one)."""

    kind: tuple[str, ...]
    parts: tuple[Fraction, ...]
    is_float: bool = False

    @classmethod
    def of(cls, tree: Tree) -> _Number | None:
        """The number that a tree stands for; None for anything else."""
        kind = type(tree)
        if kind is int:
            return cls(("int",), (Fraction(tree),))
        if kind is float or kind is complex:
            parts = (tree,) if kind is float else (tree.real, tree.imag)
            return (
                cls((kind.__name__,), tuple(map(_exact, parts)), True) if all(map(math.isfinite, parts)) else None
            )
        if kind is not Node or tree.attributes:
            return None
        if tree.name == "Fraction":
            return _fraction(tree.args)
        if len(tree.args) != 1:
            return None
        (held,) = tree.args
        if tree.name == "Decimal":
            return cls(("Decimal",), (Fraction(held),)) if _FINITE.fullmatch(str(held)) else None
        inner = cls.of(held)
        return None if inner is None else cls((tree.name, *inner.kind), inner.parts, inner.is_float)


_FINITE = re.compile(r"[+-]?\d+(\.\d+)?(E[+-]?\d{1,4})?")
"""Decimals beyond that are compared as they are: their exact values would fill the memory."""


def _fraction(parts: tuple[Any, ...]) -> _Number | None:
    if [type(part) for part in parts] != [int, int] or parts[1] == 0:
        return None
    return _Number(("Fraction",), (Fraction(*parts),))


def _exact(number: float) -> Fraction:
    """The number as it is written, not as it is stored."""
    return Fraction(repr(number))


@lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    spelled = "".join(wild.get(character) or re.escape(character) for character in pattern)
    return re.compile(rf"{spelled}(?:$|[.\[{{])", re.DOTALL)
