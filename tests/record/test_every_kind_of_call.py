"""Every kind of call: what went in, what came out, and how it was driven, whatever the kind of function."""

from __future__ import annotations

import sys
from typing import Any

import pytest


def seen(project: Any, driver: str, shop: str) -> Any:
    """Record a driver over a module `shop`, see that both behave as ever, and give what was recorded."""
    project.write(program=driver, shop=shop)
    return project.both("program.py")[1]


def story(recorded: Any, target: str) -> list[tuple[dict[str, str], list[str], list[str]]]:
    """Inputs, steps and outcome of each call of a generator, as short texts."""
    return [
        (
            dict(call.arguments),
            [f"{step.kind} {step.text or step.times}" for step in call.driven],
            [f"{e.kind} {e.text}" for e in call.observed.effects] if call.observed else ["unseen"],
        )
        for call in recorded.of(target)
    ]


# --- generators ---------------------------------------------------------------------------------------------------

GENERATORS = """
    def count(n):
        for i in range(n): yield i
        return "end"
    def echo(first):
        got = yield first
        while got != "stop":
            got = yield [got]
        return got
    def stubborn(log):
        while True:
            try: yield len(log)
            except KeyError as error: log.append(error.args[0])
    def failing(n):
        yield n
        raise ValueError(n)
    def careful(log):
        try: yield 1
        finally: log.append("closed")
    def leaky():
        yield 1
        raise StopIteration
"""


@pytest.mark.parametrize(
    ("driver", "target", "expected"),
    [
        ("print(list(count(3)))", "count", ({"n": "3"}, [], ["returned 'end'", "yielded [0, 1, 2]"])),
        (
            "g = count(5); print(next(g), next(g)); g.close()",
            "count",
            ({"n": "5"}, ["next 2", "close 1"], ["yielded [0, 1]"]),
        ),
        (
            "g = count(6); print(next(g)); del g",
            "count",
            ({"n": "6"}, ["next 1", "close 1"], ["yielded [0]"]),
        ),
        (
            "g = echo(0); print(next(g), g.send('a'), g.send({'b': 1}))\n"
            "try: g.send('stop')\nexcept StopIteration as s: print(s.value)",
            "echo",
            (
                {"first": "0"},
                ["next 1", "send 'a'", "send {'b': 1}", "send 'stop'"],
                ["returned 'stop'", "yielded [0, ['a'], [{'b': 1}]]"],
            ),
        ),
        (
            "g = stubborn([]); print(next(g), g.throw(KeyError('k')), next(g)); g.close()",
            "stubborn",
            (
                {"log": "[]"},
                ["next 1", "throw KeyError('k')", "next 1", "close 1"],
                ["yielded [0, 1, 1]", "changed 'k'"],
            ),
        ),
        (
            "g = stubborn([]); next(g)\ntry: g.throw(OSError(2, 'gone'))\nexcept OSError as e: print(repr(e))",
            "stubborn",
            (
                {"log": "[]"},
                ["next 1", "throw FileNotFoundError(2, 'gone')"],
                ["yielded [0]", "raised FileNotFoundError(2, 'gone')"],
            ),
        ),
        (
            "try: print(list(failing(4)))\nexcept ValueError as e: print(e)",
            "failing",
            ({"n": "4"}, [], ["yielded [4]", "raised ValueError(4)"]),
        ),
        (
            "log = []\nfor x in careful(log): break\nprint(log)",
            "careful",
            ({"log": "[]"}, ["next 1", "close 1"], ["yielded [1]", "changed 'closed'"]),
        ),
    ],
)
def test_generators(project: Any, driver: str, target: str, expected: Any) -> None:
    recorded = seen(project, f"from shop import *\n{driver}\n", GENERATORS)
    assert story(recorded, f"shop:{target}") == [expected]


def test_a_generator_that_lets_stop_iteration_out_is_seen_to_fail_as_its_caller_sees_it(project: Any) -> None:
    recorded = seen(
        project, "from shop import *\ntry: list(leaky())\nexcept RuntimeError as e: print(e)", GENERATORS
    )
    ((_, _, (yielded, raised)),) = story(recorded, "shop:leaky")
    assert yielded == "yielded [1]"
    assert raised.startswith("raised RuntimeError('generator raised StopIteration'")


