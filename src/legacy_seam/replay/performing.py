"""Calling a target, and following what it gives back to its end: generators, coroutines."""

from __future__ import annotations

import _thread
import itertools
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from legacy_seam.values import StandInUsed

_LAZY: tuple[type, ...] = (
    map,
    filter,
    zip,
    enumerate,
    reversed,
    *(kind for kind in vars(itertools).values() if isinstance(kind, type) and hasattr(kind, "__next__")),
)
_PATIENCE_SECONDS = 2.0
_MARGIN = 500
"""Frames that we ourselves may need between calls."""


@dataclass(slots=True)
class Performance:
    """What happened: one of the first three is set (items may go before any of them).

    items:    what a generator yielded, if it was one.
    whole:    False where it had more items than were taken.
    returned: a tuple of one, if the target returned.
    raised:   the exception that left it.
    used:     the stand-in that it used, which means that nothing else counts.
    """

    items: list[object] | None = None
    whole: bool = True
    returned: tuple[object] | None = None
    raised: BaseException | None = None
    used: StandInUsed | None = None


def perform(
    function: Callable[..., object], arguments: tuple[Any, ...], keywords: dict[str, Any], most: int, depth: int
) -> Performance:
    """Call a function and follow what it gives back.

    Args:
        function: what to call.
        arguments: positional ones.
        keywords: the others.
        most: items taken from a generator at most.
        depth: how many calls deep it may go from here, however deep we are ourselves.
    """
    done = Performance()
    sys.setrecursionlimit(depth + _frames_above())
    try:
        result = function(*arguments, **keywords)
        _follow(result, done, most)
    except StandInUsed as used:
        done.used = used
    except BaseException as raised:
        done.raised = raised
    finally:
        sys.setrecursionlimit(depth + _MARGIN)
    _wait_for_threads()
    return done


def _frames_above() -> int:
    frame: types.FrameType | None = sys._getframe(1)
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count


def _follow(result: Any, done: Performance, most: int) -> None:
    kind = type(result)
    if kind is types.GeneratorType:
        value = _drain(result, done, most)
        if value is not None:
            done.returned = (value,)
    elif kind in _LAZY:
        _drain(result, done, most)
    elif kind is types.CoroutineType:
        done.returned = (_run(result),)
    elif kind is types.AsyncGeneratorType:
        done.items = []
        _run(_drain_async(result, done, most))
    else:
        done.returned = (result,)


def _drain(iterator: Iterator[object], done: Performance, most: int) -> object:
    """Take the items; the value that a generator returns in the end."""
    items: list[object] = []
    done.items = items
    while len(items) < most:
        try:
            items.append(next(iterator))
        except StopIteration as stop:
            return stop.value
    done.whole = False
    if isinstance(iterator, types.GeneratorType):
        iterator.close()
    return None


async def _drain_async(generator: Any, done: Performance, most: int) -> None:
    assert done.items is not None
    async for item in generator:
        done.items.append(item)
        if len(done.items) >= most:
            done.whole = False
            await generator.aclose()
            return


def _run(coroutine: Any) -> object:
    import asyncio

    with asyncio.Runner() as runner:
        return runner.run(coroutine)


def _wait_for_threads() -> None:
    """Let threads that the call started come to their end: their output is the call's."""
    threading = sys.modules.get("threading")
    if threading is None or not _thread._count():
        return
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(_PATIENCE_SECONDS)
