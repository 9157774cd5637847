"""The register of kinds: every type that has a notation of its own. One module for each sort, one line for each module.

Types are known by name; none is imported for being in the register. To add one, write a module with a tuple `KINDS`
and add it to `_MODULES`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from legacy_seam.values.anatomy import Anatomy, derives, namespace_of
from legacy_seam.values.kinds import callables, collected, machinery, moments, numbers, opaque, plain, texts, trees
from legacy_seam.values.kinds.exceptions import Exceptions
from legacy_seam.values.kinds.kind import Family, Kind, Unreadable, Written, call
from legacy_seam.values.kinds.members import Members
from legacy_seam.values.kinds.objects import Built, PlainObjects, Records, StructSequences, fields_of

__all__ = ["BY_TYPE", "BY_WORD", "Family", "Kind", "Unreadable", "Written", "call", "family_of", "look_at"]

_MODULES = (plain, moments, numbers, collected, texts, callables, machinery, opaque, trees)

BY_TYPE: Mapping[str, Kind] = {name: kind for module in _MODULES for kind in module.KINDS for name in kind.types}
"""`module:Qualname` of a type -> its kind."""

BY_WORD: Mapping[str, Kind] = {kind.word: kind for module in _MODULES for kind in module.KINDS if kind.word}
"""Word before the bracket -> kind."""

_EXCEPTIONS, _MEMBERS, _RECORDS, _STRUCT_SEQUENCES = Exceptions(), Members(), Records(), StructSequences()
_PLAIN_OBJECTS = PlainObjects()
_TRUNKS = frozenset(BY_TYPE)


def look_at(cls: type) -> Anatomy:
    """The anatomy of a class, down to the base that has a kind of its own."""
    return Anatomy.of(cls, _TRUNKS)


def family_of(anatomy: Anatomy) -> Family | None:
    """How the instances of a class are written and made; None where there is no way to read them."""
    cls, trunk = anatomy.cls, anatomy.trunk
    if derives(type(cls), enum.EnumMeta):
        return _MEMBERS
    if derives(trunk, BaseException):
        return _EXCEPTIONS
    if trunk is object:
        return _PLAIN_OBJECTS
    if derives(trunk, tuple):
        if fields_of(cls) is not None:
            return _RECORDS
        if "n_sequence_fields" in namespace_of(trunk):
            return _STRUCT_SEQUENCES
    kind = BY_TYPE.get(Anatomy.of(trunk).name if trunk is not cls else anatomy.name)
    return None if kind is None else Built(kind)
