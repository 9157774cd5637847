"""The number of the thread that makes a call: another one in every process, and so it is written as what it is.

Programs keep what belongs to a thread in dictionaries under it (connections, above all). Only numbers that no count
would come to are taken for one: addresses, as they are on Linux and macOS.
"""

from __future__ import annotations

from _thread import get_ident
from typing import Any

from legacy_seam.values.kinds.kind import Kind, Unreadable, Written

WORD = "this_thread"
_SMALLEST = 1 << 32


def written_for_thread(number: int) -> str:
    """What is written for a number, if it is that of the thread which asks; "" otherwise."""
    return f"{WORD}()" if number >= _SMALLEST and number == get_ident() else ""


def names_thread(text: str) -> bool:
    """May the number of this thread stand in a text in which numbers are spelled?"""
    return len(text) >= len(str(_SMALLEST)) and str(get_ident()) in text


def _take(value: Any) -> Written:
    raise Unreadable("the number of a thread")


KINDS = (Kind((), _take, WORD, get_ident),)
