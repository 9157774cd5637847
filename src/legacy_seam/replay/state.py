"""State of the program's modules and classes: what a call found, put in its place, and taken out again after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legacy_seam.values.kinds import web_contexts
from legacy_seam.world.exchanging import replace_in_graph
from legacy_seam.world.places import ABSENT, ATOMS
from legacy_seam.world.snapshot import Snapshot, give_content, written_elsewhere
from legacy_seam.world.state import Places


class State:
    """What the places of the program are made to hold for one call after the other.

    Args:
        places: those of the modules that were imported.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._snapshots: dict[str, Snapshot] = {}
        self._stood: dict[str, object] = {}
        self._changed: dict[str, None] = {}

    def remember(self, names: Iterable[str]) -> None:
        """From now on, these can be put back to what they hold now."""
        for name in names:
            if name not in self._snapshots and self._places.has_baseline(name):
                self._snapshots[name] = Snapshot([self._places.at_baseline(name)])

    def take(self, roots: dict[str, object], names: Iterable[str]) -> list[str]:
        """Put recorded state into the places it was found in; the names of places that are gone.

        The object that is there now takes over the content, where it can: others may hold it.

        Args:
            roots: freshly decoded values by name; arguments among them may refer to the same objects.
            names: which of them are state.
        """
        gone: list[str] = []
        replaced: dict[int, object] = {}
        for name in names:
            place = self._places.place(name)
            if place is None:
                gone.append(name)
                continue
            self.remember([name])
            self._changed[name] = None
            value, present = roots[name], place.read()
            if not self._places.has_baseline(name):
                self._stood.setdefault(name, present)
            if place.is_described:
                place.write(value)
            elif give_content(present, value):
                replaced[id(value)] = present
            elif present is not ABSENT and type(present) not in ATOMS:
                holders = written_elsewhere(self._places.all(), present, value)
                self.remember([holder.name for holder in holders])
                self._changed.update(dict.fromkeys(holder.name for holder in holders))
                place.write(value)
            else:
                place.write(value)
        if replaced:
            replace_in_graph(roots, replaced)
        return gone

    def put_back(self, names: Sequence[str]) -> None:
        """Put places back to what they held after the import."""
        web_contexts.leave()
        for name in dict.fromkeys([*names, *self._changed]) if names or self._changed else ():
            place = self._places.place(name)
            if place is None:
                continue
            held = (
                self._places.at_baseline(name) if self._places.has_baseline(name) else self._stood.get(name, ABSENT)
            )
            if place.read() is not held:
                place.write(held)
            snapshot = self._snapshots.get(name)
            if snapshot is not None:
                snapshot.put_back()
        self._changed.clear()
