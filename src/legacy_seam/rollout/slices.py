"""Where mismatches gather: slices of the inputs, by one feature or two.

Every slice of one or two conditions is looked at. The one in which mismatches are most in excess is taken, its rows
are laid aside, and the search begins anew, until what is left may as well be chance. Whether it may is told by the
hypergeometric distribution (so many mismatches among rows drawn without looking at them), corrected for all slices
that were looked at (Bonferroni; what is derived of fields has a half of its own). Conditions are made of the inputs
alone, never of the verdicts, which would make chance look like a pattern.

Greedy search for slices of data: Chung et al., "Slice Finder", ICDE 2019.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

from legacy_seam.rollout.derived import with_derived
from legacy_seam.rollout.ml import needed
from legacy_seam.values.flat import Value

_SHARES = (0.01, 0.02, 0.03, 0.045, *(part / 16 for part in range(1, 16)), 0.955, 0.97, 0.98, 0.99)
"""Where the range of a number is cut, in shares of the rows: finely towards the ends, where rules for few lie."""

_FEW = 24
"""Numbers with no more distinct values than this are looked at one by one."""

_MOST_VALUES = 40
_MOST_CONDITIONS = 900
_EXACTLY = 40
"""So many of the best slices of a round are put to the exact test."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one feature."""

    feature: str
    relation: Literal["=", "<=", ">", "missing"]
    value: Value = None

    def __str__(self) -> str:
        if self.relation == "missing":
            return f"{self.feature} is missing"
        return f"{self.feature} {self.relation} {self.value!r}"

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Whether a row is like that."""
        if self.relation == "missing":
            return self.feature not in row
        value = row.get(self.feature)
        if self.relation == "=":
            return self.feature in row and value == self.value and type(value) is type(self.value)
        if not _is_number(value):
            return False
        return bool(value <= self.value if self.relation == "<=" else value > self.value)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the inputs in which mismatches gather.

    conditions: one or two; all hold.
    members:    places of its rows in what was given.
    departed:   how many of these depart.
    elsewhere:  the share of mismatches among all other rows that were still in play.
    p:          how probable as many of them are by chance, corrected for all slices looked at.
    """

    conditions: tuple[Condition, ...]
    members: tuple[int, ...]
    departed: int
    elsewhere: float
    p: float

    def __str__(self) -> str:
        return " and ".join(str(one) for one in self.conditions)


def find_slices(
    rows: Sequence[Mapping[str, Value]],
    departs: Sequence[bool],
    *,
    most: int = 10,
    least: int = 20,
    alpha: float = 0.05,
) -> list[Slice]:
    """The slices in which mismatches gather, the most telling first.

    Args:
        rows: flat inputs (see `flatten`).
        departs: whether each departs.
        most: how many slices are wanted at most.
        least: how many rows a slice has at least.
        alpha: how often there may be any slice at all where mismatches are chance.

    Raises:
        SeamError: numpy or scipy are not installed.

    >>> rows = [{"region": "HH" if n % 10 == 0 else "MUC"} for n in range(400)]
    >>> [str(one) for one in find_slices(rows, [row["region"] == "HH" for row in rows])]
    ["region = 'HH'"]
    """
    numpy = needed("numpy", "finding slices")
    stats = needed("scipy.stats", "finding slices")
    rows, derived = with_derived(rows)
    conditions = list(_conditions(rows, least, derived))
    if not any(departs) or not conditions:
        return []
    holds = _held(conditions, rows)
    _, kept = numpy.unique(holds, axis=1, return_index=True)
    kept = numpy.sort(kept)
    holds, conditions = holds[:, kept], [conditions[place] for place in kept]
    search = _Search(holds, numpy.array(departs, dtype=bool), conditions, derived, least, alpha, stats)
    return list(search.slices(most))


