"""After a call that did nothing to the world, nothing is put back. Whatever a call does is noticed all the same."""

from __future__ import annotations

import json  # noqa: F401
import sys
from typing import Any

import pytest
import time_machine  # noqa: F401

from legacy_seam.world.interpreter import is_foreign

SOURCE = """
import functools, logging, os, random, signal, socket, sys, threading, time, uuid, warnings
DRAW, STDOUT, LOG = random.random, sys.stdout, logging.getLogger('shop')
HANDLE = open('kept.txt', 'a')

class Late:
    def __del__(self): print('gone'); self.draw = DRAW(); os.write(1, b'gone')

@functools.lru_cache
def looked_up_once(): print('looked up'); return 1

def quiet(): return len('quiet')
def draws_by_a_method_it_holds(): return DRAW()
def draws_two_and_leaves_one(): return random.gauss(0, 1)
def seeds(): random.seed(3); return random.random()
def has_another_generator(): random._inst = random.Random(5); return random._inst.random()
def draws_bytes(): return os.urandom(2)
def makes_a_name(): return str(uuid.uuid1()), str(uuid.uuid4())
def prints(): print('x')
def prints_by_what_it_holds(): STDOUT.buffer.write(b'x')
def prints_below(): os.write(1, b'x')
def complains_below(): os.write(2, b'x')
def holds_back(): sys.stdout.reconfigure(write_through=False); sys.stdout.write('x')
def has_another_stream(): seen = sys.stderr is None; sys.stderr = None; return seen
def has_another_input(): seen = sys.stdin is None; sys.stdin = None; return seen
def logs(): LOG.info('x')
def adds_a_logger(): seen = 'new' in logging.root.manager.loggerDict; logging.getLogger('new'); return seen
def warns(): warnings.warn('x')
def reads_clocks(): return time.time(), time.monotonic(), time.perf_counter()
def waits(): time.sleep(5); return time.time(), time.monotonic()
def sets_an_alarm(): seen = signal.getitimer(signal.ITIMER_REAL); signal.alarm(100); return seen
def writes(): open('new.txt', 'w').close(); return os.stat('new.txt').st_ino
def writes_by_what_it_holds(): HANDLE.write('x'); HANDLE.flush()
def dates(): os.utime('kept.txt', (5, 5))
def looks_beyond(): return os.path.exists('/')
def asks_outside(): socket.create_connection(('example.org', 80))
def imports(): import later; return later.__name__
def remembers(): return looked_up_once()
def has_a_thread(): thread = threading.Thread(target=print, args='x'); thread.start(); thread.join()
def leaves_something(): return Late()
"""
DRAWN = "changed random.getstate(), next random.random()"
"""Told of a draw only because some of this code seeds: so the state is looked at."""
TOLD = {
    "draws_by_a_method_it_holds": {"returned", DRAWN},
    "draws_two_and_leaves_one": {"returned", DRAWN},
    "seeds": {"returned", DRAWN},
    "has_another_generator": {"returned", "changed random._inst"},
    "draws_bytes": {"returned"},
    "makes_a_name": {"returned", DRAWN},
    "prints": {"returned", "printed stdout"},
    "prints_by_what_it_holds": {"returned", "printed stdout"},
    "prints_below": {"returned", "printed stdout"},
    "complains_below": {"returned", "printed stderr"},
    "holds_back": {"returned", "printed stdout"},
    "has_another_stream": {"returned", "changed sys.stderr"},
    "has_another_input": {"returned", "changed sys.stdin"},
    "logs": {"returned", "logged 1"},
    "adds_a_logger": {"returned"},
    "warns": {"returned", "warned 1"},
    "reads_clocks": {"returned"},
    "waits": {"returned"},
    "sets_an_alarm": {"returned"},
    "writes": {"returned", "wrote new.txt"},
    "writes_by_what_it_holds": {"returned", "wrote kept.txt"},
    "dates": {"returned", "wrote kept.txt, modified"},
    "looks_beyond": {"returned"},
    "asks_outside": {"raised", "denied 1"},
    "imports": {"returned", "printed stdout"},
    "remembers": {"returned", "printed stdout"},
    "has_a_thread": {"returned", "printed stdout"},
    "leaves_something": {"returned"},
}


def outcomes(program: Any, *names: str) -> list[tuple[Any, ...]]:
    """What came of calls that are made one after the other in one process."""
    calls = [program.call("job:act", name=repr(name)) for name in names]
    return [(one.outcome.effects, one.notes) for one in program.replay(*calls)]


@pytest.fixture
def acts(program: Any) -> Any:
    program.write(job=SOURCE + "\ndef act(name): return globals()[name]()\n", later="print('imported')")
    return program


def test_whatever_a_call_does_is_noticed_after_one_that_did_nothing(acts: Any) -> None:
    found = outcomes(acts, *[name for act in TOLD for name in ("quiet", act)])

    told = [{f"{one.kind} {one.place}".strip() for one in effects} for effects, _ in found]
    assert dict(zip(TOLD, told[1::2], strict=True)) == TOLD
    assert {found.index(one) for one in found[::2]} == {0}


def test_whatever_a_call_does_is_put_back_for_the_next(acts: Any) -> None:
    found = outcomes(acts, *[name for act in TOLD for name in ("quiet", act, act, "quiet")])

    first, second = (dict(zip(TOLD, found[at::4], strict=True)) for at in (1, 2))
    assert first == second
    assert {found.index(one) for one in found[3::4]} == {0}


IN_C = """
import ctypes
C = ctypes.CDLL(None)
MOVE, SPEAK, PUT, FLUSH = C.chdir, C.setlocale, C.puts, C.fflush

def moves(): MOVE(b'/')
def speaks_otherwise(): SPEAK(6, b'C')
def prints(): PUT(b'x'); FLUSH(None)
"""
TOLD_OF_C = {
    "moves": "changed os.getcwd()",
    "speaks_otherwise": "changed locale.setlocale(LC_ALL)",
    "prints": "printed stdout",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the number of LC_ALL is another elsewhere")
def test_what_code_in_c_does_without_a_word_to_python_is_noticed_each_time(program: Any) -> None:
    program.write(job=IN_C)

    found = [
        one.outcome.effects for one in program.replay(*[program.call(f"job:{name}") for name in TOLD_OF_C] * 2)
    ]

    told = [f"{effects[1].kind} {effects[1].place}" for effects in found]
    assert sorted(told) == sorted(2 * [*TOLD_OF_C.values()])


def test_code_in_c_that_is_no_part_of_python_is_met_as_a_module() -> None:
    assert [is_foreign(sys.modules[name]) for name in ("_time_machine", "_json", "sys", "json")] == [True] + 3 * [
        False
    ]
