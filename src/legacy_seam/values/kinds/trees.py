"""Our own: trees that were read from texts are written as those texts again, and so is what stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.kinds import plain
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of
from legacy_seam.values.layout import Draft, ready
from legacy_seam.values.notation import name as spell_name
from legacy_seam.values.standin import GIVEN, number_of, told
from legacy_seam.values.tree import Node

_HOME = "legacy_seam.values.tree"


def _stand_in(value: Any) -> Written:
    type_name, reason = told(value)
    number = number_of(value)
    raise Unreadable(f"{reason}{GIVEN}{number}" if number else reason, type_name)


def _handle(value: Any) -> Written:
    """What answers in place of something outside (`legacy_seam.boundary.answering`)."""
    own = object.__getattribute__
    return call("outside", own(value, "_kind"), own(value, "_name"))


def _node(node: Any) -> Draft:
    return call_of(spell_name(node.name), node.args, node.attributes)


def _mark(mark: Any) -> Draft:
    written = _MARKED[type(mark.tree)](mark.tree)
    marked = ready(written) if isinstance(written, str) else written
    marked.lead = f"&{mark.number} {marked.lead}"
    return marked


def _spelled(target: str) -> str:
    return target if target.isdecimal() else spell_name(target)


_MARKED: dict[type, Callable[[Any], Written]] = {Node: _node}
for _kind in plain.KINDS:
    for _type in (list, dict, set, bytearray):
        if name_of(_type) in _kind.types:
            _MARKED[_type] = _kind.take

KINDS = (
    Kind(("legacy_seam.values.standin:StandIn",), _stand_in),
    Kind(("legacy_seam.boundary.answering:Handle",), _handle, has_identity=True),
    Kind((f"{_HOME}:Node",), _node),
    Kind((f"{_HOME}:Mark",), _mark),
    Kind((f"{_HOME}:Name",), lambda tree: spell_name(tree.name)),
    Kind((f"{_HOME}:Reference",), lambda tree: f"*{_spelled(tree.target)}"),
)