def test_items_are_written_as_they_are_when_they_are_yielded(project: Any) -> None:
    recorded = seen(
        project,
        "import shop\nfor row in shop.rows(): print(row)\n",
        """
        def rows():
            row = []
            for n in range(3):
                row.append(n)
                yield row
        """,
    )
    assert story(recorded, "shop:rows")[0][2] == ["yielded [[0], [0, 1], [0, 1, 2]]"]


def test_generators_alive_at_once_and_in_other_threads_keep_their_stories_apart(project: Any) -> None:
    recorded = seen(
        project,
        """
        import threading
        from shop import count
        one, two = count(10), count(20)
        print(next(one), next(two), next(two), next(one), next(one))
        rest = []
        thread = threading.Thread(target=lambda: rest.extend(two)); thread.start(); thread.join()
        one.close()
        print(rest[-1])
        print(list(zip(count(2), count(3))))
        """,
        GENERATORS,
    )
    stories = {given["n"]: (steps, outcome) for given, steps, outcome in story(recorded, "shop:count")}
    assert stories["10"] == (["next 3", "close 1"], ["yielded [0, 1, 2]"])
    assert stories["20"][0] == []
    assert stories["20"][1][0] == "returned 'end'"
    assert stories["2"] == ([], ["returned 'end'", "yielded [0, 1]"])
    assert stories["3"] == (["next 2", "close 1"], ["yielded [0, 1]"])


def test_the_same_generator_driven_otherwise_is_another_case(project: Any) -> None:
    recorded = seen(
        project,
        """
        from shop import count
        for _ in range(3):
            list(count(4))
            g = count(4); next(g); g.close()
        """,
        GENERATORS,
    )
    assert sorted(steps for _, steps, _ in story(recorded, "shop:count")) == [[], ["next 1", "close 1"]]
    assert recorded.counts["shop:count"].duplicate == 4


def test_a_generator_that_still_stands_at_the_end_of_the_program_is_kept(project: Any) -> None:
    recorded = seen(
        project, "from shop import count\ng = count(4)\nprint(next(g))\nimport os; os._exit(3)", GENERATORS
    )
    assert story(recorded, "shop:count") == [({"n": "4"}, ["next 1"], ["unseen"])]


def test_a_generator_collects_its_own_files_and_no_others(project: Any) -> None:
    for name in "abc":
        (project.directory / f"{name}.txt").write_text(name * 3)
    recorded = seen(
        project,
        """
        import shop
        one = shop.lines("a.txt")
        print(next(one))
        print(open("c.txt").read())
        print(list(shop.lines("b.txt")), list(one))
        """,
        """
        def lines(name):
            yield "start"
            with open(name) as file: yield file.read()
        """,
    )
    files = {call.arguments["name"]: [state.path for state in call.files] for call in recorded.of("shop:lines")}
    assert files == {"'a.txt'": ["a.txt"], "'b.txt'": ["b.txt"]}


DELEGATING = """
    def leaf(n):
        for i in range(n): yield i
        return n * 10
    def both(n):
        got = yield from leaf(n)
        yield got
        yield from "xy"
        return (yield from [1, 2])
"""


def test_delegating_generators(project: Any) -> None:
    recorded = seen(
        project,
        "from shop import both\nprint(list(both(2)))\ng = both(3); print(next(g), next(g)); g.close()\n",
        DELEGATING,
    )
    whole, closed = story(recorded, "shop:both")
    if sys.version_info >= (3, 12):
        assert whole == ({"n": "2"}, [], ["yielded [0, 1, 20, 'x', 'y', 1, 2]"])
        assert closed == ({"n": "3"}, ["next 2", "close 1"], ["yielded [0, 1]"])
    else:  # what is passed on cannot be seen without being in its way
        assert (whole[1:], closed[1:]) == (([], ["unseen"]), ([], ["unseen"]))


# --- coroutines and asynchronous generators -----------------------------------------------------------------------

