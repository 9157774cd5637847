"""Objects that calls gave back: what one function makes, another one may take.

None is made here: they are kept as texts, and as trees of plain data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from legacy_seam.calls import Effect
from legacy_seam.replay.searching.trees import is_self_contained, parts, written
from legacy_seam.values import NotationError, Tree, parse
from legacy_seam.values.sorts import kind_of
from legacy_seam.values.tree import Node

_MOST_OF_A_KIND = 12
_MOST = 120
_LONGEST = 2000


@dataclass(slots=True)
class Objects:
    """Different ones, a few of each type.

    >>> objects = Objects()
    >>> objects.take([[Effect("returned", "", "[shop:Order(number=1), 5]")]])
    >>> [one.name for one in objects.some()]
    ['shop:Order']
    """

    _held: dict[str, Tree] = field(default_factory=dict)
    _kinds: Counter[str] = field(default_factory=Counter)

    def take(self, outcomes: Iterable[Iterable[Effect]]) -> None:
        """Take those that calls gave back."""
        for effects in outcomes:
            for effect in effects:
                if effect.kind == "returned" and "(" in effect.text and len(effect.text) <= _LONGEST:
                    self._take(effect.text)

    def some(self) -> list[Tree]:
        """Those that are held."""
        return list(self._held.values())

    def _take(self, text: str) -> None:
        try:
            found = list(parts(parse(text), ""))
        except NotationError:
            return
        for part in found:
            if type(part.tree) is Node and len(self._held) < _MOST and is_self_contained(part.tree):
                kind, own = kind_of(part.tree), written(part.tree)
                if own is not None and own not in self._held and self._kinds[kind] < _MOST_OF_A_KIND:
                    self._held[own] = part.tree
                    self._kinds[kind] += 1
