"""Which of the calls that were found are worth a person's time: the fewest that show all that the others show.

What another function's cases show already need not be shown again: a net is read, and kept, as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

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
_MOST_ROUNDS = 6


@dataclass(slots=True)
class Shown:
    """What the cases of a net show so far, those included that are proposed.

    ways:    branches, bounds and ways to end, by module. mutants: that are noticed, by identity.
    """

    ways: dict[str, set[Trait]] = field(default_factory=dict)
    mutants: set[str] = field(default_factory=set)

    def take(self, module: str, entries: Collection[Entry], mutants: Collection[str]) -> None:
        """Some more cases of a module, and mutants that they notice."""
        self.ways.setdefault(module, set()).update(*(_ways(entry) for entry in entries))
        self.mutants.update(mutants)


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


def until_noticed(
    chosen: Sequence[Entry],
    found: Sequence[Entry],
    kills: Mapping[str, Collection[str]],
    wanted: Collection[str],
    noticed: Callable[[Sequence[Entry]], Collection[str] | None],
) -> list[Entry]:
    """More calls until all mutants are noticed that can be.

    Which of two calls is known to notice a mutant is chance: the first that was asked. So those that notice most
    are added, half of them at a time, and it is looked which mutants are left.

    Args:
        chosen: those that are chosen whatever they notice.
        found: what there is to choose from.
        kills: identity of a call -> mutants that it is known to notice.
        wanted: the mutants.
        noticed: tells which mutants some calls notice; None where that cannot be told.
    """
    kept = list(chosen)
    entries = {entry.call.identity: entry for entry in found}
    for number in range(_MOST_ROUNDS):
        names = {entry.call.identity for entry in kept}
        left = set(wanted) - set(noticed(kept) or ())
        counted = Counter({name: len(left & set(some)) for name, some in kills.items() if name not in names})
        telling = [name for name, count in counted.most_common() if count and name in entries]
        if not telling:
            break
        is_last = number == _MOST_ROUNDS - 1
        kept += [entries[name] for name in (telling if is_last else telling[: (len(telling) + 1) // 2])]
    return kept


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


def _ways(entry: Entry) -> frozenset[Trait]:
    return frozenset({*entry.branches, end_of(entry.effects)})


def _candidate(entry: Entry) -> Candidate:
    return Candidate(entry.call.identity, _ways(entry), frozenset({entry.effects}), entry.size)
