"""Values to text.

The walk over a value is a loop with a stack of its own, so that it needs the same few frames for any value, however
deep, and wherever in the program it is called. It goes over a value once; where it met an object twice, it goes
over the value again, knowing now which objects to mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.cutting import Cutter, most_kept
from legacy_seam.values.data import SHORT_STRING, text_of_atom, text_of_tree, texts_of_trees
from legacy_seam.values.extent import bulks_within, parts_within
from legacy_seam.values.kinds.threads import names_thread, written_for_thread
from legacy_seam.values.layout import LIST, Block, Draft, Piece, Shape, flat, pretty
from legacy_seam.values.notation import WIDTH, integer, name, string
from legacy_seam.values.readers import (
    READERS,
    Reader,
    Seer,
    opaque,
    reader_of,
    readers_with,
    readers_without,
    unreadable,
)
from legacy_seam.values.standin import UNREAD

MOST_PARTS = 1_000_000
"""A value whose containers have more parts than this in all is too large to be read."""
SURELY_TOO_MANY = 3 * MOST_PARTS
"""Where `parts_within` counts more than this, it is: it takes objects for more than their attributes."""
_BULKY = 4
"""The largest containers in such a value are those that have a share of so many of the parts that can be read."""

_NOTHING: Mapping[int, int] = {}

_MOST_PASSES = 5
_DEEPEST_ORDER = 2
_PLAIN_ELEMENTS = frozenset(map(id, (str, int, float, bool, type(None), bytes, complex, tuple, frozenset)))
_COUNTED_FROM = 50_000
"""Parts that are written before somebody asks how many more there are."""


def encode(
    value: object,
    *,
    width: int | None = WIDTH,
    names: Mapping[int, str] | None = None,
    seen: Seer | None = None,
) -> str:
    """Write a value in the notation. Never raises, and runs no code of the program.

    Args:
        value: anything.
        width: the longest line on which a container is kept together, in characters; None puts all on one line.
        names: `id` of an object -> the name by which it is referred to (`*self`) wherever it is met.
        seen: gives for a generator or coroutine what was seen of it, to be written wherever it is met.

    Returns:
        The same text for equal values, in every process.

    >>> print(encode({"b": [1, 1.0, True], "a": {2, 1}}))
    {'b': [1, 1.0, True], 'a': {1, 2}}
    >>> loop = [1]
    >>> loop.append(loop)
    >>> print(encode(loop))
    &1 [1, *1]
    """
    names = names or {}
    text = (text_of_atom(value) or text_of_tree(value, names)) if width == WIDTH else None
    if text is not None and len(text) <= most_kept() and not names_thread(text):
        return text
    return _encode([("", value)], names, width, seen)[0]


def encode_roots(
    roots: Mapping[str, object], *, width: int | None = WIDTH, seen: Seer | None = None
) -> dict[str, str]:
    """Write several values that may share objects (see `encode`).

    An object that is a root is written under its name, and as `*name` wherever else it is met; the numbers of other
    shared objects run through all the texts.

    >>> shared = [1]
    >>> encode_roots({"a": shared, "b": (shared,), "c": shared})
    {'a': '[1]', 'b': '(*a,)', 'c': '*a'}
    """
    texts = texts_of_trees(roots) if width == WIDTH else None
    if texts is not None and _all_fit(texts.values()) and not any(map(names_thread, texts.values())):
        return texts
    names: dict[int, str] = {}
    for root, value in roots.items():
        names.setdefault(id(value), root)
    return dict(zip(roots, _encode(list(roots.items()), names, width, seen), strict=True))


def _encode(
    roots: list[tuple[str, object]],
    names: Mapping[int, str],
    width: int | None,
    seen: Seer | None,
) -> list[str]:
    found = _TooLarge("")
    for bulks in _bulks_among(roots):
        try:
            return _encode_all(roots, names, width, seen, bulks)
        except _TooLarge as failure:
            found = failure
    too_large = _too_large_among(roots, found)
    rest = [pair for pair in roots if pair[0] not in too_large]
    texts = dict(zip([root for root, _ in rest], _encode(rest, names, width, seen) if rest else (), strict=True))
    return [opaque(name_of(type(value)), UNREAD) if root in too_large else texts[root] for root, value in roots]


def _bulks_among(roots: list[tuple[str, object]]) -> Iterator[Mapping[int, int]]:
    """Containers without which it may be possible to read all roots: none at first, if there is any hope."""
    values = tuple(value for _, value in roots)
    if not (_bulks and _is_surely_too_large(values)):
        yield _NOTHING
    elif _are_enough(_bulks, values):
        yield dict(_bulks)
    found = bulks_within(values, SURELY_TOO_MANY, MOST_PARTS // _BULKY)
    if found:
        yield found


def look_for_bulks(values: tuple[object, ...]) -> bool:
    """Remember the containers without which values that are too large can be read (see `bulks_within`).

    Returns:
        whether there are such containers.

    A program that carries large tables along does so from call to call: whoever writes down many calls of it need
    not look for them each time, nor begin to write them. What is left out may then depend on what was met before,
    so this is nothing for texts that are to be the same in every process.
    """
    if _bulks and _are_enough(_bulks, values):
        return True
    found = bulks_within(values, SURELY_TOO_MANY, MOST_PARTS // _BULKY)
    if len(_bulks) + len(found) > _MOST_BULKS:
        _bulks.clear()
    _bulks.update(found)
    return bool(found)


def _are_enough(bulks: Mapping[int, int], values: tuple[object, ...]) -> bool:
    return parts_within(values, SURELY_TOO_MANY, bulks) <= SURELY_TOO_MANY


_bulks: dict[int, int] = {}
"""Those that are remembered. One may be gone, and its `id` that of another by now: the number of entries tells."""
_MOST_BULKS = 64


def _too_large_among(roots: list[tuple[str, object]], found: _TooLarge) -> set[str]:
    """The roots that are too large to be read: one was found, and others may hold the same."""
    return {root for root, value in roots if root == found.root or _is_surely_too_large(value)}


def _is_surely_too_large(value: object) -> bool:
    return parts_within((value,), SURELY_TOO_MANY) > SURELY_TOO_MANY


def _encode_all(
    roots: list[tuple[str, object]],
    names: Mapping[int, str],
    width: int | None,
    seen: Seer | None,
    bulks: Mapping[int, int] = _NOTHING,
) -> list[str]:
    """The texts of roots none of which is too large, without the containers `bulks` (see `bulks_within`).

    Raises:
        _TooLarge: where one is.
    """
    readers = readers_with(seen) if seen else READERS
    if bulks:
        readers = readers_without(bulks, readers)
    shared: set[int] = set()
    orders: dict[int, list[object]] = {}
    for _ in range(_MOST_PASSES):
        walk = _Walk(WIDTH if width is None else width, width is not None, names, shared, orders, readers)
        pieces = [walk.write(value, root) for root, value in roots]
        unmarked = walk.met_again - shared - names.keys()
        if not unmarked:
            break
        shared |= unmarked
    texts = [flat(piece) if width is None else pretty(piece) for piece in pieces]
    if _all_fit(texts):
        return texts
    walk = _Walk(walk.width, width is not None, names, shared, orders, readers, cutter=Cutter(most_kept()))
    pieces = [walk.write(value, root) for root, value in roots]
    return [flat(piece) if width is None else pretty(piece) for piece in pieces]


class _TooLarge(Exception):
    """A root has more parts than can be read."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.root = root


