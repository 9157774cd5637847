"""Time that passes only when everybody waits: nothing is waited for in earnest, and threads come in their order."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.replay import WAITS_FOR_EVER
from legacy_seam.values import encode

SOURCE = """
import asyncio, queue, sched, select, signal, os, threading, time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

def event(): return threading.Event().wait(30), round(time.time() - START)
def condition():
    with (c := threading.Condition()): return c.wait(30)
def nobody_puts():
    try: queue.Queue().get(timeout=30)
    except queue.Empty: return round(time.time() - START)
def timer():
    out = []
    t = threading.Timer(30, out.append, (1,)); t.start(); t.join(); return out, round(time.time() - START)
def scheduler():
    s, out = sched.scheduler(), []
    s.enter(20, 1, out.append, ('late',)); s.enter(10, 1, out.append, ('early',)); s.run(); return out
def nothing_to_read():
    r, w = os.pipe()
    return select.select([r], [], [], 30), round(time.time() - START)
def sleepers():
    out = []
    def sleep(n): time.sleep(n); out.append(n)
    threads = [threading.Thread(target=sleep, args=(n,)) for n in (5, 1, 3)]
    [t.start() for t in threads]; [t.join() for t in threads]
    return out, round(time.time() - START)
def producer():
    q, got = queue.Queue(), []
    def produce():
        for n in range(3): time.sleep(2); q.put(n)
    threading.Thread(target=produce).start()
    for _ in range(3): got.append((q.get(timeout=10), round(time.time() - START)))
    return got
def late_producer():
    q = queue.Queue()
    threading.Thread(target=lambda: (time.sleep(20), q.put(1))).start()
    try: return q.get(timeout=10)
    except queue.Empty: return 'empty'
def one_that_computes():
    done = threading.Event()
    threading.Thread(target=lambda: (sum(range(3_000_000)), done.set())).start()
    return done.wait(5)
def afterwards():
    threading.Thread(target=lambda: (time.sleep(30), print('late'))).start()
def in_the_background():
    def tick():
        while True: time.sleep(1); print('tick')
    threading.Thread(target=tick, daemon=True).start()
    time.sleep(3.5)
def pool():
    with ThreadPoolExecutor(3) as e:
        future = e.submit(time.sleep, 10)
        try: return future.result(timeout=2)
        except TimeoutError: return 'timeout'
async def gathered():
    async def nap(n): await asyncio.sleep(n); return n
    return await asyncio.wait_for(asyncio.gather(nap(3), nap(1)), 10), round(time.time() - START)
async def too_late():
    try: await asyncio.wait_for(asyncio.sleep(30), 1)
    except TimeoutError: return round(time.time() - START)
def alarm():
    got = []
    signal.signal(signal.SIGALRM, lambda *a: got.append(round(time.time() - START)))
    signal.alarm(2); time.sleep(5); return got, round(time.time() - START)
def interrupted():
    def ring(*a): raise TimeoutError
    signal.signal(signal.SIGALRM, ring); signal.setitimer(signal.ITIMER_REAL, 2.5)
    try: time.sleep(5)
    except TimeoutError: return time.time() - START
def polls_the_clock():
    deadline = time.time() + 3600
    while time.time() < deadline: pass
    return True
def polls_the_date():
    began = datetime.now()
    while (datetime.now() - began).total_seconds() < 5: pass
    return True
def polls_the_running_clock():
    deadline = time.monotonic() + 3600
    while time.monotonic() < deadline: pass
    return True
START = 1_700_000_000.25
"""

OUTCOMES = {
    "event": "(False, 30)",
    "condition": "False",
    "nobody_puts": "30",
    "timer": "([1], 30)",
    "scheduler": "['early', 'late']",
    "nothing_to_read": "(([], [], []), 30)",
    "sleepers": "([1, 3, 5], 5)",
    "producer": "[(0, 2), (1, 4), (2, 6)]",
    "late_producer": "'empty'",
    "one_that_computes": "True",
    "pool": "'timeout'",
    "gathered": "([3, 1], 3)",
    "too_late": "1",
    "alarm": "([2], 5)",
    "interrupted": "2.5",
    "polls_the_clock": "True",
    "polls_the_date": "True",
    "polls_the_running_clock": "True",
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_waiting_takes_no_time(program: Any, name: str) -> None:
    program.write(job=SOURCE)
    assert program.outcome(f"job:{name}")["returned"] == OUTCOMES[name]


def test_what_threads_do_after_the_call_belongs_to_it(program: Any) -> None:
    program.write(job=SOURCE)
    assert program.outcome("job:afterwards")["printed stdout"] == "'late\\n'"


def test_a_thread_that_never_ends_does_not_reach_into_the_next_call(program: Any) -> None:
    program.write(job=SOURCE)
    calls = [program.call("job:in_the_background"), program.call("job:nothing_to_read")]
    first, second = program.replay(*calls)
    assert [e.text for e in first.outcome.effects if e.kind == "printed"] == ["'tick\\ntick\\ntick\\n'"]
    assert [(e.kind, e.text) for e in second.outcome.effects] == [("returned", "(([], [], []), 30)")]


FOR_EVER = """
import asyncio, queue, select, signal, os, threading

def event(): threading.Event().wait()
def empty_queue(): queue.Queue().get()
def pause(): signal.pause()
def nothing_to_read(): select.select([os.pipe()[0]], [], [])
async def future(): await asyncio.get_running_loop().create_future()
def each_for_the_other():
    first, second = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (first.wait(), second.set()))
    thread.start()
    second.wait()
def join():
    thread = threading.Thread(target=threading.Event().wait)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize(
    "name",
    [line.split("def ")[1].split("(")[0] for line in FOR_EVER.splitlines() if line.startswith(("def", "async"))],
)
def test_waiting_for_what_nobody_brings_ends_the_call(program: Any, name: str) -> None:
    program.write(shop=FOR_EVER)

    assert program.outcome(f"shop:{name}") == {"ended": encode(WAITS_FOR_EVER)}


def test_an_alarm_ends_a_wait_without_a_limit(program: Any) -> None:
    program.write(
        shop="""
        import signal, threading

        def alarmed():
            def ring(number, frame): raise TimeoutError("rang")
            signal.signal(signal.SIGALRM, ring)
            signal.alarm(30)
            threading.Event().wait()

        def woken_by_the_third():
            rings, event = [], threading.Event()
            def ring(number, frame):
                rings.append(number)
                if len(rings) == 3: event.set()
            signal.signal(signal.SIGALRM, ring)
            signal.setitimer(signal.ITIMER_REAL, 30, 10)
            return event.wait(), len(rings)
        """
    )

    assert program.outcome("shop:alarmed")["raised"] == "TimeoutError('rang')"
    assert program.outcome("shop:woken_by_the_third")["returned"] == "(True, 3)"


def test_threads_that_compute_take_long_turns(program: Any) -> None:
    program.write(job="import sys\ndef turn(): return sys.getswitchinterval()")
    assert program.outcome("job:turn") == {"returned": "0.125"}


def test_a_thread_that_waits_for_ever_is_left_behind_at_once(program: Any) -> None:
    program.write(
        shop="""
        import threading

        def starts():
            threading.Thread(target=threading.Event().wait).start()
            return "started"
        """
    )

    assert program.outcome("shop:starts") == {"returned": "'started'"}