ASYNCHRONOUS = """
    import asyncio
    async def fetch(n):
        await asyncio.sleep(0.001 * (5 - n))
        if n == 3: raise LookupError(n)
        return n * 2
    async def gather(n):
        return await asyncio.gather(*(fetch(i) for i in range(n)), return_exceptions=True)
    async def forever():
        await asyncio.sleep(3600)
    async def stream(n):
        for i in range(n):
            got = yield i
            await asyncio.sleep(0)
            if got: yield ["got", got]
    class Session:
        def __init__(self, name): self.name = name
        async def __aenter__(self):
            await asyncio.sleep(0)
            return self
        async def __aexit__(self, kind, error, traceback):
            return kind is KeyError
        def __await__(self):
            yield from asyncio.sleep(0).__await__()
            return self.name
        def __aiter__(self): return self
        async def __anext__(self): raise StopAsyncIteration
    """


def test_coroutines_that_run_at_the_same_time(project: Any) -> None:
    recorded = seen(project, "import asyncio, shop\nprint(asyncio.run(shop.gather(5)))\n", ASYNCHRONOUS)
    outcomes = {given["n"]: outcome for given, _, outcome in story(recorded, "shop:fetch")}
    assert outcomes == {
        "0": ["returned 0"],
        "1": ["returned 2"],
        "2": ["returned 4"],
        "3": ["raised LookupError(3)"],
        "4": ["returned 8"],
    }
    assert story(recorded, "shop:gather")[0][2] == ["returned [0, 2, 4, LookupError(3), 8]"]
    assert recorded.counts["shop:fetch"].kept == 5


def test_a_coroutine_that_is_cancelled_or_closed_has_no_outcome_of_its_own(project: Any) -> None:
    recorded = seen(
        project,
        """
        import asyncio, shop
        async def main():
            try: await asyncio.wait_for(shop.forever(), 0.01)
            except asyncio.TimeoutError: print("late")
        asyncio.run(main())
        shop.fetch(1).close()
        """,
        ASYNCHRONOUS,
    )
    assert [call.observed for call in recorded.of("shop:forever")] == [None]
    assert recorded.of("shop:fetch") == []


def test_asynchronous_generators(project: Any) -> None:
    recorded = seen(
        project,
        """
        import asyncio, shop
        async def main():
            print([i async for i in shop.stream(3)])
            g = shop.stream(4)
            print(await anext(g), await g.asend("x"), await anext(g))
            await g.aclose()
            g = shop.stream(5)
            await anext(g)
            try: await g.athrow(ValueError("no"))
            except ValueError as e: print(e)
            print([pair async for pair in both(shop.stream(1), shop.stream(2))])
        async def both(a, b):
            async for x in a:
                async for y in b: yield x, y
        asyncio.run(main())
        """,
        ASYNCHRONOUS,
    )
    stories = {given["n"]: (steps, outcome) for given, steps, outcome in story(recorded, "shop:stream")}
    assert stories["3"] == ([], ["yielded [0, 1, 2]"])
    assert stories["4"] == (
        ["next 1", "send 'x'", "next 1", "close 1"],
        ["yielded [0, ['got', 'x'], 1]"],
    )
    assert stories["5"] == (["next 1", "throw ValueError('no')"], ["yielded [0]", "raised ValueError('no')"])
    assert (stories["1"], stories["2"]) == (([], ["yielded [0]"]), ([], ["yielded [0, 1]"]))


def test_asynchronous_context_managers_and_awaitables(project: Any) -> None:
    recorded = seen(
        project,
        """
        import asyncio, shop
        async def main():
            async with shop.Session("s") as session:
                print(await session, [x async for x in session])
                raise KeyError
        asyncio.run(main())
        """,
        ASYNCHRONOUS,
    )
    assert recorded.outcomes("shop:Session.__aenter__") == [[("returned", "", "*self")]]
    assert recorded.outcomes("shop:Session.__aexit__") == [[("returned", "", "True")]]
    assert recorded.outcomes("shop:Session.__anext__") == [[("raised", "", "StopAsyncIteration()")]]


