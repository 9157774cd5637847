"""Threads and tasks that a call starts, or has work done by: what they open and ask belongs to that call, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from threading import get_ident
from types import FrameType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any
from weakref import ref

from legacy_seam.plaindata import dataclass
from legacy_seam.record.taken import Taken
from legacy_seam.values.anatomy import name_of

if TYPE_CHECKING:
    from legacy_seam.world.collecting import Collector
    from legacy_seam.world.files import FileObserver

_STARTING_THREADS = ("_start_new_thread", "_start_joinable_thread")
"""Through which `threading.Thread` starts threads; before Python 3.12 no audit event tells of it."""
_TASKS, _SETS_OF_TASKS = "asyncio.tasks", ("_all_tasks", "_scheduled_tasks")
"""Into which each new task goes, whoever has made it. Nothing of the program runs under what stands there in place
of `add`, so that no traceback shows it."""
_GIVING_WORK = ("submit", "map")
_POOL = "concurrent.futures.thread:ThreadPoolExecutor"
_FEW = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Service:
    """What a thread or task works for.

    worker:     leads to it, as long as it lives: the loop may run as long as the program.
    calls:      those that it works for, by the keys under which they run.
    collectors: of files, that stood on the stack when it was started.
    """

    worker: ref[Any]
    calls: Mapping[int, Taken]
    collectors: tuple[Collector, ...]


class Workers:
    """Knows which threads and tasks work for which calls.

    Args:
        running: the calls that are looked at, by the `id` of their frame.
        files: sees which files are opened.
    """

    def __init__(self, running: Mapping[int, Taken], files: FileObserver | None) -> None:
        self._running = running
        self._files = files
        self._services: dict[int, _Service] = {}
        self._most = _FEW
        self._in_place: list[tuple[object, str, Any, Any]] = []
        self._sees_tasks = False
        if files is not None:
            files.inherited = self.collectors

    def start(self) -> None:
        """From now on, notice threads that are started."""
        import threading

        for name in _STARTING_THREADS:
            plain = vars(threading).get(name)
            if plain is not None:
                self._put(threading, name, self._noticing_threads(plain))

    def see_tasks(self) -> None:
        """Notice tasks as well, once the program has loaded what makes them."""
        tasks = sys.modules.get(_TASKS)
        if self._sees_tasks or tasks is None:
            return
        self._sees_tasks = True
        for held in filter(None, map(vars(tasks).get, _SETS_OF_TASKS)):
            self._put(held, "add", self._noticing_tasks(held.add))

    def stop(self) -> None:
        """Notice no more."""
        for owner, name, before, ours in self._in_place:
            if vars(owner).get(name) is not ours:
                continue
            if before is None:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._services.clear()

    def calls(self) -> Mapping[int, Taken]:
        """Those that whoever runs now works for, and that began elsewhere, by the keys under which they run."""
        found: dict[int, Taken] = {}
        for service in self._present_services():
            found |= self._still_running(service)
        return found

    def collectors(self) -> list[Collector]:
        """Of files, for which whoever runs now works."""
        return [one for service in self._present_services() for one in service.collectors if one.is_open]

    def is_given_work(self, callee: Any) -> None:
        """This is about to be called; if it is a method of a pool, its threads work for the present calls."""
        if type(callee) is not MethodType or type(callee.__func__) is not FunctionType:
            return
        if callee.__func__.__name__ in _GIVING_WORK and name_of(type(callee.__self__)) == _POOL:
            for thread in list(callee.__self__._threads):  # type: ignore[attr-defined]
                self._serve(thread, sys._getframe(1))

    def _put(self, owner: object, name: str, ours: Any) -> None:
        plain = getattr(owner, name)
        ours.__name__, ours.__qualname__ = plain.__name__, plain.__qualname__
        ours.__doc__ = plain.__doc__
        self._in_place.append((owner, name, vars(owner).get(name), ours))
        setattr(owner, name, ours)

    def _noticing_threads(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def start(function: Any, /, *args: Any, **kwargs: Any) -> Any:
            with suppress(Exception):  # what the thread works for is not known; it is started all the same
                if type(function) is MethodType:
                    self._serve(function.__self__, sys._getframe(1))
            return plain(function, *args, **kwargs)

        return start

    def _noticing_tasks(self, plain: Callable[[Any], None]) -> Callable[[Any], None]:
        def add(task: Any) -> None:
            plain(task)
            with suppress(Exception):
                self._serve(task, sys._getframe(1))

        return add

    def _serve(self, worker: object, frame: FrameType | None) -> None:
        calls = dict(self.calls())
        known = self._services.get(id(worker))
        if known is not None and known.worker() is worker:
            calls |= self._still_running(known)
        while frame is not None:
            taken = self._running.get(id(frame))
            if taken is not None and not taken.is_glance:
                calls[id(frame)] = taken
            frame = frame.f_back
        collectors = () if self._files is None else tuple(self._files.collecting())
        if len(self._services) >= self._most:
            self._forget_what_is_over()
        if calls or collectors:
            self._services[id(worker)] = _Service(ref(worker), calls, collectors)

    def _present_services(self) -> Iterator[_Service]:
        if not self._services:
            return
        for worker in (_present_task(), _present_thread()):
            service = self._services.get(id(worker))
            if service is not None and service.worker() is worker:
                yield service

    def _still_running(self, service: _Service) -> dict[int, Taken]:
        return {key: taken for key, taken in service.calls.items() if self._running.get(key) is taken}

    def _forget_what_is_over(self) -> None:
        for key, service in list(self._services.items()):
            is_over = service.worker() is None or not (
                self._still_running(service) or any(one.is_open for one in service.collectors)
            )
            if is_over:
                self._services.pop(key, None)
        self._most = max(_FEW, 2 * len(self._services))


def _present_thread() -> object:
    threads: dict[int, object] = vars(sys.modules["threading"])["_active"]
    return threads.get(get_ident())


def _present_task() -> object:
    """The task whose turn it is in the event loop of this thread; None where none runs."""
    events, tasks = sys.modules.get("asyncio.events"), sys.modules.get("asyncio.tasks")
    if events is None or tasks is None:
        return None
    loop = vars(events)["_get_running_loop"]()
    return None if loop is None else vars(tasks)["current_task"](loop)
