"""The register of kinds: every type that has a notation of its own. A module for each sort, a line for each module.

Types are known by name; none is imported for being in the register. To add one, write a module with a tuple `KINDS`
and add it to `_MODULES`; for the types of a library that is no part of Python, to `_LIBRARIES`: such modules are
loaded when the first value of their library is met.
"""

from __future__ import annotations

import enum
import sys
from collections import ChainMap
from importlib import import_module

from legacy_seam.values.anatomy import Anatomy, attribute_of, derives, mro_of, name_of
from legacy_seam.values.kinds import (
    archives,
    callables,
    collected,
    connections,
    entries,
    finders,
    formats,
    iterators,
    locators,
    machinery,
    markup,
    moments,
    numbers,
    opaque,
    open_files,
    plain,
    rows,
    streams,
    texts,
    threads,
    trees,
    weak,
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
from legacy_seam.values.kinds.outside import OUTSIDE, is_outside
from legacy_seam.values.kinds.thread_objects import Threads

__all__ = ["Family", "Kind", "Subject", "Unreadable", "Written", "call", "kind_called", "look_at"]

_MODULES = (
    plain,
    iterators,
    moments,
    numbers,
    collected,
    texts,
    threads,
    callables,
    machinery,
    rows,
    streams,
    open_files,
    archives,
    connections,
    entries,
    finders,
    locators,
    formats,
    markup,
    weak,
    opaque,
    trees,
)

_LIBRARIES = {
    "numpy": ("arrays", "scalars", "bit_generators"),
    "pandas": ("stamps", "columns", "frames"),
    "polars": ("polars_frames",),
    "pydantic": ("models",),
    "msgspec": ("models",),
    "sklearn": ("compiled",),
    "sqlalchemy": ("mapped", "schemas"),
    "asyncio": ("event_loops",),
    "_asyncio": ("event_loops",),
    "flask": ("web_applications", "web_contexts"),
    "werkzeug": ("web_applications", "web_contexts"),
    "django": (
        *("django_registered", "django_models", "django_databases", "django_caches"),
        *("django_requests", "django_handlers", "django_forms"),
    ),
}
"""Library -> modules of this room for its values. (Few programs have those of asyncio.)"""

_PREFIXES = {
    "asyncio": "asyncio",
    "django": "django",
    "event_loop": "asyncio",
    "flask": "flask",
    "msgspec": "msgspec",
    "np": "numpy",
    "pd": "pandas",
    "pl": "polars",
    "sa": "sqlalchemy",
}
"""First part of a word -> its library."""

_MAPPED = "_sa_class_manager"
"""Stands in the namespace of every class that SQLAlchemy maps to a table; such classes need no common base."""

_STATEMENT = "sqlalchemy.sql.elements:ClauseElement"
"""Among the bases of every part of a statement that SQLAlchemy builds."""

_BY_TYPE: dict[str, Kind] = {name: kind for module in _MODULES for kind in module.KINDS for name in kind.types}
"""`module:Qualname` of a type -> its kind."""

_BY_WORD: dict[str, Kind] = {kind.word: kind for module in _MODULES for kind in module.KINDS if kind.word}
"""Word before the bracket -> kind."""

_THREADS = Threads()
_BY_TRUNK: dict[str, Family] = dict.fromkeys(_THREADS.types, _THREADS)
"""`module:Qualname` of the base of a family -> the family; those of a library from when it is met."""

_loaded: set[str] = set()


def kind_called(word: str) -> Kind | None:
    """The kind whose values are written as a call of that word."""
    library = _PREFIXES.get(word.partition(".")[0])
    if library is not None:
        _load(library)
    return _BY_WORD.get(word)


def _load(library: str) -> None:
    """Take up the kinds of a library. (Here, not where this module is loaded: few programs need them.)"""
    if library in _loaded:
        return
    for name in _LIBRARIES[library]:
        module = import_module(f"{__name__}.{name}")
        _BY_TYPE.update((name, kind) for kind in module.KINDS for name in kind.types)
        _BY_WORD.update((kind.word, kind) for kind in module.KINDS if kind.word)
        _BY_TRUNK.update((name, family) for family in getattr(module, "FAMILIES", ()) for name in family.types)
    _loaded.add(library)


_EXCEPTIONS, _MEMBERS, _RECORDS, _STRUCT_SEQUENCES = Exceptions(), Members(), Records(), StructSequences()
_PLAIN_OBJECTS, _ON_STATELESS_BASES = PlainObjects(), OnStatelessBases()
_TRUNKS = ChainMap[str, object](_BY_TYPE, _BY_TRUNK)  # type: ignore[arg-type]


def _library_of(cls: type) -> str:
    """The library that a class is of. What we hold of Django's in classes of our own counts as Django's."""
    module = name_of(cls).partition(":")[0]
    ours = module.removeprefix(f"{__name__}.")
    return module.partition(".")[0] if ours == module else ours.partition("_")[0]


class Subject:
    """A class whose instances are to be read or made.

    anatomy: how their state is reached.
    kind:    the kind of the class, where it is itself a type that has one.
    family:  how they are read and made otherwise; None where there is no way.
    """

    __slots__ = ("anatomy", "family", "kind")

    def __init__(self, cls: type) -> None:
        for base in mro_of(cls):
            library = _library_of(base)
            if library in _LIBRARIES:
                _load(library)
        self.anatomy = Anatomy.of(cls, _TRUNKS)
        self.kind = _BY_TYPE.get(self.anatomy.name) if self.anatomy.trunk is cls else None
        self.family = _family_of(self.anatomy)
        if (self.kind is None or self.kind.make is None) and is_outside(self.anatomy):
            self.kind = OUTSIDE


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
    if attribute_of(cls, _MAPPED) is not None and "sqlalchemy" in sys.modules:
        from legacy_seam.values.kinds.mapped import Mapped

        return Mapped()
    if any(name_of(base) == _STATEMENT for base in mro_of(cls)):
        from legacy_seam.values.kinds.mapped import Statements

        return Statements()
    if derives(type(cls), enum.EnumMeta):
        return _MEMBERS
    if derives(trunk, BaseException):
        return _EXCEPTIONS
    if trunk is object:
        mixed = (_BY_TRUNK.get(name_of(base)) for base in mro_of(cls))  # below a base of the program, perhaps
        return next((family for family in mixed if family is not None), _PLAIN_OBJECTS)
    if name_of(trunk) in OnStatelessBases.types:
        return _ON_STATELESS_BASES
    if derives(trunk, tuple):
        if fields_of(cls) is not None:
            return _RECORDS
        if sequence_base(cls) is not None:
            return _STRUCT_SEQUENCES
    library = name_of(trunk).partition(":")[0].partition(".")[0]
    family = _BY_TRUNK.get(name_of(trunk)) or _BY_TRUNK.get(f"{library}:*")
    if family is not None:
        return family
    kind = _BY_TYPE.get(name_of(trunk))
    return None if kind is None else Built(kind)
