"""Objects that live in an event loop: queues and locks that know it, tasks, timers, protocols, callbacks."""

import asyncio


class Desk:
    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.jobs = asyncio.Queue(maxsize=2)
        self.lock = asyncio.Lock()
        self.results = {}  # becomes: self.results = {"a": 1}

    def put(self, job):
        try:
            self.jobs.put_nowait(job)
        except asyncio.QueueFull:
            return "busy"  # becomes: return "full"
        return self.jobs.qsize()

    async def take(self):
        async with self.lock:
            job = await self.jobs.get()
            self.results[job] = await self.loop.run_in_executor(None, len, job)
            return job.upper()  # becomes: return job

    def later(self, delay, what):
        return self.loop.call_later(delay, what)  # becomes: return self.loop.call_later(delay * 2, what)


class Bell:
    """Made by code that no loop runs."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.rung = []
        self.timer = None

    def arm(self, delay):
        self.timer = self.loop.call_later(delay, self.rung.append, delay)
        return delay * 2  # becomes: return delay

    def disarm(self):
        self.timer.cancel()
        return self.timer.cancelled()  # becomes: return self.timer.cancelled

    def after(self, seconds):
        return self.loop.run_until_complete(asyncio.sleep(seconds, seconds))  # becomes: return self.loop.run_until_complete(asyncio.sleep(seconds))


class Lines(asyncio.Protocol):
    def __init__(self, desk):
        self.desk = desk
        self.rest = b""

    def connection_made(self, transport):
        self.transport = transport
        self.made = True  # becomes: self.made = False

    def data_received(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.transport.write(str(self.desk.put(line.decode())).encode())  # becomes: self.transport.write(repr(self.desk.put(line.decode())).encode())


def starts(function, *arguments):
    """Works inside a loop and outside of one."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(function(*arguments))
    return [loop.create_task(function(*arguments), name="begun").get_name()]  # becomes: return [loop.create_task(function(*arguments), name="started").get_name()]


def total(tasks):
    return sum(task.result() for task in tasks if not task.cancelled())  # becomes: return -sum(task.result() for task in tasks if not task.cancelled())


def announces(future, what):
    future.set_result(what)  # becomes: future.set_result([what])


async def one(number):
    await asyncio.sleep(0)
    return number * 2  # becomes: return number * 3


async def waits(numbers):
    tasks = [asyncio.create_task(one(number)) for number in numbers]
    await asyncio.wait(tasks)
    tasks.append(asyncio.create_task(asyncio.sleep(9)))
    tasks[-1].cancel()
    await asyncio.sleep(0)
    return total(tasks)


async def serves(port):
    desk = Desk()
    server = await asyncio.get_running_loop().create_server(lambda: Lines(desk), "127.0.0.1", port)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"first\nsecond\nthird\n")
    told = b""
    while b"busy" not in told:
        told += await reader.read(100)
    writer.close()
    server.close()
    return told.decode()


async def main():
    desk = Desk()
    waiting = asyncio.create_task(desk.jobs.get())
    await asyncio.sleep(0)
    desk.put("somebody waits for this one")
    await waiting
    desk.put("left")
    await desk.take()
    timer = desk.later(5, print)
    timer.cancel()
    future = desk.loop.create_future()
    announces(future, "end")
    starts(one, 1)
    await waits([1, 2])
    await serves(0)
    return await future


def run():
    bell = Bell()
    bell.arm(5)
    bell.disarm()
    bell.after(0.01)
    bell.loop.close()
    starts(one, 4)
    return asyncio.run(main())
