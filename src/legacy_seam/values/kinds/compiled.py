"""Parts of estimators of scikit-learn that are written in C (trees, losses): what they give for pickling.

Estimators themselves are plain objects; these are not, and the library knows best what they are made of. None of it
is code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attribute_of
from legacy_seam.values.kinds.kind import Unreadable, Written, call_of
from legacy_seam.values.notation import name as spell_name

_PLAIN = attribute_of(object, "__reduce__")
_UNPICKLE = "__pyx_unpickle_"


class Compiled:
    """Classes in C of a library that can be pickled."""

    types = ("sklearn:*",)

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Always."""
        return True

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """What it is made with, then its state."""
        reduce = attribute_of(anatomy.trunk, "__reduce__")
        if reduce is _PLAIN:
            reduce = attribute_of(anatomy.trunk, "__reduce_cython__")
        if reduce is None:
            raise Unreadable("something whose state cannot be read from Python")
        make, args, *state = reduce(value)
        rest = {} if not state or state[0] is None else {"state": state[0]}
        if make is not anatomy.cls:
            if args[:1] != (anatomy.cls,):
                raise Unreadable("it is made in a way of its own")
            args, rest = args[1:], {"by": make.__name__, **rest}
        return call_of(spell_name(anatomy.name), args, rest)

    def blank(self, anatomy: Anatomy) -> Any:
        """It is made of its parts."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Make it as the library does when it is unpickled."""
        cls: Any = anatomy.cls
        by = attributes.get("by")
        if by is None:
            made = cls(*args)
        else:
            make = vars(sys.modules[cls.__module__]).get(by)
            if make is None or not (by == "newObj" or by.startswith(_UNPICKLE)):
                raise ValueError(f"{anatomy.name} is not made by {by}")
            made = make(cls, *args)
        if "state" in attributes:
            attribute_of(cls, "__setstate__")(made, attributes["state"])
        return made


KINDS = ()
FAMILIES = (Compiled(),)
