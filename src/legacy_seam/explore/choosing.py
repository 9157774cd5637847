"""Which of the calls that were found are worth a person's time: the fewest that show all that the others show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from legacy_seam.explore.corpus import Entry
from legacy_seam.golden.fewest import Candidate, fewest, unlike

EDGES = 4
"""Calls at the ends of paths that are kept: a bound that is moved by one shows there."""
VARIETY = 2
"""Calls whose value is unlike the others that are kept though they show no new branch: such cases notice changes
that nobody has thought of yet."""


def choose(
    found: Sequence[Entry],
    recorded: Sequence[Entry],
    kills: Mapping[str, Collection[str]],
    variety: int = VARIETY,
    edges: int = EDGES,
) -> list[Entry]:
    """The smallest set, as far as a greedy choice finds it, that shows all that can be shown.

    Shown are branches, sorts of outcome, and mutants that are noticed; what recorded cases show counts as shown.

    Args:
        found: what there is to choose from.
        recorded: the cases that are there already.
        kills: identity of a call -> mutants that it notices and no recorded case does.
        variety: so many more, with values unlike those that are chosen.
        edges: so many more, whose inputs are the least or the most on their paths.

    Returns:
        the chosen ones, those first that show most.
    """
    present = [_candidate(entry, kills) for entry in recorded]
    chosen = fewest([_candidate(entry, kills) for entry in found], present)
    for why, most in (("edge", edges), ("variety", variety)):
        others = [_candidate(entry, kills) for entry in found if entry.why == why]
        chosen += unlike(others, [*present, *chosen], len(present) + len(chosen) + most)
    entries = {entry.call.identity: entry for entry in found}
    return [entries[one.name] for one in chosen]


def _candidate(entry: Entry, kills: Mapping[str, Collection[str]]) -> Candidate:
    identity = entry.call.identity
    shows = frozenset({*entry.branches, entry.shape, *kills.get(identity, ())})
    return Candidate(identity, shows, frozenset({entry.effects}), entry.size)
