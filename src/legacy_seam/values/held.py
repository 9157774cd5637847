"""What lies behind values that are only a hold on something else: open files, connections to databases.

Such a value is written by its name and how it was opened. The content is kept apart, once for each call, and only
while a call's inputs are being written (`Held`). To make the value again there has to be a world in which something
can be opened: whoever has one says so (`open_with`). Without it there is no such value.
"""

from __future__ import annotations

from _thread import _local
from collections.abc import Callable, Mapping
from os import path as paths
from typing import Any, Protocol

from legacy_seam.plaindata import dataclass
from legacy_seam.values.kinds.kind import Unreadable

MEMORY = ":memory:"
PLACE = "/dev/held/"
"""Before the names of contents that no file of the program has: databases in memory, changes not yet committed."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a thing was opened: what it is a hold on, and the rest by name."""

    name: str
    how: Mapping[str, Any]


class Opener(Protocol):
    """A world in which files and databases can be opened."""

    def known_as(self, thing: object) -> str | None:
        """What a thing is called that was made here; None for all others."""

    def name_of(self, path: str) -> str:
        """What the program calls the file there."""

    def open_file(self, opening: Opening) -> object:
        """Open a file again."""

    def connect(self, blank: Any, opening: Opening) -> None:
        """Make a connection of an instance that is none yet."""

    def take_over(self, blank: Any, made: Any) -> None:
        """Make one of it in the place of another that was just made."""


def _last_part(path: str) -> str:
    return paths.basename(path)


class _World:
    """Of this process."""

    name_of: Callable[[str], str] = staticmethod(_last_part)
    opener: Opener | None = None


class _Scope(_local):
    """The inputs that a thread is writing."""

    held: Held | None = None


_scope = _Scope()


def call_files(name_of: Callable[[str], str] = _last_part) -> None:
    """From now on, call the files that values hold on to so in this process."""
    _World.name_of = staticmethod(name_of)


def open_with(opener: Opener | None) -> None:
    """From now on, make values in this process that hold on to something, in this world."""
    _World.opener = opener


def is_replayed() -> bool:
    """Is this a world in which things are opened again?"""
    return _World.opener is not None


class Held:
    """What the inputs of one call hold on to: written the first time it is entered, only named after that.

    What lies outside (a connection to a server) has no content, and is numbered.

    Args:
        keep: puts a content away and gives its digest; raises `Unreadable` where it may not be kept.

    `contents` are the digests by name; `outside` is what lies there, by its name.

    >>> held = Held(lambda name, content: f"<{len(content)} bytes>")
    >>> with held:
    ...     keep("a.csv", lambda: b"id,name")
    >>> held.contents
    {'a.csv': '<7 bytes>'}
    """

    __slots__ = ("_around", "_in_memory", "_is_over", "_keep", "_refused", "contents", "outside")

    def __init__(self, keep: Callable[[str, bytes], str]) -> None:
        self.contents: dict[str, str] = {}
        self.outside: dict[str, object] = {}
        self._keep = keep
        self._refused: dict[str, str] = {}
        self._in_memory: list[object] = []
        self._is_over = False
        self._around: Held | None = None

    def __enter__(self) -> Held:
        self._around, _scope.held = _scope.held, self
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over = True
        _scope.held = self._around

    def take(self, name: str, read: Callable[[], bytes]) -> None:
        """See `keep`."""
        if name in self._refused:
            raise Unreadable(self._refused[name])
        if self._is_over or name in self.contents:
            return
        try:
            self.contents[name] = self._keep(name, read())
        except Unreadable as refusal:
            self._refused[name] = str(refusal)
            raise

    def number(self, thing: object) -> int:
        """Which of the databases in memory a connection is, from 1."""
        for number, known in enumerate(self._in_memory, 1):
            if known is thing:
                return number
        self._in_memory.append(thing)
        return len(self._in_memory)

    def name_outside(self, thing: object, stem: str) -> str:
        """What a thing is called that lies outside: `Connection_1`."""
        for name, known in self.outside.items():
            if known is thing:
                return name
        number = 1 + sum(name.rpartition("_")[0] == stem for name in self.outside)
        self.outside[f"{stem}_{number}"] = thing
        return f"{stem}_{number}"


def keep(name: str, read: Callable[[], bytes]) -> None:
    """Keep the content of something that an input holds on to, if inputs are being written.

    Args:
        name: what it is called.
        read: gives its content.

    Raises:
        Unreadable: where it is not kept.
    """
    if _scope.held is not None:
        _scope.held.take(name, read)


def name_of_file(thing: object, path_of: Callable[[], str]) -> str:
    """What a thing is called that is a hold on a file.

    Args:
        thing: an open file, a connection.
        path_of: gives the path of the file.
    """
    if _World.opener is None:
        return _World.name_of(path_of())
    return name_made_here(thing) or _World.opener.name_of(path_of())


def name_made_here(thing: object) -> str | None:
    """What a thing is called that was opened again; None for all others."""
    return None if _World.opener is None else _World.opener.known_as(thing)


def name_in_memory(thing: object) -> str:
    """What a database in memory is called: the others of a call are numbered."""
    if _World.opener is not None:
        return name_made_here(thing) or MEMORY
    number = 1 if _scope.held is None else _scope.held.number(thing)
    return MEMORY if number == 1 else f"{MEMORY} {number}"


def number_outside(thing: object, stem: str) -> str | None:
    """What a thing is called that lies outside; None where no inputs are being written.

    Args:
        thing: a connection, a session.
        stem: what its name begins with.
    """
    return None if _scope.held is None else _scope.held.name_outside(thing, stem)


def opener() -> Opener:
    """The world in which things can be opened.

    Raises:
        ValueError: where there is none.
    """
    if _World.opener is None:
        raise ValueError("open files and connections are made where calls are replayed only")
    return _World.opener