def test_coroutines_collect_their_own_files(project: Any) -> None:
    for name in "ab":
        (project.directory / f"{name}.txt").write_text(name * 3)
    recorded = seen(
        project,
        """
        import asyncio, shop
        async def main(): print(await asyncio.gather(shop.read("a.txt"), shop.read("b.txt")))
        asyncio.run(main())
        """,
        """
        import asyncio
        async def read(name):
            await asyncio.sleep(0)
            text = open(name).read()
            await asyncio.sleep(0)
            return text
        """,
    )
    files = {call.arguments["name"]: [state.path for state in call.files] for call in recorded.of("shop:read")}
    assert files == {"'a.txt'": ["a.txt"], "'b.txt'": ["b.txt"]}


# --- lambdas, names that are shared, functions deep within others -------------------------------------------------


def test_lambdas(project: Any) -> None:
    recorded = seen(
        project,
        """
        import shop
        print(shop.key({"n": 2}), shop.Row().double(4), shop.ranked([3, 1, 2]), shop.make(5)(6))
        print(shop.TABLE["a"](1), shop.TABLE["b"](1), shop.pair([2]))
        try: shop.bad(0)
        except ZeroDivisionError as e: print(e)
        """,
        """
        key = lambda row, *, sign=1: sign * row["n"]
        class Row:
            factor = 2
            double = lambda self, x: self.factor * x if x else None
        def ranked(xs): return sorted(xs, key=lambda x: -x)
        def make(n): return lambda k: n + k
        TABLE = {"a": lambda x: x + 1, "b": lambda x: x + 2}
        bad = lambda x: 1 / x
        def pair(xs): return min(xs, key=lambda x: x), max(xs, key=lambda x: -x)
        """,
    )
    assert recorded.of("shop:key")[0].arguments == {"row": "{'n': 2}"}
    assert recorded.of("shop:key")[0].defaulted == ("sign",)
    assert recorded.outcomes("shop:key") == [[("returned", "", "2")]]
    assert recorded.outcomes("shop:Row.double") == [[("returned", "", "8")]]
    assert [i["x"] for i in recorded.inputs("shop:ranked.<locals>.<lambda>")] == ["3", "1", "2"]
    assert recorded.of("shop:make.<locals>.<lambda>")[0].closure == {"n": "5"}
    assert recorded.outcomes("shop:make.<locals>.<lambda>") == [[("returned", "", "11")]]
    assert recorded.outcomes("shop:bad") == [[]]
    assert recorded.of("shop:bad")[0].arguments == {"x": "0"}
    numbered = {name: recorded.outcomes(name) for name in recorded.counts if "pair.<locals>" in name}
    assert numbered == {
        "shop:pair.<locals>.<lambda>": [[("returned", "", "2")]],
        "shop:pair.<locals>.<lambda>.2": [[("returned", "", "-2")]],
    }
    assert {name for name in recorded.counts if name.startswith("shop:<lambda>")} == {
        "shop:<lambda>.2",
        "shop:<lambda>.3",
    }


def test_functions_of_one_name_are_told_apart(project: Any) -> None:
    recorded = seen(
        project,
        """
        import shop
        print(shop.old(1), shop.f(1), shop.show(1), shop.show("a"), shop.show([1]))
        print([f() for f in shop.loop()], shop.either(True)(3), shop.either(False)(3))
        c = shop.C(); c.p = 3; print(c.p, shop.parse("7"))
        """,
        """
        from functools import singledispatch
        from typing import overload
        def f(x): return "old"
        old = f
        def f(x): return "new"
        @singledispatch
        def show(x): return "any"
        @show.register
        def _(x: str): return "text"
        @show.register
        def _(x: list): return "list"
        def loop():
            fs = []
            for n in range(3):
                def g(): return n
                fs.append(g)
                def g(n=n): return n * 10
                fs.append(g)
            return fs
        def either(flag):
            if flag:
                def pick(x): return x
            else:
                def pick(x): return -x
            return pick
        class C:
            @property
            def p(self): return self.v
            @p.setter
            def p(self, v): self.v = v
        @overload
        def parse(x: str) -> int: ...
        @overload
        def parse(x: bytes) -> int: ...
        def parse(x): return int(x)
        """,
    )
    outcomes = {
        name.partition(":")[2]: [effects[0][2] for effects in recorded.outcomes(name)] for name in recorded.counts
    }
    assert outcomes["f"] == ["'new'"]
    assert outcomes["f.1"] == ["'old'"]
    assert (outcomes["show"], outcomes["_.1"], outcomes["_"]) == (["'any'"], ["'text'"], ["'list'"])
    assert outcomes["loop.<locals>.g"] == ["2"]
    assert outcomes["loop.<locals>.g.2"] == ["0", "10", "20"]
    assert (outcomes["either.<locals>.pick"], outcomes["either.<locals>.pick.2"]) == (["3"], ["-3"])
    assert outcomes["C.p"] == ["3"]
    assert outcomes["C.p.setter"] == ["None"]
    assert [name for name in outcomes if name.startswith("parse")] == ["parse"] or outcomes["parse"] == ["7"]
    assert not any(count.failed for count in recorded.counts.values())


