"""Threads that a call starts, or has work done by: what they open and ask outside belongs to that call, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import get_ident
from types import FrameType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from legacy_seam.plaindata import dataclass
from legacy_seam.record.taken import Taken
from legacy_seam.values.anatomy import name_of

if TYPE_CHECKING:
    from legacy_seam.world.collecting import Collector
    from legacy_seam.world.files import FileObserver

_STARTING = ("_start_new_thread", "_start_joinable_thread")
"""Through which `threading.Thread` starts threads; before Python 3.12 no audit event tells of it."""
_GIVING_WORK = ("submit", "map")
_POOL = "concurrent.futures.thread:ThreadPoolExecutor"


@dataclass(frozen=True, slots=True, eq=False)
class _Service:
    """What a thread works for.

    thread:     the thread: as long as it is held, no other has its `id`.
    calls:      those that it works for, by the keys under which they run.
    collectors: of files, that stood on the stack when it was started.
    """

    thread: Any
    calls: Mapping[int, Taken]
    collectors: tuple[Collector, ...]


class Threads:
    """Knows which threads work for which calls.

    Args:
        running: the calls that are looked at, by the `id` of their frame.
        files: sees which files are opened.
    """

    def __init__(self, running: Mapping[int, Taken], files: FileObserver | None) -> None:
        self._running = running
        self._files = files
        self._services: dict[int, _Service] = {}
        self._in_place: list[tuple[str, Any, Any]] = []
        if files is not None:
            files.inherited = self.collectors

    def start(self) -> None:
        """From now on, notice threads that are started."""
        import threading

        for name in _STARTING:
            plain = vars(threading).get(name)
            if plain is not None:
                self._in_place.append((name, plain, self._noticing(plain)))
                setattr(threading, *self._in_place[-1][::2])

    def stop(self) -> None:
        """Notice no more."""
        for name, plain, ours in self._in_place:
            if vars(sys.modules["threading"]).get(name) is ours:
                setattr(sys.modules["threading"], name, plain)
        self._services.clear()

    def calls(self) -> list[Taken]:
        """Those that the present thread works for, in which they did not begin."""
        service = self._service()
        return [] if service is None else list(self._still_running(service).values())

    def collectors(self) -> list[Collector]:
        """Of files, for which the present thread works."""
        service = self._service()
        return [] if service is None else [one for one in service.collectors if one.is_open]

    def is_given_work(self, callee: Any) -> None:
        """This is about to be called; if it is a method of a pool, its threads work for the present calls."""
        if type(callee) is not MethodType or type(callee.__func__) is not FunctionType:
            return
        if callee.__func__.__name__ in _GIVING_WORK and name_of(type(callee.__self__)) == _POOL:
            for thread in list(callee.__self__._threads):  # type: ignore[attr-defined]
                self._serve(thread, sys._getframe(1))

    def _noticing(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def start(function: Any, /, *args: Any, **kwargs: Any) -> Any:
            with suppress(Exception):  # what the thread works for is not known; it is started all the same
                if type(function) is MethodType:
                    self._serve(function.__self__, sys._getframe(1))
            return plain(function, *args, **kwargs)

        start.__name__ = start.__qualname__ = plain.__name__
        start.__doc__ = plain.__doc__
        return start

    def _serve(self, thread: object, frame: FrameType | None) -> None:
        calls = {} if (own := self._service()) is None else self._still_running(own)
        known = self._services.get(id(thread))
        if known is not None:
            calls |= self._still_running(known)
        while frame is not None:
            taken = self._running.get(id(frame))
            if taken is not None and not taken.is_glance:
                calls[id(frame)] = taken
            frame = frame.f_back
        collectors = () if self._files is None else tuple(self._files.collecting())
        self._forget_what_is_over()
        if calls or collectors:
            self._services[id(thread)] = _Service(thread, calls, collectors)

    def _service(self) -> _Service | None:
        if not self._services:
            return None
        threads: dict[int, object] = vars(sys.modules["threading"])["_active"]
        return self._services.get(id(threads.get(get_ident())))

    def _still_running(self, service: _Service) -> dict[int, Taken]:
        return {key: taken for key, taken in service.calls.items() if self._running.get(key) is taken}

    def _forget_what_is_over(self) -> None:
        for key, service in list(self._services.items()):
            if not self._still_running(service) and not any(one.is_open for one in service.collectors):
                del self._services[key]
