"""What an ambient thing is: something that belongs to the process as a whole and outlives a call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ANYTHING = frozenset({"exec", "eval", "__import__", "import_module", "setattr", "globals", "vars"})
"""Code that uses one of these names can get at anything."""


@dataclass(frozen=True, slots=True)
class Ambient:
    """One such thing: how it is read, told and put back.

    read:     what is there now, in a form that can be compared and kept.
    tell:     the same as people would write it: place -> value.
    put_back: lets it be as it was read.
    names:    it is looked at where the code uses one of these names; always where there is none.
    module:   the module without which there is no such thing.
    look:     gives quickly what is equal to what `read` gives, and is neither kept nor changed.
    is_heard: where Python changes it, somebody hears of that; it is dear to look at.
    """

    read: Callable[[], Any]
    tell: Callable[[Any], Mapping[str, object]]
    put_back: Callable[[Any], object]
    names: frozenset[str] = frozenset()
    module: str = "builtins"
    look: Callable[[], Any] | None = None
    is_heard: bool = False

    def is_reached_by(self, names: frozenset[str]) -> bool:
        """Can code that uses these names get at it?"""
        return not (self.names and self.names.isdisjoint(names) and ANYTHING.isdisjoint(names))


def value(
    place: str,
    names: str,
    read: Callable[[Any], Any],
    write: Callable[[Any, Any], object],
    module: str = "",
) -> Ambient:
    """One value that a module keeps, and gives and takes by functions.

    Args:
        place: as people would write it; it begins with the name of the module.
        names: those of the functions.
        read: gives it, of that module.
        write: lets that module take it.
        module: the module, where it is not the one that `place` names.
    """
    module = module or place.partition(".")[0]
    return Ambient(
        lambda: read(sys.modules[module]),
        lambda held: {place: held},
        lambda held: write(sys.modules[module], held),
        frozenset(names.split()),
        module,
    )


def attributes(module: str, *names: str) -> Ambient:
    """Attributes of a module that programs set."""

    def read() -> tuple[tuple[str, object], ...]:
        namespace = vars(sys.modules[module])
        return tuple((name, namespace[name]) for name in names if name in namespace)

    def put_back(held: tuple[tuple[str, object], ...]) -> None:
        for name, thing in held:
            setattr(sys.modules[module], name, thing)

    return Ambient(
        read, lambda held: {f"{module}.{name}": thing for name, thing in held}, put_back, frozenset(names), module
    )
