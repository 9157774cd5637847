"""Whether values are still what they were: told by the identity of all that they hold, without making a key of it.

A key (`fingerprints`) is good for any two values. To see that nothing has happened to one and the same value, it is
enough to hold on to all its parts, and to look whether they stand where they stood.
"""

from __future__ import annotations

import re
from _thread import LockType, RLock, _local
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import partial
from itertools import chain
from operator import is_
from re import Pattern
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import ReferenceType

from legacy_seam.values.anatomy import Anatomy, derives, getter
from legacy_seam.values.kinds import look_at
from legacy_seam.values.kinds.members import Members

_NEVER_CHANGING = frozenset(
    map(
        id,
        (
            *(type(None), bool, int, float, complex, str, bytes, range, type(...)),
            *(date, timedelta, timezone, Decimal, Pattern, CodeType),
            *(type, ModuleType),  # looked up rather than made: the same object, the same thing
        ),
    )
)
"""Types (by `id`) of what is the same as long as it is the same object."""
_NAMED = frozenset(
    {
        "fractions:Fraction",
        "functools:_lru_cache_wrapper",
        "logging:Logger",
        "pathlib:PosixPath",
        "pathlib:PurePosixPath",
        "pathlib._local:PosixPath",  # where Python 3.13 has them
        "pathlib._local:PurePosixPath",
        "typing:_SpecialForm",
        "uuid:UUID",
    }
)
"""The same, by name, where what its instances hold is either fixed or no part of what they are."""


def _is_free(lock: Any) -> object:
    """True for a reentrant lock that is free: of one that is held, who holds it and how often belongs to it."""
    return True if repr(lock).startswith("<unlocked") else object()


def _held_by_this_thread(variables: Any) -> object:
    return _local.__getattribute__(variables, "__dict__")


