"""What a call takes from a generator that it was given: heard while the generator yields it, never taken from it.

Generator functions of the project tell what they yield where their own calls are watched. The items of a generator
expression go past an `Ear`, which stands among its constants; while nobody listens, that costs a look at whether it
is empty. Of all other generators it is not known what they give.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Mapping
from types import FrameType, GeneratorType
from typing import Any, TypeVar

from legacy_seam.record.bodies import place_of_first
from legacy_seam.rewriting.constants import Constants
from legacy_seam.values import Seen, encode, parse
from legacy_seam.values.listing import listed
from legacy_seam.values.tree import Node, Tree, with_parts

_T = TypeVar("_T")
_MOST_CHARACTERS = 200_000
_PLACE = "\0 taken from "
_PLACE_IN_TEXT = repr(_PLACE)[1:-1]
_COMPREHENSIONS = (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda, ast.NamedExpr)


class Heard:
    """What one generator gave during one call.

    is_whole: all of it was heard.
    """

    __slots__ = ("_characters", "generator", "is_whole", "items")

    def __init__(self, generator: GeneratorType[Any, Any, Any]) -> None:
        self.generator = generator
        self.is_whole = False
        self.items: list[str] = []
        self._characters = 0

    def add(self, text: str) -> None:
        """It yields this, as text."""
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            self.is_whole = False
            self.items.clear()
        elif self.is_whole:
            self.items.append(text)

    def text(self, first: int = 1) -> str:
        """The generator as far as it was used; that it is one, where it is not known what it gave.

        Args:
            first: the first number for marks; those below it are taken.
        """
        generator = self.generator
        has_begun = generator.gi_frame is None or generator.gi_running or generator.gi_suspended
        if has_begun and not self.is_whole:
            return encode(generator)
        return f"generator({listed(self.items, first=first)}, ended={generator.gi_frame is None})"


class Ear(dict[int, list[Heard]]):
    """The generators that are listened to, by the `id` of their frame, each for several calls. False while there
    are none.

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

    def listen(self, heard: Heard) -> int | None:
        """Listen to a generator from now on; gives the `id` of its frame, None where it has ended."""
        frame: FrameType | None = heard.generator.gi_frame
        if frame is None:
            return None
        heard.is_whole = any(one is self for one in heard.generator.gi_code.co_consts)
        self.setdefault(id(frame), []).append(heard)
        return id(frame)

    def stop(self, key: int, heard: Heard) -> None:
        """Listen no more, for this call."""
        listening = self.get(key, [])
        if heard in listening:
            listening.remove(heard)
        if not listening:
            self.pop(key, None)

    def begins(self, key: int) -> None:
        """The body of a generator begins that tells all it yields: whoever listens hears the whole."""
        for heard in self.get(key, ()):
            heard.is_whole = True

    def overhear(self, key: int, value: object) -> None:
        """A generator yields this."""
        listening = self.get(key)
        if listening:
            text = encode(value)
            for heard in listening:
                heard.add(text)

    def hear(self, value: _T) -> _T:
        """A generator expression yields this."""
        key = id(sys._getframe(1))
        if key in self:
            self._contained(lambda: self.overhear(key, value))
        return value


class Given:
    """The generators among the inputs of one call, wherever they stand in them.

    What the call takes from them is known at its end only. Until then, texts of the inputs have a place for that.
    """

    __slots__ = ("_found", "_keys")

    def __init__(self) -> None:
        self._found: dict[int, Heard] = {}
        self._keys: dict[int, int | None] = {}

    @property
    def is_empty(self) -> bool:
        """Was none found?"""
        return not self._found

    def seen(self, value: object) -> Seen | None:
        """What is written of a generator for now."""
        if type(value) is not GeneratorType:
            return None
        self._found.setdefault(id(value), Heard(value))
        return Seen((f"{_PLACE}{id(value)}",), ended=False)

    def listen(self, ear: Ear, is_watched: Callable[[int], bool | None]) -> None:
        """Listen to all of them from now on.

        Args:
            ear: hears what they yield.
            is_watched: gives for the `id` of a frame whether its body tells all that it yields; None where it does
                        not run, or nobody knows.
        """
        for number, heard in self._found.items():
            key = self._keys[number] = ear.listen(heard)
            is_whole = None if key is None else is_watched(key)
            if is_whole is not None:
                heard.is_whole = is_whole

    def stop(self, ear: Ear) -> None:
        """The call has ended."""
        for number, key in self._keys.items():
            if key is not None:
                ear.stop(key, self._found[number])

    def texts(self) -> tuple[str, ...]:
        """What each of them gave."""
        return tuple(heard.text() for heard in self._found.values())

    def completed(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts of all inputs with what the generators gave in its place."""
        first = 1 + max(map(_last_number, texts.values()), default=0)
        completed = {}
        for name, text in texts.items():
            if _PLACE_IN_TEXT in text:
                text = encode(self._with_items(parse(text), first))
                first = max(first, 1 + _last_number(text))
            completed[name] = text
        return completed

    def _with_items(self, tree: Tree, first: int) -> Tree:
        def with_items(part: Tree) -> Tree:
            nonlocal first
            match part:
                case Node(name="generator", args=([str(place)],)) if place.startswith(_PLACE):
                    text = self._found[int(place.removeprefix(_PLACE))].text(first)
                    first = max(first, 1 + _last_number(text))
                    return parse(text)
            return with_parts(part, with_items)

        return with_items(tree)


def _last_number(text: str) -> int:
    """The highest number of a mark in a text, or a higher one: what stands in strings is not told from marks."""
    return max(map(int, re.findall(r"&([0-9]{1,9})", text)), default=0) if "&" in text else 0


def without_items(text: str) -> str:
    """A text of inputs in which of each generator just that is told: it is the same before a call and after it.

    >>> without_items("generator([1], ended=True)")
    "opaque('builtins:generator', 'a generator: it stands in the middle of its code')"
    """
    return encode(_without_items(parse(text))) if "generator(" in text else text


def _without_items(tree: Tree) -> Tree:
    if isinstance(tree, Node) and tree.name == "generator":
        return parse(encode(_some_generator))
    return with_parts(tree, _without_items)


_some_generator = (part for part in "")


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
