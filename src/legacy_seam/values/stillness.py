"""Whether values are still what they were: told by the identity of all that they hold, without making a key of it.

A key (`fingerprints`) is good for any two values. To see that nothing has happened to one and the same value, it is
enough to hold on to all its parts, and to look whether they stand where they stood.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from itertools import chain
from operator import is_
from re import Pattern
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any

from legacy_seam.values.kinds import look_at

_NEVER_CHANGING = frozenset(
    map(
        id,
        (
            *(type(None), bool, int, float, complex, str, bytes, range, type(...)),
            *(date, timedelta, timezone, Decimal, Pattern),
            *(type, BuiltinFunctionType, ModuleType),  # looked up rather than made: the same object, the same thing
        ),
    )
)
"""Types (by `id`) of what is the same as long as it is the same object."""
_OURS = "legacy_seam."
"""Our own objects stand for something outside."""
_MOST = 500
"""Objects that are watched; of more, a key is made in less time."""


class Still:
    """What some values hold, all the way down.

    Args:
        values: the values; they are kept alive.

    Raises:
        CannotTell: where there is something in them that may change without its parts being others.

    >>> prices = {"A": [1.5, 2.0]}
    >>> before = Still([prices])
    >>> before.holds()
    True
    >>> prices["A"].append(3.0)
    >>> before.holds()
    False
    """

    __slots__ = ("_contents", "_held", "_lengths", "_owners", "_slots", "_views")

    def __init__(self, values: Iterable[object]) -> None:
        self._views: list[Collection[object]] = []
        self._owners: list[tuple[object, type, _Namespace, dict[str, object] | None]] = []
        self._slots: list[tuple[object, MemberDescriptorType, object]] = []
        self._held = list(values)  # all that is met: it stays alive, so that its `id` stays its own
        self._watch(self._held.copy())
        self._lengths = [*map(len, self._views)]
        self._contents = [*chain.from_iterable(self._views)]

    def holds(self) -> bool:
        """Is all of it as it was? False, too, where a part was exchanged for one that is equal."""
        if [*map(len, self._views)] != self._lengths:
            return False
        if not all(map(is_, chain.from_iterable(self._views), self._contents)):
            return False
        for owner, kind, namespace, content in self._owners:
            if type(owner) is not kind or namespace(owner) is not content:
                return False
        return all(_filling(slot, owner) is filling for owner, slot, filling in self._slots)

    def _watch(self, waiting: list[Any]) -> None:
        met: set[int] = set()
        while waiting:
            thing = waiting.pop()
            if id(type(thing)) not in _NEVER_CHANGING and id(thing) not in met:
                met.add(id(thing))
                if len(met) > _MOST:
                    raise CannotTell
                parts = self._parts(thing, type(thing))
                self._held += parts
                waiting += parts

    def _parts(self, thing: Any, kind: type) -> Iterable[object]:
        """Take note of one object; what it leads to."""
        if kind is list or kind is set:
            self._views.append(thing)
            return tuple(thing)
        if kind is dict:
            self._views += thing, thing.values()
            return (*thing, *thing.values())
        if kind is tuple or kind is frozenset:
            return tuple(thing)
        if kind is datetime or kind is time:
            return (thing.tzinfo,)
        if kind is FunctionType and thing.__closure__ is None:
            return ()
        return self._parts_of_instance(thing, kind)

    def _parts_of_instance(self, thing: object, kind: type) -> Iterable[object]:
        subject = look_at(kind)
        anatomy = subject.anatomy
        is_known = anatomy.trunk is object or anatomy.trunk is tzinfo
        if subject.kind is not None or not is_known or anatomy.name.startswith(_OURS):
            raise CannotTell
        slots = [(thing, slot, _filling(slot, thing)) for slot in anatomy.slots.values()]
        self._slots += slots
        parts: list[object] = [filling for _, _, filling in slots if filling is not _UNFILLED]
        namespace: _Namespace = anatomy.entries or _without_namespace
        content = namespace(thing)
        self._owners.append((thing, kind, namespace, content))
        return [*parts, content]


_Namespace = Callable[[object], dict[str, object] | None]
_UNFILLED: Any = object()


def _without_namespace(owner: object) -> None:
    return None


def _filling(slot: MemberDescriptorType, owner: object) -> object:
    try:
        return slot.__get__(owner)
    except AttributeError:
        return _UNFILLED


class CannotTell(Exception):
    """There is something whose content cannot be told from what it holds."""


def still(values: Iterable[object]) -> Still | None:
    """What some values hold; None where that is no way to tell whether they have changed."""
    try:
        return Still(values)
    except (CannotTell, RuntimeError):  # another thread is at work on it
        return None
