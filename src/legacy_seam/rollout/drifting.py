"""Whether live inputs and answers are still like those of a reference.

Each feature is tested by itself, by a test that suits its type and how many rows there are: numbers by that of
Kolmogorov and Smirnov (exact for few rows), anything else, and numbers of few distinct values, by chi-squared on
categories that are frequent enough, or Fisher's exact test where there are two. Holm's correction (1979)
keeps the rate at which anything is found where nothing drifts at `alpha`, however many features there are.

Significance alone is no reason to wake anybody: of fifty thousand rows, any difference is significant. An alarm
needs an effect as well, which is more than the reference shows against itself in samples of the live size, and more
than a floor. Effects go from 0 to 1: the largest difference of the distribution functions, or the share of rows
that would have to be of another category.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from legacy_seam.rollout.ml import needed
from legacy_seam.values.flat import Value

State = Literal["same", "drift", "INSUFFICIENT"]

_FEW = 24
"""Numbers of no more distinct values than this are categories."""

_EXPECTED = 5.0
"""Rows that a category is to have on either side; rarer ones are thrown together (Cochran, 1954)."""

_SAMPLES = 60
"""Samples of the reference that say how much it departs from itself."""

_MISSING = ("missing",)


@dataclass(frozen=True, slots=True)
class Column:
    """What came of one feature.

    test:   its name; empty where there are too few rows.
    p:      by itself; adjusted: corrected by Holm for all features.
    effect: from 0 to 1; usual: what 95 of 100 samples of the reference stay below.
    alarm:  whether it drifts.
    told:   what is new in it: types and values that the reference has not.
    """

    feature: str
    test: str
    p: float
    adjusted: float
    effect: float
    usual: float
    alarm: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """What came of all: the features, those that drift first, and how many rows there were."""

    state: State
    reference: int
    live: int
    columns: tuple[Column, ...]

    @property
    def significant(self) -> bool:
        """Whether anything is significant, whatever its effect."""
        return any(column.adjusted < 0.05 for column in self.columns)


def compare_samples(
    reference: Sequence[Mapping[str, Value]],
    live: Sequence[Mapping[str, Value]],
    *,
    alpha: float = 0.05,
    floor: float = 0.1,
    least: int = 50,
    seed: int = 0,
) -> Drift:
    """Compare two samples of flat rows.

    Args:
        reference: what is known to be well.
        live: what is asked about.
        alpha: the rate of false alarms, over all features.
        floor: the least effect that matters, from 0 to 1.
        least: rows on either side without which there is no verdict.
        seed: of the samples of the reference.

    Raises:
        SeamError: scipy is not installed.

    >>> before = [{"days": day % 90} for day in range(400)]
    >>> compare_samples(before, [{"days": day % 90 + 30} for day in range(400)]).state
    'drift'
    """
    stats = needed("scipy.stats", "drift")
    if min(len(reference), len(live)) < least:
        return Drift("INSUFFICIENT", len(reference), len(live), ())
    features = list(dict.fromkeys(name for row in (*reference, *live) for name in row))
    chance = random.Random(seed)
    tested = [_tested(stats, name, reference, live, chance) for name in features]
    adjusted = _holm([one.p for one in tested])
    columns = [
        Column(
            one.feature, one.test, one.p, p, one.effect, one.usual,
            p < alpha and one.effect >= max(floor, one.usual), one.told,
        )
        for one, p in zip(tested, adjusted, strict=True)
    ]  # fmt: skip
    columns.sort(key=lambda one: (not one.alarm, one.adjusted, -one.effect))
    state: State = "drift" if any(one.alarm for one in columns) else "same"
    return Drift(state, len(reference), len(live), tuple(columns))


def _tested(
    stats: Any,
    name: str,
    reference: Sequence[Mapping[str, Value]],
    live: Sequence[Mapping[str, Value]],
    chance: Any,
) -> Column:
    before, now = [row.get(name, _MISSING) for row in reference], [row.get(name, _MISSING) for row in live]
    types = sorted({type(value).__name__ for value in now if value is not _MISSING} - _types(before))
    is_new = bool(types) and bool(_types(before))
    told = f"of type {', '.join(types)}, which it never was" if is_new else _new_values(before, now)
    numbers = _as_numbers(before), _as_numbers(now)
    partly = _numbers_or_missing(before), _numbers_or_missing(now)
    if all(numbers) and len(set(numbers[0] or ())) > _FEW:
        test, p, effect, usual = _of_numbers(stats, numbers[0] or [], numbers[1] or [], chance)
    else:
        test, p, effect, usual = _of_categories(stats, *_categories(before, now), chance)
        if (
            all(partly) and len(set(partly[0] or ())) > _FEW
        ):  # how often it is missing, or what it is where it is not
            of_numbers = _of_numbers(stats, partly[0] or [], partly[1] or [], chance)
            if of_numbers[1] < p:
                test, p, effect, usual = of_numbers
            p = min(1.0, 2 * p)
    return Column(name, test, p, p, effect, usual, False, told)


def _of_numbers(stats: Any, before: list[float], now: list[float], chance: Any) -> tuple[str, float, float, float]:
    found = stats.ks_2samp(before, now)
    usual = _usual(
        before, len(now), chance, lambda one, other: float(stats.ks_2samp(one, other, method="asymp")[0])
    )
    return "Kolmogorov-Smirnov", float(found.pvalue), float(found.statistic), usual


def _of_categories(stats: Any, before: list[Any], now: list[Any], chance: Any) -> tuple[str, float, float, float]:
    counts, live = Counter(before), Counter(now)
    table = _frequent(counts, live)
    effect = _apart(counts, live)
    usual = _usual(before, len(now), chance, lambda one, other: _apart(Counter(one), Counter(other)))
    if len(table) < 2:
        return "none: always the same", 1.0, effect, usual
    rows = [[one for one, _ in table], [other for _, other in table]]
    if len(table) == 2 and sum(map(sum, rows)) < 20_000:
        return "Fisher", float(stats.fisher_exact(rows)[1]), effect, usual
    return "chi-squared", float(stats.chi2_contingency(rows, correction=False)[1]), effect, usual


def _frequent(before: Counter[Any], now: Counter[Any]) -> list[tuple[int, int]]:
    """Categories with enough rows to be expected on both sides; all others as one."""
    total = before.total() + now.total()
    smaller = min(before.total(), now.total()) / total
    table: list[tuple[int, int]] = []
    rest = [0, 0]
    for category in {**before, **now}:
        one, other = before[category], now[category]
        if (one + other) * smaller >= _EXPECTED:
            table.append((one, other))
        else:
            rest[0] += one
            rest[1] += other
    return table if not any(rest) else [*table, (rest[0], rest[1])]


def _apart(before: Counter[Any], now: Counter[Any]) -> float:
    """The total variation distance of two samples of categories."""
    one, other = before.total() or 1, now.total() or 1
    return sum(abs(before[each] / one - now[each] / other) for each in {**before, **now}) / 2


def _usual(before: list[Any], size: int, chance: Any, effect: Any) -> float:
    """What the effect between the reference and samples of it, of the live size, stays below in 95 of 100.

    Both sides are drawn from the reference anew: a sample is too like what it was drawn from.
    """
    effects = sorted(
        effect(chance.choices(before, k=len(before)), chance.choices(before, k=size)) for _ in range(_SAMPLES)
    )
    return float(effects[int(0.95 * _SAMPLES)])


def _holm(ps: Sequence[float]) -> list[float]:
    """Probabilities corrected by Holm's step-down procedure, in the same order.

    >>> _holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(ps)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda one: ps[one])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return adjusted