class _Search:
    """The search, with what is left to be looked at."""

    def __init__(
        self,
        holds: Any,
        departs: Any,
        conditions: list[Condition],
        derived: Set[str],
        least: int,
        alpha: float,
        stats: Any,
    ) -> None:
        import numpy

        self._holds, self._departs, self._conditions = holds, departs, conditions
        self._least, self._alpha, self._stats = least, alpha, stats
        self._left = numpy.ones(len(holds), dtype=bool)
        self._derived = numpy.array([one.feature in derived for one in conditions])
        self._looked_at = self._counted(numpy.triu(holds.T @ holds >= least))

    def _counted(self, large: Any) -> tuple[int, int]:
        """How many slices are looked at of fields by themselves, and how many of what is derived.

        Each of both has half of `alpha`, so that fields by themselves do not pay for the many others.
        """
        fields = ~self._derived
        own = int(large[fields][:, fields].sum())
        others = int(large.sum()) - own
        return (2 * own, 2 * others) if others else (max(own, 1), 1)

    def slices(self, most: int) -> Iterator[Slice]:
        for _ in range(most):
            best = self._best()
            if best is None:
                return
            yield best
            self._left[list(best.members)] = False

    def _best(self) -> Slice | None:
        """The slice with the greatest excess, if chance does not explain it."""
        import numpy

        holds, departs = self._holds[self._left], self._departs[self._left]
        total, bad = len(holds), int(departs.sum())
        if bad == 0 or bad == total:
            return None  # no part of it is special
        sizes = holds.T @ holds
        mismatches = holds.T @ (holds * departs[:, None])
        excess = numpy.triu(_excess(sizes, mismatches, total, bad))
        excess[sizes < self._least] = 0.0
        order = numpy.argsort(excess, axis=None)[::-1][:_EXACTLY]
        found: list[tuple[float, float, int, int, int]] = []
        for place in order:
            one, other = map(int, numpy.unravel_index(place, excess.shape))
            if excess[one, other] <= 0:
                break
            size, departed = round(float(sizes[one, other])), round(float(mismatches[one, other]))
            looked_at = self._looked_at[bool(self._derived[one] or self._derived[other])]
            p = float(self._stats.hypergeom.sf(departed - 1, total, bad, size)) * looked_at
            found.append((p, -float(excess[one, other]), int(one != other), one, other))
        if not found or min(found)[0] >= self._alpha:
            return None
        p, _, _, one, other = min(found)
        return self._slice(one, other, min(p, 1.0), total, bad)

    def _slice(self, one: int, other: int, p: float, total: int, bad: int) -> Slice:
        import numpy

        inside = self._left & (self._holds[:, one] > 0) & (self._holds[:, other] > 0)
        members = tuple(int(place) for place in numpy.flatnonzero(inside))
        departed = int(self._departs[inside].sum())
        outside = total - len(members)
        conditions = tuple(self._conditions[place] for place in dict.fromkeys((one, other)))
        return Slice(conditions, members, departed, (bad - departed) / outside if outside else 0.0, p)


def _excess(sizes: Any, mismatches: Any, total: int, bad: int) -> Any:
    """The log-likelihood ratio of each slice having a rate of its own, where this is the higher one; else 0."""
    import numpy

    rest, rest_bad = total - sizes, bad - mismatches
    with numpy.errstate(divide="ignore", invalid="ignore"):
        rate, elsewhere = mismatches / sizes, rest_bad / rest
        likelihood = _log(mismatches, rate) + _log(sizes - mismatches, 1 - rate)
        likelihood += _log(rest_bad, elsewhere) + _log(rest - rest_bad, 1 - elsewhere)
        base = bad * math.log(bad / total) + (total - bad) * math.log(1 - bad / total)
        return numpy.where((sizes > 0) & (rest > 0) & (rate > elsewhere), likelihood - base, 0.0)


def _log(times: Any, share: Any) -> Any:
    import numpy

    return numpy.where(times > 0, times * numpy.log(numpy.where(share > 0, share, 1.0)), 0.0)


# --- conditions


def _conditions(
    rows: Sequence[Mapping[str, Value]], least: int, derived: Set[str] = frozenset()
) -> Iterator[Condition]:
    """Conditions that hold for enough rows, and not for all.

    Where there are too many, those on what was derived are left out first, then those of the fewest rows.
    """
    found: list[tuple[int, Condition]] = []
    for feature in dict.fromkeys(name for row in rows for name in row):
        values = [row[feature] for row in rows if feature in row]
        missing = len(rows) - len(values)
        if least <= missing < len(rows) and feature not in derived:
            found.append((missing, Condition(feature, "missing")))
        found += _of_values(feature, values, least)
    usual = [one for one in found if one[0] < len(rows)]
    usual.sort(key=lambda one: (one[1].feature in derived, -one[0]))
    yield from (condition for _, condition in usual[:_MOST_CONDITIONS])


def _held(conditions: Sequence[Condition], rows: Sequence[Mapping[str, Value]]) -> Any:
    """Which conditions (across) hold for which rows (down): an array of 0.0 and 1.0."""
    import numpy

    numbers: dict[str, Any] = {}
    for feature in {one.feature for one in conditions}:
        values = [row.get(feature) for row in rows]
        numbers[feature] = numpy.array([value if _is_number(value) else numpy.nan for value in values], dtype=float)
    held = numpy.empty((len(rows), len(conditions)), dtype=numpy.float32)
    for place, one in enumerate(conditions):
        if one.relation == "<=":
            held[:, place] = numbers[one.feature] <= one.value
        elif one.relation == ">":
            held[:, place] = numbers[one.feature] > one.value
        else:
            held[:, place] = [one.holds(row) for row in rows]
    return held


def _of_values(feature: str, values: list[Value], least: int) -> Iterator[tuple[int, Condition]]:
    counts = Counter((type(value), value) for value in values)
    numbers = sorted(value for value in values if _is_number(value))  # type: ignore[type-var]
    are_numbers = len({value for kind, value in counts if kind in (int, float)}) > _FEW
    for (_, value), count in counts.most_common(_MOST_VALUES):
        if count >= least:
            yield count, Condition(feature, "=", value)
    if not are_numbers and len(set(numbers)) <= 2:
        return
    edges = dict.fromkeys(numbers[int(len(numbers) * share)] for share in (0.0, *_SHARES))
    for edge in edges:
        below = sum(value <= edge for value in numbers)  # type: ignore[operator]
        if below >= least:
            yield below, Condition(feature, "<=", edge)
        if len(numbers) - below >= least:
            yield len(numbers) - below, Condition(feature, ">", edge)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
