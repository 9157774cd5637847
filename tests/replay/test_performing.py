"""What a target gives back is followed as it was when it was recorded: to its end, or as it was driven."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.replay.performing import Drive, Following, Performance, perform
from legacy_seam.world.event_loop import EventLoop
from legacy_seam.world.recursion import RecursionLimit

LOG: list[str] = []


def echo(first: Any) -> Any:
    try:
        got = yield first
        while got != "stop":
            try:
                got = yield [got]
            except KeyError as error:
                got = yield ["caught", error.args[0]]
        return "end"
    finally:
        LOG.append("closed")


async def stream(first: Any) -> Any:
    try:
        got = yield first
        while got != "stop":
            try:
                got = yield [got]
            except KeyError as error:
                got = yield ["caught", error.args[0]]
    finally:
        LOG.append("closed")


def follow(function: Any, *steps: Drive, most: int = 10) -> Performance:
    LOG.clear()
    loop = EventLoop()
    try:
        return perform(function, (0,), {}, Following(most, {}, loop, steps), RecursionLimit())
    finally:
        loop.end()


def ask(times: int = 1) -> Drive:
    return Drive("next", None, times)


def send(value: Any) -> Drive:
    return Drive("send", value, 1)


def throw(error: BaseException) -> Drive:
    return Drive("throw", error, 1)


CLOSE = Drive("close", None, 1)


@pytest.mark.parametrize("function", [echo, stream])
def test_a_generator_is_driven_as_it_was(function: Any) -> None:
    done = follow(function, ask(), send("a"), ask(2), throw(KeyError("k")), CLOSE)

    assert done.items == ["0", "['a']", "[None]", "[None]", "['caught', 'k']"]
    assert (done.returned, done.raised) == (None, None)
    assert LOG == ["closed"]


@pytest.mark.parametrize(("function", "returned"), [(echo, ("end",)), (stream, None)])
def test_it_may_come_to_its_end_on_the_way(function: Any, returned: Any) -> None:
    done = follow(function, ask(), send("stop"), ask())

    assert (done.items, done.returned, done.raised) == (["0"], returned, None)


@pytest.mark.parametrize("function", [echo, stream])
def test_what_is_thrown_in_may_come_out(function: Any) -> None:
    error = OSError(2, "gone")

    done = follow(function, ask(), throw(error))

    assert (done.items, done.raised) == (["0"], error)
    assert LOG == ["closed"]


@pytest.mark.parametrize("function", [echo, stream])
def test_a_generator_that_was_left_standing_is_closed(function: Any) -> None:
    assert follow(function, ask()).items == ["0"]
    assert LOG == ["closed"]


def test_items_are_told_at_the_moment_when_they_are_yielded() -> None:
    def growing(start: int) -> Any:
        row = []
        for n in range(start, 3):
            row.append(n)
            yield row

    assert follow(growing).items == ["[0]", "[0, 1]", "[0, 1, 2]"]


def test_a_function_that_gives_no_generator_any_more_is_simply_called() -> None:
    assert follow(lambda x: [x], ask(), CLOSE).returned == ([0],)


def test_no_more_items_are_kept_than_wanted() -> None:
    done = follow(echo, ask(5), CLOSE, most=2)

    assert (done.items, done.whole) == (["0", "[None]"], False)
