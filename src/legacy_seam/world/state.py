"""State of modules and classes: what there is of it, what code can reach, and what has changed since the import.

It stands in places (`places`).
"""

from __future__ import annotations

import functools
import types
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.values import fingerprint
from legacy_seam.values.data import is_atom
from legacy_seam.values.stillness import Still, still
from legacy_seam.world.django_use import PLACE, open_databases
from legacy_seam.world.namespaces import (
    classes_of,
    codes_held,
    entries_of,
    functions_within,
    is_class,
    is_written_as,
    namespace_of,
    text_of_class,
)
from legacy_seam.world.places import (
    ABSENT,
    ATTRIBUTES,
    DEFAULTS,
    Place,
    attributes_stored_later,
    places_of,
    stored_later,
)
from legacy_seam.world.reach import CodeIndex
from legacy_seam.world.web_context import NAMES_IN_CONTEXT, NAMES_OF_CACHES, caches, web_context

_CONSTRUCTION = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__")


@dataclass(slots=True)
class _Baseline:
    """What a place held; once it was found to be so still, what tells that quickly the next time.

    was_looked_at: `Places.get_ready` has seen to that.
    """

    value: object
    fingerprint: object
    still: Still | None = None
    cannot_tell: bool = False
    was_looked_at: bool = False

    def is_so(self, live: object) -> bool:
        """Is this the same, with the same content?"""
        is_same = live is self.value
        if is_same and (is_atom(live) or (self.still is not None and self.still.holds())):
            return True
        if type(live) is not type(self.value):  # made when it was first needed: it may be large
            return False
        if fingerprint_of(live) != self.fingerprint:
            return False
        if is_same and not self.cannot_tell:
            self.still = still([live])
            self.cannot_tell = self.still is None
        return True


