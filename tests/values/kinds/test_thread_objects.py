"""Threads that do not run are values: what whoever made them chose, and whether they came to their end."""

from __future__ import annotations

import threading
from typing import Any

from legacy_seam.values import Allow, decode, encode

HERE = __name__
ALLOW = Allow.for_modules(HERE)


class Worker(threading.Thread):
    def __init__(self, number: int) -> None:
        super().__init__(name=f"worker-{number}", daemon=True)
        self.number = number
        self.seen: list[object] = []

    def run(self) -> None:
        self.seen += [encode(self, width=None), threading.current_thread() is self]


def made_again(thread: threading.Thread) -> Any:
    return decode(encode(thread), allow=ALLOW)


def test_one_that_was_not_started_is_told_by_what_was_chosen() -> None:
    text = f"{HERE}:Worker(_name='worker-1', _daemonic=True, number=1, seen=[])"
    assert encode(Worker(1), width=None) == text
    plain = threading.Thread(target=print, args=(1,), name="p")
    assert encode(plain, width=None) == "threading:Thread(_target=builtins:print, _name='p', _args=(1,))"


def test_it_can_be_started_when_it_comes_back() -> None:
    found: list[int] = []
    plain: Any = made_again(threading.Thread(target=[].append, args=(1,), name="p"))
    plain._target = found.append
    made = made_again(Worker(1))
    for thread in (plain, made):
        assert not thread.is_alive() and thread.ident is None
        thread.start()
        thread.join()
    assert found == [1]
    assert made.name == "worker-1" and made.daemon and made.seen[1] is True


def test_while_it_runs_it_is_a_value_for_itself_only() -> None:
    worker, begun, may_end = Worker(1), threading.Event(), threading.Event()
    worker.start()
    worker.join()
    assert worker.seen[0] == f"{HERE}:Worker(_name='worker-1', _daemonic=True, number=1, seen=[])"

    def wait() -> None:
        begun.set()
        may_end.wait(5)

    other = threading.Thread(target=wait)
    other.start()
    begun.wait(5)
    assert encode(other) == "opaque('threading:Thread', 'a thread')"
    may_end.set()
    other.join()
    assert "a thread" in encode(threading.main_thread())


def test_one_that_has_ended_comes_back_as_such() -> None:
    worker = Worker(1)
    worker.start()
    worker.join()
    worker.seen.clear()
    text = f"{HERE}:Worker(_name='worker-1', _daemonic=True, number=1, seen=[], _is_stopped=True)"
    assert encode(worker, width=None) == text
    made = made_again(worker)
    assert not made.is_alive()
    made.join()
    assert encode(made, width=None) == text


def test_an_instance_that_no_init_has_seen_is_one_without_attributes() -> None:
    blank = Worker.__new__(Worker)
    assert encode(blank) == f"{HERE}:Worker()"
    made = made_again(blank)
    Worker.__init__(made, 3)
    assert made.number == 3


def test_timers_are_threads() -> None:
    timer: Any = made_again(threading.Timer(0.0, print, ["x"]))
    assert timer.interval == 0.0 and timer.args == ["x"] and not timer.finished.is_set()


def test_asking_uses_up_no_name() -> None:
    def number() -> int:
        return int(threading.Thread(target=print).name.split()[0].partition("-")[2])

    before = number()
    made_again(Worker(1))
    assert number() == before + 1
