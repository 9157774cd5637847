"""Values to text.

The walk over a value is a loop with a stack of its own, so that it needs the same few frames for any value, however
deep, and wherever in the program it is called. It goes over a value once; where it met an object twice, it goes over
it again, knowing now which objects to mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.kinds import BY_TYPE, Kind, Unreadable, family_of, look_at
from legacy_seam.values.kinds.opaque import REASON
from legacy_seam.values.layout import Block, Draft, Piece, Shape, flat, pretty
from legacy_seam.values.notation import WIDTH, integer, name, string
from legacy_seam.values.references import stream_name

MOST_PARTS = 5_000_000
"""Containers are written until they have had so many parts in all; what comes then is too large to hold."""

_LONG_STRING = 60
_MOST_PASSES = 5
_DEEPEST_ORDER = 8
_MOST_READERS = 4000

Reader = tuple[Callable[[Any], "str | Draft"], bool]
"""How values of a type are taken apart, and whether they have an identity."""

_readers: dict[int, Reader] = {}
_kept: list[type] = []


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
                    if has_identity:
                        reference = self._reference(item, is_root and not waiting)
                        if reference:
                            parts.append(reference)
                            continue
                    try:
                        written = take(item)
                    except Exception as error:
                        written = _opaque(kind, error)
                    if type(written) is str:
                        parts.append(written)
                        continue
                    waiting.append((items, parts, is_broken, shape, lead))
                    inside = written.parts if written.shape.ordered else self._in_order(item, written.parts)
                    parts, is_broken, shape, lead = [], False, written.shape, written.lead
                    if has_identity:
                        lead = self._meet(item) + lead
                    items = iter(self._affordable(inside))
                    break
            else:
                if not waiting:
                    return parts[0]
                piece = shape.seal(parts, lead, is_broken, self.width)
                items, parts, is_broken, shape, lead = waiting.pop()
                is_broken = is_broken or type(piece) is Block
                parts.append(piece)
