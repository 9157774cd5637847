"""How values of each type are taken apart to be written: found once for a type, and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from legacy_seam.values.anatomy import attribute_of, name_of
from legacy_seam.values.extent import BULKY_TYPES
from legacy_seam.values.kinds import Unreadable, Written, look_at
from legacy_seam.values.kinds.iterators import SUSPENDED, Seen, take_seen
from legacy_seam.values.layout import Draft
from legacy_seam.values.notation import string
from legacy_seam.values.references import stream_name
from legacy_seam.values.standin import UNREAD

UNREADABLE = "something whose state cannot be read from Python"
_MOST_READERS = 4000

Reader: TypeAlias = tuple[Callable[[Any], Written], bool, bool]
Seer: TypeAlias = Callable[[object], Seen | None]
"""How values of a type are taken apart, whether they have an identity, and whether they have it even when they are
taken for text (named functions have none)."""

READERS: dict[int, Reader] = {}
_classes: list[type] = []


def opaque(type_name: str, reason: str) -> str:
    """The text that stands for a value which cannot be held."""
    return f"opaque({string(type_name)}, {string(reason)})"


def unreadable(item: object, error: Exception) -> str:
    """The text of what raised this when it was taken apart."""
    type_name = name_of(type(item))
    if type(error) is not Unreadable:
        return opaque(type_name, UNREADABLE)
    return opaque(error.type_name or type_name, str(error))


def reader_of(cls: type) -> Reader:
    """The reader of a type; found once for each. They are kept by `id`: hashing a class may run its metaclass."""
    if len(READERS) >= _MOST_READERS:
        READERS.clear()
        _classes.clear()
        READERS[id(Draft)] = _OF_DRAFTS
    reader = READERS[id(cls)] = _find_reader(cls)
    _classes.append(cls)
    return reader


def _find_reader(cls: type) -> Reader:
    subject = look_at(cls)
    anatomy, kind, family = subject.anatomy, subject.kind, subject.family
    reader: Reader
    if kind is not None:
        reader = kind.take, kind.has_identity, anatomy.name in ("builtins:list", "builtins:dict")
    elif family is not None:
        reader = partial(family.take, anatomy), family.has_identity(anatomy), False
    else:
        reader = (lambda item: opaque(anatomy.name, UNREADABLE)), False, False
    if attribute_of(cls, "write") is None:
        return reader
    take, has_identity, is_marked_as_text = reader
    return (lambda item: stream_name(item) or take(item)), has_identity, is_marked_as_text


def readers_without(bulks: Mapping[int, int], readers: Mapping[int, Reader]) -> Mapping[int, Reader]:
    """Readers that write no more of some containers than that they are too large."""

    def reader(cls: type) -> Reader:
        take, has_identity, _ = readers.get(id(cls)) or reader_of(cls)

        def read(value: Any) -> Written:
            is_bulk = id(value) in bulks and len(value) == bulks[id(value)]
            return opaque(name_of(cls), UNREAD) if is_bulk else take(value)

        return read, has_identity, True

    return readers | {id(cls): reader(cls) for cls in BULKY_TYPES}  # type: ignore[operator,no-any-return]


def readers_with(seen: Seer) -> Mapping[int, Reader]:
    """The readers of all types, with those of generators that know what was seen of some of them."""

    def reader(cls: type) -> Reader:
        take, _, _ = READERS.get(id(cls)) or reader_of(cls)

        def read(value: Any) -> Written:
            found = seen(value)
            return take(value) if found is None else take_seen(found)

        return read, True, False

    return READERS | {id(cls): reader(cls) for cls in SUSPENDED}


_OF_DRAFTS: Reader = (lambda draft: draft), False, False
READERS[id(Draft)] = _OF_DRAFTS
