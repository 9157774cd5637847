"""Putting one function in place of another, wherever a program holds it by name."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any

Replacement = tuple[Any, str, object]
"""(module or class, name in it, what to put there)."""


class Substitution:
    """Replacements in modules, and in every namespace that took the original by `from module import name`.

    >>> import time
    >>> taken_early = types.ModuleType("taken_early")
    >>> taken_early.nap = time.sleep
    >>> substitution = Substitution([(time, "sleep", print)])
    >>> substitution.apply_to(taken_early)
    >>> taken_early.nap is print
    True
    >>> substitution.undo()
    """

    def __init__(self, replacements: Iterable[Replacement]) -> None:
        self._by_original: dict[int, tuple[object, object]] = {}
        self._undone: list[Replacement] = []
        self.add(replacements)

    def add(self, replacements: Iterable[Replacement]) -> None:
        """Put replacements in place; one whose place holds it already is passed over."""
        for owner, name, replacement in replacements:
            original = vars(owner)[name] if name in vars(owner) else getattr(owner, name)
            self._by_original.setdefault(id(original), (original, replacement))
            self._undone.append((owner, name, original))
            setattr(owner, name, replacement)

    def apply_to(self, module: types.ModuleType) -> None:
        """Replace what a module took under any name, in its own namespace and in those of its classes."""
        namespace = vars(module)
        for name, value in list(namespace.items()):
            if id(value) in self._by_original:
                namespace[name] = self._by_original[id(value)][1]
            elif isinstance(value, type) and value.__module__ == module.__name__:
                self._apply_to_class(value)

    def undo(self) -> None:
        """Put the originals back where they came from (not where others had taken them)."""
        while self._undone:
            owner, name, original = self._undone.pop()
            setattr(owner, name, original)

    def _apply_to_class(self, owner: type) -> None:
        for name, value in list(vars(owner).items()):
            held = value.__func__ if isinstance(value, staticmethod) else value
            if id(held) in self._by_original:
                replacement = self._by_original[id(held)][1]
                type.__setattr__(owner, name, staticmethod(replacement) if held is not value else replacement)  # type: ignore[arg-type]