def test_functions_deep_within_others_have_outcomes(project: Any) -> None:
    depth = 9
    lines = [f"{'    ' * n}def f{n}(x):\n{'    ' * (n + 1)}if x < 0: return -{n}" for n in range(depth)]
    lines.append("    " * depth + "return x")
    lines += [f"{'    ' * n}return f{n}(x) + 1" for n in range(depth - 1, 0, -1)]
    recorded = seen(project, "import shop\nprint(shop.f0(1), shop.f0(-1))\n", "\n".join(lines) + "\n")
    assert recorded.outcomes("shop:f0") == [[("returned", "", str(depth))], [("returned", "", "0")]]
    deepest = "shop:" + ".<locals>.".join(f"f{n}" for n in range(depth))
    assert [e[0][2] for e in recorded.outcomes(deepest)] == ["1"]


# --- calls that are cut short -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "code"), [("sys.exit(3)", 3), ("os._exit(4)", 4), ("raise KeyboardInterrupt", -2), ("return", 0)]
)
def test_programs_that_end_in_the_middle_of_calls(project: Any, end: str, code: int) -> None:
    project.write(
        program="import shop\nshop.outer([1])\n",
        shop=f"""
        import os, sys, threading
        def outer(x):
            x.append(2)
            g = steps(x)
            next(g)
            started = threading.Event()
            threading.Thread(target=waits, args=(started, "a daemon"), daemon=True).start()
            started.wait()
            HELD.append(g)
            inner(x)
        def inner(x):
            {end}
        def waits(started, name):
            sleeps(started, name)
        def sleeps(started, name):
            started.set()
            threading.Event().wait()
        def steps(x):
            yield x
        HELD = []
        """,
    )
    plain, result = project.plain("program.py"), project.record("program.py")
    assert result.returncode == plain.returncode == code
    recorded = project.recorded()
    assert recorded.inputs("shop:outer") == [{"x": "[1]"}]
    assert recorded.inputs("shop:inner") == [{"x": "[1, 2]"}]
    assert [given["name"] for given in recorded.inputs("shop:sleeps")] == ["'a daemon'"]
    assert recorded.of("shop:sleeps")[0].observed is None
    assert story(recorded, "shop:steps") == [({"x": "[1, 2]"}, ["next 1"], ["unseen"])]


# --- where functions come from ------------------------------------------------------------------------------------


def test_modules_in_archives(project: Any) -> None:
    import zipfile

    project.write(program="import sys\nsys.path.insert(0, 'app.zip')\nimport pack.shop\nprint(pack.shop.f(1))\n")
    with zipfile.ZipFile(project.directory / "app.zip", "w") as archive:
        archive.writestr("pack/__init__.py", "")
        archive.writestr("pack/shop.py", "# \u00e9\ndef f(x):\n    return x + STEP\nSTEP = 1\n")
    recorded = project.both("program.py")[1]
    assert recorded.outcomes("pack.shop:f") == [[("returned", "", "2")]]
    assert "app.zip" in recorded.run.search_path


