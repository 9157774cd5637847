"""Members of enumerations, by name; combinations of flags, by value."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of, derives
from legacy_seam.values.kinds.kind import Written, call_of
from legacy_seam.values.notation import name as spell_name
from legacy_seam.values.references import member_name


class Members:
    """Enumerations of every sort."""

    types = ()

    def has_identity(self, anatomy: Anatomy) -> bool:
        """There is one of each."""
        return False

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """`module:Colour.RED`, or `module:Permission(3)`."""
        name = member_name(value)
        if name is not None:
            return spell_name(name)
        return call_of(spell_name(anatomy.name), (attributes_of(value).get("_value_"),), {})

    def blank(self, anatomy: Anatomy) -> Any:
        """Members are not made, they are found."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """The combination of flags of that value, without asking the class's own `_missing_`."""
        cls: Any = anatomy.cls
        if len(args) != 1 or attributes or type(args[0]) is not int or not derives(cls, enum.Flag):
            raise ValueError(f"{anatomy.name} has no such member")
        known = cls._value2member_map_.get(args[0])
        return known if known is not None else enum.Flag._missing_.__func__(cls, args[0])  # type: ignore[attr-defined]
