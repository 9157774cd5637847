"""Time in all its forms."""

import asyncio
import calendar
import datetime as dt
import email.utils
import logging
import sched
import signal
import sqlite3
import threading
import time
import timeit
import uuid
from datetime import date, datetime
from time import monotonic as ticks
from time import sleep
from zoneinfo import ZoneInfo




TODAY = date.today()
STARTED = time.time()


class Frozen:
    born = datetime.now()

    def age(self):
        return self.born.year > 2000, self.born.isoformat()  # becomes: return self.born.year > 2001, self.born.isoformat(" ")


def constant_of_import():
    return TODAY.isoformat()  # becomes: return TODAY.strftime("%d.%m.%Y")


def since_import():
    return time.time() >= STARTED  # becomes: return time.time() < STARTED


def named_early():
    return round(ticks() - ticks(), 3)  # becomes: return round(ticks() - ticks() - 1, 3)


def nanoseconds():
    return time.time_ns() // 10**9  # becomes: return time.time_ns() // 10**8


def counts_up():
    return time.perf_counter() < time.perf_counter_ns() / 1e9  # becomes: return time.perf_counter() > time.perf_counter_ns() / 1e9


def processor_time():
    return time.process_time(), time.thread_time()  # becomes: return time.process_time(), time.thread_time(), 1


def by_number_of_clock():
    return time.clock_gettime(time.CLOCK_REALTIME)  # becomes: return time.clock_gettime(time.CLOCK_REALTIME) + 1


def local_hour():
    return time.localtime().tm_hour, time.tzname  # becomes: return time.gmtime().tm_hour + 24, time.tzname


def text_of_time():
    return time.ctime(), time.asctime(), time.strftime("%c")  # becomes: return time.ctime(), time.asctime(), time.strftime("%x")


def utc_now():
    return datetime.utcnow()  # becomes: return datetime.utcnow().date()


def aware_now():
    return datetime.now(ZoneInfo("Asia/Tokyo")), datetime.now().astimezone()  # becomes: return datetime.now(ZoneInfo("Asia/Tokyo")), datetime.now().astimezone().tzname()


def from_timestamp(stamp):
    return datetime.fromtimestamp(stamp), date.fromtimestamp(stamp)  # becomes: return datetime.fromtimestamp(stamp).hour, date.fromtimestamp(stamp)


def zone_offset():
    return time.timezone, time.altzone, time.daylight  # becomes: return time.timezone, time.altzone


def mail_date():
    return email.utils.formatdate(localtime=True)  # becomes: return email.utils.formatdate(localtime=False, usegmt=True)


def calendar_now():
    return calendar.timegm(time.gmtime())  # becomes: return calendar.timegm(time.gmtime()) + 1


def sleeps_by_name():
    before = time.time()
    sleep(3)
    return round(time.time() - before)  # becomes: return round(time.time() - before) + 1


def measures():
    before = time.perf_counter()
    sum(range(10000))
    return time.perf_counter() - before  # becomes: return time.perf_counter() - before + 1


def timer_fires():
    found = []
    timer = threading.Timer(2.0, found.append, [1])
    timer.start()
    timer.join()
    return found  # becomes: return found * 2


def timer_cancelled():
    found = []
    timer = threading.Timer(60.0, found.append, [1])
    timer.start()
    timer.cancel()
    timer.join()
    return found  # becomes: return found + [2]


def timer_left_behind():
    found = []
    timer = threading.Timer(0.2, found.append, [1])
    timer.start()
    return len(found)  # becomes: return len(found) + 5


def schedules():
    found = []
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    scheduler.enter(2, 1, found.append, ("two",))
    scheduler.enter(1, 1, found.append, ("one",))
    scheduler.run()
    return found  # becomes: return found[::-1]


def schedules_by_default():
    found = []
    scheduler = sched.scheduler()
    scheduler.enter(0.02, 1, found.append, ("two",))
    scheduler.enter(0.01, 1, found.append, ("one",))
    scheduler.run()
    return found  # becomes: return found[::-1]


def alarmed():
    def ring(number, frame):
        raise TimeoutError("late")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(1)
    try:
        time.sleep(5)
    except TimeoutError as error:
        return str(error)  # becomes: return repr(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def alarmed_while_waiting():
    def ring(number, frame):
        raise TimeoutError("late")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        threading.Event().wait(2)
        return "waited"
    except TimeoutError as error:
        return str(error)  # becomes: return repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def alarmed_at_work():
    def ring(number, frame):
        raise TimeoutError("late")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        while True:
            pass
    except TimeoutError as error:
        return str(error)  # becomes: return repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def polls_until():
    until = time.time() + 0.05
    rounds = 0
    while time.time() < until:
        rounds += 1
    return rounds > 0  # becomes: return rounds < 0


def waits_for_event():
    event = threading.Event()
    threading.Timer(0.05, event.set).start()
    return event.wait(5)  # becomes: return not event.wait(5)


async def pauses(n):
    before = asyncio.get_running_loop().time()
    await asyncio.sleep(n)
    return round(asyncio.get_running_loop().time() - before, 1)  # becomes: return round(asyncio.get_running_loop().time() - before, 1) + 1


async def called_later():
    loop = asyncio.get_running_loop()
    found = loop.create_future()
    loop.call_later(0.05, found.set_result, 3)
    return await found  # becomes: return -(await found)


def sql_clock():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a, made DEFAULT CURRENT_TIMESTAMP)")
    connection.execute("INSERT INTO t (a) VALUES (datetime('now'))")
    return connection.execute("SELECT a, made, date('now'), julianday('now') > 0, strftime('%s') FROM t").fetchall()  # becomes: return connection.execute("SELECT a, made, date('now', '+1 day') FROM t").fetchall()


def log_stamp():
    record = logging.makeLogRecord({"msg": "x"})
    return record.created, record.relativeCreated > 0  # becomes: return record.created + 1, record.relativeCreated > 0


def timed_by_timeit():
    return timeit.default_timer() - timeit.default_timer() < 0  # becomes: return timeit.default_timer() - timeit.default_timer() >= 0


def uuid_of_time():
    return uuid.uuid1().time, uuid.uuid1().node  # becomes: return uuid.uuid1().time + 1, uuid.uuid1().node


def by_attribute_of_module():
    return dt.datetime.today().date()  # becomes: return dt.datetime.today().date().isoformat()


def by_default(now=time.time):
    return int(now())  # becomes: return int(now()) + 1


def default_is_a_moment(now=datetime.now()):
    return now.isoformat()  # becomes: return now.isoformat(" ")
