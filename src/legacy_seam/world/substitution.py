"""Putting one function in place of another, wherever a program holds it by name."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any

from legacy_seam.values.references import stand_for, stand_for_nothing

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
        self._replaced_by: dict[int, list[int]] = {}
        self._undone: list[Replacement] = []
        self._not_methods: set[int] = set()
        self.add(replacements)

    def add(self, replacements: Iterable[Replacement]) -> None:
        """Put replacements in place; one whose place holds it already is passed over."""
        for owner, name, replacement in replacements:
            original = vars(owner)[name] if name in vars(owner) else getattr(owner, name)
            if id(original) not in self._by_original:
                self._take_place(id(original), original, replacement)
            self._follow(original, replacement)
            if _becomes_method(original, replacement):
                self._not_methods.add(id(replacement))
            stand_for(replacement, original)
            self._undone.append((owner, name, original))
            setattr(owner, name, replacement)

    def _take_place(self, key: int, first: object, replacement: object) -> None:
        self._by_original[key] = first, replacement
        self._replaced_by.setdefault(id(replacement), []).append(key)

    def _follow(self, original: object, replacement: object) -> None:
        """What is put in the place of a replacement takes the place of what that one had replaced."""
        for key in self._replaced_by.pop(id(original), ()):
            self._take_place(key, self._by_original[key][0], replacement)

    def apply_to(self, module: types.ModuleType) -> None:
        """Replace what a module took under any name: in its own namespace, in classes, as a default argument."""
        namespace = vars(module)
        for name, value in list(namespace.items()):
            if id(value) in self._by_original:
                namespace[name] = self._by_original[id(value)][1]
            elif isinstance(value, type) and value.__module__ == module.__name__:
                self._apply_to_class(value)
            elif type(value) is types.FunctionType and value.__module__ == module.__name__:
                self._apply_to_defaults(value)

    def undo(self) -> None:
        """Put the originals back where they came from (not where others had taken them)."""
        while self._undone:
            owner, name, original = self._undone.pop()
            stand_for_nothing(vars(owner).get(name))
            setattr(owner, name, original)

    def _apply_to_class(self, owner: type) -> None:
        for name, value in list(vars(owner).items()):
            held = value.__func__ if isinstance(value, staticmethod) else value
            if id(held) in self._by_original:
                replacement: Any = self._by_original[id(held)][1]
                is_static = held is not value or _becomes_method(held, replacement)
                type.__setattr__(owner, name, staticmethod(replacement) if is_static else replacement)
            elif held is value and id(value) in self._not_methods:
                type.__setattr__(owner, name, staticmethod(value))
            elif type(held) is types.FunctionType:
                self._apply_to_defaults(held)

    def _apply_to_defaults(self, function: types.FunctionType) -> None:
        replaced = self._by_original
        if any(id(default) in replaced for default in function.__defaults__ or ()):
            defaults = function.__defaults__ or ()
            function.__defaults__ = tuple(replaced.get(id(one), (one, one))[1] for one in defaults)
        keywords = function.__kwdefaults__ or {}
        for name, default in keywords.items():
            if id(default) in replaced:
                keywords[name] = replaced[id(default)][1]


def _becomes_method(original: object, replacement: object) -> bool:
    """Would this become a method where a class holds it, as what was there before does not?"""
    return type(replacement) is types.FunctionType and type(original) is not types.FunctionType
