"""Threads, event loops and other processes inside of a call."""

import asyncio
import concurrent.futures
import contextvars
import multiprocessing
import multiprocessing.pool
import os
import queue
import select
import socket
import subprocess
import sys
import threading
import time

LOCK = threading.Lock()
TOTAL = {"n": 0}
PLACE = threading.local()
SEEN = []


def summed(numbers):
    total = []

    def add(n):
        with LOCK:
            total.append(n)

    threads = [threading.Thread(target=add, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(total)  # becomes: return sorted(total, reverse=True)


def into_a_global(n):
    def add():
        TOTAL["n"] += n  # becomes: TOTAL["n"] += n + 1

    thread = threading.Thread(target=add)
    thread.start()
    thread.join()


def producer_and_consumer(n):
    items, found = queue.Queue(maxsize=2), []

    def produce():
        for number in range(n):
            items.put(number)
        items.put(None)

    def consume():
        while (item := items.get()) is not None:
            found.append(item)

    threads = [threading.Thread(target=one) for one in (produce, consume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found  # becomes: return found[1:]


def pool(numbers):
    with concurrent.futures.ThreadPoolExecutor(3) as workers:
        waiting = [workers.submit(pow, n, 2) for n in numbers]
        return sorted(one.result() for one in concurrent.futures.as_completed(waiting))  # becomes: return sorted(one.result() + 1 for one in concurrent.futures.as_completed(waiting))


def old_pool(numbers):
    with multiprocessing.pool.ThreadPool(2) as workers:
        return workers.map(abs, numbers)  # becomes: return workers.map(float, numbers)


def slower_first():
    found = []

    def one(name, seconds):
        time.sleep(seconds)
        found.append(name)

    threads = [threading.Thread(target=one, args=given) for given in (("slow", 0.05), ("fast", 0.01))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found  # becomes: return found[::-1]


def raced():  # unstable: order of threads
    found = []

    def one(name):
        for _ in range(8000):
            found.append(name)
            sum(range(300))

    threads = [threading.Thread(target=one, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return "".join(found)[::500]


def fails_in_a_thread():
    def fail():
        raise ValueError("in a thread")  # becomes: raise ValueError("in another thread")

    thread = threading.Thread(target=fail, name="failing")
    thread.start()
    thread.join()


def prints_in_a_thread():
    thread = threading.Thread(target=print, args=("from a thread",))  # becomes: thread = threading.Thread(target=print, args=("from another thread",))
    thread.start()
    thread.join()


def not_joined():
    threading.Thread(target=SEEN.append, args=(1,)).start()
    return "started"  # becomes: return "begun"


def daemon_for_ever():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return "running"  # becomes: return "goes"


def local_of_thread(n):
    PLACE.value = n
    found = []
    thread = threading.Thread(target=lambda: found.append(getattr(PLACE, "value", None)))
    thread.start()
    thread.join()
    return found  # becomes: return found * 2


def name_of_thread():
    return threading.current_thread().name, threading.active_count()  # becomes: return threading.current_thread().name + "!", threading.active_count()


def number_of_thread():
    return threading.get_ident()  # becomes: return threading.get_ident() + 1


def barrier():
    gate, found = threading.Barrier(2), []

    def one(n):
        gate.wait()
        with LOCK:
            found.append(n)

    threads = [threading.Thread(target=one, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)  # becomes: return sorted(found)[:1]


def semaphore():
    gate = threading.BoundedSemaphore(1)
    with gate:
        return gate.acquire(timeout=0.05)  # becomes: return not gate.acquire(timeout=0.05)


def lock_taken():
    lock = threading.Lock()
    lock.acquire()
    return lock.acquire(timeout=0.05), lock.acquire(blocking=False)  # becomes: return lock.acquire(timeout=0.05)


def deadlock_avoided():
    return queue.Queue().get_nowait() if False else queue_empty()  # becomes: return queue_empty() + "!"


def queue_empty():
    try:
        queue.Queue().get(timeout=0.05)
    except queue.Empty:
        return "empty"  # becomes: return "nothing"


async def tasks(n):
    done = []

    async def one(number):
        await asyncio.sleep((n - number) / 100)
        done.append(number)

    await asyncio.gather(*(one(number) for number in range(n)))
    return done  # becomes: return done[::-1]


async def to_thread(n):
    return await asyncio.to_thread(pow, n, 2)  # becomes: return await asyncio.to_thread(pow, n, 3)


async def first_of_two():
    slow, fast = asyncio.create_task(asyncio.sleep(5, "slow")), asyncio.create_task(asyncio.sleep(0.01, "fast"))
    done, rest = await asyncio.wait({slow, fast}, return_when=asyncio.FIRST_COMPLETED)
    for one in rest:
        one.cancel()
    return done.pop().result()  # becomes: return done.pop().result().upper()


async def queue_of_loop():
    items = asyncio.Queue()
    await items.put(1)
    return await items.get()  # becomes: return -(await items.get())


async def grouped():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(asyncio.sleep(0.01, 3))
    return task.result()  # becomes: return -task.result()


async def fails_as_group():
    async def fail():
        raise ValueError("one")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
    except ExceptionGroup as group:
        return len(group.exceptions)  # becomes: return -len(group.exceptions)


async def left_task():
    asyncio.create_task(asyncio.sleep(30))
    return "left"  # becomes: return "gone"


def loop_of_its_own():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.sleep(0.01, "done"))  # becomes: return loop.run_until_complete(asyncio.sleep(0.01, "ready"))
    finally:
        loop.close()


def loop_in_a_thread():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01, "x"), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    return found  # becomes: return found * 2


def pair_of_sockets():
    one, other = socket.socketpair()
    one.sendall(b"x")
    found = other.recv(1)
    one.close(), other.close()
    return found  # becomes: return found * 2


def pipe():
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    ready = select.select([reading], [], [], 1)[0] == [reading]
    found = os.read(reading, 9)
    os.close(reading)
    return ready, found  # becomes: return ready, found[::-1]


def runs_command(text):
    return subprocess.check_output(["echo", text])  # becomes: return subprocess.check_output(["echo", text]).strip()


def runs_shell():
    return os.popen("echo shell").read()  # becomes: return os.popen("echo shell").read().strip()


def runs_system():
    return os.system("true")  # becomes: return os.system("true") + 1


def talks_to_command(text):
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        return process.communicate(text)[0], process.returncode  # becomes: return process.communicate(text)[0].upper(), process.returncode


def streams_command():
    with subprocess.Popen(["printf", "a\\nb\\n"], stdout=subprocess.PIPE, text=True) as process:
        return [line.strip() for line in process.stdout]  # becomes: return [line for line in process.stdout]


def runs_python():
    return subprocess.run([sys.executable, "-c", "print(3)"], capture_output=True, text=True).stdout  # becomes: return subprocess.run([sys.executable, "-c", "print(3)"], capture_output=True, text=True).stdout + "!"


async def awaits_command():
    process = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0]  # becomes: return (await process.communicate())[1]


def pool_of_processes(numbers):
    with concurrent.futures.ProcessPoolExecutor(1) as workers:
        return list(workers.map(abs, numbers))  # becomes: return list(workers.map(abs, numbers))[1:]


def forks():  # cut short: process
    child = os.fork()
    if child == 0:
        os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def context_is_copied(n):
    variable = contextvars.ContextVar("variable")
    variable.set(n)
    with concurrent.futures.ThreadPoolExecutor(1) as workers:
        return workers.submit(contextvars.copy_context().run, variable.get).result()  # becomes: return workers.submit(contextvars.copy_context().run, variable.get).result() + 1
