"""Which of the recorded calls become cases.

The recorder has already kept few calls per path and the extremes of their numbers. What is left to do here is to
keep the file readable: no more cases than people look through, none so large that it drowns the others, and every
sort of outcome present.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from legacy_seam.calls import Call


def choose(calls: Sequence[Call], *, most: int, most_characters: int) -> list[Call]:
    """Choose calls for a golden master, the same ones whatever order they come in.

    Args:
        calls: recorded calls of one target.
        most: at most so many cases.
        most_characters: stop once the inputs chosen are longer than this together; one call is always chosen.

    Returns:
        the chosen calls, sorted by identity.
    """
    chosen: list[Call] = []
    characters = 0
    for call in _in_turn(calls):
        characters += _size(call)
        if chosen and (len(chosen) >= most or characters > most_characters):
            break
        chosen.append(call)
    return sorted(chosen, key=lambda call: call.identity)


def _in_turn(calls: Iterable[Call]) -> Iterable[Call]:
    """One call of each sort of outcome, then a second of each, and so on; small ones first."""
    by_sort: dict[str, list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: (_size(call) // 1000, call.identity)):
        by_sort[_sort_of_outcome(call)].append(call)
    for turn in zip_longest(*(by_sort[sort] for sort in sorted(by_sort))):
        yield from (call for call in turn if call is not None)


def _size(call: Call) -> int:
    return sum(len(text) for texts in (call.arguments, call.closure, call.state) for text in texts.values())


def _sort_of_outcome(call: Call) -> str:
    if call.observed is None:
        return "unseen"
    return " ".join(
        f"{effect.kind} {re.split(r'[^A-Za-z_:.]', effect.text, maxsplit=1)[0]}"
        for effect in call.observed.effects
        if effect.kind != "changed"
    )
