"""Locks and variables of a thread: as they are for the thread that makes the call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from legacy_seam.values import Allow, decode, encode
from legacy_seam.values.kinds import machinery

HERE = Allow.for_modules(__name__)
SET_UP: list[str] = []


class Connections(threading.local):
    def __init__(self) -> None:
        SET_UP.append(threading.current_thread().name)
        self.open: list[str] = []


class Session(threading.local):
    user = "nobody"


def back(value: object) -> Any:
    return decode(encode(value), allow=HERE)


def elsewhere(act: Callable[[], Any]) -> Any:
    """What it gives in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


@pytest.fixture
def only_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """This thread is the only one, whatever runs the tests has started."""
    monkeypatch.setattr(machinery, "_is_only_thread", lambda: True)


def test_variables_of_a_thread_are_those_of_the_thread_that_calls() -> None:
    variables = threading.local()
    variables.depth = 3
    elsewhere(lambda: setattr(variables, "depth", 9))

    assert encode(variables) == "local(depth=3)"
    assert back(variables).depth == 3
    assert elsewhere(lambda: encode(variables)) == "local()"


def test_a_subclass_comes_back_as_such() -> None:
    session = Session()
    session.user = "ann"
    assert type(back(session)) is Session
    assert (back(session).user, back(Session()).user) == ("ann", "nobody")


def test_code_that_sets_a_thread_up_is_never_run_by_us(only_thread: None) -> None:
    connections = Connections()
    connections.open.append("db")
    SET_UP.clear()

    assert back(connections).open == ["db"]
    assert not SET_UP


def test_variables_of_several_threads_that_a_class_sets_up_are_not_looked_at(only_thread: None) -> None:
    connections, used, done = Connections(), threading.Event(), threading.Event()

    def use() -> None:
        connections.open.append("x")
        used.set()
        done.wait()

    other = threading.Thread(target=use)
    other.start()
    used.wait()
    try:
        assert "among several threads" in encode(connections)
    finally:
        done.set()
        other.join()


def test_a_cycle_through_variables_of_a_thread_is_kept() -> None:
    variables = threading.local()
    variables.itself = variables
    made = back(variables)
    assert made.itself is made


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_reentrant_lock_is_held_as_often_as_it_was(count: int) -> None:
    lock = threading.RLock()
    for _ in range(count):
        lock.acquire()
    made = back(lock)
    for _ in range(count):
        made.release()
    with pytest.raises(RuntimeError):
        made.release()


def test_a_reentrant_lock_of_another_thread_is_not_taken() -> None:
    lock = threading.RLock()
    with lock:
        assert "a lock that another thread holds" in elsewhere(lambda: encode(lock))


def test_a_lock_that_is_held_stays_held_where_there_is_one_thread(only_thread: None) -> None:
    lock = threading.Lock()
    with lock:
        assert back(lock).locked()
    assert not back(lock).locked()


def test_a_lock_that_is_held_is_not_taken_where_there_are_several_threads() -> None:
    lock = threading.Lock()
    with lock:
        assert "a lock that is held" in elsewhere(lambda: encode(lock))


def test_a_pool_of_threads_is_told_by_its_size_and_works_again() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(pow, 2, 3).result() == 8
        text = encode(pool)
    assert text == "ThreadPoolExecutor(2)"
    with decode(text) as made:  # type: ignore[attr-defined]
        assert list(made.map(abs, [-1, 2])) == [1, 2]
    assert encode(made) == "ThreadPoolExecutor(2, shut_down=True)"


def test_a_pool_with_work_to_do_is_no_value() -> None:
    gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            pool.submit(gate.wait)
        try:
            assert "work to do" in encode(pool)
        finally:
            gate.set()
