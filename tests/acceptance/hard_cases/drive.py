"""Calls every hard case, as a program of that time would: from the top of a script."""

import asyncio
import collections
import contextlib
import datetime
import functools
import http.server
import io
import logging
import os
import sqlite3
import threading
import types
import warnings
import zipfile

import classes
import failures
import flow
import functions
import inputs
import kinds
import loops
import world

warnings.simplefilter("ignore")
logging.basicConfig(level=logging.DEBUG, handlers=[logging.NullHandler()])

# --- inputs
inputs.deep_mutation({"lines": [{"tags": []}, {"tags": ["new"]}]})
one = [0]
inputs.aliased(one, one)
inputs.aliased([0], [])
inputs.fresh_or_same([3, 1, 2])
inputs.order_of_keys({"b": 1, "a": 2})
inputs.reorders_argument({"last": 1, "first": 2})
inputs.swaps([1, 2])
inputs.default_value(100)
inputs.default_that_grows(1)
inputs.default_that_grows(2)
inputs.positional_only(5, 2)
inputs.keyword_only(high=4)
inputs.star_arguments(1, 2, 3, 4)
inputs.double_star(z=1, a=2)
inputs.everything(1, 2, 3, c=4, e=5)
inputs.consumes(iter([1, 2, 3]))
numbers = iter([1, 2, 3, 4])
inputs.takes_two(numbers)
inputs.from_generator(name for name in ["a", "", "b"])
inputs.zipped(zip([1, 0, 3], [4, 5, 6]))
inputs.counted(["a", "b", "a"])
inputs.with_default(collections.defaultdict(list), "k")
inputs.queue(collections.deque([1, 2, 3]))
inputs.chained(collections.ChainMap({}, {"a": 1}))
inputs.partial_bound(functools.partial(pow, 2))
inputs.signature_reader(functions.adder)
inputs.memory_of(memoryview(bytearray(b"abc")))
inputs.buffers(bytearray(b"abc"))
inputs.in_the_set({1, 3, 4})
inputs.frozen(frozenset({1}))
inputs.wrapped_name(set())
node = {"n": 1}
node["self"] = node
inputs.cyclic(node)
inputs.nothing_to_do({"a": [1]})
inputs.nothing_to_change([1, 2])

# --- flow
list(flow.items(10))
next(flow.items(3))
total = flow.sent()
next(total), total.send(10), total.send(None)
errors = flow.thrown()
next(errors), errors.throw(KeyError("a")), errors.throw(IndexError)
kept = flow.closed([])
next(kept), kept.close()
list(flow.gives_back(3))
list(flow.delegates(3))
list(flow.lazy([" a ", "b "]))
with contextlib.suppress(ValueError):
    list(flow.fails_late(1))
asyncio.run(flow.awaited(1))
asyncio.run(flow.gathers(3))
asyncio.run(flow.times_out(0.01))


async def visits():
    log = []
    seen = [number async for number in flow.streams(3)]
    async with flow.leased(log):
        log.append("inside")
    with contextlib.suppress(KeyError):
        async with flow.Lease(log):
            raise KeyError(1)
    with contextlib.suppress(ValueError):
        async with flow.Lease(log):
            raise ValueError(1)
    return seen, [number async for number in flow.Countdown(2)]


asyncio.run(visits())
loops.run()
with flow.Guard(True):
    raise ValueError("quiet")
with flow.Guard(False):
    pass
with flow.switched({"on": 1}, 2):
    pass
flow.in_threads([1, 2, 3])
flow.in_a_pool([-1, 2])
flow.runs_a_loop(4)
flow.climbs(5)
list(flow.Steps(3))
list(flow.Ticket())

# --- classes
account = classes.Account("Ann")
account.charged()
account.renames(" Bob ")
account.limit
account.limit = 2.5
del account.limit
account.score
classes.Account.open("Cy")
classes.Account.checked(98)
account(3)
classes.opens("Di")
room = classes.Room(300)
room.celsius
room.celsius = 20
classes.Point(1, 2).moved(3)
classes.Point(1, 2) + classes.Point(3, 4)
sum([classes.Point(1, 2)], 5)
point = classes.Point(1, 2)
point += 5
sorted([classes.Point(2, 1), classes.Point(2, 0), classes.Point(1, 1)])
classes.Point(1, 2) == classes.Point(1, 3)
hash(point), len(point), bool(classes.Point(0, 1)), point[0], 2 in point, f"{point:03d}", repr(point)
point[1] = 9
proxy = classes.Proxy(types.SimpleNamespace(name="low", NAME="high"))
proxy.Name
proxy.other = 1
classes.Base(4).total()
classes.Derived(4).described()
classes.Derived(4).total()
classes.Registered("r")
classes.Made(5).half()
classes.Csv.keys("a")
classes.Money(5).doubled()
classes.renamed(classes.Task(2, "write tests"))
classes.Version(1, 2).bumped()
classes.Colour.RED.other()
classes.mode_of("r+")
root = classes.Node("root")
classes.Node("leaf", root).root()
classes.Meter().step().step()
classes.Names(["a", "b"]).joined()
classes.Table(a=1)["b"]
classes.Amount(5).net()
classes.same_shape(5)
classes.runs_workers([classes.Worker(1), classes.Worker(2)])

