"""Threads that do not run: not started yet, or at their end; and the one that asks, as one that was not started.

    shop.jobs:Watcher(_name='watcher', _daemonic=True, seen=[], stop=False)

Of what the class keeps for itself only that is told which whoever made the thread has chosen. One that runs
elsewhere cannot be held.
"""

from __future__ import annotations

import _thread
from _thread import get_ident
from collections.abc import Mapping, Sequence
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of
from legacy_seam.values.kinds.kind import Unreadable, Written, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.notation import name as spell_name

_ENDED = "_is_stopped"
_CHOSEN: dict[str, object] = {"_target": None, "_args": (), "_kwargs": {}, "_name": "", "_daemonic": False}
"""What whoever makes a thread chooses; what is told only where it is something else."""
_NAMES_OF_STATE = (
    "_started _is_stopped _tstate_lock _ident _native_id _stderr _invoke_excepthook _initialized _handle"
    " _os_thread_handle _context"
)
_STATE = frozenset(_NAMES_OF_STATE.split())
_OF_NOBODY = ("threading:_MainThread", "threading:_DummyThread")


class Threads(PlainObjects):
    """`threading.Thread`, and classes built on it."""

    types = ("threading:Thread",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Its attributes, but for those by which it runs."""
        attributes = anatomy.attributes(value)
        has_ended = _has_ended(attributes)
        if anatomy.name in _OF_NOBODY or (has_ended is False and attributes.get("_ident") != get_ident()):
            raise Unreadable("a thread")
        told = {name: held for name, held in attributes.items() if name not in _STATE and not _is_usual(name, held)}
        if has_ended:
            told[_ENDED] = True
        return call_of(spell_name(anatomy.name), (), told)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Make it a thread that was not started, or has ended, and put the attributes."""
        if args:
            raise ValueError(f"{anatomy.name} holds attributes only")
        given = dict(attributes)
        has_ended = given.pop(_ENDED, False)
        if "_name" in given:  # what has none is an instance that no `__init__` has seen
            from threading import Thread

            Thread.__init__(blank, name=str(given["_name"]), daemon=bool(given.get("_daemonic")))
        put(anatomy, blank, given)
        if has_ended is True:
            _end(blank)
        return blank


def _is_usual(name: str, held: object) -> bool:
    return name in _CHOSEN and type(held) is type(_CHOSEN[name]) and held == _CHOSEN[name]


def _has_ended(attributes: Mapping[str, Any]) -> bool | None:
    """Has a thread come to its end? None where it was not started."""
    started = attributes.get("_started")
    if started is None or not attributes_of(started).get("_flag"):
        return None
    if "_handle" in attributes:  # since Python 3.13
        return bool(attributes["_handle"].is_done())
    lock = attributes.get("_tstate_lock")
    return bool(attributes.get(_ENDED)) or lock is None or not lock.locked()


def _end(thread: Any) -> None:
    thread._started.set()
    if hasattr(thread, "_handle"):
        thread._handle = vars(_thread)["_make_thread_handle"](get_ident())
        thread._handle._set_done()
    else:
        thread._is_stopped, thread._tstate_lock = True, None
