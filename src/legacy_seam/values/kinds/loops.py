"""Where a text file stands that is in the middle of a loop over its lines, as that of a reader of CSV is.

Python does not tell (`OSError: telling position disabled by next() call`), and to ask it in another way would
disturb the loop. But what was decoded and not taken yet is held by the file, and so is how much of it was taken: a
number in its memory, of which the place is found by trying it on files of our own. Where that many bytes before the
position of the buffer read the same, these are what the loop has still to come to.
"""

from __future__ import annotations

import codecs
import io
from functools import cache
from gc import get_referents
from os import pread
from typing import Any

from legacy_seam.values.anatomy import getter

_WORD = tuple.__itemsize__
"""Bytes of a pointer, and of a number that counts."""
_HEAD = 2 * _WORD
"""What every object begins with."""
_STATELESS = ("utf-8", "utf-8-sig", "ascii", "iso8859", "cp125", "cp437", "cp85", "koi8", "mac-")
"""How the names of encodings begin in which a text can be read from any character on."""


def position_in_loop(text: Any, decoded: str, handle: int, end: int) -> int | None:
    """The byte at which the next line of a loop begins; None where that cannot be told.

    Args:
        text: the text layer of an open file.
        decoded: what it has decoded last.
        handle: the open file.
        end: how far its buffer was read.
    """
    name = codecs.lookup(getter(io.TextIOWrapper, "encoding")(text)).name
    offset = _offset_of_used()
    if offset is None or not name.startswith(_STATELESS):
        return None
    used = _number_at(text, offset)
    waiting = _bytes_waiting(text)
    if not 0 <= used <= len(decoded) or waiting is None:
        return None
    encoding = "utf-8" if name == "utf-8-sig" else name
    left, end = decoded[used:], end - waiting
    length = len(left.encode(encoding, "surrogateescape"))
    for size in _sizes(length, lambda size: pread(handle, size, end - size).count(b"\r\n") if size <= end else 0):
        found = pread(handle, size, end - size).decode(encoding, "surrogateescape") if size <= end else None
        if found == left or (found is not None and _with_plain_ends(found) == left):
            return end - size
    return None


def _sizes(length: int, pairs_within: Any) -> list[int]:
    """How many bytes may have become so many: two that end a line are one where they were translated."""
    sizes = [length]
    while len(sizes) < 50:
        size = length + pairs_within(sizes[-1])
        if size == sizes[-1]:
            break
        sizes.append(size)
    return sizes


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes_waiting(text: Any) -> int | None:
    """How many bytes its decoder was given that make no character yet; None where the decoder is not of Python."""
    for one in get_referents(text):
        if isinstance(one, (codecs.IncrementalDecoder, io.IncrementalNewlineDecoder)):
            if type(one).__module__.partition(".")[0] not in ("_io", "io", "codecs", "encodings"):
                return None
            waiting, flags = one.getstate()
            return len(waiting) + (flags & 1 if isinstance(one, io.IncrementalNewlineDecoder) else 0)
    return None


@cache
def _offset_of_used() -> int | None:
    """Where in a text file stands how much was taken of what was decoded; None where no place is the only one."""
    places = set(range(_HEAD, io.TextIOWrapper.__basicsize__, _WORD))
    text = io.TextIOWrapper(io.BytesIO(b"one\n" * 100), encoding="ascii")
    for lines in range(1, 40):
        next(text)
        places = {place for place in places if _number_at(text, place) == 4 * lines}
    return places.pop() if len(places) == 1 else None


def _number_at(thing: object, place: int) -> int:
    import ctypes  # few programs need it

    return ctypes.c_ssize_t.from_address(id(thing) + place).value