_CMethodType: type = type(re.compile("").match)
"""Methods of C that are told the class which defines them are of a type that has no name in `types`."""
_FIELDS: dict[int, tuple[Callable[[Any], Any], ...]] = {
    id(partial): tuple(getter(partial, name) for name in ("func", "args", "keywords")),
    id(MethodType): tuple(getter(MethodType, name) for name in ("__func__", "__self__")),
    **{id(kind): (getter(kind, "__self__"),) for kind in (BuiltinFunctionType, _CMethodType)},
    id(CellType): (getter(CellType, "cell_contents"),),
    id(FunctionType): tuple(
        getter(FunctionType, name) for name in ("__closure__", "__defaults__", "__kwdefaults__", "__dict__")
    ),
    id(defaultdict): (getter(defaultdict, "default_factory"),),
    id(LockType): (LockType.locked,),
    id(RLock): (_is_free,),
    id(_local): (_held_by_this_thread,),
}
"""Types of C (by `id`), and what reads their fields."""
_WITH_FIELDS = (
    *(partial, BuiltinFunctionType, _CMethodType, MethodType, CellType, FunctionType, LockType, RLock, _local),
)
"""Those of them that hold nothing else."""
_ITEMS: dict[int, Callable[[Any], tuple[object, ...]]] = {
    id(list): lambda thing: tuple(list.__iter__(thing)),
    id(set): lambda thing: tuple(set.__iter__(thing)),
    id(deque): lambda thing: tuple(deque.__iter__(thing)),
    **{id(kind): lambda thing: (*dict.keys(thing), *dict.values(thing)) for kind in (dict, defaultdict, Counter)},
    id(OrderedDict): lambda thing: (*OrderedDict.keys(thing), *dict.values(thing)),
}
"""Containers (by `id`), and what reads what they hold, past whatever a subclass has put in its place."""
_FIXED: dict[int, Callable[[Any], tuple[object, ...]]] = {
    id(tuple): lambda thing: tuple.__getitem__(thing, slice(None)),
    id(frozenset): lambda thing: tuple(frozenset.__iter__(thing)),
    **dict.fromkeys(map(id, (object, tzinfo, *_WITH_FIELDS)), lambda thing: ()),
}
"""The same for what can hold nothing else one day."""
_OURS = "legacy_seam."
"""Our own objects stand for something outside."""
_MOST = 5_000
"""Objects that are watched: it takes memory."""


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

    __slots__ = ("_contents", "_fields", "_held", "_items", "_lengths", "_owners", "_views")

    def __init__(self, values: Iterable[object]) -> None:
        self._views: list[Collection[object]] = []
        self._owners: list[tuple[object, type, _Namespace, dict[str, object] | None]] = []
        self._fields: list[tuple[object, Callable[[Any], Any], object]] = []
        self._items: list[tuple[object, Callable[[Any], tuple[object, ...]], tuple[object, ...]]] = []
        self._held = list(values)  # all that is met: it stays alive, so that its `id` stays its own
        self._watch(self._held.copy())
        self._lengths = [*map(len, self._views)]
        self._contents = [*chain.from_iterable(self._views)]

    @classmethod
    def together(cls, several: Iterable[Still]) -> Still:
        """What several of them hold, which is told in less time than of each by itself."""
        whole = cls([])
        for one in several:
            for name in cls.__slots__:
                getattr(whole, name).extend(getattr(one, name))
        return whole

    def holds(self) -> bool:
        """Is all of it as it was? False, too, where a part was exchanged for one that is equal."""
        if [*map(len, self._views)] != self._lengths:
            return False
        if not all(map(is_, chain.from_iterable(self._views), self._contents)):
            return False
        for owner, kind, namespace, content in self._owners:
            if type(owner) is not kind or namespace(owner) is not content:
                return False
        for owner, read, items in self._items:
            now = read(owner)
            if len(now) != len(items) or not all(map(is_, now, items)):
                return False
        return all(_filling(field, owner) is filling for owner, field, filling in self._fields)

    def _watch(self, waiting: list[Any]) -> None:
        met: set[int] = set()
        referents: list[object] = []
        while waiting:
            thing = waiting.pop()
            if id(type(thing)) not in _NEVER_CHANGING and id(thing) not in met:
                met.add(id(thing))
                if len(met) > _MOST:
                    raise CannotTell
                if type(thing) is ReferenceType:
                    referents.append(thing())
                    continue
                parts = self._parts(thing, type(thing))
                self._held += parts
                waiting += parts
        # what is weakly referred to lives as long as it is held; nobody else's may be kept alive by us
        if not all(referent is None or id(referent) in met for referent in referents):
            raise CannotTell

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
        if (kind is FunctionType and thing.__closure__ is None) or derives(kind, type):
            return ()
        return self._parts_of_instance(thing, kind)

    def _parts_of_instance(self, thing: object, kind: type) -> Iterable[object]:
        subject = look_at(kind)
        anatomy = subject.anatomy
        if type(subject.family) is Members or anatomy.name in _NAMED:
            return ()
        if subject.kind is not None and not _is_read(kind):
            raise CannotTell
        if anatomy.name.startswith(_OURS):
            raise CannotTell
        parts = [*self._built_on(thing, anatomy)]
        namespace: _Namespace = anatomy.entries or _without_namespace
        content = namespace(thing)
        self._owners.append((thing, kind, namespace, content))
        return [*parts, content]

    def _built_on(self, thing: object, anatomy: Anatomy) -> Iterable[object]:
        """What a thing holds beside what is in its `__dict__`."""
        trunk = id(anatomy.trunk)
        read = _ITEMS.get(trunk)
        items = (read or _FIXED.get(trunk, _unknown))(thing)
        if read is not None:
            self._items.append((thing, read, items))
        fields = [*_FIELDS.get(trunk, ()), *(slot.__get__ for slot in anatomy.slots.values())]
        filled = [(thing, field, _filling(field, thing)) for field in fields]
        self._fields += filled
        return [*items, *(filling for _, _, filling in filled if filling is not _UNFILLED)]


_Namespace = Callable[[object], dict[str, object] | None]
_UNFILLED: Any = object()


def _without_namespace(owner: object) -> None:
    return None


def _is_read(kind: type) -> bool:
    return id(kind) in _ITEMS or id(kind) in _FIXED


def _unknown(thing: object) -> tuple[object, ...]:
    raise CannotTell


def _filling(field: Callable[[Any], Any], owner: object) -> object:
    try:
        return field(owner)
    except (AttributeError, ValueError):  # a slot, or a cell, that holds nothing
        return _UNFILLED


class CannotTell(Exception):
    """There is something whose content cannot be told from what it holds."""


def still(values: Iterable[object]) -> Still | None:
    """What some values hold; None where that is no way to tell whether they have changed."""
    try:
        return Still(values)
    except (CannotTell, RuntimeError):  # another thread is at work on it
        return None
