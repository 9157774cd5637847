"""Which of the recorded calls become cases.

The recorder has already kept few calls per path and the extremes of their numbers. What is left to do here is to
keep the file readable: no more cases than people look through, none so large that it drowns the others, and every
sort of outcome present.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from legacy_seam.calls import Call
from legacy_seam.store.pieces import Sizes


def choose(calls: Sequence[Call], sizes: Sizes, most: int, most_characters: int) -> list[Call]:
    """Choose calls for a golden master, the same ones whatever order they come in.

    Args:
        calls: recorded calls of one target.
        sizes: tells how long texts are, with their pieces.
        most: at most so many cases.
        most_characters: stop once the inputs chosen are longer than this together; one call is always chosen.

    Returns:
        the chosen calls, sorted by identity.
    """
    lengths = {call.identity: sum(map(sizes.of, call.texts())) for call in calls}
    chosen: list[Call] = []
    characters = 0
    for call in _in_turn(calls, lengths):
        characters += lengths[call.identity]
        if chosen and (len(chosen) >= most or characters > most_characters):
            break
        chosen.append(call)
    return sorted(chosen, key=lambda call: call.identity)


def _in_turn(calls: Iterable[Call], lengths: Mapping[str, int]) -> Iterable[Call]:
    """One call of each sort of outcome, then a second of each, and so on; small ones first."""
    by_sort: dict[str, list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: (lengths[call.identity] // 1000, call.identity)):
        by_sort[_sort_of_outcome(call)].append(call)
    for turn in zip_longest(*(by_sort[sort] for sort in sorted(by_sort))):
        yield from (call for call in turn if call is not None)


def _sort_of_outcome(call: Call) -> str:
    if call.observed is None:
        return "unseen"
    return " ".join(
        f"{effect.kind} {re.split(r'[^A-Za-z_:.]', effect.text, maxsplit=1)[0]}"
        for effect in call.observed.effects
        if effect.kind != "changed"
    )