# --- functions
functions.adder(3)(4)
tick = functions.counter()
tick(), tick()
functions.multiplier(3)(4)
functions.unused_closure(5)
functions.applied(lambda value: value + 1, 3)
functions.keyed(["bb", "a"], len)
sorted(["ab", "ba"], key=functions.by_last_letter)
__import__("re").sub("<(.)>", functions.upper_match, "<a> b")
functions.substituted("<a><b>")
list(functions.mapped([1, 2]))
functions.cached(3), functions.cached(3)
functions.fibonacci(6)
functions.shown("x"), functions.shown(3)
functions.greeting("bob")
functions.trebled(2)
functions.TABLE["+"](1, 2), functions.TABLE["-"](1, 2)
functions.evaluated("1 - 2")
functions.shortened(2)
functions.picked("n")
functions.methodical(["a"])
functions.compiled("x")
functions.generated("def made(n): return n * 2")
functions.Handler().dispatch("load", 1), functions.Handler().on_load(1)
functions.square(4)

# --- failures
for failing, given in [
    (failures.error_type, ["a"]),
    (failures.error_message, ["a"]),
    (failures.error_attribute, [3]),
    (failures.error_cause, ["a"]),
    (failures.error_context, ["a"]),
    (failures.error_note, ["a"]),
    (failures.error_group, [[1, 2]]),
    (failures.error_swallowed, [[1]]),
    (failures.finally_wins, [[1, 2]]),
    (failures.leaves, [3]),
    (failures.interrupts, []),
    (failures.asserts, [-1]),
    (failures.error_after_change, [[0]]),
    (failures.returned_error, ["a"]),
    (failures.warns_category, []),
    (failures.warns_text, ["a"]),
    (failures.warns_no_more, ["a"]),
    (failures.prints, ["a"]),
    (failures.prints_end, ["a"]),
    (failures.prints_elsewhere, ["a"]),
    (failures.writes_out, ["a"]),
    (failures.writes_bytes, [b"ab"]),
    (failures.writes_a_stream, [io.StringIO("old"), "new"]),
    (failures.redirects, ["a"]),
    (failures.logs_level, [1]),
    (failures.logs_message, [1]),
    (failures.logs_args, [1]),
    (failures.logs_extra, [1]),
    (failures.logs_exception, ["a"]),
    (failures.logs_elsewhere, [1]),
    (failures.logs_debug, [1]),
]:
    with contextlib.suppress(BaseException):
        failing(*given)

# --- world
world.writes_text("letter.txt", "Ann")
world.writes_binary("bytes.bin")
world.appends("letter.txt")
world.writes_json("data.json", {"a": [1, None]})
world.writes_csv("rows.csv", [["a", 1], ["b", 2]])
world.writes_pickle("data.pickle", {"a": 1})
world.writes_zip("data.zip")
world.writes_gzip("data.gz")
world.reads_file("letter.txt")
with open("main.ini", "w") as settings:
    settings.write("[main]\nrate = 3\n")
world.reads_config("main.ini")
os.makedirs("place", exist_ok=True)
for name in ("a.txt", "b.txt", "c.csv"):
    with open(f"place/{name}", "w") as made:
        made.write(name)
world.lists("place")
world.lists_by_glob("place")
world.exists("place/a.txt")
os.makedirs("deep/entered", exist_ok=True)
world.goes_where_nothing_is_opened("deep/entered")
os.chdir("../../place")
world.stands_in_its_place("a.txt")
world.writes_where_it_stands("here.txt")
os.remove("here.txt")
os.chdir("..")
with zipfile.ZipFile("packed.zip", "w") as archive:
    archive.writestr("a", "A")
with zipfile.ZipFile("packed.zip") as archive:
    world.reads_an_archive(archive)
world.is_given_what_was_imported_late(world.imports_late())
world.sends_to_a_generator(world.averages(), [1, 2, 4])
world.leaves_a_generator_alone(world.averages(), 3)
world.makes_directory("deep/er")
world.copies("place/a.txt")
world.renames_file("place/b.txt")
world.removes("place/c.csv")
world.in_a_temporary_directory("hello")
people = sqlite3.connect("people.db")
people.execute("CREATE TABLE people (name)")
people.executemany("INSERT INTO people VALUES (?)", [("ann",), ("bob",)])
people.commit()
world.inserts_row("people.db", "cy")
world.queries(people)
world.updates(people, "dee")
people.close()
os.environ["HARD_CASE"] = "Set"
world.reads_environment("HARD_CASE"), world.reads_environment("HARD_CASE_NOT_SET")
world.sets_environment("x")
world.clock_now()
world.clock_age(datetime.date(1980, 5, 5))
world.clock_seconds()
world.waits(0.01)
world.rolls(20)
world.shuffles(list(range(10)))
world.own_generator(4)
world.identifies()
world.secret_token()
world.hashes_text("text")
world.digests("text")
world.set_silently(3)
world.defines_new_global(3)
world.fills_cache("abc"), world.fills_cache("abc")
world.remembers("a"), world.remembers("b")
world.sets_function_attribute(3)
world.sets_thread_local(3)
world.divides(1, 7)
world.sets_other_module(12)
world.formats_number(1234.5)
world.asks_process("hello")
world.uses_process_answer("hello")


class Rates(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"rate": 7}')

    def log_message(self, *given):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Rates)
threading.Thread(target=server.serve_forever, daemon=True).start()
world.asks_http(f"http://127.0.0.1:{server.server_port}")
server.shutdown()
server.server_close()
world.exits_hard()
world.where()
world.recursion_limit()

# --- kinds
for name, made in vars(kinds).items():
    if isinstance(made, types.FunctionType) and made.__module__ == "kinds":
        if made.__code__.co_varnames[0] == "text":
            made("text")
        elif made.__code__.co_varnames[0] == "year":
            made(2024)
        elif made.__code__.co_varnames[0] == "view":
            made(b"abc")
        else:
            made(1)