class Places:
    """All places of the project's modules, with what they held right after the import of each.

    `generation` is another one whenever there is more that code can reach.

    >>> places = Places()
    >>> rules = types.ModuleType("rules")
    >>> rules.LIMIT = [1]
    >>> exec("def check(x): return x in LIMIT", vars(rules))
    >>> places.baseline(rules)
    >>> reached = places.reachable([rules.check.__code__])
    >>> reached
    ('rules:LIMIT',)
    >>> rules.LIMIT.append(2)
    >>> places.changed_from_baseline(reached)
    {'rules:LIMIT': [1, 2]}
    """

    def __init__(self) -> None:
        self.generation = 0
        self._places: dict[str, Place] = {}
        self._baselines: dict[str, _Baseline] = {}
        self._by_bare_name: dict[str, list[str]] = {}
        self._codes = CodeIndex()
        self._modules: dict[str, types.ModuleType] = {}
        self._caches: dict[int, Any] = {}

    def baseline(self, module: types.ModuleType, name: str | None = None) -> None:
        """Take note of a module as it is now, right after its import.

        Args:
            module: the module.
            name: the name under which its places are recorded, where that is not its own (`__main__`).
        """
        name = name or str(namespace_of(module)["__name__"])
        self._modules[name] = module
        known = self._take(module, name, None)
        for stored in sorted(stored_later(module) - known):
            self._add(Place(f"{name}:{stored}", module, stored))
        databases = open_databases()
        if databases is not None and PLACE not in self._places:
            self._add(databases)
        held = caches()
        if held is not None and held.name not in self._places:
            self._add(held)
            for bare in NAMES_OF_CACHES:
                self._by_bare_name.setdefault(bare, []).append(held.name)
        context = web_context(module)
        if context is not None and context.name not in self._places:
            self._add(context)
            for bare in NAMES_IN_CONTEXT:
                self._by_bare_name.setdefault(bare, []).append(context.name)

    def defined(
        self, module: types.ModuleType, names: frozenset[str], uncertain: frozenset[str], name: str
    ) -> None:
        """Take note of what stands under some names of a script now: they have just been given a value.

        Args:
            module: the module of the script.
            names: these names.
            uncertain: names of which what they hold now is not what they hold after an import.
            name: the name under which the places of the module are recorded.
        """
        own = {key for key, value in entries_of(module, names & uncertain) if is_written_as(value, key, module)}
        for key in own:
            self._forget(f"{name}:{key}", key)
        known = (names - uncertain) | own
        self._take(module, name, known)
        for stored in sorted(stored_later(module, known)):
            if f"{name}:{stored}" not in self._places:
                self._add(Place(f"{name}:{stored}", module, stored))
        for key, value in entries_of(module, names - known):
            self._index_value(key, value)
            for code in codes_held(value):
                self._codes.add_function(key, code)

    def expect_nothing(self, module: types.ModuleType, names: Collection[str], name: str) -> None:
        """Whatever these names of a script hold, it is not what they hold after an import."""
        self._modules[name] = module
        for key in names:
            self._add(Place(f"{name}:{key}", module, key), ABSENT)

    def _take(self, module: types.ModuleType, name: str, keys: Collection[str] | None) -> set[str]:
        """Take note of what stands in a module; gives the names of its data."""
        self.generation += 1
        found = list(places_of(module, name, keys))
        for place in found:
            self._add(place)
        self._index_code(module, keys)
        for place in attributes_stored_later(module, name, keys):
            if place.name not in self._places:
                self._add(place)
        return {place.key for place in found if place.owner is module}

    def let_go(self) -> None:
        """Know of no module any more, and hold nothing that any of them holds."""
        for known in (self._places, self._baselines, self._by_bare_name, self._modules, self._caches):
            known.clear()
        self._codes = CodeIndex()

    def names(self) -> tuple[str, ...]:
        """The names of all places."""
        return tuple(self._places)

    def all(self) -> Iterable[Place]:
        """All places."""
        return self._places.values()

    def has_baseline(self, name: str) -> bool:
        """Is it known what that place held right after the import?"""
        return name in self._baselines

    def modules(self) -> Mapping[str, types.ModuleType]:
        """The modules of which a baseline was taken, by recorded name."""
        return self._modules

    def place(self, name: str) -> Place | None:
        """The place of that name; also one that the baseline did not have, in a module or class that it knew."""
        return self._places.get(name) or self._place_of_unknown(name)

    def reachable(self, codes: Iterable[types.CodeType]) -> tuple[str, ...]:
        """The names of the places that `codes`, and whatever they may call, can name."""
        names = self._codes.names_reached(codes)
        found: dict[str, None] = {}
        for bare in names & self._by_bare_name.keys():
            found.update(dict.fromkeys(self._by_bare_name[bare]))
        return tuple(sorted(found))

    def names_reached(self, codes: Iterable[types.CodeType]) -> frozenset[str]:
        """All names that `codes`, and whatever they may call, use."""
        return self._codes.names_reached(codes)

    def changed_from_baseline(self, names: Iterable[str]) -> dict[str, object]:
        """Those of the places that hold something else now than right after the import, with what they hold.

        Places that hold nothing any more are left out.
        """
        changed: dict[str, object] = {}
        for name in names:
            live = self.departed(name)
            if live is not None and live[0] is not ABSENT:
                changed[name] = live[0]
        return changed

    def departed(self, name: str) -> tuple[object] | None:
        """What a place holds now, as a tuple of one, if that is not what it held right after the import."""
        place, baseline = self._places.get(name), self._baselines.get(name)
        if place is None or baseline is None:
            return None
        live = place.read()
        return None if baseline.is_so(live) else (live,)

    def get_ready(self, name: str) -> None:
        """Make what makes it quick to tell whether a place has departed, where there is such a thing: only once."""
        baseline = self._baselines.get(name)
        if baseline is not None and not baseline.was_looked_at:
            baseline.was_looked_at = True
            self.departed(name)

    def is_disturbed(self, name: str) -> bool:
        """Does a place hold another object than right after the import, or the same with another content?"""
        return self.is_rebound(name) or self.departed(name) is not None

    def is_rebound(self, name: str) -> bool:
        """Does a place hold another object than right after the import?"""
        place, baseline = self._places.get(name), self._baselines.get(name)
        return place is not None and baseline is not None and place.read() is not baseline.value

    def at_baseline(self, name: str) -> object:
        """The very object a place held right after the import (its content may have changed since)."""
        return self._baselines[name].value

    def held_still(self, name: str) -> tuple[object, Still | None] | None:
        """The very object that a place held right after the import, and what tells whether its content has changed
        since (None where it cannot). None where that was not found out (by `departed`), or cannot be."""
        baseline = self._baselines.get(name)
        if baseline is None:
            return None
        fixed = baseline.value is ABSENT or is_atom(baseline.value)
        return (baseline.value, baseline.still) if fixed or baseline.still is not None else None

    def clear_caches(self) -> bool:
        """Empty the `lru_cache`s of functions and methods, if there are any."""
        for cache in self._caches.values():
            cache.cache_clear()
        return bool(self._caches)

    def _forget(self, name: str, bare: str) -> None:
        if self._places.pop(name, None) is not None:
            del self._baselines[name]
            self._by_bare_name[bare].remove(name)

    def _add(self, place: Place, *held: object) -> None:
        value = held[0] if held else place.read()
        self._places[place.name] = place
        self._baselines[place.name] = _Baseline(value, fingerprint_of(value))
        bare = place.bare_name()
        names = self._by_bare_name.setdefault(bare, [])
        if place.name not in names:
            names.append(place.name)
        for code in codes_held(value):
            self._codes.add_function(bare, code)

    def _index_code(self, module: types.ModuleType, keys: Collection[str] | None) -> None:
        for name, value in entries_of(module, keys):
            self._index_value(name, value)
        for owner in classes_of(module, keys):
            for name, value in list(namespace_of(owner).items()):
                codes = self._index_value(name, value)
                if name in _CONSTRUCTION or not name.startswith("__"):
                    for code in codes:
                        self._codes.add_function(text_of_class(owner, "__name__"), code)

    def _index_value(self, name: str, value: object) -> list[types.CodeType]:
        if type(value) is functools._lru_cache_wrapper:
            self._caches[id(value)] = value
        codes = [function.__code__ for function in functions_within(value)]
        for code in codes:
            if name not in _CONSTRUCTION:
                self._codes.add_function(name, code)
        return codes

    def _place_of_unknown(self, name: str) -> Place | None:
        module_name, _, path = name.partition(":")
        module = self._modules.get(module_name)
        *within, key = path.split(".")
        if module is None or not key or any(part in (DEFAULTS, ATTRIBUTES) for part in within):
            return None
        owner: types.ModuleType | type = module
        for part in within:
            inner = namespace_of(owner).get(part)
            if not is_class(inner):
                return None
            owner = inner
        return Place(name, owner, key)


def fingerprint_of(value: object) -> object:
    """A key that is equal for equal values, in this process; the object's own identity where none can be had."""
    if value is ABSENT:
        return ABSENT
    try:
        return fingerprint((value,))
    except Exception:
        return ("unreadable", id(value))
