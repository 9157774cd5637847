"""How the parts of a value are put together as text: on one line where that is short enough, else one part a line.

A container that is too long for one line is a `Block`; whatever holds a block is a block. Nothing is indented until
the whole text is known, so that deep values cost no more than flat ones.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

DEEPEST_INDENT = 24
"""Levels below this one are not indented any further: a chain of 5,000 links would be mostly blanks."""
_INDENTS = ["    " * level for level in range(DEEPEST_INDENT + 1)]


class Block:
    """Text on several lines: what opens it, one item a line, what closes it.

    comma:  what follows each item; nothing between the pieces of a long string.
    is_broken: there is a block among the items.
    lonely: what follows the last item when all is put on one line (the comma of a tuple of one).
    """

    __slots__ = ("close", "comma", "is_broken", "items", "lonely", "open")

    def __init__(
        self,
        opening: str,
        items: Sequence[Piece],
        close: str,
        is_broken: bool = False,
        comma: str = ",",
        lonely: str = "",
    ) -> None:
        self.open, self.items, self.close = opening, items, close
        self.is_broken, self.comma, self.lonely = is_broken, comma, lonely


Piece: TypeAlias = "str | Block"


class Shape:
    """A way of writing the parts of a value.

    ordered: False where the parts have no order of their own and are put in that of their texts.
    """

    __slots__ = ()
    ordered = True

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """Join the written parts.

        Args:
            parts: one text or block for each part.
            lead: what stands before all of it.
            is_broken: there is a block among the parts.
            width: the longest line on which they are kept together, in characters.
        """
        raise NotImplementedError


class Row(Shape):
    """Parts between brackets. `lonely` follows the part where there is but one (`(1,)`)."""

    __slots__ = ("close", "lonely", "open")

    def __init__(self, opening: str, close: str, lonely: str = "") -> None:
        self.open, self.close, self.lonely = opening, close, lonely

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        lonely = self.lonely if len(parts) == 1 else ""
        if not is_broken:
            line = f"{lead}{self.open}{', '.join(parts)}{lonely}{self.close}"  # type: ignore[arg-type]
            if len(line) <= width or not parts:
                return line
        return Block(lead + self.open, parts, self.close, is_broken, lonely=lonely)


class Pairs(Shape):
    """Keys and values: the parts are a key, its value, the next key, and so on. Keys stay on one line."""

    __slots__ = ()

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        labels = [f"{flat(key)}: " for key in parts[::2]]
        return Labelled("{", labels, "}").seal(parts[1::2], lead, is_broken, width)


class Labelled(Shape):
    """Parts with a label each, an empty one where there is none: `{'key': part}`, `name(part, label=part)`.

    A label that begins with `**{` is closed again behind its part.
    """

    __slots__ = ("close", "is_spread", "labels", "open")

    def __init__(self, opening: str, labels: Sequence[str], close: str) -> None:
        self.open, self.labels, self.close = opening, labels, close
        self.is_spread = opening != "{" and any(label.startswith("**{") for label in labels)

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`. A lone block without a label shares its first and last line (`Counter({` … `})`)."""
        if is_broken:
            if len(parts) == 1 and not self.labels[0]:
                return enclose(lead + self.open, parts[0], self.close)
            entries: list[Any] = [
                enclose(label, part, "}" if self.is_spread and label.startswith("**{") else "")
                for label, part in zip(self.labels, parts, strict=True)
            ]
        else:
            entries = list(map(_concat, self.labels, parts))
            if self.is_spread:
                entries = [entry + "}" if entry.startswith("**{") else entry for entry in entries]
            line = f"{lead}{self.open}{', '.join(entries)}{self.close}"
            if len(line) <= width or not parts:
                return line
        return Block(lead + self.open, entries, self.close, is_broken)


class Draft:
    """A value taken apart: the shape in which it is written, its parts (live values), what stands before it."""

    __slots__ = ("lead", "parts", "shape")

    def __init__(self, shape: Shape, parts: Sequence[object], lead: str = "") -> None:
        self.shape, self.parts, self.lead = shape, parts, lead


class Unordered(Row):
    """Parts between brackets which have no order of their own."""

    __slots__ = ()
    ordered = False


class _Nothing(Shape):
    """No parts: the text is all in the lead."""

    __slots__ = ()

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        return lead


_concat: Callable[[Any, Any], Any] = operator.concat

LIST = Row("[", "]")
TUPLE = Row("(", ")", lonely=",")
SET = Unordered("{", "}")
FROZENSET = Unordered("frozenset({", "})")
PAIRS = Pairs()
_NOTHING = _Nothing()


def ready(text: str) -> Draft:
    """A draft of what is text already."""
    return Draft(_NOTHING, (), text)


def enclose(opening: str, piece: Piece, close: str) -> Piece:
    """The piece with one text before it and another one behind it."""
    if isinstance(piece, str):
        return opening + piece + close
    piece.open, piece.close = opening + piece.open, piece.close + close
    return piece


def flat(piece: Piece) -> str:
    """All of it on one line."""
    if isinstance(piece, str):
        return piece
    written = [piece.open]
    waiting: list[tuple[Iterator[Piece], Block]] = [(iter(piece.items), piece)]
    while waiting:
        items, block = waiting[-1]
        for item in items:
            if written[-1] is not block.open:
                written.append(block.comma + " ")
            if isinstance(item, Block):
                written.append(item.open)
                waiting.append((iter(item.items), item))
                break
            written.append(item)
        else:
            waiting.pop()
            written.append(block.lonely + block.close)
    return "".join(written)


def pretty(piece: Piece) -> str:
    """On as many lines as it takes, without a line end after the last."""
    if isinstance(piece, str):
        return piece
    if not piece.is_broken:
        return _spread(piece, "", _INDENTS[1])
    lines = [piece.open]
    waiting: list[tuple[Iterator[Piece], Block]] = [(iter(piece.items), piece)]
    indent, inner = _INDENTS[1:3]
    while waiting:
        items, block = waiting[-1]
        for item in items:
            if isinstance(item, str):
                lines.append(f"{indent}{item}{block.comma}")
            elif not item.is_broken:
                lines.append(f"{indent}{_spread(item, indent, inner)}{block.comma}")
            else:
                lines.append(indent + item.open)
                waiting.append((iter(item.items), item))
                indent, inner = inner, _indent(len(waiting) + 1)
                break
        else:
            waiting.pop()
            indent, inner = _indent(len(waiting)), indent
            lines.append(f"{indent}{block.close}{',' if waiting else ''}")
    return "\n".join(lines)


def _spread(block: Block, indent: str, inner: str) -> str:
    """A block without blocks inside, except for the indentation of its first line."""
    between = f"{block.comma}\n{inner}"
    return f"{block.open}\n{inner}{between.join(block.items)}{block.comma}\n{indent}{block.close}"  # type: ignore[arg-type]


def _indent(level: int) -> str:
    return _INDENTS[level] if level <= DEEPEST_INDENT else _INDENTS[DEEPEST_INDENT]
