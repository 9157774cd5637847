"""The event loop of asyncio: whether one runs the code that makes a call, and one for each replay.

A replay has one loop. It is made when something first wants it: a coroutine that is to be run, a value that holds
the loop, a plain function that a loop ran when it was recorded. Such a function finds a running loop, as it did
then, and what it starts there waits: in the wild it went on only after the function had returned, too.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


def is_in_event_loop() -> bool:
    """Does an event loop run the code of this thread that asks? (Without loading asyncio.)"""
    asyncio_in_c = sys.modules.get("_asyncio")
    return asyncio_in_c is not None and vars(asyncio_in_c)["_get_running_loop"]() is not None


class EventLoop:
    """The loop of one replayed call after the other.

    >>> loop = EventLoop()
    >>> async def double(number):
    ...     return 2 * number
    >>> loop.run(double(21))
    42
    >>> loop.end()
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_untouched(self) -> bool:
        """Did this call have none so far?"""
        return self._loop is None

    def get(self) -> asyncio.AbstractEventLoop:
        """The loop of this call."""
        if self._loop is None or self._loop.is_closed():
            import asyncio

            self._loop = asyncio.new_event_loop()
            _number_tasks(self._loop)
            asyncio.set_event_loop(self._loop)
        return self._loop

    def run(self, coroutine: Coroutine[Any, Any, object]) -> object:
        """Run a coroutine to its end; what else it started stays where it is by then."""
        return self.get().run_until_complete(coroutine)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """For what is called in here, the loop is running."""
        from asyncio import events

        before = events._get_running_loop()
        events._set_running_loop(self.get())
        try:
            yield
        finally:
            events._set_running_loop(before)

    def rest(self) -> None:
        """There is no more work for the threads of the loop, which would wait for it."""
        executor = getattr(self._loop, "_default_executor", None)
        if executor is not None:
            executor.shutdown(wait=False)

    def end(self) -> None:
        """Close the loop. Tasks that wait in it end where they stand; their `finally` is run, and nothing else."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        import asyncio

        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            coroutine: Any = task.get_coro()
            with contextlib.suppress(Exception, SystemExit, GeneratorExit):
                coroutine.close()
        asyncio.set_event_loop(None)
        loop.close()


def _number_tasks(loop: Any) -> None:
    """Have the names of tasks count from 1 for each loop, not for each process.

    (Not by a task factory: with one, Python 3.13.0 calls all tasks "None".)
    """
    numbers = itertools.count(1)
    create = loop.create_task

    def create_task(coroutine: Any, *, name: Any = None, **more: Any) -> object:
        return create(coroutine, name=name or f"Task-{next(numbers)}", **more)

    with contextlib.suppress(AttributeError):  # a loop of another library need not have room for it
        loop.create_task = create_task
