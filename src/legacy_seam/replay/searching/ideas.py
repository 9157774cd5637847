"""Values that may be worth a try."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.values import Tree, encode, parse


@dataclass(frozen=True, slots=True)
class Literals:
    """What is written in a piece of source, each once, in the order in which it stands there.

    numbers:  those written, and their neighbours.
    texts:    short texts, those of names of keys included.
    patterns: regular expressions, compiled or inline.
    """

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ideas:
    """Values to try.

    literals:  what is written in the function, and around it in the module.
    matching:  texts that the regular expressions of the source match, by pattern.
    held:      what the program holds in tables that the function looks into.
    objects:   values that are no built-in data, and were met anywhere in the module.
    hinted:    values of the types that parameters are said to have, by name of the parameter.
    """

    literals: Literals = field(default_factory=Literals)
    around: Literals = field(default_factory=Literals)
    matching: Sequence[Sequence[str]] = ()
    hinted: Mapping[str, Sequence[Tree]] = field(default_factory=dict)
    held: Literals = field(default_factory=Literals)
    objects: Sequence[Tree] = ()

    def as_habits(self) -> Habits:
        """What hints and defaults speak of, as if it had been met."""
        return Habits.of({name: encode(value)} for name, values in self.hinted.items() for value in values)

    def as_data(self) -> list[Any]:
        """As plain data, without the patterns themselves: what they match is all that is tried."""
        three = [[one.numbers, one.texts] for one in (self.literals, self.around, self.held)]
        hinted = {name: [encode(value) for value in values] for name, values in self.hinted.items()}
        objects = [encode(one) for one in self.objects]
        return [*three, [list(some) for some in self.matching], hinted, objects]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> Ideas:
        """The inverse of `as_data`."""
        *three, matching, hinted, objects = data
        literals, others, held = (Literals(tuple(numbers), tuple(texts)) for numbers, texts in three)
        trees = {name: [parse(text) for text in texts] for name, texts in hinted.items()}
        return cls(literals, others, matching, trees, held, [parse(text) for text in objects])