def _types(values: Sequence[Any]) -> set[str]:
    names = {type(value).__name__ for value in values if value is not _MISSING}
    return names | ({"int", "float"} if names & {"int", "float"} else set())


def _as_numbers(values: list[Any]) -> list[float] | None:
    """The numbers of a feature, if it has nothing else; where some are missing it is a matter of categories."""
    if not all(map(_is_number, values)):
        return None
    return [float(value) for value in values if value == value]


def _numbers_or_missing(values: list[Any]) -> list[float] | None:
    """The numbers of a feature that has nothing else but what is missing."""
    return _as_numbers([value for value in values if value is not None and value is not _MISSING])


def _categories(before: list[Any], now: list[Any]) -> tuple[list[Any], list[Any]]:
    """What values count as. Where there are many numbers, a number is one category, beside all that is none."""
    many = len({value for value in before if _is_number(value)}) > _FEW

    def category(value: Any) -> tuple[str, Any]:
        if _is_number(value):
            return "number", "" if many else value
        return type(value).__name__, value

    return list(map(category, before)), list(map(category, now))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _new_values(before: Sequence[Any], now: Sequence[Any]) -> str:
    """Texts that the reference has not, where it has few."""
    known = {value for value in before if isinstance(value, str)}
    if not 0 < len(known) <= 2 * _FEW:
        return ""
    new = Counter(value for value in now if isinstance(value, str) and value not in known)
    return f"{new.total()} rows with new values, such as {new.most_common(1)[0][0]!r}" if new else ""
