"""Attributes of modules and classes of other people that the program's own code assigns: `json.dumps = quick`."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from legacy_seam.world.ambient.kind import Ambient
from legacy_seam.world.namespaces import is_class, namespace_of, text_of_class
from legacy_seam.world.places import ABSENT, codes_of
from legacy_seam.world.reach import attributes_stored

_Owner = types.ModuleType | type


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What an attribute is: the very object, since anything can be there and nothing is asked of it."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.value is self.value

    __hash__ = None  # type: ignore[assignment]


def patches(modules: Iterable[types.ModuleType], is_ours: Callable[[object], bool]) -> tuple[Ambient, ...]:
    """Such attributes, one by one.

    Args:
        modules: those of the project.
        is_ours: tells whether a module is the project's: its state is looked at elsewhere.
    """
    found: dict[tuple[int, str], Ambient] = {}
    for module in modules:
        for chain, name in sorted({pair for code in codes_of(module) for pair in attributes_stored(code)}):
            owner = _owner(module, chain.split("."))
            if owner is not None and not is_ours(_module_of(owner)):
                found.setdefault((id(owner), name), _patch(owner, name))
    return tuple(found.values())


def _owner(module: types.ModuleType, chain: list[str]) -> _Owner | None:
    """The module or class that a chain of names leads to; no code of the program runs for this."""
    owner: Any = module
    for name in chain:
        owner = namespace_of(owner).get(name)
        if not (isinstance(owner, types.ModuleType) or is_class(owner)):
            return None
    return owner  # type: ignore[no-any-return]


def _module_of(owner: _Owner) -> object:
    return sys.modules.get(text_of_class(owner, "__module__")) if is_class(owner) else owner


def _patch(owner: _Owner, name: str) -> Ambient:
    def put_back(held: _Held) -> None:
        if held.value is not ABSENT:
            setattr(owner, name, held.value)
        elif name in namespace_of(owner):
            delattr(owner, name)

    return Ambient(
        lambda: _Held(namespace_of(owner).get(name, ABSENT)),
        lambda held: {} if held.value is ABSENT else {f"{_path(owner)}.{name}": held.value},
        put_back,
        frozenset({name}),
    )


def _path(owner: _Owner) -> str:
    if is_class(owner):
        return f"{text_of_class(owner, '__module__')}.{text_of_class(owner, '__qualname__')}"
    return str(owner.__name__)
