"""How often it showed something new that a part was changed: most attributes of an object matter to no call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from legacy_seam.plaindata import dataclass, field

_FIRST_NEW, _FIRST_MADE = 2, 20
"""What is assumed of a part before it is known: as if so many of so many changes had shown something."""
_TAKEN_BETWEEN = 50
_LEAST = 0.1
"""No part is changed less often than that, measured by the one that is worth it most."""


@dataclass(slots=True)
class Yields:
    """By role of a part: how many calls had it changed, and how many of these showed something new.

    >>> yields = Yields()
    >>> for _ in range(100):
    ...     yields.take(["self.locale"], False)
    ...     yields.take(["text"], True)
    >>> yields.worth("text"), round(yields.worth("self.locale"), 2)
    (1.0, 0.1)
    """

    made: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)
    _best: float = _FIRST_NEW / _FIRST_MADE
    _taken: int = 0

    def take(self, roles: Iterable[str], is_new: bool) -> None:
        """A call was made in which these were changed."""
        for role in roles:
            self.made[role] = self.made.get(role, 0) + 1
            if is_new:
                self.new[role] = self.new.get(role, 0) + 1
        self._taken += 1
        if self._taken % _TAKEN_BETWEEN == 0:
            self._compare()

    def worth(self, role: str) -> float:
        """How much it is worth to change a part, from 0 to 1."""
        return max(_LEAST, min(1.0, self._rate(role) / self._best))

    def add(self, made: Mapping[str, int], new: Mapping[str, int]) -> None:
        """Take note of what was seen elsewhere."""
        for own, other in ((self.made, made), (self.new, new)):
            for role, count in other.items():
                own[role] = own.get(role, 0) + count
        self._compare()

    def _compare(self) -> None:
        """Which is worth most now? The longer a search goes on, the rarer is what is new."""
        self._best = max(map(self._rate, self.made), default=_FIRST_NEW / _FIRST_MADE)

    def _rate(self, role: str) -> float:
        return (self.new.get(role, 0) + _FIRST_NEW) / (self.made.get(role, 0) + _FIRST_MADE)
