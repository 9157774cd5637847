"""The host never notices: each program here tells all it can find out about itself, left alone and recorded."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest


def same(project: Any, driver: str, shop: str, *program: str, **options: Any) -> Any:
    """Run a driver over a module `shop`, plain and recorded; gives what was recorded."""
    project.write(program=driver, shop=shop)
    return project.both(*(program or ("program.py",)), **options)[1]


KINDS = """
    import asyncio, functools, contextlib
    def plain(a, /, b: int = 2, *c, d: "str" = "x", **e) -> float:
        "A docstring."
        return b
    def generator(n=1):
        try:
            got = yield n
            yield got
        finally:
            pass
    def delegating():
        return (yield from generator())
    async def coroutine(x=None):
        await asyncio.sleep(0)
        return x
    async def stream(n=2):
        for i in range(n): yield i
    key = lambda row, *, up=True: row if up else -row
    class Shape:
        "A class."
        def method(self): return self
        @classmethod
        def made(cls): return cls
        @staticmethod
        def still(): return 1
        @property
        def side(self): return 1
        @functools.cached_property
        def area(self): return 2
        def __call__(self, x): return x
    @functools.lru_cache
    def cached(x): return x
    @contextlib.contextmanager
    def manager(): yield 1
    @functools.wraps(plain)
    def wrapped(*a, **k): return plain(*a, **k)
    def outer():
        total = 0
        def inner(x):
            nonlocal total
            total += x
            return total
        return inner
    ALL = [plain, generator, delegating, coroutine, stream, key, Shape.method, Shape.made, Shape.still,
           Shape.__call__, cached, manager, wrapped, outer, outer()]
