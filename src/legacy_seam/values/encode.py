"""Values to text.

The walk over a value is a loop with a stack of its own, so that it needs the same few frames for any value, however
deep, and wherever in the program it is called. It goes over a value once; where it met an object twice, it goes over
it again, knowing now which objects to mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from legacy_seam.values.anatomy import attribute_of, name_of
from legacy_seam.values.kinds import BY_TYPE, Unreadable, Written, family_of, look_at
from legacy_seam.values.layout import LIST, Block, Draft, Piece, Shape, flat, pretty
from legacy_seam.values.notation import WIDTH, integer, name, string
from legacy_seam.values.references import stream_name

MOST_PARTS = 5_000_000
"""Containers are written until they have had so many parts in all; what comes then is too large to hold."""

_LONG_STRING = 60
_MOST_PASSES = 5
_DEEPEST_ORDER = 8
_MOST_READERS = 4000
UNREADABLE = "its state cannot be read from Python"

Reader: TypeAlias = tuple[Callable[[Any], Written], bool]
"""How values of a type are taken apart, and whether they have an identity."""

_readers: dict[int, Reader] = {}
_classes: list[type] = []


def encode(value: object, *, width: int | None = WIDTH, names: Mapping[int, str] | None = None) -> str:
    """Write a value in the notation. Never raises, and runs no code of the program.

    Args:
        value: anything.
        width: the longest line on which a container is kept together, in characters; None puts all on one line.
        names: `id` of an object -> the name by which it is referred to (`*self`) wherever it is met.

    Returns:
        The same text for equal values, in every process.

    >>> print(encode({"b": [1, 1.0, True], "a": {2, 1}}))
    {'b': [1, 1.0, True], 'a': {1, 2}}
    >>> loop = [1]
    >>> loop.append(loop)
    >>> print(encode(loop))
    &1 [1, *1]
    """
    return _encode([("", value)], names or {}, width)[0]


def encode_roots(roots: Mapping[str, object], *, width: int | None = WIDTH) -> dict[str, str]:
    """Write several values that may share objects.

    An object that is a root is written under its name, and as `*name` wherever else it is met; the numbers of other
    shared objects run through all the texts.

    >>> shared = [1]
    >>> encode_roots({"a": shared, "b": (shared,), "c": shared})
    {'a': '[1]', 'b': '(*a,)', 'c': '*a'}
    """
    names: dict[int, str] = {}
    for root, value in roots.items():
        names.setdefault(id(value), root)
    return dict(zip(roots, _encode(list(roots.items()), names, width), strict=True))


def _encode(roots: list[tuple[str, object]], names: Mapping[int, str], width: int | None) -> list[str]:
    shared: set[int] = set()
    orders: dict[int, list[object]] = {}
    for _ in range(_MOST_PASSES):
        walk = _Walk(WIDTH if width is None else width, width is not None, names, shared, orders)
        pieces = [walk.write(value, root) for root, value in roots]
        if walk.met_again <= shared:
            break
        shared |= walk.met_again
    return [flat(piece) if width is None else pretty(piece) for piece in pieces]


class _Walk:
    """One pass over values.

    names:     `id` of an object -> the name of the root that it is.
    shared:    `id`s of objects that are met more than once, as far as is known; they get a number.
    orders:    `id` of a set -> its elements in the order of their texts; kept between passes.
    met_again: `id`s of objects that this pass met more than once.
    """

    def __init__(
        self,
        width: int,
        breaks_strings: bool,
        names: Mapping[int, str],
        shared: set[int],
        orders: dict[int, list[object]],
        depth: int = 0,
    ) -> None:
        self.width, self.breaks_strings = width, breaks_strings
        self.names, self.shared, self.orders, self.depth = names, shared, orders, depth
        self.met_again: set[int] = set()
        self._root_references = {key: "*" + name(root) for key, root in names.items()}
        self._references: dict[int, str] = {}
        self._alive: list[object] = []
        self._numbers = 0
        self._parts_left = MOST_PARTS

    def write(self, value: object, root: str = "") -> Piece:
        """Write one value; `root` is its name, if it has one."""
        is_root = self.names.get(id(value)) == root
        waiting: list[tuple[Iterator[object], list[Piece], bool, Shape, str]] = []
        shape, lead, is_broken = _WHOLE, "", False
        parts: list[Piece] = []
        items: Iterator[object] = iter((value,))
        while True:
            for item in items:
                kind = type(item)
                if kind is str:
                    if len(item) <= _LONG_STRING:  # type: ignore[arg-type]
                        parts.append(string(item))  # type: ignore[arg-type]
                    else:
                        piece = self._long_string(item)  # type: ignore[arg-type]
                        is_broken = is_broken or type(piece) is Block
                        parts.append(piece)
                elif kind is int:
                    parts.append(integer(item))  # type: ignore[arg-type]
                elif item is None:
                    parts.append("None")
                else:
                    take, has_identity = _readers.get(id(kind)) or _reader_of(kind)
                    reference = self._reference(item, is_root and not waiting) if has_identity else None
                    if reference is not None:
                        parts.append(reference)
                        continue
                    written = self._take_apart(take, item)
                    if type(written) is str:
                        parts.append(written)
                        continue
                    waiting.append((items, parts, is_broken, shape, lead))
                    lead = self._meet(item) + written.lead if has_identity else written.lead
                    items, parts, is_broken, shape = iter(written.parts), [], False, written.shape
                    break
            else:
                if not waiting:
                    return parts[0]
                piece = shape.seal(parts, lead, is_broken, self.width)
                items, parts, is_broken, shape, lead = waiting.pop()
                is_broken = is_broken or type(piece) is Block
                parts.append(piece)

    def _long_string(self, text: str) -> Piece:
        """A string of several lines is written one line a piece, if it may be."""
        if not self.breaks_strings or "\n" not in text[:-1]:
            return string(text)
        lines = text.removesuffix("\n").split("\n")
        lines[:-1] = [line + "\n" for line in lines[:-1]]
        lines[-1] += text[len(text.removesuffix("\n")) :]
        return Block("(", [string(line) for line in lines], ")", comma="")

    def _reference(self, item: object, is_whole: bool) -> str | None:
        """What is written for an object that is a root, or was met before; None for any other."""
        key = id(item)
        if key in self.names:
            return None if is_whole else self._root_references[key]
        reference = self._references.get(key)
        if reference is not None:
            self.met_again.add(key)
        return reference

    def _meet(self, item: object) -> str:
        """Take note of an object; returns its mark, if it is known to be met again."""
        key = id(item)
        self._alive.append(item)
        if key not in self.shared:
            self._references[key] = _LOST
            return ""
        self._numbers += 1
        self._references[key] = f"*{self._numbers}"
        return f"&{self._numbers} "

    def _take_apart(self, take: Callable[[Any], Written], item: object) -> Written:
        try:
            written = take(item)
            if type(written) is Draft:
                self._parts_left -= len(written.parts)
                if self._parts_left < 0:
                    raise Unreadable("too large to hold")
                if not written.shape.ordered and len(written.parts) > 1:
                    written.parts = self._in_order(item, written.parts)
            return written
        except Unreadable as error:
            return opaque(error.type_name or name_of(type(item)), str(error))
        except Exception:
            return opaque(name_of(type(item)), UNREADABLE)

    def _in_order(self, item: object, elements: Sequence[object]) -> Sequence[object]:
        """The elements of a set in the order of their texts, each written on its own."""
        known = self.orders.get(id(item))
        if known is None:
            known = sorted(elements, key=self._order_key())
            if type(item) is not Draft:
                self.orders[id(item)] = known
        return known

    def _order_key(self) -> Callable[[object], str]:
        if self.depth >= _DEEPEST_ORDER:
            return lambda element: name_of(type(element))
        walk: _Walk | None = None

        def key(element: object) -> str:
            nonlocal walk
            if walk is None or walk._references:
                walk = _Walk(self.width, False, {}, set(), self.orders, self.depth + 1)
            return flat(walk.write(element))

        return key


def opaque(type_name: str, reason: str) -> str:
    """The text that stands for a value which cannot be held."""
    return f"opaque({string(type_name)}, {string(reason)})"


_WHOLE: Shape = LIST
_LOST = opaque("?", "it was changed while it was being read")


def _reader_of(cls: type) -> Reader:
    """The reader of a type; found once for each. They are kept by `id`: hashing a class may run its metaclass."""
    if len(_readers) >= _MOST_READERS:
        _readers.clear()
        _classes.clear()
    reader = _readers[id(cls)] = _find_reader(cls)
    _classes.append(cls)
    return reader


def _find_reader(cls: type) -> Reader:
    anatomy = look_at(cls)
    family = family_of(anatomy)
    kind = BY_TYPE.get(anatomy.name)
    reader: Reader
    if kind is not None and anatomy.trunk is cls:
        reader = kind.take, kind.has_identity
    elif family is None:
        reader = (lambda item: opaque(anatomy.name, UNREADABLE)), False
    else:
        reader = partial(family.take, anatomy), family.has_identity(anatomy)
    if attribute_of(cls, "write") is None:
        return reader
    take, has_identity = reader
    return (lambda item: stream_name(item) or take(item)), has_identity


_readers[id(Draft)] = (lambda draft: draft), False
