"""What a call takes from a generator that it was given: heard while the generator yields it, never taken from it.

Generator functions of the project tell what they yield where their own calls are watched. The items of a generator
expression go past an `Ear`, which stands among its constants; while nobody listens, that costs a look at whether it
is empty. Of all other generators it is not known what they give.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from types import FrameType, GeneratorType
from typing import Any, TypeVar

from legacy_seam.record.bodies import place_of_first
from legacy_seam.rewriting.constants import Constants
from legacy_seam.values import encode, parse
from legacy_seam.values.listing import listed

_T = TypeVar("_T")
_MOST_CHARACTERS = 200_000
_COMPREHENSIONS = (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda, ast.NamedExpr)


class Heard:
    """What one generator gave during one call.

    is_whole: all of it was heard.
    """

    __slots__ = ("_characters", "generator", "is_whole", "items")

    def __init__(self, generator: GeneratorType[Any, Any, Any], *, is_whole: bool) -> None:
        self.generator = generator
        self.is_whole = is_whole
        self.items: list[str] = []
        self._characters = 0

    def add(self, value: object) -> None:
        """It yields this."""
        text = encode(value)
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS or "&" in text:  # its marks would be mixed up with those of others
            self.is_whole = False
            self.items.clear()
        elif self.is_whole:
            self.items.append(text)

    def text(self) -> str | None:
        """The generator as far as it was used; None where that is not known."""
        if not self.is_whole:
            return None
        return encode(parse(f"generator({listed(self.items)}, ended={self.generator.gi_frame is None})"))


class Ear(dict[int, Heard]):
    """The generators that are listened to, by the `id` of their frame. False while there are none.

    Args:
        contained: runs what it is given and lets no error out.
    """

    __slots__ = ("_contained",)
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, contained: Callable[[Callable[[], None]], None] = lambda act: None) -> None:
        super().__init__()
        self._contained = contained

    def __reduce__(self) -> Any:
        """A function sent to another process by value is not listened to there."""
        return Ear, ()

    def listen(self, value: object) -> tuple[int, Heard] | None:
        """Listen to this value from now on, if it is a generator that can be heard; gives the `id` of its frame."""
        if type(value) is not GeneratorType:
            return None
        frame: FrameType | None = value.gi_frame
        if frame is None or id(frame) in self:
            return None
        heard = self[id(frame)] = Heard(value, is_whole=any(one is self for one in value.gi_code.co_consts))
        return id(frame), heard

    def hear(self, value: _T) -> _T:
        """A generator expression yields this."""
        heard = self.get(id(sys._getframe(1)))
        if heard is not None:
            self._contained(lambda: heard.add(value))
        return value


def give_ears(tree: ast.Module, ear: object, hear: object, constants: Constants) -> None:
    """Let the items of the generator expressions of a module go past an ear.

    Args:
        tree: the module; it is changed.
        ear: true while somebody listens.
        hear: called with each item then; gives it back.
        constants: of the module.
    """
    found = {id(node): node for node in ast.walk(tree) if isinstance(node, ast.GeneratorExp)}
    for node in found.values():  # bodies that were written twice share what stands in them
        if not any(isinstance(part, _COMPREHENSIONS) for part in ast.walk(node.elt)):
            place = place_of_first([node.elt])
            heard = ast.Call(constants.constant(hear, place), [node.elt], [], **place)
            node.elt = ast.IfExp(constants.constant(ear, place), heard, node.elt, **place)
