"""The fewest of some things that show all that they all show, and how unlike those are that stay.

It is the problem of covering a set, which nobody solves exactly in reasonable time: what shows most is taken first,
and what became superfluous by later choices is left out again.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence

from legacy_seam.plaindata import dataclass

Trait = Hashable


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be chosen.

    name:   by which it is known; of two that are as good, the one with the lesser name is taken.
    shows:  what must not be lost.
    varies: what is good to have several of.
    size:   how much there is to read of it.
    """

    name: str
    shows: frozenset[Trait]
    varies: frozenset[Trait] = frozenset()
    size: int = 0


def fewest(candidates: Iterable[Candidate], chosen: Collection[Candidate] = ()) -> list[Candidate]:
    """As few as a greedy choice finds that show all that can be shown.

    Of those that show as much, one that varies more from the chosen ones comes first, then a smaller one.

    Args:
        candidates: what there is to choose from, in any order.
        chosen: what is chosen already, and stays.

    Returns:
        the chosen ones, those first that show most.

    >>> one, two = Candidate("one", frozenset("ab")), Candidate("two", frozenset("bc"))
    >>> both = Candidate("both", frozenset("abc"), size=9)
    >>> [found.name for found in fewest([one, two, both])]
    ['both']
    """
    shown = {trait for one in chosen for trait in one.shows}
    varied = {trait for one in chosen for trait in one.varies}
    waiting = _in_order(candidates)
    found: list[Candidate] = []
    while waiting:
        best = max(waiting, key=lambda one: (len(one.shows - shown), len(one.varies - varied)))
        if best.shows <= shown:
            break
        found.append(best)
        shown |= best.shows
        varied |= best.varies
        waiting = [one for one in waiting if not one.shows <= shown]
    return _without_superfluous(found, chosen)


def unlike(candidates: Iterable[Candidate], chosen: Collection[Candidate], at_least: int) -> list[Candidate]:
    """More of them, each unlike all others, until there are enough.

    Args:
        candidates: what there is to choose from, in any order.
        chosen: what is chosen already.
        at_least: so many are enough, those that are chosen already included.

    Returns:
        what is to join the chosen ones; fewer than asked for, where the others show nothing that varies.

    >>> one, two, three = (Candidate(name, frozenset(), frozenset(name[0])) for name in ("a1", "a2", "b"))
    >>> [found.name for found in unlike([two, three], [one], 3)]
    ['b']
    """
    names = {one.name for one in chosen}
    varied = {trait for one in chosen for trait in one.varies}
    waiting = [one for one in _in_order(candidates) if one.name not in names]
    found: list[Candidate] = []
    while len(names) + len(found) < at_least:
        best = max(waiting, key=lambda one: len(one.varies - varied), default=None)
        if best is None or best.varies <= varied:
            break
        found.append(best)
        waiting.remove(best)
        varied |= best.varies
    return found


def _in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: (one.size, one.name))


def _without_superfluous(found: Sequence[Candidate], chosen: Collection[Candidate]) -> list[Candidate]:
    """Those without which something would not be shown; of two that can do without each other the smaller stays."""
    kept = list(found)
    for one in sorted(found, key=lambda one: (-one.size, one.name)):
        others = {trait for other in (*kept, *chosen) if other is not one for trait in other.shows}
        if one.shows <= others:
            kept.remove(one)
    return kept
