"""Which of the many places that a function can reach may have moved: told for all of a module or class at once.

A program may have thousands of places, of which a call moves none or a few. So they are looked at by their owners,
and one by one only where an owner holds something else than right after the import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import is_

from legacy_seam.plaindata import dataclass
from legacy_seam.values.stillness import Still
from legacy_seam.world.namespaces import namespace_of
from legacy_seam.world.places import ABSENT, Place
from legacy_seam.world.state import Places


@dataclass(frozen=True, slots=True)
class _Owner:
    """Places in one namespace, what they held, and what tells whether its content is still the same."""

    names: tuple[str, ...]
    namespace: Mapping[str, object]
    keys: tuple[str, ...]
    values: tuple[object, ...]
    content: Still

    def holds(self) -> bool:
        """Is all of it as it was?"""
        read = self.namespace.get
        return all(map(is_, [read(key, ABSENT) for key in self.keys], self.values)) and self.content.holds()


class Watched:
    """Places that are looked at together.

    Args:
        places: where they are; they hold what they held right after the import.
        names: their names.
    """

    def __init__(self, places: Places, names: Iterable[str]) -> None:
        self.names = tuple(names)
        told: dict[int, list[tuple[Place, object, Still | None]]] = {}
        apart: list[str] = []
        for name in self.names:
            place, held = places.place(name), places.held_still(name)
            if place is None or held is None or place.kind:
                apart.append(name)
            else:
                told.setdefault(id(place.owner), []).append((place, *held))
        self._apart = tuple(apart)
        self._owners = [_together(some) for some in told.values()]

    def suspects(self) -> list[str]:
        """The names of the places that may hold something else than right after the import, in their order."""
        moved = {name for owner in self._owners if not owner.holds() for name in owner.names}
        if not moved:
            return [*self._apart]
        moved.update(self._apart)
        return [name for name in self.names if name in moved]


def _together(some: list[tuple[Place, object, Still | None]]) -> _Owner:
    owner = some[0][0].owner
    return _Owner(
        tuple(place.name for place, _, _ in some),
        namespace_of(owner),  # type: ignore[arg-type]
        tuple(place.key for place, _, _ in some),
        tuple(value for _, value, _ in some),
        Still.together(content for _, _, content in some if content is not None),
    )
