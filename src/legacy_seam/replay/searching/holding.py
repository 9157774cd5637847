"""What a program holds that its functions look into: keys of tables, words of lists, compiled regular expressions.

Much of what a function tells apart is not written in it. It stands in a table of its module or of another one, or
was put together when the program was imported, or by the first call. No code of the program runs here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from types import BuiltinMethodType, FunctionType, ModuleType
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.mutation.bodies import all_within
from legacy_seam.values.anatomy import derives

_DEEPEST = 3
"""Functions are followed so far, and containers as deep."""
_MOST_FUNCTIONS = 60
_MOST_ITEMS = 200
_MOST_TEXTS = 400
_MOST_NUMBERS = 60
_LONGEST_TEXT = 60
_CONSTANTS = (str, int, float, re.Pattern)
_CONTAINERS = (list, tuple, set, frozenset)


@dataclass(frozen=True, slots=True)
class Held:
    """What was found, each once.

    patterns: text and flags of regular expressions.
    """

    texts: dict[str, None] = field(default_factory=dict)
    numbers: dict[int | float, None] = field(default_factory=dict)
    patterns: dict[tuple[str, int], None] = field(default_factory=dict)

    def as_data(self) -> list[Any]:
        """As plain data."""
        return [list(self.texts), list(self.numbers), [list(one) for one in self.patterns]]

    def take(self, value: object, depth: int = 0) -> None:
        """Take note of a value, and of what is in it."""
        kind = type(value)
        if kind is str:
            if len(value) <= _LONGEST_TEXT and len(self.texts) < _MOST_TEXTS:  # type: ignore[arg-type]
                self.texts[value] = None  # type: ignore[index]
        elif kind is int or kind is float:
            if len(self.numbers) < _MOST_NUMBERS:
                self.numbers[value] = None  # type: ignore[index]
        elif kind is re.Pattern:
            if type(value.pattern) is str:  # type: ignore[attr-defined]
                self.patterns[value.pattern, value.flags] = None  # type: ignore[attr-defined]
        elif derives(kind, BuiltinMethodType):  # `match = re.compile(…).match`
            if type(value.__self__) is re.Pattern:  # type: ignore[attr-defined]
                self.take(value.__self__, depth)  # type: ignore[attr-defined]
        elif depth < _DEEPEST:
            for one in _inside(value):
                self.take(one, depth + 1)


def held_by(function: FunctionType, files: Collection[str], modules: Mapping[str, ModuleType]) -> Held:
    """What a function may look into.

    Args:
        function: the function.
        files: those of the program; functions elsewhere are not followed.
        modules: those of the program.
    """
    held, known, waiting = Held(), {function}, [(function, 0)]
    own = {id(one) for one in modules.values()}
    while waiting:
        one, depth = waiting.pop(0)
        for value in _reached(one, own):
            if type(value) is FunctionType:
                if depth < _DEEPEST and len(known) < _MOST_FUNCTIONS and value not in known:
                    known.add(value)
                    if value.__code__.co_filename in files:
                        waiting.append((value, depth + 1))
            else:
                held.take(value)
    return held


def _inside(value: Any) -> Iterator[object]:
    kind = type(value)
    if kind is dict:
        for number, (key, one) in enumerate(value.items()):
            if number >= _MOST_ITEMS:
                return
            yield key
            yield one
    elif kind in _CONTAINERS or derives(kind, tuple):
        for number, one in enumerate(value if kind in _CONTAINERS else tuple.__iter__(value)):
            if number >= _MOST_ITEMS:
                return
            yield one


def _reached(function: FunctionType, own: Collection[int]) -> Iterator[object]:
    """What the names in a function stand for: globals, attributes of its class, of classes and modules it names."""
    names = [name for code in all_within(function.__code__) for name in code.co_names]
    spaces = [function.__globals__]
    if (holder := _class_of(function)) is not None:
        spaces += [vars(one) for one in holder.__mro__]  # type: ignore[misc]
    for name in dict.fromkeys(names):
        for space in spaces:
            if name not in space:
                continue
            value = space[name]
            if derives(type(value), ModuleType):
                within = vars(value)
                known = id(value) in own
                spaces.append(
                    within if known else {name: within[name] for name in names if _is_constant(within, name)}
                )
            elif type(value) is type:
                yield from (inner for key, inner in vars(value).items() if key == "__init__")
            else:
                yield getattr(value, "__func__", value) if type(value) in (staticmethod, classmethod) else value
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it is empty
            continue


def _is_constant(space: Mapping[str, Any], name: str) -> bool:
    """Does a name stand for a text, a number or a regular expression, as `string.hexdigits` does?"""
    return type(space.get(name)) in _CONSTANTS


def _class_of(function: FunctionType) -> type | None:
    """The class in whose text a function stands, where it can be found by its name."""
    holder: Any = function.__globals__
    for name in function.__qualname__.split(".")[:-1]:
        holder = holder.get(name) if type(holder) is dict else vars(holder).get(name)
        if not derives(type(holder), type):
            return None
    return holder if derives(type(holder), type) else None
