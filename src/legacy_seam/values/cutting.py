"""Values that are too large to be kept: what is written in their place.

    opaque('builtins:list', 'too large to be kept: 9000000 parts, 80000000 characters, digest 5f0c.., begins [1, 2')

The digest is that of the whole text, so that two such values are the same if that is the same; and what was cut is
never the same as what was not. The beginning goes as far as the first string: nobody looks for secrets in a reason.
It is the innermost value that is cut: all around it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from legacy_seam.values.layout import FROZENSET, LIST, PAIRS, SET, TUPLE, Block, Labelled, Piece, Shape, flat
from legacy_seam.values.notation import string

_HEAD = 60
_BETWEEN = ", "
_SORTS = {id(LIST): "list", id(TUPLE): "tuple", id(PAIRS): "dict", id(SET): "set", id(FROZENSET): "frozenset"}
_LITERALS = {"'": "str", '"': "str", "(": "str", "b": "bytes"}


MOST_CHARACTERS = 64 * 1024**2
"""Where nobody says otherwise."""


class _Most:
    """The most characters that are kept of one value."""

    characters: float = float("inf")


def keep_at_most(characters: int | None) -> None:
    """From now on, cut values in this process of which the text is longer than that. None undoes it.

    >>> from legacy_seam.values import encode
    >>> keep_at_most(300)
    >>> text = encode({"name": "x", "all": list(range(100))}, width=None)
    >>> text[:72]
    "{'name': 'x', 'all': opaque('builtins:list', 'too large to be kept: 100 "
    >>> keep_at_most(None)
    """
    _Most.characters = float("inf") if characters is None else characters


def most_kept() -> float:
    """See `keep_at_most`."""
    return _Most.characters


class Cutter:
    """Cuts pieces of text that are longer than `most` characters."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._sizes: dict[int, tuple[int, Block]] = {}
        self._originals: dict[Piece, str] = {}

    def fit(self, piece: Piece, parts: Sequence[Piece] = (), shape: Shape | None = None) -> Piece:
        """The piece, or what stands in its place.

        Args:
            piece: all pieces in it went through here before.
            parts: what it was made of.
            shape: how it was put together; None for what has no parts.
        """
        if self._size(piece) <= self._most and not self._is_hollow(parts, shape):
            return piece
        text, mark = flat(piece), ""
        if text.startswith("&"):
            mark, _, text = text.partition(" ")
            mark += " "
        if self._is_hollow(parts, shape):
            for part in self._originals.keys() & set(parts):
                text = text.replace(str(part), self._originals[part], 1)
        cut = mark + _stand_in(text, _sort(text, shape), len(parts) // 2 if shape is PAIRS else len(parts))
        self._originals[cut] = text
        return cut

    def _is_hollow(self, parts: Sequence[Piece], shape: Shape | None) -> bool:
        """Is what it is built on among what was cut (`deque(..)` of its list)? Nothing can be made of the rest."""
        if not isinstance(shape, Labelled) or shape.open[-1:] != "(":
            return False
        is_ours = ":" not in shape.open
        return any(
            part in self._originals and (is_ours or not label)
            for part, label in zip(parts, shape.labels, strict=True)
        )

    def fit_all(self, parts: list[Piece]) -> list[Piece]:
        """The same for parts that have none of their own, and were not looked at yet."""
        return [part if isinstance(part, Block) and id(part) in self._sizes else self.fit(part) for part in parts]

    def _size(self, piece: Piece) -> int:
        if isinstance(piece, str):
            return len(piece)
        known = self._sizes.get(id(piece))
        if known is None:
            inner = sum([len(item) if isinstance(item, str) else self._size(item) for item in piece.items])
            between = len(_BETWEEN) * len(piece.items)
            known = self._sizes[id(piece)] = inner + between + len(piece.open) + len(piece.close), piece
        return known[0]


def _sort(text: str, shape: Shape | None) -> str:
    """The type of a value, as far as its text tells."""
    if id(shape) in _SORTS:
        return "builtins:" + _SORTS[id(shape)]
    if isinstance(shape, Labelled) and text.startswith("{"):
        return "builtins:dict"
    if shape is None and text[0] in _LITERALS and not text.startswith("bytearray"):
        return "builtins:" + _LITERALS[text[0]]
    return text.partition("(")[0]


def _stand_in(text: str, sort: str, parts: int) -> str:
    from hashlib import blake2b

    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    counted = f"{parts} part{'s' if parts > 1 else ''}, " if parts else ""
    reason = f"too large to be kept: {counted}{len(text)} characters, digest {digest}"
    head = re.split("['\"]", text[:_HEAD], maxsplit=1)[0]
    if len(head) > 1:
        reason += f", begins {head}"
    return f"opaque({string(sort)}, {string(reason)})"
