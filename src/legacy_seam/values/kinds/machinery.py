"""Things that programs carry about rather than compute with: locks, loggers, random generators, variables."""

from __future__ import annotations

import gc
import os
import re
import sys
from _thread import _local, get_ident
from types import CellType
from typing import Any

from legacy_seam.values.anatomy import attributes_of, mro_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of
from legacy_seam.values.layout import Draft

_DIGITS = 8
"""Hexadecimal digits in a word of the state of a random generator."""


_HELD = re.compile(r"<locked \S+ object owner=(\d+) count=(\d+) ")
"""How a reentrant lock that is held tells by which thread, and how many times over."""


def _lock(value: Any) -> Written:
    """A lock that is held is so by the one thread there is; where there are several, nobody knows by which."""
    if not value.locked():
        return call("Lock")
    if not _is_only_thread():
        raise Unreadable("a lock that is held")
    return call("Lock", True)


def _rlock(value: Any) -> Written:
    text = repr(value)
    if text.startswith("<unlocked"):
        return call("RLock")
    held = _HELD.match(text)
    if held is None or int(held[1]) != get_ident():
        raise Unreadable("a lock that another thread holds")
    return call("RLock", int(held[2]))


def _make_lock(held: bool = False) -> object:
    from _thread import allocate_lock

    if type(held) is not bool:
        raise TypeError("a lock is held or not")
    made = allocate_lock()
    if held:
        made.acquire()
    return made


def _make_rlock(count: int = 0) -> object:
    from _thread import RLock

    if type(count) is not int or count < 0:
        raise TypeError("a lock is held so many times")
    made: Any = RLock()
    if count:
        made._acquire_restore((count, get_ident()))  # at once, however often
    return made


def _is_only_thread() -> bool:
    return len(sys._current_frames()) == 1


def _variables_of_thread(value: Any) -> Written:
    """What is held for the thread that runs now. Code of a subclass that sets a thread up is not run for it."""
    sets_up = any("__init__" in vars(cls) for cls in mro_of(type(value)) if cls not in (_local, object))
    if sets_up and (_threads_set_up(value) != 1 or not _is_only_thread()):
        raise Unreadable("variables of a thread, among several threads")
    return call_of("local", (), _held_here(value))


_MARKS = ("weakref:ReferenceType", "_thread:_localdummy")
"""What marks a thread in a `threading.local`: until Python 3.12, and since."""


def _threads_set_up(value: Any) -> int:
    """For how many threads it holds variables: CPython keeps a dict of their dicts, by a mark of each thread."""
    for held in gc.get_referents(value):
        if type(held) is dict and any(name_of(type(mark)) in _MARKS for mark in held):
            return len(held)
    return 0


def _held_here(value: Any) -> dict[str, object]:
    held: dict[str, object] = _local.__getattribute__(value, "__dict__")
    return held


def _make_variables(**held: object) -> object:
    made = _local()
    _held_here(made).update(held)
    return made


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


def _pool(value: Any) -> Draft:
    """By its size: threads are started anew when there is work."""
    held = attributes_of(value)
    if held["_work_queue"].qsize() and not held["_shutdown"]:  # type: ignore[attr-defined]
        raise Unreadable("a pool of threads that has work to do")
    more: dict[str, object] = {"shut_down": True} if held["_shutdown"] else {}
    if held.get("_initializer") is not None:
        more |= {"initializer": held["_initializer"], "initargs": held["_initargs"]}
    return call("ThreadPoolExecutor", held["_max_workers"], **more)


def _make_pool(size: int, *, shut_down: bool = False, initializer: Any = None, initargs: Any = ()) -> object:
    from concurrent.futures import ThreadPoolExecutor

    made = ThreadPoolExecutor(size, initializer=initializer, initargs=initargs)
    if shut_down:
        made.shutdown()
    return made


KINDS = (
    Kind(("_contextvars:ContextVar",), _context_variable, "ContextVar", _make_context_variable, has_identity=True),
    Kind(("os:_Environ",), _environment, "os.environ", lambda: os.environ),
    Kind(("builtins:cell",), _cell, "cell", lambda *held: CellType(*held), has_identity=True),
    Kind(("_thread:lock", "_thread:LockType"), _lock, "Lock", _make_lock, has_identity=True),
    Kind(
        ("concurrent.futures.thread:ThreadPoolExecutor",),
        _pool,
        "ThreadPoolExecutor",
        _make_pool,
        has_identity=True,
    ),
    Kind(("_thread:RLock",), _rlock, "RLock", _make_rlock, has_identity=True),
    Kind(
        ("_thread:_local",),
        _variables_of_thread,
        "local",
        _make_variables,
        blank=_local.__new__,
        pour=lambda blank, value: _held_here(blank).update(_held_here(value)),
        has_identity=True,
    ),
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