def test_modules_made_by_hand(project: Any) -> None:
    project.write(
        program="""
        import importlib.util, runpy, sys, types
        spec = importlib.util.spec_from_file_location("by_hand", "shop.py")
        module = importlib.util.module_from_spec(spec); sys.modules["by_hand"] = module
        spec.loader.exec_module(module)
        print(module.f(1))
        lazy = importlib.util.LazyLoader.factory(importlib.machinery.SourceFileLoader)("lazy", "shop.py")
        spec = importlib.util.spec_from_file_location("lazy", "shop.py", loader=lazy)
        module = importlib.util.module_from_spec(spec); sys.modules["lazy"] = module
        spec.loader.exec_module(module)
        print(module.f(2))
        print(runpy.run_path("shop.py")["f"](3), runpy.run_module("shop")["f"](4))
        import shop
        print(importlib.reload(shop).f(5))
        copied = types.FunctionType(shop.f.__code__, vars(shop), "other")
        print(copied(6))
        """,
        shop="def f(x):\n    return x * 10\n",
    )
    recorded = project.both("program.py")[1]
    assert recorded.inputs("by_hand:f") == [{"x": "1"}]
    assert recorded.inputs("lazy:f") == [{"x": "2"}]
    assert [given["x"] for given in recorded.inputs("shop:f")] == ["3", "4", "5", "6"]


def test_code_without_source_is_told_of(project: Any) -> None:
    import py_compile

    project.write(program="import sys\nimport shop\nprint(shop.f(1))\n", shop="def f(x): return x\n")
    source = project.directory / "shop.py"
    py_compile.compile(str(source), cfile=str(project.directory / "shop.pyc"))
    source.unlink()
    recorded = project.both("program.py")[1]
    assert [(one.what[-8:], one.why) for one in recorded.findings] == [
        ("shop.pyc", "runs without probes: it comes without source")
    ]


# --- how calls come about -----------------------------------------------------------------------------------------


def test_defaults_are_known_in_a_module_that_puts_an_object_in_its_own_place(project: Any) -> None:
    recorded = seen(
        project,
        "import shop\nprint(shop.price(2))",
        """
        import sys, types
        def price(n, rate=3): return n * rate
        class Warner(types.ModuleType):
            def __init__(self, module):
                super().__init__(module.__name__)
                self.module = module
            def __getattr__(self, name):
                return getattr(self.module, name)
        sys.modules[__name__] = Warner(sys.modules[__name__])
        """,
    )
    assert recorded.of("shop:price")[0].defaulted == ("rate",)


def test_methods_of_objects_that_are_defaults_are_kept(project: Any) -> None:
    recorded = seen(
        project,
        "import shop\nprint(shop.roll(), shop.look('a'))",
        """
        import random, time
        PRICES = {"a": 1}
        def roll(dice=random.Random(1).random, pick=random.Random(2).choice, shared=random.choice, now=time.time):
            return dice() < 1 and pick([7]) and shared([8])
        def look(key, get=PRICES.get, has=PRICES.__contains__): return has(key) and get(key)
        """,
    )
    [roll], [look] = recorded.of("shop:roll"), recorded.of("shop:look")
    assert roll.defaulted == ("now",)
    assert roll.arguments["shared"] == "random:choice"
    assert look.arguments == {
        "key": "'a'",
        "get": "method(&1 {'a': 1}, 'get')",
        "has": "method(*1, '__contains__')",
    }


