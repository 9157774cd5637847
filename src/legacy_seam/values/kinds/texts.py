"""Paths, patterns, and what patterns have found."""

from __future__ import annotations

import re
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of
from legacy_seam.values.kinds.kind import Kind, call
from legacy_seam.values.layout import Draft

_PATHS = ("PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath", "PurePath", "Path")


def _path(word: str) -> Kind:
    """A path is read from the pieces it was made of: their slots vary between versions, their meaning does not."""
    pure = "PureWindowsPath" if "Windows" in word else "PurePosixPath"

    def take(value: Any) -> Draft:
        import pathlib

        slots = attributes_of(value)
        pieces: Any = slots["_raw_paths"] if "_raw_paths" in slots else slots["_parts"]
        return call(word, str(getattr(pathlib, pure)(*pieces)))

    def make(path: str) -> object:
        import pathlib

        return getattr(pathlib, word)(path)

    def adopt(cls: Any, path: Any) -> object:
        made = object.__new__(cls)
        Anatomy.of(cls).put(made, attributes_of(path))
        return made

    return Kind((f"pathlib:{word}", f"pathlib._local:{word}"), take, word, make, adopt=adopt)


def _pattern(value: re.Pattern[Any]) -> Draft:
    return call("re.compile", value.pattern, value.flags)


def _make_pattern(pattern: str, flags: int) -> object:
    return re.compile(pattern, flags & ~re.DEBUG)


def _match(value: re.Match[Any]) -> Draft:
    """A match is found again: by its pattern, in its text, at its place."""
    start, end = value.span()
    return call("Match", value.re, value.string, value.pos, value.endpos, start, end)


def _make_match(pattern: re.Pattern[str], string: str, pos: int, endpos: int, start: int, end: int) -> object:
    for begin in dict.fromkeys((pos, start)):
        for look in (pattern.search, pattern.match, pattern.fullmatch):
            found = look(string, begin, endpos)
            if found is not None and found.span() == (start, end) and found.pos == pos:
                return found
    for found in pattern.finditer(string, pos, endpos):
        if found.span() == (start, end):
            return found
    raise ValueError("the pattern does not match there")


KINDS = (
    *map(_path, _PATHS),
    Kind(("re:Pattern",), _pattern, "re.compile", _make_pattern),
    Kind(("re:Match",), _match, "Match", _make_match),
)
