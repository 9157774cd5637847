"""Module variables of the legacy system that a candidate assigns or changes: put back when it is done.

Only those that its own code can be seen to touch (`reach.py`) are looked at, so that what other threads do to all
the others is never undone. The candidate's own module is its own: a model that it loads into a variable there
stays.
"""

from __future__ import annotations

from typing import Any

from legacy_seam.experiment.guard.reach import Place, Reach

_ABSENT = object()
_LARGEST = 1_000
"""Containers with more items are not copied for each call."""


class Variables:
    """What to hold for the calls of one candidate."""

    def __init__(self, control: Reach, candidate: Reach, own: dict[str, Any] | None) -> None:
        legacy = {place for place, namespace in control.namespaces.items() if namespace is not own}

        def of_legacy(places: list[Place]) -> list[Place]:
            chosen = {(id(namespace), name): (namespace, name) for namespace, name in places}
            return [place for (home, _), place in chosen.items() if home in legacy]

        self._assigned = of_legacy(candidate.assigned)
        self._changed = of_legacy(candidate.changed)
        self.any = bool(self._assigned or self._changed)

    def held(self) -> Any:
        """The variables as they are."""
        values = [namespace.get(name, _ABSENT) for namespace, name in self._assigned]
        containers = []
        for namespace, name in self._changed:
            value: Any = namespace.get(name)
            if type(value) in (dict, list, set, bytearray) and len(value) <= _LARGEST:
                containers.append((value, value.copy()))
        return values, containers

    def put_back(self, held: Any) -> None:
        """Make them what they were."""
        values, containers = held
        for (namespace, name), value in zip(self._assigned, values, strict=True):
            if namespace.get(name, _ABSENT) is value:
                continue
            if value is _ABSENT:
                namespace.pop(name, None)
            else:
                namespace[name] = value
        for container, before in containers:
            if not _same_items(container, before):
                _refill(container, before)


def _same_items(container: Any, before: Any) -> bool:
    if len(container) != len(before):
        return False
    if isinstance(container, dict):
        return all(map(_is, container, before)) and all(map(_is, container.values(), before.values()))
    if isinstance(container, set):
        return not container.symmetric_difference(before)
    return all(map(_is, container, before))


def _is(one: object, other: object) -> bool:
    return one is other


def _refill(container: Any, before: Any) -> None:
    if isinstance(container, (list, bytearray)):
        container[:] = before
    else:
        container.clear()
        container.update(before)
