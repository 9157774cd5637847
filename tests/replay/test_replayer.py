"""Calls replayed in real processes: what they give, and what they cannot do to the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from ast import literal_eval
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import Answer
from legacy_seam.replay import Batch, Isolation, Limits, Replayed

INSTANT = 1_700_000_000.25


def effects(replayed: Replayed) -> dict[str, str]:
    assert replayed.outcome is not None, replayed
    return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


def texts(replays: list[Replayed], key: str = "returned") -> list[Any]:
    return [effects(one).get(key) for one in replays]


# --- plain calls ----------------------------------------------------------------------------------------------


def test_a_function_returns(program: Any) -> None:
    program.write(shop="def add(a, b=1): return a + b")
    assert program.outcome("shop:add", a="2", b="3") == {"returned": "5"}
    assert program.outcome("shop:add", a="2") == {"returned": "3"}


def test_an_exception_leaves(program: Any) -> None:
    program.write(shop="def fail(x): raise ValueError(x)")
    assert program.outcome("shop:fail", x="'no'") == {"raised": "ValueError('no')"}


def test_arguments_that_are_changed(program: Any) -> None:
    program.write(shop="def settle(account, log): account['paid'] = True; log.append(1); return account")
    assert program.outcome("shop:settle", account="{'paid': False, 'id': 7}", log="[]") == {
        "returned": "*account",
        "changed account['paid']": "True",
        "changed log[0]": "1",
    }


def test_methods_of_every_kind(program: Any) -> None:
    program.write(
        shop="""
        class Account:
            rate = 2
            def __init__(self, total): raise AssertionError("objects are rebuilt without it")
            def twice(self): self.seen = True; return self.total * 2
            @classmethod
            def make(cls, n): return cls.__name__, n * cls.rate
            @staticmethod
            def plain(n): return n
            @property
            def label(self): return f"<{self.total}>"
        """
    )
    assert program.outcome("shop:Account.twice", self="shop:Account(total=4)") == {
        "returned": "8",
        "changed self.seen": "True",
    }
    assert program.outcome("shop:Account.make", cls="shop:Account", n="3") == {"returned": "('Account', 6)"}
    assert program.outcome("shop:Account.plain", n="3") == {"returned": "3"}
    assert program.outcome("shop:Account.label", self="shop:Account(total=4)") == {"returned": "'<4>'"}


def test_starred_and_positional_only_parameters(program: Any) -> None:
    program.write(shop="def spread(a, /, b=2, *args, c, **rest): return a, b, args, c, rest")
    given = {"a": "1", "b": "5", "args": "(6, 7)", "c": "8", "rest": "{'d': 9}"}
    assert program.outcome("shop:spread", **given) == {"returned": "(1, 5, (6, 7), 8, {'d': 9})"}
    given = {"a": "1", "args": "(6, 7)", "c": "8", "rest": "{}"}
    call = replace(program.call("shop:spread", **given), defaulted=("b",))
    assert texts(program.replay(call)) == ["(1, 2, (6, 7), 8, {})"]


def test_the_body_behind_decorators_is_called(program: Any) -> None:
    program.write(
        shop="""
        import functools
        def loud(f):
            @functools.wraps(f)
            def wrapper(*args):
                raise AssertionError("not the wrapper")
            return wrapper
        @loud
        def price(n): return n * 2
        @functools.lru_cache
        def slow(n): print("working"); return n
        """
    )
    assert program.outcome("shop:price", n="3") == {"returned": "6"}
    assert program.outcome("shop:slow", n="3") == {"returned": "3", "printed stdout": "'working\\n'"}


def test_generators_are_followed_to_their_end(program: Any) -> None:
    program.write(
        shop="""
        def count(n):
            for i in range(n):
                print(i)
                yield i
            return "done"
        def forever():
            while True: yield 1
        def broken():
            yield 1
            raise KeyError("k")
        def lazily(items): return map(str, items)
        """
    )
    assert program.outcome("shop:count", n="2") == {
        "returned": "'done'",
        "yielded": "[0, 1]",
        "printed stdout": "'0\\n1\\n'",
    }
    assert program.outcome("shop:forever")["yielded"].count("1") == 1000
    assert program.outcome("shop:broken") == {"yielded": "[1]", "raised": "KeyError('k')"}
    assert program.outcome("shop:lazily", items="[1, 2]") == {"yielded": "['1', '2']"}


def test_coroutines_are_run_and_do_not_wait(program: Any) -> None:
    program.write(
        shop="""
        import asyncio
        async def fetch(n):
            await asyncio.sleep(3600)
            return n
        async def both():
            return await asyncio.gather(fetch(1), fetch(2))
        async def stream(n):
            for i in range(n):
                await asyncio.sleep(60)
                yield i
        def outer(): return asyncio.run(fetch(5))
        """
    )
    assert program.outcome("shop:both") == {"returned": "[1, 2]"}
    assert program.outcome("shop:stream", n="3") == {"yielded": "[0, 1, 2]"}
    assert program.outcome("shop:outer") == {"returned": "5"}


def test_functions_inside_functions(program: Any) -> None:
    program.write(
        shop="""
        def counter(start):
            total = start
            def add(n, step=10):
                nonlocal total
                total += n * step
                return total
            return add
        """
    )
    call = replace(program.call("shop:counter.<locals>.add", n="2"), closure={"total": "5"}, defaulted=("step",))
    (replayed,) = program.replay(call)
    assert effects(replayed) == {"returned": "25", "changed total": "25"}


def test_variables_of_enclosing_functions_that_had_no_value(program: Any) -> None:
    program.write(
        shop="""
        def greeter(name):
            if name:
                title = "Dr"
            def greet(is_formal):
                return f"{title} {name}" if is_formal else name
            return greet
        """
    )
    call = program.call("shop:greeter.<locals>.greet", is_formal="False")
    used = program.call("shop:greeter.<locals>.greet", is_formal="True")
    plain, asked = program.replay(*(replace(one, closure={"name": "'Ann'"}) for one in (call, used)))
    assert effects(plain) == {"returned": "'Ann'"}
    assert "the function now uses title of its enclosing function, not recorded then" in str(asked)


# --- output ---------------------------------------------------------------------------------------------------


def test_what_is_printed(program: Any) -> None:
    program.write(
        shop="""
        import os, sys
        early = sys.stderr
        def talk():
            print("out"); print("err", file=sys.stderr); early.write("early"); sys.stdout.buffer.write(b"raw")
        def below(): os.write(1, b"deep"); os.system
        def closes(): print("a"); sys.stdout.close(); print("b")
        def looks(): return sys.stdout.isatty(), sys.stdout.encoding
        def asks(): return input("?")
        """
    )
    assert program.outcome("shop:talk") == {
        "returned": "None",
        "printed stdout": "'out\\nraw'",
        "printed stderr": "'err\\nearly'",
    }
    assert program.outcome("shop:below")["printed stdout"] == "'deep'"
    assert program.outcome("shop:closes")["printed stdout"] == "'a\\nb\\n'"
    assert program.outcome("shop:looks") == {"returned": "(False, 'utf-8')"}
    assert program.outcome("shop:asks")["raised"].startswith("EOFError(")


def test_what_is_logged_where_no_import_sets_a_level(program: Any) -> None:
    program.write(
        shop="""
        import logging
        log = logging.getLogger("shop.rules")
        def work():
            log.debug("rate %d", 7, extra={"customer": 3})
            log.warning("shown")
        """
    )
    found = program.outcome("shop:work")
    assert found["logged 1"] == "('shop.rules', 'DEBUG', 'rate %d', (7,), None, {'customer': 3})"
    assert found["logged 2"] == "('shop.rules', 'WARNING', 'shown')"
    assert found["printed stderr"] == r"'shown\n'"


def test_what_is_logged(program: Any) -> None:
    program.write(
        shop="""
        import logging
        logging.basicConfig(level="INFO", format="%(asctime)s %(process)d %(levelname)s %(message)s")
        log = logging.getLogger("shop.rules")
        def chase(n):
            log.info("chasing %s of %d", "A", n)
            log.debug("not enabled")
            try: 1 / 0
            except ZeroDivisionError: log.exception("oops")
        """
    )
    found = program.outcome("shop:chase", n="7")
    assert found["logged 1"] == "('shop.rules', 'INFO', 'chasing %s of %d', ('A', 7))"
    assert "ZeroDivisionError('division by zero')" in found["logged 2"]
    assert "logged 3" not in found
    assert "2023-11-14 23:13:20,250 4242 INFO chasing A of 7" in found["printed stderr"]


def test_warnings_each_time(program: Any) -> None:
    program.write(
        shop="""
        import warnings
        def old(): warnings.warn("use new", DeprecationWarning, stacklevel=2); return 1
        def quiet():
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                warnings.warn("x")
            return len(caught)
        """
    )
    replays = program.replay(*[program.call("shop:old")] * 3)
    assert texts(replays, "warned 1") == ["DeprecationWarning('use new')"] * 3
    assert program.outcome("shop:quiet") == {"returned": "1"}


# --- the world ------------------------------------------------------------------------------------------------


def test_the_clock_stands_at_the_recorded_instant(program: Any) -> None:
    program.write(
        shop="""
        import time, datetime
        from time import time as now, perf_counter, sleep
        from datetime import datetime as dt
        TODAY = datetime.date.today()
        def times(): return time.time(), now(), dt.now().isoformat(), TODAY.isoformat(), time.tzname
        def waits():
            before = now(); sleep(3600); time.sleep(1)
            return now() - before
        def measures():
            start = perf_counter(); took = perf_counter() - start
            return took > 0, round(took, 6)
        def deadline():
            end = time.monotonic() + 30
            n = 0
            while time.monotonic() < end: time.sleep(10); n += 1
            return n
        """
    )
    expected = (INSTANT, INSTANT, "2023-11-14T23:13:20.250000", "2023-11-14", ("CET", "CEST"))
    assert literal_eval(program.outcome("shop:times")["returned"]) == expected
    assert program.outcome("shop:waits") == {"returned": "3601.0"}
    assert program.outcome("shop:measures") == {"returned": "(True, 0.001)"}
    assert program.outcome("shop:deadline") == {"returned": "3"}
    (later,) = program.replay(program.call("shop:times"), clock_shift=86400.0)
    assert "2023-11-15T23:13:20" in effects(later)["returned"]
    assert "'2023-11-15'" in effects(later)["returned"]


def test_functions_of_the_clock_that_are_handed_on_are_told_by_their_names_and_stand_still(program: Any) -> None:
    program.write(
        shop="""
        import time
        from time import sleep
        class Throttle:
            def __init__(self, clock=time.monotonic, nap=sleep, now=time.time):
                self.clock, self.nap, self.now = clock, nap, now
            def ask(self):
                self.nap(60)
                return self.now()
        """
    )
    assert program.outcome("shop:Throttle.__init__", self="shop:Throttle()") == {
        "returned": "None",
        "changed self": "shop:Throttle(clock=time:monotonic, nap=time:sleep, now=time:time)",
    }
    throttle = "shop:Throttle(clock=time:monotonic, nap=time:sleep, now=time:time)"
    assert program.outcome("shop:Throttle.ask", self=throttle) == {"returned": str(INSTANT + 60)}


def test_randomness_is_seeded(program: Any) -> None:
    program.write(
        shop="""
        import os, random, secrets, tempfile, uuid
        from random import Random, randint, seed, shuffle
        def draw():
            own = Random(); seed()
            items = list(range(20)); shuffle(items)
            return (random.random(), randint(0, 10**9), own.random(), items, os.urandom(4), secrets.token_hex(4),
                    str(uuid.uuid4()), str(uuid.uuid1()), random.SystemRandom().random())
        def temporary():
            with tempfile.NamedTemporaryFile() as file: return file.name
        """
    )
    first, second = texts(program.replay(*[program.call("shop:draw")] * 2))
    assert first == second
    assert texts(program.replay(program.call("shop:draw"), isolation="fresh")) == [first]
    assert texts(program.replay(program.call("shop:draw"), random_seed=1)) != [first]
    (name,) = texts(program.replay(program.call("shop:temporary")))
    assert name.startswith("'<directory>/tmp")
    assert texts(program.replay(program.call("shop:temporary"), isolation="fresh")) == [name]


def test_the_hash_seed(program: Any) -> None:
    program.write(shop="def bucket(s): return hash(s)")
    call = program.call("shop:bucket", s="'A17'")
    first, same, other = (
        texts(program.replay(call, hash_seed=seed, isolation=isolation))
        for seed, isolation in ((0, "shared"), (0, "fresh"), (7, "shared"))
    )
    assert first == same != other


def test_what_the_program_was_told_by_a_path_of_the_project_leads_to_where_that_lies_now(program: Any) -> None:
    program.write(
        shop="""
        import os, sys
        ROOT = os.path.dirname(__file__)
        def places(): return [os.path.relpath(os.environ["DATA"], ROOT), os.path.relpath(sys.argv[1], ROOT)]
        """
    )
    run = program.run_of(command=("a.py", "<project>/a.db"), environment={"DATA": "<project>/data"})
    assert texts(program.replay(program.call("shop:places"), run=run)) == ["['data', 'a.db']"]


def test_the_recorded_environment(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAM_HERE", "1")
    program.write(
        shop="""
        import os
        MODE = os.environ.get("MODE")
        def look(): return MODE, os.getenv("MODE"), os.getenv("SEAM_HERE"), os.environ["HOME"]
        def leave(): os.environ["LEFT"] = "x"; os.environ.pop("MODE"); return os.getenv("LEFT")
        """
    )
    run = program.run_of(environment={"MODE": "live", "OTHER": None})
    leave, look = program.call("shop:leave"), program.call("shop:look")
    for isolation in ("shared", "fresh"):
        replays = program.replay(leave, look, run=run, isolation=isolation)
        assert texts(replays) == ["'x'", "('live', 'live', None, '<directory>')"]


def test_arguments_of_the_program_and_its_identity(program: Any) -> None:
    program.write(
        shop="""
        import os, socket, sys
        def look(): return sys.argv, os.getpid(), socket.gethostname(), sys.stdin.read()
        """
    )
    run = program.run_of(command=("driver.py", "--fast"))
    (look,) = program.replay(program.call("shop:look"), run=run)
    assert effects(look) == {"returned": "(['driver.py', '--fast'], 4242, 'localhost', '')"}


def test_files_are_restored_and_what_is_written_is_told(program: Any) -> None:
    program.write(
        shop="""
        import os
        RATES = open("rates.csv").read()
        def total():
            with open("in/data.txt") as file: text = file.read()
            with open("out.txt", "a") as file: file.write(text.upper() + RATES)
            open("bin", "wb").write(b"\\xff\\x00")
            os.remove("in/data.txt")
            os.makedirs("made/empty")
            return sorted(os.listdir("."))
        def nothing(): return sorted(os.listdir("."))
        """
    )
    run = program.run_of(files=(program.file("rates.csv", b"1.2"),))
    files = (program.file("in/data.txt", b"abc"), program.file("out.txt", b"old "), program.file("none", None))
    total = replace(program.call("shop:total"), files=files)
    for isolation in ("shared", "fresh"):
        replays = program.replay(total, total, program.call("shop:nothing"), run=run, isolation=isolation)
        for replayed in replays[:2]:
            found = effects(replayed)
            assert found["returned"] == "['bin', 'in', 'made', 'out.txt', 'rates.csv']"
            assert found["wrote out.txt"] == "'old ABC1.2'"
            assert found["wrote in/data.txt"] == "None"
            assert found["wrote made/empty/"] == "{}"
            assert "'bytes': 2" in found["wrote bin"]
            assert len(found) == 5
        assert effects(replays[2]) == {"returned": "['rates.csv']"}
    assert sorted(path.name for path in program.directory.iterdir()) == ["shop.py"]


def test_databases_are_told_by_their_rows(program: Any, tmp_path: Path) -> None:
    import sqlite3

    database = tmp_path / "made.db"
    connection = sqlite3.connect(database)
    connection.executescript("create table t (id integer, name text); insert into t values (1, 'a'), (2, 'b')")
    connection.close()
    program.write(
        shop="""
        import sqlite3
        connection = sqlite3.connect("shop.db")
        def rename(id, name):
            connection.execute("update t set name = ? where id = ?", (name, id))
            connection.commit()
            return connection.execute("select * from t").fetchall()
        def uncommitted():
            connection.execute("delete from t")
            return connection.execute("select count(*) from t").fetchone()
        """
    )
    run = program.run_of(files=(program.file("shop.db", database.read_bytes()),))
    call = program.call("shop:rename", id="2", name="'z'")
    for isolation in ("shared", "fresh"):
        for replayed in program.replay(call, call, run=run, isolation=isolation):
            assert effects(replayed)["returned"] == "[(1, 'a'), (2, 'z')]"
            assert literal_eval(effects(replayed)["wrote shop.db"]) == {"t[2].name": ("b", "z")}
    counts = [program.call("shop:uncommitted"), call, program.call("shop:uncommitted")]
    assert texts(program.replay(*counts, run=run)) == ["(0,)", "(0,)", "[(1, 'a'), (2, 'z')]"]


def test_the_clock_and_the_dice_of_databases(program: Any) -> None:
    program.write(
        shop="""
        from sqlite3 import connect
        def ask():
            connection = connect(":memory:")
            run = connection.execute
            run("create table t (x, made default current_timestamp, day default (date('now', '+1 day')))")
            run("create index i on t (strftime('%Y', made))")
            run("insert into t (x) values (random())")
            return (
                run("select made, day from t").fetchone(),
                run("select datetime(), strftime('%H:%M'), date('2020-02-29')").fetchone(),
                run("select x, hex(randomblob(3)) from t").fetchone(),
            )
        """
    )
    first, again = texts(program.replay(*[program.call("shop:ask")] * 2))
    assert first == again
    made, now, _ = literal_eval(first)
    assert made == ("2023-11-14 22:13:20", "2023-11-15")
    assert now == ("2023-11-14 22:13:20", "22:13", "2020-02-29")


def test_databases_in_memory_are_put_back(program: Any) -> None:
    program.write(
        shop="""
        import sqlite3
        connection = sqlite3.connect(":memory:")
        connection.execute("create table t (x)")
        connection.commit()
        def add():
            connection.execute("insert into t values (1)")
            connection.commit()
            return connection.execute("select count(*) from t").fetchone()
        """
    )
    assert texts(program.replay(*[program.call("shop:add")] * 3)) == ["(1,)"] * 3


def test_the_working_directory_is_put_back(program: Any) -> None:
    program.write(
        shop="""
        import os
        def go(): os.mkdir("sub"); os.chdir("sub"); return os.getcwd()
        def where(): return os.getcwd(), os.path.exists("sub")
        """
    )
    replays = program.replay(program.call("shop:go"), program.call("shop:where"))
    assert texts(replays) == ["'<project>/sub'", "('<project>', False)"]


# --- state ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
def test_the_interpreter_is_put_back_between_calls(program: Any, isolation: Isolation) -> None:
    program.write(
        late="print('imported')\nTIMES = []",
        shop="""
        import decimal, locale, os, signal, sys, warnings, logging
        def disturb():
            seen = (str(decimal.Decimal(1) / 3), sys.argv, sys.path[0], os.umask(0), len(warnings.filters),
                    logging.root.level, logging.root.handlers, sys.getrecursionlimit() < 5000)
            decimal.getcontext().prec = 3
            sys.argv = ["other"]
            sys.path.insert(0, "other")
            warnings.simplefilter("error")
            logging.basicConfig(level="DEBUG")
            sys.setrecursionlimit(20_000)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, 60)
            sys.stdout = sys.stderr
            import late
            late.TIMES.append(1)
            return seen, late.TIMES
        def alarm():
            return signal.getitimer(signal.ITIMER_REAL)
        """,
    )
    disturb, alarm = program.call("shop:disturb"), program.call("shop:alarm")
    first, second, third = program.replay(disturb, disturb, alarm, isolation=isolation)
    assert effects(first) == effects(second)
    assert effects(first)["printed stderr"] == "'imported\\n'"
    assert effects(third) == {"returned": "(0.0, 0.0)"}


def test_many_changes_are_one(program: Any) -> None:
    program.write(shop="def fill(x):\n    x.extend(range(100))")
    found = program.outcome("shop:fill", x="[]")
    assert set(found) == {"returned", "changed x"}


# --- what costs one case only ---------------------------------------------------------------------------------


FATAL = {
    "loop": ("while True: pass", "'killed: no answer within 1 s of CPU time'"),
    "waiting": (
        "import threading; lock = threading.Lock(); lock.acquire(), lock.acquire()",
        "'killed: no answer within 3 s'",
    ),
    "leave": ("os._exit(3)", "'left by os._exit(3)'"),
    "crash": ("import ctypes; ctypes.string_at(0)", "'killed by SIGSEGV'"),
    "signal": ("import signal; os.kill(os.getpid(), signal.SIGTERM)", "'killed by SIGTERM'"),
}


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
@pytest.mark.parametrize("name", FATAL)
def test_a_fatal_call_costs_one_case(program: Any, name: str, isolation: Isolation) -> None:
    act, ended = FATAL[name]
    if name == "waiting":
        program.limits = Limits(wall_seconds=3)
    program.write(shop=f"import os\ndef act(deadly):\n    if deadly:\n        {act}\n    return 'alive'")
    calls = [program.call("shop:act", deadly=deadly) for deadly in ("False", "True", "False", "False")]
    alive = {"returned": "'alive'"}
    assert [effects(one) for one in program.replay(*calls, isolation=isolation)] == [
        alive,
        {"ended": ended},
        alive,
        alive,
    ]


def test_what_only_looks_fatal(program: Any) -> None:
    program.write(
        shop="""
        import sys
        def deep(n): return deep(n + 1)
        def leave(): sys.exit(3)
        def hungry():
            held = []
            while True: held.append(bytearray(10_000_000))
        def interrupt(): raise KeyboardInterrupt
        """
    )
    assert program.outcome("shop:deep", n="0")["raised"].startswith("RecursionError(")
    assert program.outcome("shop:leave") == {"raised": "SystemExit(3)"}
    assert program.outcome("shop:hungry")["raised"].startswith("MemoryError(")
    assert program.outcome("shop:interrupt") == {"raised": "KeyboardInterrupt()"}


def test_the_same_depth_of_recursion_in_every_isolation(program: Any) -> None:
    program.write(
        shop="""
        def depth(n=0):
            try: return depth(n + 1)
            except RecursionError: return n
        """
    )
    shared = texts(program.replay(program.call("shop:depth")))
    assert texts(program.replay(program.call("shop:depth"), isolation="fresh")) == shared


# --- what is denied -------------------------------------------------------------------------------------------


DENIED = {
    "connect": ("socket.create_connection(('192.0.2.1', 80))", "network: socket."),
    "resolve": ("socket.gethostbyname('api.example.com')", "network: socket.gethostbyname of api.example.com"),
    "url": (
        "urllib.request.urlopen('http://api.example.com/')",
        "network: socket.getaddrinfo of api.example.com:80",
    ),
    "listen": ("socket.socket().bind(('127.0.0.1', 0))", "network: socket.bind to 127.0.0.1:0"),
    "system": ("os.system('touch /tmp/seam-was-here')", "process: os.system of touch /tmp/seam-was-here"),
    "popen": (
        "subprocess.run(['touch', '/tmp/seam-was-here'])",
        "process: subprocess.Popen of touch /tmp/seam-was",
    ),
    "fork": ("os.fork()", "process: os.fork"),
    "exec": ("os.execv('/bin/true', ['true'])", "process: os.exec of /bin/true"),
    "kill": ("os.kill(1, 0)", "process: os.kill"),
    "parent": ("os.kill(os.getppid(), 9)", "process: os.kill"),
    "write": ("open(OUTSIDE + '/kept', 'w')", "files: open for writing of "),
    "low": ("os.open(OUTSIDE + '/kept', os.O_WRONLY | os.O_TRUNC)", "files: open for writing of "),
    "handle": (
        "os.open('kept', os.O_WRONLY, dir_fd=os.open(OUTSIDE, os.O_RDONLY))",
        "files: os.open for ",
    ),
    "pipe": ("os.mkfifo(OUTSIDE + '/x')", "files: os.mkfifo of "),
    "remove": ("os.remove(OUTSIDE + '/kept')", "files: os.remove of "),
    "rename": ("os.rename(OUTSIDE + '/kept', 'mine')", "files: os.rename of "),
    "tree": ("shutil.rmtree(OUTSIDE)", "files: os.remove of "),
    "link": ("os.symlink(OUTSIDE, 'way'); open('way/x', 'w')", "files: open for writing of way/x"),
    "hard": ("os.link(OUTSIDE + '/kept', 'mine')", "files: os.link of "),
    "database": ("sqlite3.connect(OUTSIDE + '/kept')", "files: sqlite3.connect to "),
    "mode": ("os.chmod(OUTSIDE + '/kept', 0)", "files: os.chmod of "),
    "pathlib": ("pathlib.Path(OUTSIDE, 'kept').write_text('x')", "files: open for writing of "),
    "libc": ("ctypes.CDLL(None).system(b'touch /tmp/seam-was-here')", "process: the C function system"),
    "spawn": ("multiprocessing.get_context('spawn').Process(target=print).start()", "process: start of "),
}


@pytest.mark.parametrize("name", DENIED)
def test_the_world_outside_is_not_touched(program: Any, tmp_path: Path, name: str) -> None:
    act, denial = DENIED[name]
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    imports = "import ctypes, multiprocessing, os, pathlib, shutil, socket, sqlite3, subprocess, urllib.request"
    program.write(
        bureau=f"""
        {imports}
        OUTSIDE = {str(outside)!r}
        def fetch_score():
            {act}
        def swallow():
            try: fetch_score()
            except Exception: return "fallback"
        """
    )
    found = program.outcome("bureau:swallow")
    assert found["denied 1"].startswith(f"'{denial}"), found
    assert found["denied 1"].endswith("(bureau.py, fetch_score)'")
    assert found["returned"] == "'fallback'"
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("kept", "kept")]
    assert not Path("/tmp/seam-was-here").exists()


def test_a_denial_is_an_error_where_nobody_catches_it(program: Any) -> None:
    program.write(shop="import os\ndef act(): os.system('true')")
    found = program.outcome("shop:act")
    assert "raised" in found
    assert "not done during a replay" in found["raised"]
    assert "denied 1" in found


def test_harmless_acts_are_not_denied(program: Any) -> None:
    program.write(
        shop="""
        import os, socket, sqlite3
        def act() -> None:
            open(os.devnull, "w").write("x")
            open("here", "w").write("x")
            sqlite3.connect(":memory:").execute("select 1")
            a, b = socket.socketpair(); a.send(b"x"); b.recv(1)
            return open(__file__).readline()
        """
    )
    assert "denied 1" not in program.outcome("shop:act")


# --- programs that changed since ------------------------------------------------------------------------------


def refusal(replays: list[Replayed]) -> tuple[str | None, str]:
    (only,) = replays
    assert only.outcome is None
    return only.refusal_kind, only.refusal or ""


def test_parameters_that_were_added_renamed_or_removed(program: Any) -> None:
    program.write(
        shop="def f(a, b=2, *, c=3): return a, b, c\ndef g(y): return y\ndef h(): pass\ndef i(a, b): pass"
    )
    (added,) = program.replay(program.call("shop:f", a="1"))
    assert effects(added) == {"returned": "(1, 2, 3)"}
    assert added.notes == ("parameter b was added since", "parameter c was added since")
    (renamed,) = program.replay(program.call("shop:g", x="1"))
    assert effects(renamed) == {"returned": "1"}
    assert renamed.notes == ("parameter x is now called y",)
    assert refusal(program.replay(program.call("shop:h", x="1"))) == (
        "signature",
        "h no longer takes the recorded argument x",
    )
    assert refusal(program.replay(program.call("shop:i", a="1")))[0] == "signature"


def test_a_module_that_puts_an_object_in_its_own_place(program: Any) -> None:
    program.write(
        shop="""
            import sys, types

            RATE = 3
            def price(n): return n * RATE

            class Warner(types.ModuleType):
                def __init__(self, module):
                    super().__init__(module.__name__)
                    self.module = module
                def __getattr__(self, name):
                    return getattr(self.module, name)

            sys.modules[__name__] = Warner(sys.modules[__name__])
            """
    )
    (found,) = program.replay(program.call("shop:price", n="2"))
    assert (effects(found), found.notes) == ({"returned": "6"}, ())


def test_a_function_that_was_moved(program: Any) -> None:
    program.write(
        pack____init__="",
        pack__old="",
        pack__new="def price(n): return n * 2",
        pack__other="from .new import price",
    )
    (moved,) = program.replay(program.call("pack.old:price", n="2"))
    assert effects(moved) == {"returned": "4"}
    assert moved.notes == ("moved: pack.old:price is now at pack.new:price",)


def test_a_module_that_was_moved(program: Any) -> None:
    program.write(pack____init__="", pack__new="def price(n): return n * 2")
    (moved,) = program.replay(program.call("pack.old:price", n="2"))
    assert effects(moved) == {"returned": "4"}


def test_a_function_that_is_gone(program: Any) -> None:
    program.write(shop="", other="def price(): pass")
    assert refusal(program.replay(program.call("shop:price"))) == (
        "target-gone",
        "shop:price is not there any more",
    )
    kind, sentence = refusal(program.replay(program.call("nowhere:price")))
    assert kind == "target-gone"
    assert "nowhere" in sentence


def test_classes_that_were_moved_renamed_or_removed(program: Any) -> None:
    program.write(
        shop="from models import Account\nclass Money:\n    pass\nPrice = Money\ndef look(x): return x.n",
        models="class Account: pass",
    )
    (moved,) = program.replay(program.call("shop:look", x="shop:Account(n=1)"))
    assert effects(moved) == {"returned": "1"}
    assert moved.notes == ("type moved: shop:Account is now models:Account",)
    (renamed,) = program.replay(program.call("shop:look", x="shop:Price(n=1)"))
    assert effects(renamed) == {"returned": "1"}
    kind, sentence = refusal(program.replay(program.call("shop:look", x="shop:Gone(n=1)")))
    assert kind == "type-gone"
    assert "shop:Gone" in sentence


def test_values_of_strangers_are_not_rebuilt(program: Any) -> None:
    program.write(shop="import subprocess\ndef look(x): return x")
    kind, reason = refusal(program.replay(program.call("shop:look", x="shutil:Error2(a=1)")))
    assert kind == "not-allowed"
    assert "record with its directory in --source, or name shutil in allow" in reason
    assert refusal(program.replay(program.call("shop:look", x="[1, 2")))[0] == "unreadable"


def test_strangers_from_outside_are_stood_in_for(program: Any) -> None:
    program.write(shop="def look(x, n): return x.pid if n else 'not used'")
    stranger = "subprocess:Popen(pid=7)"
    assert program.outcome("shop:look", x=stranger, n="0") == {"returned": "'not used'"}
    (used,) = program.replay(program.call("shop:look", x=stranger, n="1"))
    assert [effect.kind for effect in used.outcome.effects] == ["unanswered"]
    assert "shop.py:1 asked subprocess:Popen.pid - never recorded" in used.outcome.effects[0].text


def test_stand_ins_that_are_used(program: Any) -> None:
    program.write(shop="def read(file, n):\n    if n: return file.read()\n    return 'not used'")
    file = "opaque('io:TextIOWrapper', 'an open file: data.txt')"
    assert program.outcome("shop:read", file=file, n="0") == {"returned": "'not used'"}
    (used,) = program.replay(program.call("shop:read", file=file, n="1"))
    assert used.refusal_kind == "stand-in"
    assert "TextIOWrapper" in used.refusal
    assert used.site == "shop.py:2"


def test_of_values_that_are_too_large_it_is_told_which_one_comes_back(program: Any) -> None:
    program.write(shop="def swap(a, b):\n    a.append(b[0])\n    return b[::-1]")
    large = "opaque('builtins:dict', 'too large to be read')"
    outcome = program.outcome("shop:swap", a=f"[&1 {large}]", b=f"[{large}, *1, {large}]")
    first, second, third = (large.replace("read'", f"read: as given, number {number}'") for number in (1, 2, 3))
    assert outcome["returned"].replace("\n    ", "").replace(",\n", "").replace(",o", ", o") == (
        f"[{third}, {first}, {second}]"
    )
    assert outcome["changed a[1]"] == second


def test_modules_that_cannot_be_imported(program: Any) -> None:
    program.write(
        broken="import os\nraise RuntimeError('no licence')", bad="def (:", needs="import not_installed_here"
    )
    for module, words in (
        ("broken", "RuntimeError: no licence (at broken.py:2)"),
        ("bad", "(at bad.py:1)"),
        ("needs", "not_installed_here"),
    ):
        kind, sentence = refusal(program.replay(program.call(f"{module}:f")))
        assert kind == "import-failed"
        assert words in sentence


def test_a_module_that_ends_the_process(program: Any) -> None:
    program.write(deadly="import os; os._exit(4)", shop="def f(): return 1")
    deadly, fine = program.replay(program.call("deadly:f"), program.call("shop:f"))
    assert deadly.refusal_kind == "import-failed"
    assert "os._exit(4)" in deadly.refusal
    assert effects(fine) == {"returned": "1"}


def test_modules_are_imported_in_the_recorded_order(program: Any) -> None:
    program.write(
        rules="import collect\ndef score(): return collect.LIMIT\nRULE = 5\nassert collect.LIMIT",
        collect="LIMIT = 3\nimport rules\ndef run(): return rules.RULE",
    )
    assert texts(program.replay(program.call("rules:score"), run=program.run_of(imports=("collect", "rules")))) == [
        "3"
    ]


def test_another_release_of_a_library(program: Any) -> None:
    (program.directory / "lib-1.0").mkdir()
    (program.directory / "lib-1.1").mkdir()
    (program.directory / "lib-1.0" / "lib.py").write_text("def version(): return 1.0")
    (program.directory / "lib-1.1" / "lib.py").write_text("def version(): return 1.1")
    program.search_path = ("lib-1.1",)
    run = program.run_of(search_path=(".", "lib-1.0"))
    assert texts(program.replay(program.call("lib:version"), run=run)) == ["1.1"]


def test_recorded_directories_elsewhere_are_a_last_resort(program: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lib.py").write_text("def version(): return 'elsewhere'")
    program.write(shop="import lib\ndef f(): return lib.version()")
    run = program.run_of(search_path=(str(elsewhere), "."))
    assert texts(program.replay(program.call("shop:f"), run=run)) == ["'elsewhere'"]
    program.write(lib="def version(): return 'here'")
    assert texts(program.replay(program.call("shop:f"), run=run)) == ["'here'"]


def test_modules_that_are_called_like_those_of_the_standard_library(program: Any) -> None:
    program.write(calendar="def f(): return 'ours'", shop="import calendar\ndef f(): return calendar.f()")
    assert program.outcome("shop:f") == {"returned": "'ours'"}


def test_a_function_that_was_taken_out_of_its_namespace_once_something_else_held_it(program: Any) -> None:
    program.write(
        shop="""
        RATE = 2
        class Order:
            def _get_total(self, rate=RATE): return self.n * rate
            total = property(_get_total)
            del _get_total
        def price(n): return n * RATE
        PRICES = {"usual": price}
        del price
        """
    )
    calls = [program.call("shop:Order._get_total", self="shop:Order(n=4)"), program.call("shop:price", n="3")]
    calls[0] = replace(calls[0], arguments={"self": "shop:Order(n=4)", "rate": "5"})
    assert texts(program.replay(*calls)) == ["20", "6"]


# --- scripts --------------------------------------------------------------------------------------------------


def test_a_script_with_a_guard(program: Any) -> None:
    program.write(
        driver="""
        RATE = 2
        def price(n): return n * RATE
        if __name__ == "__main__":
            raise SystemExit("ran")
        """
    )
    run = program.run_of(main=("driver", "driver.py"))
    assert texts(program.replay(program.call("driver:price", n="3"), run=run)) == ["6"]


def test_state_of_a_script_is_told_once_beside_multiprocessing(program: Any) -> None:
    program.write(
        driver="""
        import multiprocessing
        from contextvars import ContextVar
        USER = ContextVar("user")
        def greet(): return "hello " + USER.get()
        if __name__ == "__main__":
            greet()
        """
    )
    call = replace(program.call("driver:greet"), state={"driver:USER": "ContextVar('user', 'ann')"})
    (replayed,) = program.replay(call, run=program.run_of(main=("driver", "driver.py")))
    assert effects(replayed) == {"returned": "'hello ann'"}


def test_a_script_without_a_guard_is_not_run(program: Any) -> None:
    program.write(
        driver="""
        import sys, os
        from collections import namedtuple
        RATE = 2
        Point = namedtuple("Point", "x y")
        TABLE = {"a": RATE * 2}
        class Account:
            pass
        accounts = load_accounts()
        def price(n, point): return n * RATE + TABLE["a"], point.x, len(accounts)
        with open("out.txt", "w") as out:
            out.write("ran")
        for i in range(3):
            print(price(i, Point(1, 2)))
        sys.exit(3)
        """
    )
    run = program.run_of(main=("driver", "driver.py"))
    call = program.call("driver:price", n="3", point="driver:Point(x=1, y=2)")
    (replayed,) = program.replay(replace(call, state={"driver:accounts": "[1, 2]"}), run=run)
    assert effects(replayed) == {"returned": "(10, 1, 2)"}


@pytest.mark.parametrize("rest", ["if __name__ == '__main__': print(told('a'))", "print(told('a'))"])
def test_what_a_script_asks_is_answered(program: Any, rest: str) -> None:
    program.write(
        driver=f"""
        import os
        def told(name): return os.popen("echo " + name).read().strip()
        {rest}
        """
    )
    answers = (
        Answer("os:popen('echo a')", "returned", "*pipe", "driver.py:3", {"pipe": "os:_wrap_close"}),
        Answer("pipe.read()", "returned", "'recorded\\n'", "driver.py:3", {}),
    )
    call = replace(program.call("driver:told", name="'a'"), answers=answers)
    (replayed,) = program.replay(call, run=program.run_of(main=("driver", "driver.py")))
    assert effects(replayed)["returned"] == "'recorded'"


def test_a_view_is_called_in_the_context_of_its_request(program: Any) -> None:
    program.write(
        shop="""
        from flask import Flask, g, jsonify, request, session
        app = Flask(__name__)
        app.secret_key = "dev"
        @app.route("/add", methods=["POST"])
        def add():
            session["last"] = request.form["title"]
            g.count = request.args.get("n", 1, type=int)
            return jsonify(title=session["last"])
        def ping(): return jsonify(ok=True)
        """
    )
    application = "flask.app('shop:app', config={'SECRET_KEY': 'dev'})"
    context = f"flask.request_context({application}, '/add', {{}}, session={{}}"
    state = f"{context}, body=b'title=milk')".replace(
        "{}",
        "{'QUERY_STRING': 'n=3', 'REQUEST_METHOD': 'POST', 'CONTENT_LENGTH': '10',"
        " 'CONTENT_TYPE': 'application/x-www-form-urlencoded'}",
        1,
    )
    added = replace(program.call("shop:add"), state={"flask:context": state})
    pinged = replace(program.call("shop:ping"), state={"flask:context": f"{context})"})
    first, again, ping, without = program.replay(
        added, replace(added, identity="again"), pinged, replace(pinged, identity="without", state={})
    )
    assert 'response=[b\'{"title":"milk"}' in effects(first)["returned"]
    assert effects(first)["changed flask:context.session['last']"] == "'milk'"
    assert effects(first)["changed flask:context.g"] == "{'count': 3}"
    assert effects(again) == effects(first)
    assert 'response=[b\'{"ok":true}' in effects(ping)["returned"]
    assert "Working outside of application context" in effects(without)["raised"]
    lost = {"flask:context": "opaque('flask.ctx:RequestContext', 'a function made it')"}
    (refused,) = program.replay(replace(pinged, identity="lost", state=lost))
    assert refused.refusal_kind == "stand-in"
    assert "a function made it" in (refused.refusal or "")


def test_an_application_that_a_function_makes_is_there_as_if_a_module_held_it(program: Any) -> None:
    program.write(
        shop="""
        from flask import Flask, current_app
        made = []
        def create_app(title="none"):
            app = Flask(__name__)
            app.rates = {"usd": 2}
            made.append(title)
            return app
        def convert(amount):
            current_app.rates["asked"] = amount
            return amount * current_app.rates["usd"] * current_app.config["FACTOR"], made, len(current_app.rates)
        """
    )
    state = {"flask:context": "flask.app_context(flask.app('shop:create_app()', config={'FACTOR': 5}))"}
    calls = [replace(program.call("shop:convert", amount=str(n)), state=state) for n in (1, 2)]
    first, second = program.replay(*calls, run=program.run_of(imports=("shop", "shop:create_app()")))
    assert effects(first) == {"returned": "(10, ['none'], 2)"}
    assert effects(second) == {"returned": "(20, ['none'], 2)"}
    (refused,) = program.replay(calls[0], run=program.run_of(imports=("shop",)))
    assert "shop:create_app() is no application of Flask" in (refused.refusal or "")


def test_a_program_whose_django_is_not_set_up_is_told_what_to_do(program: Any) -> None:
    program.write(shop="from django.contrib.auth.models import User\ndef f(): return 1")
    call = program.call("shop:f")
    (never,) = program.replay(call)
    assert "name one in DJANGO_SETTINGS_MODULE" in (never.refusal or "")
    run = replace(program.run_of(), environment={"DJANGO_SETTINGS_MODULE": "gone"})
    (gone,) = program.replay(call, run=run)
    assert "Django cannot be set up with gone (ModuleNotFoundError: No module named 'gone')" in (gone.refusal or "")


def test_what_modules_asked_while_they_were_imported_is_answered(program: Any) -> None:
    program.write(
        shop="""
        import os
        PIPE = os.popen("echo a")
        WORD = PIPE.read()
        def f(): return WORD, PIPE.read()
        """
    )
    handles = {"pipe": "os:_wrap_close"}
    at_import = (
        Answer("os:popen('echo a')", "returned", "*pipe", "shop.py:3", handles),
        Answer("pipe.read()", "returned", "'then'", "shop.py:4", {}),
    )
    later = Answer("os:_wrap_close.read()", "returned", "'later'", "shop.py:5", {})
    call = replace(program.call("shop:f"), answers=(later,))
    run = replace(program.run_of(), answers=at_import)
    first, second = program.replay(call, replace(call, identity="again"), run=run)
    assert effects(first) == {"returned": "('then', 'later')", "asked 1": "os:_wrap_close.read()"}
    assert effects(second) == effects(first)


# --- conditions -----------------------------------------------------------------------------------------------


def test_the_order_of_calls(program: Any) -> None:
    program.write(shop="def f(n): return n")
    calls = [program.call("shop:f", n=str(n)) for n in range(6)]
    given, back, mixed = ([r.identity for r in program.replay(*calls, order=o)] for o in ("given", "reversed", 3))
    assert given == back[::-1]
    assert sorted(mixed) == sorted(given)
    assert mixed not in (given, back)


def test_surroundings_do_not_show(program: Any) -> None:
    program.write(
        shop="""
        import locale, os, time
        def f():
            return os.getcwd(), time.tzname, os.getenv("LANG"), locale.localeconv()["decimal_point"], str(object())
        """
    )
    call = program.call("shop:f")
    plain = texts(program.replay(call))
    assert literal_eval(plain[0]) == ("<project>", ("CET", "CEST"), None, ".", "<object object at 0x...>")
    varied = {
        "timezone": "Asia/Tokyo",
        "locale": "de_DE.UTF-8",
        "directory": "somewhere-quite-else",
        "padding": 10**7,
    }
    assert texts(program.replay(call, **varied)) == plain


def test_sources_of_nondeterminism_are_found(program: Any) -> None:
    program.write(
        shop="""
        import datetime, os, random, time, uuid
        from random import randint
        own = random.Random(3)
        def roll():
            a = time.time()
            b = datetime.datetime.now()
            c = randint(1, 6)
            d = own.random()
            e = uuid.uuid4()
            f = hash("x")
            g = id(a)
            h = os.getpid()
            i = os.environ.get("X")
            j = time.perf_counter()
            k = os.listdir(".")
            return 1
        def calm(n): return n + 1
        """
    )
    roll, calm = program.replay(program.call("shop:roll"), program.call("shop:calm", n="1"), trace_sources=True)
    found = {read.site: read.source for read in roll.sources}
    assert found == {
        "shop.py:6": "clock",
        "shop.py:7": "clock",
        "shop.py:8": "random",
        "shop.py:9": "random",
        "shop.py:10": "uuid",
        "shop.py:11": "hash of text",
        "shop.py:12": "address",
        "shop.py:13": "process",
        "shop.py:14": "environment",
        "shop.py:15": "running clock",
        "shop.py:16": "order of a directory",
    }
    assert calm.sources == ()


# --- processes ------------------------------------------------------------------------------------------------


def test_nothing_is_left_behind(program: Any, tmp_path: Path) -> None:
    program.zygotes = None
    program.write(shop="def f(): return 1")
    program.replay(program.call("shop:f"))
    replayer = program.replayer
    home = replayer._zygotes.home
    zygote = replayer._zygotes.zygote(0)._process
    assert Path(home).is_dir()
    replayer.close()
    assert not Path(home).exists()
    assert zygote.returncode is not None
    assert list(program.directory.iterdir()) == [program.directory / "shop.py"]


def test_a_run_that_is_given_up(program: Any) -> None:
    program.write(shop="def f(n): return n\ndef loop():\n    while True: pass")
    program.replay(program.call("shop:f", n="1"))
    calls = [program.call("shop:f", n=str(n)) for n in range(50)]
    replays = program.replayer.run([Batch(calls[0].target, tuple(calls), program.run_of())])
    next(replays)
    replays.close()
    assert not program.replayer._shifts
    assert texts(program.replay(calls[3])) == ["3"]


def test_no_orphans_when_the_replayer_is_killed(program: Any, tmp_path: Path) -> None:
    program.write(shop="def loop():\n    while True: pass")
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import sys
            sys.path[:0] = {[str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]!r}
            from pathlib import Path
            from conftest import Program
            from legacy_seam.store.blobs import Blobs
            program = Program(Path({str(program.directory)!r}), Blobs(Path("blobs")), ["shop"])
            import threading
            def tell():
                while not (program.replayer and program.replayer._shifts): pass
                print(program.replayer._shifts[0].worker.process, program.replayer._zygotes.home, flush=True)
            threading.Thread(target=tell, daemon=True).start()
            program.replay(program.call("shop:loop"))
            """
        )
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, cwd=tmp_path)
    assert parent.stdout is not None
    told = parent.stdout.readline().split()
    worker, home = int(told[0]), Path(os.fsdecode(told[1]))
    assert home.is_dir()
    time.sleep(0.5)
    os.kill(worker, 0)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        time.sleep(0.05)
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            if not home.exists():
                return
    raise AssertionError("something is left behind")