def test_every_way_to_be_called(project: Any) -> None:
    recorded = seen(
        project,
        """
        import concurrent.futures, functools, re, shop
        from shop import early, TABLE
        print(early(1), TABLE["early"](2), functools.partial(early, 3)(), shop.default())
        print(sorted([2, 1], key=shop.key), list(map(shop.key, [3])), re.sub("b", shop.upper, "abc"))
        print(max([1, 2], key=shop.Row(1).near), shop.cached(1), shop.cached(1), shop.twice(4))
        with concurrent.futures.ThreadPoolExecutor(2) as pool: print(list(pool.map(shop.key, [10, 20])))
        row = shop.Child(5)
        row += 1
        with row as entered: print(entered is row, row[2], row(3), len(row), -row, row == 7, 1 in row, bool(row))
        print(row.area, row.area, row.made(1).n, row.still(2), row.over(1), hash(row), f"{row:>3}", list(row))
        row.side = 4; del row.side; row.n = 3
        print(shop.down(900), shop.outer(1)(2), shop.outer(1)(3), row.missing)
        """,
        """
        import functools
        def early(x): return x
        TABLE = {"early": early}
        def default(f=early): return f(4)
        def key(x): return -x
        def upper(match): return match.group().upper()
        @functools.lru_cache
        def cached(x): return [x]
        def doubled(f):
            @functools.wraps(f)
            def wrapper(*a): return f(*a) * 2
            return wrapper
        @doubled
        def twice(x): return x
        class Row:
            def __init__(self, n): self.n = n
            def near(self, x): return x - self.n
            def over(self, x): return x
            def __iadd__(self, x): self.n += x; return self
            def __enter__(self): return self
            def __exit__(self, *e): return None
            def __getitem__(self, i):
                if i > 2: raise IndexError(i)
                return i
            def __call__(self, x): return x
            def __len__(self): return 2
            def __neg__(self): return -self.n
            def __eq__(self, other): return self.n == other
            def __hash__(self): return 6
            def __contains__(self, x): return x == 1
            def __bool__(self): return True
            def __format__(self, spec): return spec
            def __iter__(self): return iter([self.n])
            def __getattr__(self, name): return name
            @functools.cached_property
            def area(self): return self.n * 2
            @property
            def side(self): return self.n
            @side.setter
            def side(self, x): self.n = x
            @side.deleter
            def side(self): self.n = 0
            @classmethod
            def made(cls, n): return cls(n)
            @staticmethod
            def still(n): return n
        class Child(Row):
            def over(self, x): return super().over(x) + 1
        def down(n): return n and 1 + down(n - 1)
        def outer(n):
            def inner(k): return n + k
            return inner
        """,
    )
    outcomes = {
        name.removeprefix("shop:"): [
            (list(call.arguments.values())[-1:], effect.text)
            for call in recorded.of(name)
            for effect in call.observed.effects[:1]
        ]
        for name in recorded.counts
    }
    assert [given for given, _ in outcomes["early"]] == [["1"], ["2"], ["3"], ["4"]]
    keys = [given for given, _ in outcomes["key"]]
    assert keys[:3] == [["2"], ["1"], ["3"]]
    assert sorted(keys[3:]) == [["10"], ["20"]]  # a pool calls it in any order
    assert outcomes["upper"][0][1] == "'B'"
    assert outcomes["cached"] == [(["1"], "[1]")]
    assert outcomes["twice"] == [(["4"], "4")]
    assert outcomes["doubled.<locals>.wrapper"] == [(["(4,)"], "8")]
    assert outcomes["outer.<locals>.inner"] == [(["2"], "3"), (["3"], "4")]
    assert (outcomes["Child.over"], outcomes["Row.over"]) == ([(["1"], "2")], [(["1"], "1")])
    assert outcomes["Row.area"][0][1] == "12"
    assert recorded.counts["shop:Row.area"].seen == 1
    assert outcomes["Row.__getitem__"] == [(["2"], "2")]
    for name in (
        "__init__",
        "__iadd__",
        "__enter__",
        "__exit__",
        "__call__",
        "__len__",
        "__neg__",
        "__eq__",
        "near",
        "__contains__",
        "__format__",
        "__iter__",
        "__getattr__",
        "side.setter",
        "side.deleter",
        "made",
        "still",
    ):
        assert outcomes[f"Row.{name}"], name
    assert recorded.counts["shop:down"].seen == 901
    assert not any(count.failed for count in recorded.counts.values())


# --- generators as arguments --------------------------------------------------------------------------------------


def test_generators_that_are_handed_in_are_heard_and_not_used_up(project: Any) -> None:
    recorded = seen(
        project,
        """
        import shop
        print(shop.total(n * 2 for n in [1, 2, 3]))
        rows = ({"n": n} for n in range(4))
        print(shop.first(rows), list(rows))
        print(shop.total(shop.numbers(3)))
        print(shop.ignored(n for n in [1]))
        print(shop.call(map(str, [1])))
        """,
        """
        def total(items): return sum(items)
        def first(items): return next(items)
        def numbers(n):
            for i in range(n): yield i
        def ignored(items): return 1
        def call(items): return total(int(x) for x in items)
        """,
    )
    assert sorted(given["items"] for given in recorded.inputs("shop:total")) == [
        "generator([0, 1, 2], ended=True)",
        "generator([1], ended=True)",
        "generator([2, 4, 6], ended=True)",
    ]
    assert recorded.inputs("shop:first") == [{"items": "generator([{'n': 0}], ended=False)"}]
    assert recorded.outcomes("shop:first") == [[("returned", "", "{'n': 0}")]]
    assert recorded.inputs("shop:ignored") == [{"items": "generator([], ended=False)"}]
    assert recorded.outcomes("shop:numbers") == [[("yielded", "", "[0, 1, 2]")]]


