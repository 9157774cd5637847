"""Instances of the program's own classes: by class and attributes, whatever the class does when it is called."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attribute_of, mro_of, name_of, namespace_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call_of, put
from legacy_seam.values.layout import ready
from legacy_seam.values.notation import name as spell_name


class PlainObjects:
    """Classes that come from a `class` statement and are built on nothing but such classes."""

    types = ("builtins:object",)

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Always."""
        return True

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Attributes and slots."""
        return call_of(spell_name(anatomy.name), (), anatomy.attributes(value))

    def blank(self, anatomy: Anatomy) -> Any:
        """An instance that no `__new__` and no `__init__` has seen."""
        new: Any = next(
            found for base in mro_of(anatomy.cls) if type(found := namespace_of(base).get("__new__")) is _NEW_IN_C
        )
        return new(anatomy.cls)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put the attributes."""
        if args:
            raise ValueError(f"{anatomy.name} holds attributes only")
        constants = _constants_of(anatomy.cls)
        if constants:
            attributes = {key: _itself(value, constants) for key, value in attributes.items()}
        put(anatomy, blank, attributes)
        return blank


_KNOWN_BY_IDENTITY = {"argparse": ("SUPPRESS",), "optparse": ("NO_DEFAULT", "SUPPRESS_HELP", "SUPPRESS_USAGE")}
"""Texts and the like that these modules put into attributes, and later ask for with `is`."""


def _constants_of(cls: type) -> list[object]:
    modules = {name_of(base).partition(":")[0] for base in mro_of(cls)}
    return [
        vars(sys.modules[module])[name]
        for module, names in _KNOWN_BY_IDENTITY.items()
        if module in modules and module in sys.modules
        for name in names
    ]


def _itself(value: object, constants: Sequence[object]) -> object:
    equal = (constant for constant in constants if type(constant) is type(value) and constant == value)
    return next(equal, value)


_NEW_IN_C = type(object.__new__)


class OnStatelessBases(PlainObjects):
    """Classes built on a type of C that holds nothing itself (`class Berlin(tzinfo)`)."""

    types = ("datetime:tzinfo",)

    def blank(self, anatomy: Anatomy) -> Any:
        """An instance as that type makes them."""
        base: Any = anatomy.trunk
        return base.__new__(anatomy.cls)


class Built:
    """Classes built on a kind (`class Money(Decimal)`): the value they hold first, then their attributes."""

    types = ()

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Where they can change: through what they are built on, or through attributes."""
        return self.kind.has_identity or anatomy.entries is not None or bool(anatomy.slots)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """The value, as if it were of the type itself."""
        held = self.kind.take(value)
        if self.kind.adopt is None and self.kind.blank is None:
            return held
        part = ready(held) if isinstance(held, str) else held
        return call_of(spell_name(anatomy.name), (part,), anatomy.attributes(value))

    def blank(self, anatomy: Anatomy) -> Any:
        """An instance that holds nothing yet."""
        return self.kind.blank(anatomy.cls) if self.kind.blank else None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put the value, then the attributes."""
        if len(args) != 1:
            raise ValueError(f"{anatomy.name} is built on one value")
        if blank is None:
            if self.kind.adopt is None:
                raise ValueError(f"{anatomy.name} cannot be built")
            blank = self.kind.adopt(anatomy.cls, args[0])
        elif self.kind.pour:
            self.kind.pour(blank, args[0])
        put(anatomy, blank, attributes)
        return blank


class Records:
    """Named tuples: their fields by name, as in the call that made them."""

    types = ()

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Where they have attributes beside their fields."""
        return anatomy.entries is not None

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Fields, then attributes."""
        fields = fields_of(anatomy.cls) or ()
        items = tuple.__getitem__(value, slice(None))
        if len(items) != len(fields):
            raise Unreadable("a named tuple that has not as many items as fields")
        return call_of(
            spell_name(anatomy.name),
            (),
            dict(chain(zip(fields, items, strict=True), anatomy.attributes(value).items())),
        )

    def blank(self, anatomy: Anatomy) -> Any:
        """A tuple is made of its items."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Make the tuple, then put the attributes that are no fields."""
        fields = fields_of(anatomy.cls) or ()
        missing = [field for field in fields if field not in attributes]
        if args or missing:
            raise ValueError(
                f"{anatomy.name} lacks its field {missing[0]}" if missing else f"{anatomy.name} has fields only"
            )
        made: Any = tuple.__new__(anatomy.cls, [attributes[field] for field in fields])
        put(anatomy, made, {key: value for key, value in attributes.items() if key not in fields})
        return made


def fields_of(cls: type) -> tuple[str, ...] | None:
    """The fields of a named tuple; None for every other class."""
    fields = attribute_of(cls, "_fields")
    if type(fields) is tuple and all(type(field) is str for field in fields):
        return fields
    return None


class StructSequences:
    """`time.struct_time`, `os.stat_result` and their kin: all their items, those without a number by name."""

    types = ()

    def has_identity(self, anatomy: Anatomy) -> bool:
        """They are tuples."""
        return False

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """What the type itself gives for pickling."""
        base = sequence_base(anatomy.cls)
        _, (items, others) = base.__reduce__(value)
        numbered = namespace_of(base).get("__match_args__", ())
        unnumbered = {key: item for key, item in others.items() if key not in numbered}
        return call_of(spell_name(anatomy.name), (items,), unnumbered)

    def blank(self, anatomy: Anatomy) -> Any:
        """A tuple is made of its items."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Make the tuple."""
        if len(args) != 1 or type(args[0]) is not tuple or sequence_base(anatomy.cls) is not anatomy.cls:
            raise ValueError(f"{anatomy.name} is made of a tuple")
        return anatomy.cls(args[0], dict(attributes))


def sequence_base(cls: type) -> Any:
    """The struct sequence that a class is or is built on; None for every other class."""
    return next((base for base in mro_of(cls) if "n_sequence_fields" in namespace_of(base)), None)
