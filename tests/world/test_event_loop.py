"""The event loop of a replayed call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from legacy_seam.world.event_loop import EventLoop, is_in_event_loop


@pytest.fixture
def loop() -> Iterator[EventLoop]:
    made = EventLoop()
    yield made
    made.end()


async def where() -> tuple[bool, asyncio.AbstractEventLoop]:
    return is_in_event_loop(), asyncio.get_running_loop()


def test_code_is_in_a_loop_while_one_runs_it_in_this_thread(loop: EventLoop) -> None:
    seen: list[bool] = []

    async def in_another_thread() -> None:
        await asyncio.to_thread(lambda: seen.append(is_in_event_loop()))

    assert not is_in_event_loop()
    assert loop.run(where()) == (True, loop.get())
    loop.run(in_another_thread())
    loop.rest()
    assert seen == [False]


def test_there_is_none_until_one_is_wanted_and_none_after_the_end(loop: EventLoop) -> None:
    assert loop.is_untouched
    first = loop.get()
    assert not loop.is_untouched
    assert loop.get() is first
    loop.end()
    assert loop.is_untouched and first.is_closed()
    assert loop.get() is not first


def test_one_that_the_program_has_closed_is_replaced(loop: EventLoop) -> None:
    loop.get().close()
    assert not loop.get().is_closed()


def test_plain_functions_find_it_running_and_what_they_start_waits(loop: EventLoop) -> None:
    begun: list[int] = []

    async def later() -> None:
        begun.append(1)

    with loop.running():
        assert asyncio.get_running_loop() is loop.get()
        task = asyncio.ensure_future(later())
        refused = where()
        with pytest.raises(RuntimeError, match="running event loop"):
            asyncio.run(refused)
        refused.close()
    assert not is_in_event_loop()
    assert not (task.done() or begun)


def test_tasks_are_numbered_anew_for_each_loop(loop: EventLoop) -> None:
    async def names() -> list[str]:
        tasks = [asyncio.create_task(where()), asyncio.create_task(where(), name="own")]
        await asyncio.wait(tasks)
        return [task.get_name() for task in (asyncio.current_task(), *tasks) if task]

    for _ in range(2):
        assert loop.run(names()) == ["Task-1", "Task-2", "own"]
        loop.end()


def test_what_waits_at_the_end_is_closed_and_goes_no_further(
    loop: EventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    story: list[str] = []

    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(3600)
                story.append("went on")
            except asyncio.CancelledError:
                story.append("cancelled")
            finally:
                story.append("cleaned up")

    async def start() -> None:
        loop.get().create_task(stubborn())
        await asyncio.sleep(0)

    loop.run(start())
    loop.end()
    assert story == ["cleaned up"]
    assert caplog.records == []


def test_threads_of_the_loop_end_when_there_is_no_more_work(loop: EventLoop) -> None:
    async def work() -> str:
        return await asyncio.to_thread(lambda: threading.current_thread().name)

    name = loop.run(work())
    loop.rest()
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(5)
            assert not thread.is_alive()
