"""Large texts are cut into pieces, and each piece is stored once.

A program whose every method carries the whole world would fill a store with copies of that world, and a golden
master with pages that nobody reads. The text of a value has one entry a line (`legacy_seam.values`), so it can be
cut between entries: neighbouring entries make a piece of about `LIMIT` characters, the piece goes into the blobs,
and a line `@digest` stands in its place. Two worlds that differ in one room share all pieces but one.

>>> kept: dict[str, bytes] = {}
>>> def put(piece: bytes) -> str:
...     kept[str(len(kept))] = piece
...     return str(len(kept) - 1).zfill(32)
>>> text = "[" + "".join(f"\\n    {number}," for number in range(9)) + "\\n]"
>>> print(cut(text, put, limit=40))
[
    @00000000000000000000000000000000
    7,
    8,
]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from legacy_seam.store.errors import StoreError
from legacy_seam.values.layout import DEEPEST_INDENT

LIMIT = 4_000
"""Texts up to so many characters are left alone; pieces are about as long."""

MARK = "@"
"""Is in every text of which pieces are stored elsewhere."""
_MARK = re.compile(r"^( *)@([0-9a-f]{32})$", re.MULTILINE)
_INDENT = "    "
_DEEPEST = _INDENT * DEEPEST_INDENT
"""Lines that are so far in may belong to any level below it: their entries cannot be told from one another."""


def cut(text: str, put: Callable[[bytes], str], *, limit: int = LIMIT) -> str:
    """Cut a text into pieces where it is long.

    Args:
        text: the text of a value, with one entry a line where it is long. A text that was cut stays as it is.
        put: stores a piece and gives its digest (32 hexadecimal digits).
        limit: the length from which a text is cut, in characters.

    Returns:
        the text with lines `@digest` in the place of pieces.
    """
    if len(text) <= limit:
        return text
    lines = text.split("\n")
    if len(lines) < 3 or not lines[0].endswith(("{", "[", "(")):
        return text
    return "\n".join([lines[0], *_cut_entries(lines[1:-1], _INDENT, put, limit), lines[-1]])


def _cut_entries(lines: list[str], indent: str, put: Callable[[bytes], str], limit: int) -> list[str]:
    """Cut the entries of one container, given as its lines; those of large entries first."""
    shortened: list[list[str]] = []
    inner = indent + _INDENT
    for entry in _entries(lines, indent):
        if len(entry) > 2 and inner < _DEEPEST and sum(map(len, entry)) > limit:
            entry = [entry[0], *_cut_entries(entry[1:-1], inner, put, limit), entry[-1]]
        shortened.append(entry)
    kept: list[str] = []
    piece: list[str] = []
    size = waiting = 0
    for entry in shortened:
        piece += entry
        waiting += 1
        size += sum(map(len, entry))
        if size >= limit:
            kept.append(_store(piece, indent, put))
            piece, size, waiting = [], 0, 0
    is_shorter = len(kept) + waiting < len(shortened)
    if is_shorter and sum(map(len, kept)) >= limit:
        return _cut_entries([*kept, *piece], indent, put, limit)
    return [*kept, *piece]


def _entries(lines: list[str], indent: str) -> Iterator[list[str]]:
    """Lines by entry: an entry begins on a line of just this indentation that does not close one."""
    entry: list[str] = []
    for line in lines:
        begins = line.startswith(indent) and line[len(indent)] not in " }])"
        if begins and entry:
            yield entry
            entry = []
        entry.append(line)
    if entry:
        yield entry


def _store(lines: list[str], indent: str, put: Callable[[bytes], str]) -> str:
    width = len(indent)
    piece = "\n".join(line[width:] for line in lines)
    return f"{indent}@{put(piece.encode('utf-8', 'surrogatepass'))}"


def join(text: str, get: Callable[[str], bytes]) -> str:
    """Put the pieces of a text back; the inverse of `cut`.

    Args:
        text: a text, cut or not.
        get: gives a piece by its digest.
    """
    if "@" not in text:
        return text

    def put_back(mark: re.Match[str]) -> str:
        indent, digest = mark.groups()
        piece = join(get(digest).decode("utf-8", "surrogatepass"), get)
        return indent + piece.replace("\n", "\n" + indent)

    return _MARK.sub(put_back, text)


class Sizes:
    """Tells how long texts are when all their pieces are put back.

    Args:
        get: gives a piece by its digest.
    """

    def __init__(self, get: Callable[[str], bytes]) -> None:
        self._get = get
        self._known: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The length of a text with its pieces, in characters (indentation left out)."""
        return len(text) + sum(self._of_piece(mark[2]) for mark in _MARK.finditer(text))

    def _of_piece(self, digest: str) -> int:
        if digest not in self._known:
            self._known[digest] = self.of(self._get(digest).decode("utf-8", "surrogatepass"))
        return self._known[digest]


def join_all(texts: Mapping[str, str], get: Callable[[str], bytes]) -> dict[str, str] | None:
    """Texts by name with their pieces put back; None where a piece is missing, or was altered.

    Args:
        texts: texts that may have been cut.
        get: gives a piece by its digest.

    >>> join_all({"a": "1"}, lambda digest: b"")
    {'a': '1'}
    """
    try:
        return {name: join(text, get) if "@" in text else text for name, text in texts.items()}
    except StoreError:
        return None


def digests(text: str, get: Callable[[str], bytes]) -> set[str]:
    """The digests of all pieces that a text needs, those within pieces too."""
    found: set[str] = set()
    waiting = [text]
    while waiting:
        text = waiting.pop()
        for mark in _MARK.finditer(text) if MARK in text else ():
            if mark[2] not in found:
                found.add(mark[2])
                waiting.append(get(mark[2]).decode("utf-8", "surrogatepass"))
    return found
