"""Tables all of whose pages are the same in two states of a database: none of their rows need be compared.

To compare all rows takes SQLite longer than most calls take; few tables change from one call to the next. Where the
rows of a table lie is read from the nodes of its tree, as the format of SQLite's files (https://sqlite.org/fileformat)
has them. What lies elsewhere, as the rest of a long text does, belongs to nobody here: where such a page differs,
any table may be another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_HEAD = 100
"""Bytes before the first node, which is that of the table of tables."""
_INNER, _LEAVES = (2, 5), (10, 13)
_PAGE_SIZE, _FIRST_FREE, _ENCODING = 16, 32, 56
"""Where these stand in the head."""


def untouched(before: bytes, after: bytes, old: Mapping[str, int], new: Mapping[str, int]) -> frozenset[str]:
    """The trees (of tables, of indices) that are the same in both states.

    Args:
        before: a database.
        after: another state of it.
        old: the name of each tree -> the number of its first page, in the first state.
        new: the same in the other state.

    >>> untouched(b"", b"", {}, {})
    frozenset()
    """
    size = _number(after, _PAGE_SIZE, 2)
    size = 65536 if size == 1 else size
    if size < 512 or _head(before) != _head(after):
        return frozenset()
    starts = range(0, len(after), size)
    other = {number for number, at in enumerate(starts, 1) if before[at : at + size] != after[at : at + size]}
    try:
        nodes = {name: set(_nodes(after, size, root)) for name, root in {**new, "": 1}.items()}
        unknown = other.difference(_free(after, size), *nodes.values())
    except ValueError:
        return frozenset()
    if unknown:
        return frozenset()
    return frozenset(name for name, root in new.items() if old.get(name) == root and other.isdisjoint(nodes[name]))


def _head(content: bytes) -> tuple[int, int]:
    """What all pages are read by: their size, and how texts are written."""
    return _number(content, _PAGE_SIZE, 2), _number(content, _ENCODING)


def _nodes(content: bytes, size: int, root: int) -> Iterator[int]:
    """The pages that are nodes of a tree.

    Raises:
        ValueError: where it is no tree.
    """
    waiting, most = [root], len(content) // size
    while waiting:
        number = waiting.pop()
        most -= 1
        start = (number - 1) * size
        at = start + (_HEAD if number == 1 else 0)
        if number < 1 or most < 0 or at + 12 > len(content):
            raise ValueError("a page is none of a tree")
        yield number
        kind = content[at]
        if kind in _LEAVES:
            continue
        if kind not in _INNER:
            raise ValueError("a page is none of a tree")
        count = _number(content, at + 3, 2)
        cells = (start + _number(content, at + 12 + 2 * cell, 2) for cell in range(count))
        waiting += [_number(content, cell) for cell in cells]
        waiting.append(_number(content, at + 8))


def _free(content: bytes, size: int) -> Iterator[int]:
    """The pages that hold nothing.

    Raises:
        ValueError: where they are not listed as they should be.
    """
    trunk, most = _number(content, _FIRST_FREE), len(content) // size
    while trunk:
        at = (trunk - 1) * size
        most -= 1
        if most < 0 or at + size > len(content):
            raise ValueError("the list of free pages is damaged")
        yield trunk
        count = min(_number(content, at + 4), size // 4 - 2)
        yield from (_number(content, at + 8 + 4 * leaf) for leaf in range(count))
        trunk = _number(content, at)


def _number(content: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(content[at : at + length], "big")
