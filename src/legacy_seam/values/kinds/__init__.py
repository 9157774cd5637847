"""The register of kinds: every type that has a notation of its own. A module for each sort, a line for each module.

Types are known by name; none is imported for being in the register. To add one, write a module with a tuple `KINDS`
and add it to `_MODULES`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from legacy_seam.values.anatomy import Anatomy, derives, name_of
from legacy_seam.values.kinds import (
    callables,
    collected,
    machinery,
    moments,
    numbers,
    opaque,
    plain,
    rows,
    texts,
    trees,
)
from legacy_seam.values.kinds.exceptions import Exceptions
from legacy_seam.values.kinds.kind import Family, Kind, Unreadable, Written, call
from legacy_seam.values.kinds.members import Members
from legacy_seam.values.kinds.objects import (
    Built,
    OnStatelessBases,
    PlainObjects,
    Records,
    StructSequences,
    fields_of,
    sequence_base,
)

__all__ = ["BY_TYPE", "BY_WORD", "Family", "Kind", "Subject", "Unreadable", "Written", "call", "look_at"]

_MODULES = (plain, moments, numbers, collected, texts, callables, machinery, rows, opaque, trees)

BY_TYPE: Mapping[str, Kind] = {name: kind for module in _MODULES for kind in module.KINDS for name in kind.types}
"""`module:Qualname` of a type -> its kind."""

BY_WORD: Mapping[str, Kind] = {kind.word: kind for module in _MODULES for kind in module.KINDS if kind.word}
"""Word before the bracket -> kind."""

_EXCEPTIONS, _MEMBERS, _RECORDS, _STRUCT_SEQUENCES = Exceptions(), Members(), Records(), StructSequences()
_PLAIN_OBJECTS, _ON_STATELESS_BASES = PlainObjects(), OnStatelessBases()
_TRUNKS = frozenset(BY_TYPE)


class Subject:
    """A class whose instances are to be read or made.

    anatomy: how their state is reached.
    kind:    the kind of the class, where it is itself a type that has one.
    family:  how they are read and made otherwise; None where there is no way.
    """

    __slots__ = ("anatomy", "family", "kind")

    def __init__(self, cls: type) -> None:
        self.anatomy = Anatomy.of(cls, _TRUNKS)
        self.kind = BY_TYPE.get(self.anatomy.name) if self.anatomy.trunk is cls else None
        self.family = _family_of(self.anatomy)


def look_at(cls: type) -> Subject:
    """How the instances of a class are read and made; found out once for each class."""
    known = _looked_at.get(id(cls))
    if known is None:
        if len(_looked_at) >= _MOST_LOOKED_AT:
            _looked_at.clear()
        known = _looked_at[id(cls)] = Subject(cls)
    return known


_looked_at: dict[int, Subject] = {}
"""`id` of a class -> what was found out. Not the class itself: hashing it may run its metaclass."""
_MOST_LOOKED_AT = 4096


def _family_of(anatomy: Anatomy) -> Family | None:
    cls, trunk = anatomy.cls, anatomy.trunk
    if derives(type(cls), enum.EnumMeta):
        return _MEMBERS
    if derives(trunk, BaseException):
        return _EXCEPTIONS
    if trunk is object:
        return _PLAIN_OBJECTS
    if name_of(trunk) in OnStatelessBases.types:
        return _ON_STATELESS_BASES
    if derives(trunk, tuple):
        if fields_of(cls) is not None:
            return _RECORDS
        if sequence_base(cls) is not None:
            return _STRUCT_SEQUENCES
    kind = BY_TYPE.get(name_of(trunk))
    return None if kind is None else Built(kind)
