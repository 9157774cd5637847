"""Survivors as cards: places where a case is missing, the most telling first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from legacy_seam.grade.score import weight_of
from legacy_seam.grade.text import Text
from legacy_seam.grade.verdicts import Graded, Judged, Killer
from legacy_seam.plaindata import dataclass

MOST_IN_A_FILE = 7


@dataclass(frozen=True, slots=True)
class Card:
    """One line of which changes go unnoticed.

    survivors: all of them on this line, the most telling first.
    code:      what is written on the line.
    killer:    an input on which the first of them would be noticed, where one was found.
    which:     which of several on the line the first of them changes (`2nd of 3`); empty where there is one.
    """

    file: str
    line: int
    code: str
    survivors: tuple[Judged, ...]
    killer: Killer | None = None
    which: str = ""

    @property
    def first(self) -> Judged:
        """The one that is shown."""
        return self.survivors[0]


def cards(graded: Graded, most_in_a_file: int | None = MOST_IN_A_FILE) -> list[Card]:
    """The survivors, one card for each line, the most telling first.

    Args:
        graded: what grading gave.
        most_in_a_file: how many cards a file has at most; None: all.
    """
    by_line: dict[tuple[str, int], list[Judged]] = {}
    for one in graded.survivors():
        by_line.setdefault((one.mutant.module, one.mutant.line), []).append(one)
    texts = {name: Text(module.source) for name, module in graded.modules.items()}
    made = [
        _card(graded.modules[module].file, line, texts[module], survivors, graded.killers)
        for (module, line), survivors in by_line.items()
    ]
    made.sort(key=lambda card: (card.killer is None, -_unlocked(card), card.file, card.line))
    shown: Counter[str] = Counter()
    chosen: list[Card] = []
    for card in made:
        shown[card.file] += 1
        if most_in_a_file is None or shown[card.file] <= most_in_a_file:
            chosen.append(card)
    return chosen


def _card(file: str, line: int, text: Text, survivors: Sequence[Judged], killers: Mapping[str, Killer]) -> Card:
    ordered = sorted(
        survivors,
        key=lambda one: (one.mutant.identity not in killers, -weight_of(one.mutant.operator), one.mutant.start),
    )
    first = ordered[0].mutant
    code, (_, column) = text.line(line), text.position(first.start)
    killer = killers.get(first.identity)
    return Card(file, line, code.strip(), tuple(ordered), killer, _which(code, first.before, column - 1))


def _which(code: str, before: str, place: int) -> str:
    """Which of several that are alike stands at a place of a line.

    >>> _which("a[5] = a[5] + 15", "5", 9)
    '2nd of 2'
    """
    word = rf"(?<!\w){re.escape(before)}(?!\w)" if before.isalnum() else re.escape(before)
    found = [one.start() for one in re.finditer(word, code)] if before else []
    if len(found) < 2 or place not in found:
        return ""
    number = found.index(place) + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    return f"{number}{ending} of {len(found)}"


def _unlocked(card: Card) -> float:
    """How much a case would say that noticed all that is on the card."""
    return sum(weight_of(one.mutant.operator) for one in card.survivors)