def test_many_batches(program: Any) -> None:
    program.write(shop="\n".join(f"def f{i}(n): return n + {i}" for i in range(40)))
    calls = [program.call(f"shop:f{i}", n=str(n)) for i in range(40) for n in range(5)]
    replays = program.replay(*calls)
    assert len(replays) == 200
    assert {one.identity: effects(one)["returned"] for one in replays} == {
        call.identity: str(int(call.arguments["n"]) + int(call.target.qualname[1:])) for call in calls
    }


def test_a_program_that_writes_into_every_descriptor(program: Any) -> None:
    program.write(
        shop="""
        import os
        def f(n):
            if n:
                for descriptor in range(3, 64):
                    try: os.write(descriptor, b"\\xff" * 100)
                    except OSError: pass
            return n
        """
    )
    replays = program.replay(*[program.call("shop:f", n=n) for n in "010"])
    assert len(replays) == 3
    assert effects(replays[0]) == {"returned": "0"}


def test_limits_are_those_that_were_asked_for(program: Any) -> None:
    program.limits = Limits(cpu_seconds=1, wall_seconds=30)
    program.write(shop="def f():\n    while True: pass")
    assert program.outcome("shop:f") == {"ended": "'killed: no answer within 1 s of CPU time'"}


def test_an_outcome_does_not_tell_where_the_project_lies(program: Any) -> None:
    program.write(shop="def where():\n    return __file__\n")
    assert program.outcome("shop:where") == {"returned": "'<project>/shop.py'"}
