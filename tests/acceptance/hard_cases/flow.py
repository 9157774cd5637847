"""Functions that are left and entered again: generators, coroutines, context managers."""

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor


def items(n):
    for number in range(n):
        yield number * number  # becomes: yield number * number if number != 7 else 50


def sent(total=0):
    while total < 100:
        got = yield total
        total += got or 1  # becomes: total += got or 2


def thrown():
    seen = []
    while True:
        try:
            yield list(seen)
        except LookupError as error:
            seen.append(type(error).__name__)  # becomes: seen.append("LookupError")


def closed(log):
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")  # becomes: log.append("close")


def gives_back(n):
    yield from range(n)
    return n * 2  # becomes: return n * 2 + 1


def delegates(n):
    result = yield from gives_back_too(n)
    yield result  # becomes: yield result + 1


def gives_back_too(n):
    yield n
    return n


def lazy(rows):
    return (row.strip() for row in rows)  # becomes: return (row.rstrip() for row in rows)


def fails_late(n):
    yield n
    raise ValueError("late")  # becomes: raise ValueError("Late")


async def awaited(n):
    await asyncio.sleep(0)
    return n + 1  # becomes: return n + 2


async def gathers(n):
    done = await asyncio.gather(*(plain_double(i) for i in range(n)))
    return done  # becomes: return done[::-1]


async def plain_double(n):
    await asyncio.sleep(0.001)
    return n * 2


async def streams(n):
    for number in range(n):
        await asyncio.sleep(0)
        yield number  # becomes: yield number or None


@contextlib.asynccontextmanager
async def leased(log):
    log.append("in")
    yield len(log)
    log.append("out")  # becomes: log.append("gone")


class Lease:
    def __init__(self, log):
        self.log = log

    async def __aenter__(self):
        self.log.append("enter")
        return self.log  # becomes: return len(self.log)

    async def __aexit__(self, kind, error, trace):
        self.log.append(kind and kind.__name__)
        return kind is KeyError  # becomes: return kind is not None


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n  # becomes: return -self.n


async def times_out(seconds):
    try:
        await asyncio.wait_for(asyncio.sleep(5), seconds)
    except TimeoutError:
        return "timed out"  # becomes: return "timeout"


class Guard:
    def __init__(self, quiet):
        self.quiet = quiet
        self.seen = None

    def __enter__(self):
        return self  # becomes: return None

    def __exit__(self, kind, error, trace):
        self.seen = str(error)  # becomes: self.seen = repr(error)
        return self.quiet


@contextlib.contextmanager
def switched(state, value):
    before, state["on"] = state["on"], value
    try:
        yield before
    finally:
        state["on"] = before  # becomes: state["on"] = None


def in_threads(numbers):
    found = []
    threads = [threading.Thread(target=found.append, args=(n * n,)) for n in numbers]
    for thread in threads:
        thread.start()
        thread.join()
    return found  # becomes: return found[1:]


def in_a_pool(numbers):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(abs, numbers))  # becomes: return list(pool.map(float, numbers))


def runs_a_loop(n):
    return asyncio.run(plain_double(n))  # becomes: return str(asyncio.run(plain_double(n)))


def climbs(n):
    return 1 if n < 2 else n * climbs(n - 1)  # becomes: return 1 if n < 3 else n * climbs(n - 1)


class Steps:
    def __init__(self, limit):
        self.limit = limit

    def __iter__(self):
        yield from range(self.limit)  # becomes: yield from range(self.limit + 1)


class Ticket:
    def __init__(self):
        self.number = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        if self.number > 3:  # becomes: if self.number > 2:
            raise StopIteration
        return self.number
