"""Things that programs carry about rather than compute with: locks, loggers, random generators, variables."""

from __future__ import annotations

import os
from types import CellType
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call
from legacy_seam.values.layout import Draft

_DIGITS = 8
"""Hexadecimal digits in a word of the state of a random generator."""


def _lock(value: Any) -> Written:
    if value.locked():
        raise Unreadable("a lock that is held")
    return call("Lock")


def _rlock(value: Any) -> Written:
    if not repr(value).startswith("<unlocked"):
        raise Unreadable("a lock that is held")
    return call("RLock")


def _make_lock() -> object:
    from _thread import allocate_lock

    return allocate_lock()


def _make_rlock() -> object:
    from _thread import RLock

    return RLock()


def _logger(value: Any) -> Written:
    """By name: what else it has belongs to the logging set-up of the process."""
    return call("getLogger", attributes_of(value)["name"])


def _make_logger(name: str) -> object:
    import logging

    return logging.getLogger(None if name == "root" else name)


def _random(value: Any) -> Written:
    """The whole state of the generator, and the half of a pair of normal numbers that may be left over."""
    import _random

    left_over = attributes_of(value).get("gauss_next")
    packed = "".join([f"{word:08x}" for word in _random.Random.getstate(value)])
    return call("Random", packed) if left_over is None else call("Random", packed, gauss_next=left_over)


def _make_random(packed: str, gauss_next: float | None = None) -> Any:
    from random import Random

    made = Random(0)
    words = tuple(int(packed[at : at + _DIGITS], 16) for at in range(0, len(packed), _DIGITS))
    made.setstate((3, words, gauss_next))
    return made


def _blank_random(cls: Any) -> object:
    import _random

    return _random.Random.__new__(cls)


def _pour_random(blank: Any, value: Any) -> None:
    import _random

    _random.Random.setstate(blank, _random.Random.getstate(value))
    vars(blank)["gauss_next"] = value.gauss_next


def _make_system_random() -> object:
    from random import SystemRandom

    return SystemRandom()


def _context_variable(value: Any) -> Draft:
    """Its name, and what it holds for the code that runs now."""
    try:
        return call("ContextVar", value.name, value.get())
    except LookupError:
        return call("ContextVar", value.name)


def _make_context_variable(name: str, *held: object) -> object:
    """It holds the same for whoever asks."""
    from contextvars import ContextVar

    return ContextVar(name, default=held[0]) if held else ContextVar(name)


def _cell(value: Any) -> Draft:
    try:
        return call("cell", value.cell_contents)
    except ValueError:
        return call("cell")


def _environment(value: Any) -> Draft:
    """That of the process stands for itself: what it holds belongs to the world of a call, not to its arguments."""
    if value is not os.environ:
        raise Unreadable("an environment of another process")
    return call("os.environ")


KINDS = (
    Kind(("_contextvars:ContextVar",), _context_variable, "ContextVar", _make_context_variable, has_identity=True),
    Kind(("os:_Environ",), _environment, "os.environ", lambda: os.environ),
    Kind(("builtins:cell",), _cell, "cell", lambda *held: CellType(*held), has_identity=True),
    Kind(("_thread:lock", "_thread:LockType"), _lock, "Lock", _make_lock, has_identity=True),
    Kind(("_thread:RLock",), _rlock, "RLock", _make_rlock, has_identity=True),
    Kind(("logging:Logger",), _logger, "getLogger", _make_logger),
    Kind(
        ("random:Random",),
        _random,
        "Random",
        _make_random,
        blank=_blank_random,
        pour=_pour_random,
        has_identity=True,
    ),
    Kind(("random:SystemRandom",), lambda value: call("SystemRandom"), "SystemRandom", _make_system_random),
)
