"""Event loops are one and the same; futures, ended tasks and timers are values."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import Allow, DecodeError, decode, encode
from legacy_seam.values.kinds.event_loops import loops_of

ALLOW = Allow.for_modules("builtins")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    loops_of(lambda: made)
    yield made
    loops_of(None)
    made.close()


def made_again(value: object) -> Any:
    return decode(encode(value), allow=ALLOW)


def ended(loop: asyncio.AbstractEventLoop, come_to: Callable[[], object], name: str | None = None) -> Any:
    async def run() -> object:
        return come_to()

    task = loop.create_task(run(), name=name)
    loop.run_until_complete(asyncio.wait([task]))
    return task


def fails() -> object:
    raise KeyError("k")


def gives_up() -> object:
    raise asyncio.CancelledError


def test_a_loop_is_that_of_the_world(loop: asyncio.AbstractEventLoop) -> None:
    other = asyncio.new_event_loop()
    assert encode(other) == "event_loop()"
    assert made_again(other) is loop
    assert encode([other, other]) == "[&1 event_loop(), *1]"
    other.close()
    assert encode(other).startswith("opaque(") and "closed" in encode(other)


def test_without_a_world_there_is_none(loop: asyncio.AbstractEventLoop) -> None:
    loops_of(None)
    try:
        with pytest.raises(DecodeError, match="where calls are replayed only"):
            decode("event_loop()", allow=ALLOW)
    finally:
        loops_of(lambda: loop)


def test_one_that_another_thread_runs_is_none() -> None:
    other = asyncio.new_event_loop()
    runner = threading.Thread(target=other.run_forever)
    runner.start()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), other).result(5)
    text = encode(other)
    other.call_soon_threadsafe(other.stop)
    runner.join()
    other.close()
    assert "an event loop of another thread" in text


def test_queues_that_somebody_waits_for_come_back(loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        queue: asyncio.Queue[int] = asyncio.Queue()
        waiting = loop.create_task(queue.get())
        await asyncio.sleep(0)
        again = made_again(queue)
        again.put_nowait(1)
        assert await again.get() == 1
        assert not waiting.done()
        waiting.cancel()

    loop.run_until_complete(story())


@given(result=st.none() | st.integers() | st.text() | st.lists(st.integers()))
def test_futures_and_tasks_come_back_with_their_result(loop: asyncio.AbstractEventLoop, result: object) -> None:
    future = loop.create_future()
    assert encode(future) == "asyncio.Future()"
    assert not made_again(future).done()
    future.set_result(result)
    for value in (future, ended(loop, lambda: result), ended(loop, lambda: result, "own")):
        again = made_again(value)
        assert type(again) is type(value)
        assert again.result() == result
        assert encode(again) == encode(value)
        assert again.get_loop() is loop


@pytest.mark.parametrize("come_to", [fails, gives_up])
def test_futures_and_tasks_come_back_as_they_failed(
    loop: asyncio.AbstractEventLoop, come_to: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    task = ended(loop, come_to, "own")
    future = loop.create_future()
    if task.cancelled():
        future.cancel()
    else:
        future.set_exception(KeyError("k"))
    for value in (task, future):
        again = made_again(value)
        assert again.cancelled() == value.cancelled()
        with pytest.raises((KeyError, asyncio.CancelledError)):
            again.result()
        assert encode(made_again(value)) == encode(value)
        with pytest.raises((KeyError, asyncio.CancelledError)):
            value.result()
    gc.collect()
    assert caplog.records == []


def test_to_write_a_future_is_not_to_ask_it(loop: asyncio.AbstractEventLoop) -> None:
    future = loop.create_future()
    future.set_exception(KeyError("k"))
    encode(future)
    assert future._log_traceback  # who made it still hears that nobody asked
    future.exception()


def test_names_that_count_the_tasks_of_a_process_are_not_told(loop: asyncio.AbstractEventLoop) -> None:
    assert encode(ended(loop, lambda: 1)) == "asyncio.Task(result=1)"
    assert encode(ended(loop, lambda: 1, "fetch")) == "asyncio.Task('fetch', result=1)"
    pending = loop.create_task(asyncio.sleep(0))
    assert "a task that has not ended" in encode(pending)
    loop.run_until_complete(pending)


class Promise(asyncio.Future[int]):
    def result(self) -> int:
        raise AssertionError("nobody may ask")


def test_those_of_a_class_of_its_own_are_refused_since_they_hold_more(loop: asyncio.AbstractEventLoop) -> None:
    assert "of a class of its own" in encode(Promise(loop=loop))


def test_a_task_comes_back_without_anything_else_having_run(loop: asyncio.AbstractEventLoop) -> None:
    ran: list[int] = []
    task = ended(loop, lambda: 2)
    handle = loop.call_soon(ran.append, 1)
    assert made_again(task).result() == 2
    assert ran == []
    handle.cancel()


def test_what_is_due_later_is_told_with_its_moment(loop: asyncio.AbstractEventLoop) -> None:
    timer = loop.call_at(1e9, print, "a", 1)
    assert encode(timer) == "asyncio.TimerHandle(1000000000.0, builtins:print, 'a', 1)"
    again = made_again(timer)
    assert (again.when(), again.cancelled()) == (1e9, False)
    again.cancel()
    timer.cancel()
    assert encode(again) == encode(timer) == "asyncio.TimerHandle(1000000000.0)"
    soon = loop.call_soon(print, "a")
    assert encode(made_again(soon)) == "asyncio.Handle(builtins:print, 'a')"
    soon.cancel()
    assert made_again(soon).cancelled()
