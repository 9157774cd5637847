"""A module in which a judge of mutants goes wrong as soon as it takes a short cut.

Caches that are filled once, state that stays behind wherever Python lets it, loops that swallow what is to end them,
ends of the process, waits of hours, threads, handlers, patches of builtins: `benchmarks/verdicts.py` asks of each
mutant whether `grade` says what a fresh interpreter with the mutated file does.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextlib
import contextvars
import decimal
import functools
import gc
import itertools
import logging
import os
import queue
import random
import re
import signal
import sys
import threading
import time
import warnings
import weakref
from collections import namedtuple

LIMIT = 12
NAMES = ("ann", "bob", "cyd")
_rates = {}
_patterns = {}
_interned = {}
_seen = []
_total = 0
_tickets = itertools.count(1)
_lock = threading.Lock()
_local = threading.local()
_depth = contextvars.ContextVar("depth", default=0)
_alive = weakref.WeakValueDictionary()
_dice = random.Random(7)
Point = namedtuple("Point", "x y")
TABLE = {name: number * 3 for number, name in enumerate(NAMES)}


# --- caches -------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def squares(count):
    total = 0
    for number in range(count):
        total += number * number
    return total


def ratio(first, second):
    if second == 0:
        return 0
    return squares(first) / (squares(second) + 1)


def rate(code):
    if not _rates:
        for number, name in enumerate("ABCDE", 1):
            _rates[name] = number * 10
    if code in _rates:
        return _rates[code]
    return -1


def pattern(text):
    found = _patterns.get(text)
    if found is None:
        found = _patterns[text] = re.compile(text + r"\d+")
    return found


def find(text, where):
    match = pattern(text).search(where)
    if match is None:
        return ""
    return match.group(0)


def intern(text):
    if text not in _interned:
        _interned[text] = [text, len(_interned)]
    _interned[text][1] += 1
    return _interned[text]


class Lazy:
    """What is computed once for each object, and once for all."""

    made = 0
    shared = None

    def __init__(self, start):
        Lazy.made += 1
        self.start = start

    @functools.cached_property
    def doubled(self):
        return self.start * 2

    @classmethod
    def instance(cls):
        if cls.shared is None:
            cls.shared = cls(5)
        return cls.shared


def lazily(start):
    one = Lazy(start)
    first = one.doubled
    one.start += 1
    return first + one.doubled + Lazy.instance().start


# --- state that stays ---------------------------------------------------------------------------------------------


def gather(item, into=[]):
    into.append(item)
    if len(into) > 3:
        del into[:]
    return len(into)


def number_of_calls(step=1):
    global _total
    _total += step
    if _total > 100:
        _total = 0
    return _total


def ticket(prefix):
    number = next(_tickets)
    if number > 1000:
        return prefix
    return prefix + str(number)


def roll(sides):
    value = _dice.randint(1, sides)
    if value == sides:
        value += _dice.randint(1, sides)
    return value


def counted(text):
    counted.calls += 1
    if counted.calls > 2:
        counted.calls = 0
    return text * counted.calls


counted.calls = 0


def counter(start):
    count = start

    def step(by):
        nonlocal count
        count += by
        if count > LIMIT:
            count = start
        return count

    return step


_shared_step = counter(3)


def stepped(by):
    return _shared_step(by) + _shared_step(1)


class Account:
    """Objects that all share a ledger."""

    ledger = []
    interest = 3

    def __init__(self, owner, amount=0):
        self.owner = owner
        self.amount = amount
        type(self).ledger.append(owner)

    @property
    def worth(self):
        return self.amount * (100 + self.interest) // 100

    @worth.setter
    def worth(self, value):
        self.amount = value * 100 // (100 + self.interest)

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError(f"{amount} for {self.owner}")
        self.amount += amount
        if self.amount > 1000:
            type(self).interest += 1
        return self.worth


def account(owner, *amounts):
    one = Account(owner)
    for amount in amounts:
        with contextlib.suppress(ValueError):
            one.deposit(amount)
    one.worth = one.worth + 10
    return one.worth, len(Account.ledger), Account.interest


class Mourned:
    """Says so when it goes."""

    def __init__(self, name):
        self.name = name
        _alive[name] = self

    def __del__(self):
        _seen.append(self.name)


def mourn(name):
    one = Mourned(name)
    before = len(_alive)
    del one
    gc.collect()
    return before, len(_alive), list(_seen)


def nested(level):
    token = _depth.set(_depth.get() + 1)
    try:
        if level > 0:
            return nested(level - 1) + _depth.get()
        return _depth.get()
    finally:
        _depth.reset(token)


def remembered(value):
    last = getattr(_local, "last", None)
    _local.last = value
    if last == value:
        return "again"
    return "new"


# --- the interpreter and the process ------------------------------------------------------------------------------


def shout(text):
    before = builtins.len
    builtins.len = lambda thing: 40
    try:
        padded = text.ljust(len(text) - 30, "!")
    finally:
        builtins.len = before
    return padded.upper()


def precise(number):
    before = decimal.getcontext().prec
    decimal.getcontext().prec = 5
    try:
        return str(decimal.Decimal(number) / 7)
    finally:
        decimal.getcontext().prec = before


def in_environment(name, value):
    before = os.environ.get(name)
    os.environ[name] = value
    if before is None:
        del os.environ[name]
    else:
        os.environ[name] = before
    return before or value


def deep(limit, level=0):
    if level > limit:
        return level
    try:
        return deep(limit, level + 1)
    except RecursionError:
        return -1


def deeper(limit):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 50)
    try:
        return deep(limit)
    finally:
        sys.setrecursionlimit(before)


def seeded(seed):
    random.seed(seed)
    first = random.randint(1, 6)
    if first > 3:
        first += random.randint(1, 6)
    return first


def told(text, level):
    log = logging.getLogger("hostile")
    before = log.level
    log.setLevel(logging.WARNING)
    is_heard = log.isEnabledFor(level)
    log.setLevel(before)
    if is_heard:
        return text
    return ""


def warned(number):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if number > LIMIT:
            warnings.warn("too much", stacklevel=1)
    return len(caught)


def at_the_end(text):
    atexit.register(_seen.append, text)
    count = len(_seen)
    atexit.unregister(_seen.append)
    return count


def handled(times):
    heard = []

    def hear(number, frame):
        heard.append(number)

    before = signal.signal(signal.SIGUSR1, hear)
    for _ in range(times):
        signal.raise_signal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    return len(heard)


def without_timers(text):
    before = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    result = text.replace("a", "b")
    signal.signal(signal.SIGPROF, before)
    return result


# --- ends ---------------------------------------------------------------------------------------------------------


def leave(level):
    if level > 90:
        os._exit(0)
    if level > 50:
        sys.exit(level)
    if level < -50:
        os.kill(os.getpid(), signal.SIGKILL)
    if level < 0:
        raise KeyboardInterrupt
    return level * 2


def stubborn(times):
    tries = 0
    while True:
        try:
            tries += 1
            if tries > times:
                return tries
            raise ValueError(tries)
        except:
            pass


def polled(ready_after):
    tries = 0
    while tries < ready_after:
        try:
            time.sleep(1800 if tries > LIMIT else 0.001)
            tries += 1
        except BaseException:
            continue
    return tries


def endless(sides):
    return sum(itertools.islice(itertools.count(sides), 5))


def padded(width):
    return len("x" * 10**width)


def retry(times):
    def decorate(function):
        @functools.wraps(function)
        def tried(*given):
            left = times
            while left > 0:
                try:
                    return function(*given, left)
                except Exception:
                    left -= 1
            return None

        return tried

    return decorate


@retry(4)
def flaky(limit, left):
    if left > limit:
        raise OSError(left)
    return left


def patient(ticks):
    if ticks > LIMIT:
        time.sleep(3600)
    started = time.monotonic()
    while time.monotonic() - started < ticks / 100:
        time.sleep(0.005)
    return round((time.monotonic() - started) * 10)


# --- recursion ----------------------------------------------------------------------------------------------------


def fibonacci(number):
    if number < 2:
        return number
    return fibonacci(number - 1) + fibonacci(number - 2)


def is_even(number):
    if number == 0:
        return True
    return is_odd(number - 1)


def is_odd(number):
    if number == 0:
        return False
    return is_even(number - 1)


# --- generators ---------------------------------------------------------------------------------------------------


def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def naturals():
    number = 0
    while True:
        yield number
        number += 1


_running = naturals()


def drawn(count):
    return [next(_running) for _ in range(count)]


def taken(count):
    found = []
    for number in naturals():
        if number * 2 > count:
            break
        found.append(number)
    return found


# --- threads ------------------------------------------------------------------------------------------------------


def in_parallel(numbers):
    sums = []

    def work(number):
        with _lock:
            sums.append(number * 2)

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(sums)


def by_queue(items):
    waiting, done = queue.Queue(), []

    def work():
        while (item := waiting.get()) is not None:
            done.append(item + 1)
            waiting.task_done()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    for item in items:
        waiting.put(item)
    waiting.join()
    waiting.put(None)
    worker.join()
    return done


def locked(number):
    _lock.acquire()
    try:
        if number > LIMIT:
            return LIMIT
        return number
    finally:
        _lock.release()


async def _fetched(name):
    await asyncio.sleep(0.001)
    return len(name) + LIMIT


async def _all(names):
    return await asyncio.gather(*(_fetched(name) for name in names))


def concurrently(names):
    return asyncio.run(_all(names))


# --- how functions are held ---------------------------------------------------------------------------------------


def _add(first, second=10):
    return first + second


def _subtract(first, second=10):
    return first - second


OPERATIONS = {"+": _add, "-": _subtract, "*": functools.partial(_add, second=LIMIT)}


def apply(sign, first):
    return OPERATIONS[sign](first)


def place(x, y):
    point = Point(x, y)._replace(x=TABLE.get("bob", 0))
    if point.x < point.y:
        return point
    return Point(point.y, point.x)


@functools.singledispatch
def described(thing):
    return f"thing {thing}"


@described.register
def _(thing: int):
    return f"number {thing + 1}"


@described.register
def _(thing: str):
    return f"text {thing[1:]}"