def _all_fit(texts: Iterable[str]) -> bool:
    """Is each of these short enough to be kept?"""
    return max(map(len, texts), default=0) <= most_kept()


class _Walk:
    """One pass over values.

    names:     `id` of an object -> the name of the root that it is.
    shared:    `id`s of objects that are met more than once, as far as is known; they get a number.
    orders:    `id` of a set -> its elements in the order of their texts; kept between passes.
    readers:   `id` of a type -> how its values are read.
    cutter:    cuts what is too large to be kept; None on passes that write everything.
    being_ordered: `id`s of the sets that a walk which this one serves is putting in order.
    met_again: `id`s of objects that this pass met more than once.
    """

    def __init__(
        self,
        width: int,
        breaks_strings: bool,
        names: Mapping[int, str],
        shared: set[int],
        orders: dict[int, list[object]],
        readers: Mapping[int, Reader],
        depth: int = 0,
        cutter: Cutter | None = None,
        ordering: set[int] | None = None,
    ) -> None:
        self.width, self.breaks_strings = width, breaks_strings
        self.names, self.shared, self.orders, self.readers, self.depth = names, shared, orders, readers, depth
        self.cutter = cutter
        self.being_ordered: set[int] = set() if ordering is None else ordering
        self.met_again: set[int] = set()
        self._references = {key: "*" + name(root) for key, root in names.items()}
        self._alive: list[object] = []
        self._numbers = 0
        self._parts = 0
        self._root: tuple[str, object] = "", None
        self._is_counted = False

    def write(self, value: object, root: str = "") -> Piece:
        """Write one value; `root` is its name, if it has one.

        Raises:
            _TooLarge: where it is too large to be read.
        """
        self._root, self._is_counted = (root, value), False
        references, readers = self._references, self.readers
        is_root = self.names.get(id(value)) == root
        waiting: list[tuple[Iterator[object], list[Piece], bool, Shape, str]] = []
        shape, lead, is_broken = _WHOLE, "", False
        parts: list[Any] = []
        items: Iterator[Any] = iter((value,))
        while True:
            for item in items:
                kind = type(item)
                if kind is str:
                    if len(item) <= SHORT_STRING:
                        parts.append(repr(item) if item.isascii() else string(item))
                    else:
                        parts.append(self._long_string(item))
                        is_broken = is_broken or type(parts[-1]) is Block
                elif kind is int:
                    parts.append(repr(item) if -_SMALL < item < _SMALL else _large(item))
                elif kind is float:
                    parts.append(repr(item))
                elif item is None:
                    parts.append("None")
                elif kind is bool:
                    parts.append("True" if item else "False")
                else:
                    take, has_identity, is_marked_as_text = readers.get(id(kind)) or reader_of(kind)
                    reference = references.get(id(item)) if has_identity else None
                    if reference is not None and (waiting or not is_root):
                        self.met_again.add(id(item))
                        parts.append(reference)
                        continue
                    written: Any
                    try:
                        written = take(item)
                        is_text = type(written) is str
                        if not is_text:
                            self._prepare(item, written)
                    except _TooLarge as found:
                        raise _TooLarge(root) from found
                    except Exception as error:
                        written, is_text = unreadable(item, error), True
                    if not has_identity or (is_text and not is_marked_as_text) or reference is not None:
                        mark = ""
                    else:
                        mark = self._meet(item)
                    if is_text:
                        parts.append(mark + written)
                        continue
                    waiting.append((items, parts, is_broken, shape, lead))
                    shape, lead = written.shape, mark + written.lead
                    items, parts, is_broken = iter(written.parts), [], False
                    break
            else:
                if self.cutter is not None:
                    parts = self.cutter.fit_all(parts)
                if not waiting:
                    return parts[0]  # type: ignore[no-any-return]
                piece = shape.seal(parts, lead, is_broken, self.width)
                if self.cutter is not None:
                    piece = self.cutter.fit(piece, parts, shape)
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

    def _prepare(self, item: object, draft: Draft) -> None:
        """Put the parts of a container in the order in which they are written, if there are not too many by now."""
        self._parts += len(draft.parts)
        if self._parts > _COUNTED_FROM and self._are_too_many():
            raise _TooLarge(self._root[0])
        if not draft.shape.ordered and len(draft.parts) > 1:
            draft.parts = self._in_order(item, draft.parts)

    def _are_too_many(self) -> bool:
        """Has the value more parts than can be read? They are counted once, before most of them are written."""
        if self._parts > MOST_PARTS:
            return True
        if self._is_counted:
            return False
        self._is_counted = True
        return _is_surely_too_large(self._root[1])

    def _in_order(self, item: object, elements: Sequence[object]) -> Sequence[object]:
        """The elements of a set in the order of their texts, each written on its own."""
        known = self.orders.get(id(item))
        if known is None:
            if id(item) in self.being_ordered or self.depth > _DEEPEST_ORDER:
                return [len(elements)]  # it is met again in one of its own elements, or deep within those of others
            self.being_ordered.add(id(item))
            try:
                known = self._sorted(elements)
            finally:
                self.being_ordered.discard(id(item))
            if type(item) is not Draft:
                self.orders[id(item)] = known
        return known

    def _sorted(self, elements: Sequence[object]) -> list[object]:
        """Objects in the order of what tells them apart at first sight, and only then of all that they hold."""
        key = self._order_key()
        groups: dict[str, list[object]] = {}
        for element in elements:
            is_plain = id(type(element)) in _PLAIN_ELEMENTS
            groups.setdefault(key(element) if is_plain else self._at_first_sight(element), []).append(element)
        ordered: list[object] = []
        for text in sorted(groups):
            group = groups[text]
            ordered += group if len(group) == 1 else sorted(group, key=key)
        return ordered

    def _at_first_sight(self, element: Any, depth: int = 0) -> str:
        """The text of a value, with types in the place of what it holds that holds something itself."""
        kind = type(element)
        if kind is Draft:
            written: Any = element
        else:
            take, _, _ = self.readers.get(id(kind)) or reader_of(kind)
            try:
                written = take(element)
            except Exception:
                return name_of(kind)
        if type(written) is str:
            return written
        parts = [
            text_of_atom(part)
            or (self._at_first_sight(part, depth + 1) if type(part) in (Draft, tuple) and depth < 2 else None)
            or name_of(type(part))
            for part in written.parts
        ]
        pieces: list[Piece] = [*(parts if written.shape.ordered else sorted(parts))]
        return flat(written.shape.seal(pieces, "", False, 0))

    def _order_key(self) -> Callable[[object], str]:
        walk: _Walk | None = None

        def key(element: object) -> str:
            nonlocal walk
            if walk is None or walk._alive:
                depth, ordering = self.depth + 1, self.being_ordered
                walk = _Walk(self.width, False, {}, set(), self.orders, self.readers, depth, ordering=ordering)
            return flat(walk.write(element))

        return key


def _large(number: int) -> str:
    return written_for_thread(number) or (repr(number) if -_LARGE < number < _LARGE else integer(number))


_WHOLE: Shape = LIST
_SMALL = 1 << 32
"""Integers below this one are no number of a thread."""
_LARGE = 10**60
"""Integers below this one are always written in decimal."""
_LOST = opaque("?", "it was changed while it was being read")
