"""What is outside: connections, responses, sessions. Only their type is told, and which of them it is."""

from __future__ import annotations

import enum
from typing import Any

from legacy_seam.values.anatomy import Anatomy, derives, name_of
from legacy_seam.values.held import number_outside
from legacy_seam.values.kinds.kind import Kind, Written, call
from legacy_seam.values.notation import is_word
from legacy_seam.values.outside import lies_outside

_DATA = (BaseException, bytes, dict, float, frozenset, int, list, set, str, tuple, type)


def write_outside(value: Any) -> Written:
    """A value by its type and its number among those of the same type."""
    kind = name_of(type(value))
    name = number_outside(value, stem_of(kind))
    return call("outside", kind, *([] if name is None else [name]))


def stem_of(kind: str) -> str:
    """What the names of handles of a type begin with.

    >>> stem_of("http.client:HTTPResponse")
    'HTTPResponse'
    """
    last = kind.rpartition(":")[2].rpartition(".")[2]
    return last if is_word(last) else "Handle"


OUTSIDE = Kind((), write_outside, has_identity=True, content=lambda value: (name_of(type(value)),))


def is_outside(anatomy: Anatomy) -> bool:
    """Are the instances of a class a hold on something outside? (Rows, errors and their like are values.)"""
    module, _, qualname = anatomy.name.partition(":")
    if not lies_outside(module, qualname) or derives(type(anatomy.cls), enum.EnumMeta):
        return False
    return not any(derives(anatomy.cls, base) for base in _DATA)
