"""How the parts of a value are put together as text: on one line where that is short enough, else one part a line.

A container that is too long for one line is a `Block`; whatever holds a block is a block. Nothing is indented until
the whole text is known, so that deep values cost no more than flat ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

_INDENT = "    "
_DEEPEST_INDENT = 24
"""Levels below this one are not indented any further: a chain of 5,000 links would be mostly blanks."""


class Block:
    """Text on several lines: what opens it, one item a line, what closes it.

    comma:  what follows each item; nothing between the pieces of a long string.
    lonely: what follows the last item when all is put on one line (the comma of a tuple of one).
    """

    __slots__ = ("close", "comma", "items", "lonely", "open")

    def __init__(self, opening: str, items: Sequence[Piece], close: str, comma: str = ",", lonely: str = "") -> None:
        self.open, self.items, self.close, self.comma, self.lonely = opening, items, close, comma, lonely


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
        return Block(lead + self.open, parts, self.close, lonely=lonely)


class Pairs(Shape):
    """Keys and values: the parts are a key, its value, the next key, and so on. Keys stay on one line."""

    __slots__ = ()

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        pairs = zip(parts[::2], parts[1::2], strict=True)
        if is_broken:
            return Block(lead + "{", [after(f"{flat(key)}: ", value) for key, value in pairs], "}")
        entries = [f"{key}: {value}" for key, value in pairs]
        line = f"{lead}{{{', '.join(entries)}}}"
        return line if len(line) <= width or not entries else Block(lead + "{", entries, "}")


class Call(Shape):
    """`name(part, label=part)`. There is a label for each part, an empty one where it goes by position."""

    __slots__ = ("labels", "name")

    def __init__(self, name: str, labels: Sequence[str]) -> None:
        self.name, self.labels = name, labels

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`. A lone block shares its first and last line with the call (`Counter({` … `})`)."""
        opening = f"{lead}{self.name}("
        if is_broken and len(parts) == 1 and not self.labels[0]:
            return enclose(opening, parts[0], ")")
        arguments = [
            after(label, part) if label[:1] != "*" else enclose(label, part, "}")
            for label, part in zip(self.labels, parts, strict=True)
        ]
        if not is_broken:
            line = f"{opening}{', '.join(arguments)})"  # type: ignore[arg-type]
            if len(line) <= width or not parts:
                return line
        return Block(opening, arguments, ")")


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


LIST = Row("[", "]")
TUPLE = Row("(", ")", lonely=",")
SET = Unordered("{", "}")
FROZENSET = Unordered("frozenset({", "})")
PAIRS = Pairs()
_NOTHING = _Nothing()


def ready(text: str) -> Draft:
    """A draft of what is text already."""
    return Draft(_NOTHING, (), text)


def after(text: str, piece: Piece) -> Piece:
    """The piece with a text before it."""
    if isinstance(piece, str):
        return text + piece
    piece.open = text + piece.open
    return piece


def enclose(opening: str, piece: Piece, close: str) -> Piece:
    """The piece with a text before it and another one behind it."""
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
    lines = [piece.open]
    waiting: list[tuple[Iterator[Piece], Block]] = [(iter(piece.items), piece)]
    while waiting:
        items, block = waiting[-1]
        indent = _INDENT * min(len(waiting), _DEEPEST_INDENT)
        for item in items:
            if isinstance(item, Block):
                lines.append(indent + item.open)
                waiting.append((iter(item.items), item))
                break
            lines.append(f"{indent}{item}{block.comma}")
        else:
            waiting.pop()
            comma = "," if waiting else ""
            lines.append(_INDENT * min(len(waiting), _DEEPEST_INDENT) + block.close + comma)
    return "\n".join(lines)
