"""Which of the calls that were found are worth a person's time: the fewest that show all that the others show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from legacy_seam.explore.corpus import Entry

VARIETY = 2
"""Calls whose value is unlike the others that are kept though they show no new branch: such cases notice changes
that nobody has thought of yet."""


def choose(
    found: Sequence[Entry],
    recorded: Sequence[Entry],
    kills: Mapping[str, Collection[str]],
    variety: int = VARIETY,
) -> list[Entry]:
    """The smallest set, as far as a greedy choice finds it, that shows all that can be shown.

    Shown are branches, sorts of outcome, and mutants that are noticed; what recorded cases show counts as shown.

    Args:
        found: what there is to choose from.
        recorded: the cases that are there already.
        kills: identity of a call -> mutants that it notices and no recorded case does.
        variety: so many more, with values unlike those that are chosen.

    Returns:
        the chosen ones, those first that show most.
    """
    shown: set[object] = {branch for entry in recorded for branch in entry.branches}
    shown |= {entry.shape for entry in recorded}
    shows = {
        entry.call.identity: {*entry.branches, entry.shape, *kills.get(entry.call.identity, ())} for entry in found
    }
    waiting = sorted(found, key=lambda entry: (entry.size, entry.call.identity))
    chosen: list[Entry] = []
    while waiting:
        best = max(waiting, key=lambda entry: len(shows[entry.call.identity] - shown))
        if not shows[best.call.identity] - shown:
            break
        chosen.append(best)
        waiting.remove(best)
        shown |= shows[best.call.identity]
    chosen = _without_superfluous(chosen, recorded, shows)
    return chosen + _unlike(waiting, [*recorded, *chosen], variety)


def _without_superfluous(
    chosen: Sequence[Entry], recorded: Sequence[Entry], shows: Mapping[str, Collection[object]]
) -> list[Entry]:
    """Those without which something would not be shown; early choices may be superfluous by later ones."""
    kept = list(chosen)
    before = {one for entry in recorded for one in (*entry.branches, entry.shape)}
    for entry in list(chosen):
        others = {one for other in kept if other is not entry for one in shows[other.call.identity]} | before
        if shows[entry.call.identity] <= others:  # type: ignore[operator]
            kept.remove(entry)
    return kept


def _unlike(waiting: Sequence[Entry], chosen: Sequence[Entry], most: int) -> list[Entry]:
    """A few whose outcome is none of those that are there."""
    told = {entry.effects for entry in chosen}
    found: list[Entry] = []
    for entry in waiting:
        if len(found) >= most:
            break
        if entry.why == "variety" and entry.effects not in told:
            told.add(entry.effects)
            found.append(entry)
    return found
