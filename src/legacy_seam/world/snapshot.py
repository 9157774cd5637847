"""Putting state back: shallow copies of every mutable object that a place leads to.

Each object gets its own content back, so identity and sharing between places, closures and default arguments stay
as they were, and what cannot be copied (a lock, a connection) simply stays. No code of the program runs.
"""

from __future__ import annotations

import random
import types
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from io import BytesIO, StringIO
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.world.places import ABSENT, ATOMS, Place

_MOST_OBJECTS = 2_000_000

PutBack = Callable[[], object]


class Snapshot:
    """The content of all mutable objects that can be reached from some values, to be put back any number of times.

    >>> inner = [1]
    >>> outer = {"inner": inner, "same": inner}
    >>> snapshot = Snapshot([outer])
    >>> inner.append(2); outer.clear()
    >>> snapshot.put_back()
    >>> outer, outer["same"] is inner
    ({'inner': [1], 'same': [1]}, True)
    """

    def __init__(self, values: Iterable[object]) -> None:
        self._put_back: list[PutBack] = []
        self._kept: list[object] = []
        self._take(values)

    def put_back(self) -> None:
        """Give every object the content it had."""
        for put_back in self._put_back:
            put_back()

    def _take(self, values: Iterable[object]) -> None:
        waiting = list(values)
        seen: set[int] = set()
        while waiting and len(seen) < _MOST_OBJECTS:
            thing = waiting.pop()
            if type(thing) in ATOMS or id(thing) in seen or _stands_in(type(thing)):
                continue
            seen.add(id(thing))
            self._kept.append(thing)  # the ids in `seen` must not be used again
            waiting.extend(self._shallow(thing))

    def _shallow(self, thing: Any) -> list[object]:
        """Note how to put one object back; what it leads to."""
        kind = type(thing)
        leads_to: list[object] = []
        for base, copy in _SHALLOW:
            if issubclass(kind, base):
                put_back, leads_to = copy(thing)
                if put_back is not None:
                    self._put_back.append(put_back)
                break
        if kind not in _PLAIN:
            self._attributes(thing, kind, leads_to)
        return leads_to

    def _attributes(self, thing: Any, kind: type, leads_to: list[object]) -> None:
        if issubclass(kind, (type, types.ModuleType)):
            return
        attributes = dictionary_of(thing)
        if attributes is not None:
            held = dict.copy(attributes)
            self._put_back.append(lambda: _refill(attributes, held))
            leads_to.extend(held.values())
        slots = slots_of(kind)
        if slots:
            values = [(slot, slot_value(slot, thing)) for slot in slots]
            self._put_back.append(lambda: _refill_slots(thing, values))
            leads_to.extend(value for _, value in values if value is not ABSENT)


def _stands_in(kind: type) -> bool:
    """Is it a stand-in of ours, within the program, which keeps its own state?"""
    return name_of(kind).startswith("legacy_seam.")


_PLAIN = (list, dict, set, tuple, frozenset, bytearray, deque, array, OrderedDict, types.CellType)


def give_content(receiver: object, giver: object) -> bool:
    """Let one mutable object take over the content of another of the same type; False where that cannot be."""
    if (
        type(receiver) is not type(giver)
        or receiver is giver
        or issubclass(type(receiver), (type, types.ModuleType, types.FunctionType))
    ):
        return False
    kind: Any = type(receiver)
    for base, exchange in _EXCHANGES.items():
        if issubclass(kind, base):
            exchange(receiver, giver)
            break
    else:
        if dictionary_of(receiver) is None and not slots_of(kind):
            return False
    _refill_slots(receiver, [(slot, slot_value(slot, giver)) for slot in slots_of(kind)])
    mine, theirs = dictionary_of(receiver), dictionary_of(giver)
    if mine is not None and theirs is not None:
        _refill(mine, dict(theirs))
    return True


def written_elsewhere(places: Iterable[Place], old: object, new: object) -> list[Place]:
    """Put `new` into every place that holds `old` (they took it by `from module import name`); which these were."""
    holders = [place for place in places if place.read() is old]
    for place in holders:
        place.write(new)
    return holders


def dictionary_of(thing: Any) -> dict[str, Any] | None:
    """Where the attributes of an object are; None where it has no such place."""
    try:
        attributes = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return None
    return attributes if type(attributes) is dict else None


def slots_of(kind: type) -> list[types.MemberDescriptorType]:
    """The slots that classes written in Python have declared (those of built-in types are their own business)."""
    declaring = [vars(base) for base in type.__getattribute__(kind, "__mro__") if "__slots__" in vars(base)]
    return [slot for held in declaring for slot in held.values() if type(slot) is types.MemberDescriptorType]


def slot_value(slot: Any, thing: object) -> object:
    """What a slot of an object holds; ABSENT for nothing."""
    try:
        value: object = slot.__get__(thing)
    except (AttributeError, TypeError):
        return ABSENT
    return value


def _refill(held: dict[Any, Any], content: dict[Any, Any]) -> None:
    dict.clear(held)
    dict.update(held, content)


