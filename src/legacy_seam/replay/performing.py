"""Calling a target, and following what it gives back to its end: generators, coroutines."""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from legacy_seam.plaindata import dataclass
from legacy_seam.values import StandInUsed, encode
from legacy_seam.values.data import is_atom
from legacy_seam.world.event_loop import EventLoop
from legacy_seam.world.recursion import RecursionLimit

_LAZY = frozenset(
    map(
        id,
        (
            *(map, filter, zip, enumerate, reversed),
            *(kind for kind in vars(itertools).values() if isinstance(kind, type) and hasattr(kind, "__next__")),
        ),
    )
)
"""Types, by `id`: a metaclass of the program may have a hash of its own."""


@dataclass(frozen=True, slots=True)
class Drive:
    """One step of `Call.driven`, with the live value that is sent or thrown."""

    kind: Literal["next", "send", "throw", "close"]
    value: Any
    times: int


@dataclass(slots=True)
class Performance:
    """What happened: one of the first three is set (items may go before any of them).

    items:    what a generator yielded, as texts, if it was one.
    whole:    False where it had more items than were taken.
    returned: a tuple of one, if the target returned.
    raised:   the exception that left it.
    used:     the stand-in that it used, which means that nothing else counts.
    """

    items: list[str] | None = None
    whole: bool = True
    returned: tuple[object] | None = None
    raised: BaseException | None = None
    used: StandInUsed | None = None


@dataclass(slots=True)
class Following:
    """How what a target gives back is followed.

    most:  items taken from a generator at most.
    names: the name of what an item may refer to, by its `id` (see `encode`).
    loop:  runs coroutines.
    steps: how a generator is driven; where there are none, it is run to its end.
    """

    most: int
    names: Mapping[int, str]
    loop: EventLoop
    steps: tuple[Drive, ...] = ()


def perform(
    function: Callable[..., object],
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
    following: Following,
    limit: RecursionLimit,
) -> Performance:
    """Call a function and follow what it gives back.

    Args:
        function: what to call.
        arguments: positional ones.
        keywords: the others.
        following: how what it gives back is followed.
        limit: says how many calls deep it may go from here.
    """
    done = Performance()
    with limit:
        try:
            result = function(*arguments, **keywords)
            if is_atom(result):
                done.returned = (result,)
            else:
                _follow(result, done, following)
        except StandInUsed as used:
            done.used = used
        except BaseException as raised:
            done.raised = raised
    return done


def _follow(result: Any, done: Performance, following: Following) -> None:
    kind = type(result)
    if kind is types.GeneratorType:
        done.items = []
        value = (_drive if following.steps else _drain)(result, done, following)
        if value is not None:
            done.returned = (value,)
    elif id(kind) in _LAZY:
        done.items = []
        _drain(result, done, following)
    elif kind is types.CoroutineType:
        done.returned = (following.loop.run(result),)
    elif kind is types.AsyncGeneratorType:
        done.items = []
        following.loop.run((_drive_async if following.steps else _drain_async)(result, done, following))
    else:
        done.returned = (result,)


def _drain(iterator: Iterator[object], done: Performance, following: Following) -> object:
    """Take the items; the value that a generator returns in the end."""
    while done.whole:
        try:
            _take(next(iterator), done, following)
        except StopIteration as stop:
            return stop.value
    if isinstance(iterator, types.GeneratorType):
        iterator.close()
    return None


def _drive(generator: Any, done: Performance, following: Following) -> object:
    """Do to a generator what the caller did; the value that it returns, if it comes to its end."""
    for step in following.steps:
        for _ in range(step.times):
            try:
                match step.kind:
                    case "next":
                        item = next(generator)
                    case "send":
                        item = generator.send(step.value)
                    case "throw":
                        item = generator.throw(step.value)
                    case "close":
                        generator.close()
                        continue
            except StopIteration as stop:
                return stop.value
            _take(item, done, following)
    generator.close()
    return None


async def _drain_async(generator: Any, done: Performance, following: Following) -> None:
    async for item in generator:
        _take(item, done, following)
        if not done.whole:
            await generator.aclose()
            return


async def _drive_async(generator: Any, done: Performance, following: Following) -> None:
    for step in following.steps:
        for _ in range(step.times):
            try:
                match step.kind:
                    case "next":
                        item = await anext(generator)
                    case "send":
                        item = await generator.asend(step.value)
                    case "throw":
                        item = await generator.athrow(step.value)
                    case "close":
                        await generator.aclose()
                        continue
            except StopAsyncIteration:
                return
            _take(item, done, following)
    await generator.aclose()


def _take(item: object, done: Performance, following: Following) -> None:
    assert done.items is not None
    if len(done.items) < following.most:
        done.items.append(encode(item, names=following.names))
    done.whole = len(done.items) < following.most