def test_generators_are_heard_wherever_they_stand_in_the_inputs(project: Any) -> None:
    """In what enclosing functions hold, within other iterators, in attributes, and in several calls at a time."""
    recorded = seen(
        project,
        """
        import shop
        print(shop.Parser("1+2").sum())
        print(shop.numbered(enumerate(shop.tokens("ab"))), shop.numbered(zip(shop.tokens("c"), shop.tokens("de"))))
        more = shop.later("xy")
        print(more(), more(), more())
        """,
        """
        def tokens(text):
            for one in text: yield one
        class Parser:
            def __init__(self, text): self.tokens = tokens(text)
            def sum(self):
                total = self.number()
                for sign in self.tokens: total += self.number()
                return total
            def number(self): return int(next(self.tokens))
        def numbered(pairs): return [f"{a}{b}" for a, b in pairs]
        def later(text):
            rest = tokens(text)
            def more(): return next(rest, None)
            return more
        """,
    )
    assert [given["self"] for given in recorded.inputs("shop:Parser.sum")] == [
        "shop:Parser(tokens=generator(['1', '+', '2'], ended=True))"
    ]
    assert [given["self"] for given in recorded.inputs("shop:Parser.number")] == [
        "shop:Parser(tokens=generator(['1'], ended=False))",
        "shop:Parser(tokens=generator(['2'], ended=False))",
    ]
    assert sorted(given["pairs"] for given in recorded.inputs("shop:numbered")) == [
        "enumerate(generator(['a', 'b'], ended=True), 0)",
        "zip(generator(['c'], ended=True), generator(['d'], ended=False))",
    ]
    assert [dict(call.closure) for call in recorded.calls if call.target.qualname.endswith("more")] == [
        {"rest": "generator(['x'], ended=False)"},
        {"rest": "generator(['y'], ended=False)"},
        {"rest": "generator([], ended=True)"},
    ]
    told = [kind for kind, _, _ in recorded.outcomes("shop:Parser.sum")[0]]
    assert told == ["returned"], "that the generator went on is in what it gave"


def test_what_a_generator_gives_may_share_parts_as_other_arguments_do(project: Any) -> None:
    recorded = seen(
        project,
        """
        import shop
        part = []
        print(shop.together(([n], own, own) for n in [1, 2] for own in [[n]]))
        print(shop.beside([part, part], ((own, own) for own in [[7]])))
        """,
        """
        def together(items): return len(list(items))
        def beside(pair, items): return pair + list(items)
        """,
    )
    assert recorded.inputs("shop:together") == [
        {"items": "generator([([1], &1 [1], *1), ([2], &2 [2], *2)], ended=True)"}
    ]
    assert recorded.inputs("shop:beside") == [
        {"pair": "[&1 [], *1]", "items": "generator([(&2 [7], *2)], ended=True)"}
    ]


def test_what_a_call_asks_that_was_seen_before_is_heard_by_those_that_led_to_it(project: Any) -> None:
    recorded = seen(
        project,
        """
        import shop
        print([shop.named(shop.sign), shop.named(shop.sign), shop.other(), shop.last()])
        """,
        """
        import subprocess
        sign = "x"
        def named(sign): return subprocess.list2cmdline([sign]) + shown()
        def shown(): return subprocess.getoutput("echo hello")
        def other(): return shown()
        def last(): return shown() + shown()
        """,
    )
    asked = {str(call.target): [answer.text for answer in call.answers] for call in recorded.calls}
    assert asked["shop:other"] == ["'hello'"]
    assert asked["shop:last"] == ["'hello'", "'hello'"]
    assert (recorded.counts["shop:shown"].duplicate, recorded.counts["shop:shown"].seen) == (4, 5)