def _refill_slots(thing: object, values: list[tuple[Any, object]]) -> None:
    for slot, value in values:
        try:
            if value is not ABSENT:
                slot.__set__(thing, value)
            elif slot_value(slot, thing) is not ABSENT:
                slot.__delete__(thing)
        except (AttributeError, TypeError):  # a slot of a built-in type that can only be read
            continue


def _exchange_list(mine: Any, theirs: Any) -> None:
    list.__setitem__(mine, slice(None), list(list.__iter__(theirs)))


def _exchange_ordered(mine: Any, theirs: Any) -> None:
    OrderedDict.clear(mine)
    for key, value in list(OrderedDict.items(theirs)):
        OrderedDict.__setitem__(mine, key, value)


def _exchange_dict(mine: Any, theirs: Any) -> None:
    _refill(mine, dict(dict.items(theirs)))


def _exchange_set(mine: Any, theirs: Any) -> None:
    items = list(set.__iter__(theirs))
    set.clear(mine)
    set.update(mine, items)


def _exchange_deque(mine: Any, theirs: Any) -> None:
    items = list(deque.__iter__(theirs))
    deque.clear(mine)
    deque.extend(mine, items)


def _exchange_bytes(mine: Any, theirs: Any) -> None:
    mine[:] = theirs[:]


def _exchange_random(mine: Any, theirs: Any) -> None:
    random.Random.setstate(mine, random.Random.getstate(theirs))


def _exchange_text(mine: Any, theirs: Any) -> None:
    value, position = theirs.getvalue(), theirs.tell()
    mine.seek(0)
    mine.truncate()
    mine.write(value)
    mine.seek(position)


_EXCHANGES: dict[type, Callable[[Any, Any], None]] = {
    list: _exchange_list,
    OrderedDict: _exchange_ordered,
    dict: _exchange_dict,
    set: _exchange_set,
    deque: _exchange_deque,
    bytearray: _exchange_bytes,
    array: _exchange_bytes,
    random.Random: _exchange_random,
    StringIO: _exchange_text,
    BytesIO: _exchange_text,
}


def _copy_list(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = list(list.__iter__(thing))
    return lambda: list.__setitem__(thing, slice(None), held), list(held)


def _copy_ordered(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = OrderedDict(OrderedDict.items(thing))
    return lambda: _exchange_ordered(thing, held), list(held.values())


def _copy_dict(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = dict.copy(thing) if type(thing) is dict else dict(dict.items(thing))
    return lambda: _refill(thing, held), [*held.values(), *(k for k in held if type(k) not in ATOMS)]


def _copy_set(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = list(set.__iter__(thing))
    return lambda: _exchange_set(thing, set(held)), list(held)


def _copy_deque(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = deque(deque.__iter__(thing))
    return lambda: _exchange_deque(thing, held), list(held)


def _copy_bytes(thing: Any) -> tuple[PutBack | None, list[object]]:
    held = thing[:]
    return lambda: _exchange_bytes(thing, held), []


def _copy_random(thing: Any) -> tuple[PutBack | None, list[object]]:
    if issubclass(type(thing), random.SystemRandom):
        return None, []
    held = random.Random.getstate(thing)
    return lambda: random.Random.setstate(thing, held), []


def _copy_text(thing: Any) -> tuple[PutBack | None, list[object]]:
    if thing.closed:
        return None, []
    held = StringIO(thing.getvalue()) if issubclass(type(thing), StringIO) else BytesIO(thing.getvalue())
    held.seek(thing.tell())
    return lambda: _exchange_text(thing, held), []


def _copy_cell(thing: Any) -> tuple[PutBack | None, list[object]]:
    try:
        held = thing.cell_contents
    except ValueError:  # not filled yet
        return None, []
    return lambda: setattr(thing, "cell_contents", held), [held]


def _copy_items(thing: Any) -> tuple[PutBack | None, list[object]]:
    return None, list(tuple.__iter__(thing) if issubclass(type(thing), tuple) else frozenset.__iter__(thing))


def _copy_function(thing: Any) -> tuple[PutBack | None, list[object]]:
    if _is_ours(thing):
        return None, []
    return None, [*(thing.__closure__ or ()), *(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]


def _is_ours(function: Any) -> bool:
    """Is it one that stands in the place of another (`substitution`)?"""
    return str(function.__globals__.get("__name__")).startswith("legacy_seam.")


def _copy_method(thing: Any) -> tuple[PutBack | None, list[object]]:
    if type(thing.__func__) is types.FunctionType and _is_ours(thing.__func__):
        return None, []
    return None, [thing.__self__, thing.__func__]


_SHALLOW: tuple[tuple[type, Callable[[Any], tuple[PutBack | None, list[object]]]], ...] = (
    (list, _copy_list),
    (OrderedDict, _copy_ordered),
    (dict, _copy_dict),
    (set, _copy_set),
    (tuple, _copy_items),
    (frozenset, _copy_items),
    (deque, _copy_deque),
    (bytearray, _copy_bytes),
    (array, _copy_bytes),
    (random.Random, _copy_random),
    (StringIO, _copy_text),
    (BytesIO, _copy_text),
    (types.CellType, _copy_cell),
    (types.FunctionType, _copy_function),
    (types.MethodType, _copy_method),
)