"""


def test_functions_look_the_same_to_whoever_inspects_them(project: Any) -> None:
    same(
        project,
        """
        import dis, inspect, pickle, shop
        predicates = [p for n, p in sorted(vars(inspect).items()) if n.startswith("is") and callable(p)
                      and n not in ("isabstract", "iskeyword")]
        for f in shop.ALL:
            print([bool(p(f)) for p in predicates])
            print(f.__name__, f.__qualname__, f.__module__, f.__doc__, getattr(f, "__defaults__", 0),
                  getattr(f, "__kwdefaults__", 0), getattr(f, "__annotations__", 0), inspect.signature(f))
            print(inspect.getsource(f), inspect.getsourcelines(f)[1], inspect.getfile(f)[-8:])
            code = getattr(inspect.unwrap(f), "__code__", None)
            if code:
                print(code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags, code.co_firstlineno,
                      code.co_name, code.co_qualname, sorted(set(code.co_names)), code.co_argcount)
        for f in (shop.plain, shop.generator, shop.Shape, shop.Shape.method, shop.Shape.made, shop.cached):
            print(pickle.loads(pickle.dumps(f)) == f)
        print(sorted(vars(shop)), sorted(vars(shop.Shape)), shop.__dict__.keys() == vars(shop).keys())
        print(shop.plain is shop.wrapped.__wrapped__, shop.__file__ and shop.__spec__.name, shop.__loader__.name)
        """,
        KINDS,
    )


def test_generators_and_coroutines_look_the_same_while_they_rest(project: Any) -> None:
    recorded = same(
        project,
        """
        import asyncio, inspect, shop, types
        g = shop.generator(5)
        def show(g):
            print(inspect.getgeneratorstate(g), g.gi_running, g.gi_suspended, g.gi_yieldfrom is None,
                  g.gi_frame and (g.gi_frame.f_lineno, inspect.getgeneratorlocals(g)), g.__name__, g.__qualname__)
        show(g); print(next(g)); show(g); print(g.send("x")); show(g); g.close(); show(g)
        d = shop.delegating(); next(d)
        print(type(d.gi_yieldfrom), d.gi_yieldfrom.gi_code.co_name, d.gi_yieldfrom.gi_frame.f_lineno)
        try: d.throw(KeyError("k"))
        except KeyError as e: print(e.__context__, e.__cause__)
        c = shop.coroutine(1)
        print(inspect.getcoroutinestate(c), c.cr_await, c.cr_frame.f_lineno); c.send(None)
        print(inspect.getcoroutinestate(c), c.cr_frame.f_lineno); c.close()
        print(inspect.getcoroutinestate(c), c.cr_frame)
        g = shop.generator()
        try: g.send(1)
        except TypeError as e: print(e)
        next(g); list(shop.generator(7))
        def me():
            try: yield next(again)
            except ValueError as e: print(e)
        again = me()
        print(list(again))
        try: next(iter(shop.manager()))
        except TypeError as e: print(e)
        with shop.manager() as one: print(one)
        async def main():
            s = shop.stream(); print(await anext(s), s.ag_running, s.ag_frame.f_lineno); await s.aclose()
        asyncio.run(main())
        """,
        KINDS,
    )
    assert recorded.counts["shop:generator"].seen >= 3


def test_tracebacks_names_and_locals(project: Any) -> None:
    same(
        project,
        """
        import asyncio, shop, sys, traceback
        for call in (lambda: shop.divide(0), lambda: list(shop.items(0)), lambda: asyncio.run(shop.later(0)),
                     lambda: shop.quick(0), lambda: shop.thrown(), lambda: shop.chosen(0), lambda: shop.chained(0)):
            try: call()
            except Exception as error:
                traceback.print_exc(file=sys.stdout)
                tb = error.__traceback__
                while tb:
                    print(tb.tb_frame.f_code.co_name, tb.tb_lineno, sorted(tb.tb_frame.f_locals))
                    tb = tb.tb_next
        print(shop.names())
        """,
        """
        import inspect, sys
        def divide(x):
            y = 1
            return (y +
                    y / x)
        def items(x):
            yield 1
            yield [1 /
                   x]
        async def later(x):
            return await also(x)
        async def also(x):
            return 1 / x
        quick = lambda x: [1,
                           2 / x]
        def thrown():
            g = inside()
            next(g)
            g.throw(KeyError("k"))
        def inside():
            try:
                yield 1
            except ValueError:
                pass
        def chosen(x):
            return ("a" if x else
                    1 / x) and (x or
                                0)
        def chained(x):
            try:
                1 / x
            except ZeroDivisionError as error:
                raise ValueError([y for y in (1, 2) if y or x]) from error
        def names():
            here = 1
            return locals(), sys._getframe().f_code.co_name, [f.function for f in inspect.stack()][:2]
        """,
    )


def test_warnings_come_from_where_they_came(project: Any) -> None:
    same(
        project,
        """
        import shop, warnings
        warnings.simplefilter("always")
        warnings.showwarning = lambda m, c, f, line, *a: print(m, c.__name__, f[-8:], line)
        def call():
            shop.old()
            list(shop.older())
        call(); shop.quiet(); shop.quiet(); print(shop.is_one(1))
        """,
        """
        import warnings
        def old(): warnings.warn("old", DeprecationWarning, stacklevel=2)
        def older():
            warnings.warn("older", stacklevel=2)
            yield 1
        def quiet(): warnings.warn("here")
        def is_one(x): return x == 1 or x is "1"
        """,
    )


@pytest.mark.parametrize("limit", [300, 1000])
def test_how_deep_calls_may_go(project: Any, limit: int) -> None:
    project.write(
        program=f"""
        import sys, shop
        sys.setrecursionlimit({limit})
        print(shop.down({limit} - 100), shop.sum_of({limit} // 3), shop.walk({limit} // 3))
        try: shop.endless()
        except RecursionError as e: print(e)
        print(shop.deepest(0), file=sys.stderr)
        """,
        shop="""
        def down(n): return 0 if n == 0 else 1 + down(n - 1)
        sum_of = lambda n: 0 if n == 0 else n + sum_of(n - 1)
        def walk(n): return sum(steps(n))
        def steps(n):
            yield n
            if n: yield from steps(n - 1)
        def endless(): return endless()
        def deepest(n):
            try: return deepest(n + 1)
            except RecursionError: return n
        """,
    )
    plain, recorded = project.plain("program.py"), project.record("program.py")
    assert (recorded.stdout, recorded.returncode) == (plain.stdout, 0)
    assert abs(int(plain.stderr) - int(recorded.stderr)) < 20
    assert project.recorded().counts["shop:down"].seen == limit - 99


LOUD = """
    import enum
    def loud(name):
        def method(*a, **k):
            print("ran", name)
            raise ArithmeticError(name)
        return method
    class Meta(type):
        __instancecheck__ = loud("instancecheck")
        __subclasscheck__ = loud("subclasscheck")
        __eq__ = loud("class eq")
        __hash__ = lambda cls: print("ran class hash") or 1
        __repr__ = loud("class repr")
        __module__ = property(loud("module"))
        __iter__ = loud("class iter")
        __len__ = loud("class len")
        __bool__ = loud("class bool")
        def __getattribute__(cls, name):
            print("ran class getattribute", name)
            return type.__getattribute__(cls, name)
    class Loud(metaclass=Meta):
        limit = [1]
        for _name in ("eq", "ne", "lt", "repr", "str", "reduce", "reduce_ex", "getstate", "len", "iter", "bool",
                      "getattr", "hash", "format", "bytes", "int", "float", "index", "contains", "copy", "deepcopy",
                      "sizeof", "dir", "call", "next", "await", "aiter", "get", "instancecheck", "fspath",
                      "getnewargs", "getnewargs_ex", "length_hint", "array", "del", "buffer"):
            if _name != "del": locals()[f"__{_name}__"] = loud(_name)
        value = property(loud("property"))
        __class__ = property(loud("class"))
        __dict__ = property(loud("dict"))
    class Quiet:
        def __getattribute__(self, name):
            print("ran getattribute", name)
            return object.__getattribute__(self, name)
    class Items(dict):
        __iter__ = keys = items = values = __getitem__ = get = loud("of dict")
    class Row(list):
        __iter__ = __getitem__ = __len__ = loud("of list")
    class Name(str):
        __str__ = __eq__ = __len__ = loud("of str")
        __hash__ = str.__hash__
    class Error(Exception):
        __str__ = __repr__ = __reduce__ = loud("of exception")
        args = property(loud("args"))
    SHARED = object.__new__(Loud)
    def f(x): return x
    def g(x):
        yield x
        return x
    async def h(x): return x
    key = lambda x: x
    def fails(x): raise x
    def changes(x): SHARED; Loud; return None
"""


def test_no_code_of_the_program_is_run_whatever_its_classes_define(project: Any) -> None:
    recorded = same(
        project,
        """
        import shop
        make = object.__new__
        things = [make(shop.Loud), make(shop.Quiet), shop.Items(a=1), shop.Row([1]), shop.Name("n")]
        for n in range(3):
            for thing in things + [[thing] for thing in things]:
                shop.f(thing)
                for _ in shop.g(thing): pass
                try: shop.h(thing).send(None)
                except StopIteration: pass
                shop.key(thing)
                shop.changes(thing)
        try: shop.fails(shop.Error(1))
        except Exception as e: print(type(e) is type.__getattribute__(shop, "__class__") or "an error left")
        """,
        LOUD,
    )
    for name in ("f", "g", "h", "key", "changes"):
        count = recorded.counts[f"shop:{name}"]
        assert (count.seen, count.failed) == (30, 0), (name, count)
        assert count.kept >= 5
    assert len(recorded.of("shop:fails")) == 1


def test_modules_whose_class_answers_in_their_place_are_not_asked(project: Any) -> None:
    same(
        project,
        """
        import sys, shop
        shop.f(1)
        print(type(shop).__name__)
        """,
        """
        import sys, types
        class Answering(types.ModuleType):
            def __getattribute__(self, name):
                if name != "f": print("asked for", name)
                return types.ModuleType.__getattribute__(self, name)
        def f(x): return TABLE
        TABLE = [1]
        sys.modules[__name__].__class__ = Answering
        """,
    )


def test_nothing_is_kept_alive(project: Any) -> None:
    same(
        project,
        """
        import gc, shop, weakref
        gc.disable()
        for n in range(5):
            thing, item = shop.Thing(n), shop.Thing(-n)
            dead = weakref.ref(thing), weakref.ref(item)
            shop.f(thing); shop.f([thing]); shop.key(thing)
            for _ in shop.g(thing, item): pass
            g = shop.g(thing, item); next(g); del _
            try: shop.fails(thing)
            except ValueError: pass
            g.close(); del g
            del thing, item
            print([ref() for ref in dead])
        shop.gone(shop.Thing(9))
        print(shop.items())
        """,
        """
        import weakref
        class Thing:
            def __init__(self, n): self.n = n
        def f(x): return {"x": x}
        key = lambda x: [x]
        def g(x, item):
            yield item
            yield x
        def fails(x): raise ValueError(x)
        def gone(x): return None
        def items():
            seen = []
            for item in stream():
                seen.append(weakref.ref(item))
                del item
                print(sum(ref() is not None for ref in seen[:-1]))
            return len(seen)
        def stream():
            for n in range(3):
                yield Thing(n)
        """,
    )


def test_random_numbers_and_the_garbage_collector_are_the_programs(project: Any) -> None:
    same(
        project,
        """
        import gc, random, shop, sys, threading
        random.seed(4)
        print([shop.f(random.random()) for _ in range(50)][-1], random.getstate()[1][:5], gc.isenabled())
        print(gc.get_threshold(), sys.gettrace(), sys.getprofile(), threading.active_count())
        print(sys.getswitchinterval(), sys.getrecursionlimit(), sys.flags.optimize, sys.stdout.line_buffering)
        """,
        "def f(x): return x\n",
    )


TRACED = """
    def f(n):
        total = 0
        for i in range(n):
            if i % 2 and i > 0:
                continue
            total += i if i else 1
        return [t for t in (total,
                            n) if t]
    def g(n):
        got = yield n
        try:
            yield got or n
        finally:
            n = None
    def deep(x):
        def one(x):
            def two(x):
                def three(x): return x
                return three(x)
            return two(x)
        return one(x)
    key = lambda x: (x or
                     1)
    async def h(x):
        return x if x else None
    def run():
        import asyncio
        return f(5), f(0), list(g(1)), deep(2), key(0), key(3), asyncio.run(h(1))
"""


@pytest.mark.parametrize("kind", ["settrace", "setprofile", "monitoring"])
def test_tracers_beside_it_see_the_same(project: Any, kind: str) -> None:
    if kind == "monitoring" and sys.version_info < (3, 12):
        pytest.skip("from Python 3.12 on")
    tracer = {
        "settrace": """
        def hook(frame, event, arg):
            if frame.f_code.co_filename.endswith("shop.py"):
                seen.append((event, frame.f_code.co_name, frame.f_lineno))
                return hook
        sys.settrace(hook); shop.run(); sys.settrace(None)
        """,
        "setprofile": """
        def hook(frame, event, arg):
            if frame.f_code.co_filename.endswith("shop.py") and event in ("call", "return"):
                seen.append((event, frame.f_code.co_name, frame.f_lineno, repr(arg)[:12]))
        sys.setprofile(hook); shop.run(); sys.setprofile(None)
        """,
        "monitoring": """
        def line(code, number):
            if code.co_filename.endswith("shop.py"): seen.append((code.co_name, number))
        sys.monitoring.use_tool_id(1, "cover")
        sys.monitoring.register_callback(1, sys.monitoring.events.LINE, line)
        sys.monitoring.set_events(1, sys.monitoring.events.LINE)
        shop.run()
        sys.monitoring.set_events(1, 0)
        """,
    }[kind]
    same(project, f"import sys, shop\n        seen = []{tracer}\nprint(*seen, sep='\\n')", TRACED)


def test_coverage_beside_it_measures_the_same_lines_and_branches(project: Any) -> None:
    pytest.importorskip("coverage")
    same(
        project,
        """
        import coverage
        measured = coverage.Coverage(data_file=None, branch=True)
        measured.start()
        import shop
        shop.run()
        measured.stop()
        data = measured.get_data()
        (file,) = [f for f in data.measured_files() if f.endswith("shop.py")]
        print(sorted(data.arcs(file)), measured.analysis2(shop)[1:4])
        """,
        TRACED,
    )


def test_a_debugger_beside_it_stops_where_it_did(project: Any) -> None:
    commands = "break shop.py:7\ncontinue\np total, i\nup\nargs\ndown\nnext\nstep\nreturn\nclear\ny\ncontinue\n"
    same(
        project,
        """
        import pdb, shop
        debugger = pdb.Pdb(nosigint=True, readrc=False)
        debugger.use_rawinput = False
        debugger.prompt = ""
        debugger.runcall(shop.run)
        """,
        TRACED,
        input=commands,
    )


def test_assertions_that_pytest_rewrites_beside_it(project: Any) -> None:
    project.write(
        shop="def price(n):\n    return n * 2\n\ndef items():\n    yield price(1)\n",
        test_shop="import shop\n\ndef test_price():\n    assert shop.price(2) == list(shop.items())\n",
    )
    program = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--tb=short",
        ".",
    )
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plain, recorded = project.plain(*program, env=alone), project.record(*program, env=alone)
    assert "assert 4 == [2]" in plain.stdout
    told = [re.sub(r" at 0x\w+| in [0-9.]+s", "", result.stdout) for result in (plain, recorded)]
    assert told[0] == told[1]
    assert project.recorded().counts["shop:price"].seen == 2


def test_what_a_body_was_in_the_middle_of_is_let_go(project: Any) -> None:
    recorded = same(
        project,
        """
        import asyncio, gc, shop, weakref
        class Thing:
            pass
        left = []
        for n in range(20):
            thing = Thing()
            left.append(weakref.ref(thing))
            shop.use(thing)
            try: shop.outer(thing)
            except ValueError: pass
            try: asyncio.run(shop.wait(thing))
            except ValueError: pass
        del thing
        gc.collect()
        print(sum(ref() is not None for ref in left))
        """,
        """
        import contextlib
        def fail(thing): raise ValueError(str(type(thing)))
        def use(thing):
            with contextlib.suppress(ValueError):
                len(str(fail(thing)))
            try:
                return thing.nothing["key"]
            except AttributeError:
                return 1
        def outer(thing):
            def one():
                def two():
                    def three():
                        return len(fail(thing))
                    return three()
                return two()
            return one()
        async def ask(thing): return fail(thing)
        async def wait(thing): return len(await ask(thing))
        """,
    )
    assert recorded.counts["shop:use"].seen == 20


def test_long_generators_do_not_grow(project: Any) -> None:
    recorded = same(
        project,
        """
        import shop, tracemalloc
        g = shop.numbers()
        for _ in range(2000): next(g)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20_000): next(g)
        print((tracemalloc.get_traced_memory()[0] - before) < 50_000)
        """,
        """
        def numbers():
            n = 0
            while True:
                yield [n] * 10
                n += 1
        """,
    )
    (call,) = recorded.of("shop:numbers")
    assert [(step.kind, step.times) for step in call.driven] == [
        ("next", 22_000),
        ("close", 1),
    ] or call.observed is None
