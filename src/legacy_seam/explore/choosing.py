"""Which of the calls that were found are worth a person's time: the fewest that show all that the others show.

What another function's cases show already need not be shown again: a net is read, and kept, as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from legacy_seam.explore.corpus import Entry, end_of
from legacy_seam.golden.fewest import Candidate, Trait, fewest, unlike

EDGES = 1
"""Calls at the ends of paths that are kept."""
VARIETY = 1
"""Calls whose value is unlike the others that are kept though they show no new branch: such cases notice changes
that nobody has thought of yet."""
RICH = 2
"""Calls that are kept for having much in them: a fault in how parts are put together shows in no small input."""
_MOST_READABLE = 60
"""Characters of inputs that somebody reads to the end."""
_MUST = 3.0
WORTH = 1.1
"""What one thing is worth that must not be lost; and what a case has to show to be worth reading."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to see in a case.

    name:   by which it is known.
    must:   what must not be lost.
    may:    what is good to have, and how good.
    varies: what is good to have several of.
    size:   how much there is to read of it.
    """

    name: str
    must: frozenset[Trait]
    may: Mapping[Trait, float]
    varies: frozenset[Trait] = frozenset()
    size: int = 0

    def gain(self, shown: Collection[Trait]) -> float:
        """How much it shows that is not shown."""
        more = sum(worth for trait, worth in self.may.items() if trait not in shown)
        return _MUST * len(self.must.difference(shown)) + more


def worth_reading(found: Iterable[Sight], present: Iterable[Sight]) -> list[str]:
    """The names of the fewest that show what must not be lost, and of those that show much besides.

    The one that shows most is taken first; of those that show as much, one that varies more, then a smaller one.
    One that shows nothing which must not be lost, and little else, is left to those who want them all.

    Args:
        found: what there is to choose from.
        present: what is there already.

    >>> small, large = Sight("small", frozenset("a"), {}), Sight("large", frozenset("ab"), {}, size=9)
    >>> other, hints = Sight("other", frozenset("a"), {"x": 1.0}), Sight("hints", frozenset(), {"x": 1.0, "y": 1.0})
    >>> worth_reading([small, large, other, hints], [])
    ['large', 'hints']
    """
    shown: set[Trait] = set()
    varied: set[Trait] = set()
    for one in present:
        shown.update(one.must, one.may)
        varied |= one.varies
    waiting, chosen = sorted(found, key=lambda one: (one.size, one.name)), list[Sight]()
    kept = frozenset(shown)
    while waiting := [one for one in waiting if one.gain(shown) >= WORTH]:
        best = max(waiting, key=lambda one: (one.gain(shown), len(one.varies - varied)))
        chosen.append(best)
        shown.update(best.must, best.may)
        varied |= best.varies
    for one in sorted(chosen, key=lambda one: (-one.size, one.name)):
        others = kept.union(*((*other.must, *other.may) for other in chosen if other is not one))
        if one.gain(others) < WORTH:
            chosen.remove(one)
    return [one.name for one in chosen]


def choose(
    found: Sequence[Entry],
    recorded: Sequence[Entry],
    shown: Collection[Trait] = (),
    *,
    variety: int = VARIETY,
    edges: int = EDGES,
    rich: int = RICH,
) -> list[Entry]:
    """The smallest set, as far as a greedy choice finds it, that shows all that can be shown.

    Shown are branches, bounds, and ways to end; what recorded cases show counts as shown.

    Args:
        found: what there is to choose from.
        recorded: the cases that are there already.
        shown: what other cases of the net show of it.
        variety: so many more, with values unlike those that are chosen.
        edges: so many more, whose inputs are the least or the most on their paths.
        rich: so many more, of those that are kept for their value, whose inputs have most in them.

    Returns:
        the chosen ones, those first that show most.
    """
    present = [_candidate(entry) for entry in recorded]
    present.append(Candidate("", frozenset(shown)))
    chosen = fewest([_candidate(entry) for entry in found], present)
    for why, most in (("edge", edges), ("variety", variety)):
        others = [_candidate(entry) for entry in found if entry.why == why]
        chosen += unlike(others, [*present, *chosen], len(present) + len(chosen) + most)
    entries = {entry.call.identity: entry for entry in found}
    taken = [entries[one.name] for one in chosen]
    return taken + _rich(found, [*recorded, *taken], rich)


def _rich(found: Sequence[Entry], chosen: Sequence[Entry], most: int) -> list[Entry]:
    ends = {entry.effects for entry in chosen}
    taken: list[Entry] = []
    for entry in sorted(found, key=lambda one: (-one.size, one.call.identity)):
        if len(taken) == most:
            break
        if entry.why == "variety" and entry.size <= _MOST_READABLE and entry.effects not in ends:
            taken.append(entry)
            ends.add(entry.effects)
    return taken


def ways_of(entry: Entry) -> frozenset[Trait]:
    """Branches, bounds and the way to end that a call shows."""
    return frozenset({*entry.branches, end_of(entry.effects)})


def _candidate(entry: Entry) -> Candidate:
    return Candidate(entry.call.identity, ways_of(entry), frozenset({entry.effects}), entry.size)
