"""Event loops of asyncio, and what waits in them: futures, tasks that have ended, calls that are due later.

A loop is another one in every process, and so it is written as what it is:

    asyncio.queues:Queue(_loop=event_loop(), _maxsize=3, _getters=deque([asyncio.Future()]), ...)

What a future wakes up when it gets its result is not told: that is the code of others, in the middle of its way. A
task is made of such code, so that there are values only of those that have ended.
"""

from __future__ import annotations

import re
import sys
from _thread import get_ident
from collections.abc import Callable, Sequence
from typing import Any

from legacy_seam.values.anatomy import attribute_of, attributes_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call

_LOOP, _FUTURE, _TASK = "event_loop", "asyncio.Future", "asyncio.Task"
_HANDLE, _TIMER = "asyncio.Handle", "asyncio.TimerHandle"
_TYPES = ("_asyncio:Future", "_asyncio:Task", "asyncio.events:Handle", "asyncio.events:TimerHandle")
_NUMBERED = r"Task-\d+"


class _World:
    """Of this process."""

    loop: Callable[[], Any] | None = None


def loops_of(loop: Callable[[], Any] | None) -> None:
    """From now on, values in this process that hold a loop hold this one."""
    _World.loop = loop


def _loop() -> Any:
    if _World.loop is None:
        raise ValueError("there are event loops where calls are replayed only")
    return _World.loop()


def _take_loop(value: Any) -> Written:
    """That it is one. One that others run, or that runs no more, cannot be had again."""
    held = attributes_of(value)
    if held.get("_closed"):
        raise Unreadable("an event loop that is closed")
    if held.get("_thread_id") not in (None, get_ident()):
        raise Unreadable("an event loop of another thread")
    return call(_LOOP)


def _take_handle(value: Any) -> Written:
    return call(_HANDLE, *_called_by(value))


def _take_timer(value: Any) -> Written:
    return call(_TIMER, _told_by("asyncio.events", "TimerHandle", value, "_when"), *_called_by(value))


def _called_by(value: Any) -> tuple[object, ...]:
    """What a handle calls, and with what; nothing where it was cancelled."""
    _refuse_classes_of_their_own(value)

    def told(name: str) -> Any:
        return _told_by("asyncio.events", "Handle", value, name)

    return () if told("_cancelled") else (told("_callback"), *told("_args"))


def _told_by(module: str, cls: str, value: Any, name: str) -> Any:
    """An attribute as that class has it, whatever another one has put in its place."""
    return attribute_of(vars(sys.modules[module])[cls], name).__get__(value)


def _refuse_classes_of_their_own(value: Any) -> None:
    if name_of(type(value)) not in _TYPES:
        raise Unreadable("a future, a task or a call that is due later, of a class of its own")


def _make_handle(*called: Any) -> object:
    from asyncio import Handle

    return _prepared(Handle(*_callback(called), _loop()), called)


def _make_timer(when: float, *called: Any) -> object:
    """One that nobody will call: what is due later is due after the call that was handed it."""
    from asyncio import TimerHandle

    return _prepared(TimerHandle(when, *_callback(called), _loop()), called)


def _callback(called: Sequence[Any]) -> tuple[Callable[..., object], tuple[object, ...]]:
    return (called[0], tuple(called[1:])) if called else (id, ())


def _prepared(handle: Any, called: Sequence[Any]) -> Any:
    if not called:
        handle.cancel()
    return handle


def _take_future(value: Any) -> Written:
    return call(_FUTURE, **_ending_of(value, "Future"))


def _take_task(value: Any) -> Written:
    ending = _ending_of(value, "Task")
    if not ending:
        raise Unreadable("a task that has not ended")
    name = value.get_name()
    given = [] if type(name) is not str or re.fullmatch(_NUMBERED, name) else [name]
    return call(_TASK, *given, **ending)


def _ending_of(value: Any, kind: str) -> dict[str, object]:
    """How a future has ended; nothing where it has not. (To ask it for its result would count as having had it.)"""
    _refuse_classes_of_their_own(value)

    def told(name: str) -> Any:
        return _told_by("_asyncio", kind, value, name)

    match told("_state"):
        case "PENDING":
            return {}
        case "CANCELLED":
            return {"cancelled": True}
    return {"result": told("_result")} if told("_exception") is None else {"exception": told("_exception")}


def _make_future(**ending: Any) -> object:
    made = _loop().create_future()
    if ending.get("cancelled"):
        made.cancel()
    elif "exception" in ending:
        made.set_exception(ending["exception"])
        made._log_traceback = False  # nobody need have asked for it
    elif ending:
        made.set_result(ending["result"])
    return made


def _make_task(name: str | None = None, **ending: Any) -> object:
    """One that has run in the loop, without anything else in it having run."""
    from asyncio import CancelledError, Task

    async def ended() -> object:
        if ending.get("cancelled"):
            raise CancelledError
        if "exception" in ending:
            raise ending["exception"]
        return ending["result"]

    loop = _loop()
    made = Task(ended(), loop=loop, name=name)
    loop._ready.pop()._run()
    if "exception" in ending:
        made._log_traceback = False
    return made


KINDS = (
    Kind(("_asyncio:Future",), _take_future, _FUTURE, _make_future, has_identity=True),
    Kind(("_asyncio:Task",), _take_task, _TASK, _make_task, has_identity=True),
    Kind(("asyncio.events:Handle",), _take_handle, _HANDLE, _make_handle, has_identity=True),
    Kind(("asyncio.events:TimerHandle",), _take_timer, _TIMER, _make_timer, has_identity=True),
    Kind(("asyncio.events:AbstractEventLoop",), _take_loop, _LOOP, _loop, has_identity=True),
)
