"""What is recorded of each call: its inputs as they were before it, what came of it, and how many went where."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest


def one(project: Any, source: str, **files: str) -> Any:
    """Record a script, see that it behaves as ever, and give what was recorded."""
    project.write(program=source, **files)
    return project.both("program.py")[1]


def test_inputs_are_those_before_the_call_and_changes_those_after(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        order = {"customer": "Ann Lee, 12 Long Street, Springfield", "lines": [{"net": n} for n in range(20)]}
        print(shop.close(order, note="x"), order)
        """,
        shop="""
        def close(order, note="", limit=3, *, strict=False, table={}):
            order["lines"][0]["net"] = 5
            order["closed"] = True
            table["seen"] = 1
            return order
        """,
    )
    call = recorded.of("shop:close")[0]
    assert call.arguments.keys() == {"order", "note", "table"}
    assert "'net': 0" in call.arguments["order"]
    assert "closed" not in call.arguments["order"]
    assert (call.arguments["note"], call.arguments["table"]) == ("'x'", "{}")
    assert call.defaulted == ("limit", "strict")
    assert [(e.kind, e.place, e.text) for e in call.observed.effects[:3]] == [
        ("returned", "", "*order"),
        ("changed", "order['lines'][0]['net']", "5"),
        ("changed", "order['closed']", "True"),
    ]
    assert any(effect.place.startswith("table") for effect in call.observed.effects)
    assert call.run == recorded.run.identity
    assert abs(call.instant - recorded.run.started) < 60


def test_star_arguments_and_sharing_between_arguments(project: Any) -> None:
    recorded = one(
        project,
        "import shop\nrow = [1]\nshop.f(row, row, 3, k=row, other=4)\n",
        shop="def f(a, b, *rest, k, **more): return a is b is k\n",
    )
    call = recorded.of("shop:f")[0]
    assert call.arguments == {"a": "[1]", "b": "*a", "rest": "(3,)", "k": "*a", "more": "{'other': 4}"}
    assert [e.text for e in call.observed.effects] == ["True"]


def test_lambdas_on_one_line_are_told_apart(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        for rule in (lambda: 7), (lambda: 8), (lambda x=(lambda: 9): x()), (lambda: [n for n in (1, 2)]):
            print(shop.apply(rule))
        """,
        shop="def apply(rule): return rule()\n",
    )
    numbers = [re.findall(r"<lambda>',\s+(\d)", inputs["rule"]) for inputs in recorded.inputs("shop:apply")]
    assert numbers == [["0"], ["1"], ["2", "3"], ["4"]]  # the third has another one for its default
    assert recorded.outcomes("shop:apply") == [[("returned", "", text)] for text in ("7", "8", "9", "[1, 2]")]


def test_exceptions_are_outcomes(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        for n in (1, 0):
            try: shop.ratio(n)
            except ZeroDivisionError: pass
        try: shop.leave()
        except SystemExit: pass
        """,
        shop="def ratio(n): return 1 / n\ndef leave():\n    raise SystemExit(3)\n",
    )
    assert recorded.outcomes("shop:ratio") == [
        [("returned", "", "1.0")],
        [("raised", "", "ZeroDivisionError('division by zero')")],
    ]
    assert recorded.outcomes("shop:leave") == [[("raised", "", "SystemExit(3)")]]


def test_early_references_decorators_and_c_callers(project: Any) -> None:
    recorded = one(
        project,
        """
        from functools import partial
        from shop import TABLE, key, body, cached, Row
        TABLE["key"](1)
        sorted([2], key=key)
        partial(key, 3)()
        body(4); cached(5); cached(5)
        row = Row()
        row.p; row.p = 6; del row.p
        Row.make(7); Row.half(8); row.lazy; row.lazy
        print(max([9, 10], key=row.method))
        """,
        shop="""
        import functools
        def key(x): return -x
        TABLE = {"key": key}
        def twice(f):
            @functools.wraps(f)
            def wrapper(*a): return f(*a)
            return wrapper
        @twice
        def body(x): return x
        @functools.lru_cache
        def cached(x): return x
        class Row:
            @property
            def p(self): return 1
            @p.setter
            def p(self, v): pass
            @p.deleter
            def p(self): pass
            @classmethod
            def make(cls, x): return x
            @staticmethod
            def half(x): return x
            @functools.cached_property
            def lazy(self): return [1]
            def method(self, x): return x
        """,
    )
    assert [i["x"] for i in recorded.inputs("shop:key")] == ["1", "2", "3"]
    assert recorded.inputs("shop:body") == [{"x": "4"}]
    assert recorded.inputs("shop:cached") == [{"x": "5"}]
    assert recorded.counts["shop:cached"].seen == 1
    assert recorded.inputs("shop:Row.p.setter") == [{"self": "shop:Row()", "v": "6"}]
    assert recorded.counts["shop:Row.p.deleter"].kept == recorded.counts["shop:Row.p"].kept == 1
    assert recorded.inputs("shop:Row.make") == [{"cls": "shop:Row", "x": "7"}]
    assert recorded.inputs("shop:Row.half") == [{"x": "8"}]
    assert recorded.counts["shop:Row.lazy"].seen == 1
    assert [i["x"] for i in recorded.inputs("shop:Row.method")] == ["9", "10"]


def test_variables_of_enclosing_functions(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        add = shop.outer(10)
        print(add(1), add(2), shop.late()())
        """,
        shop="""
        def outer(n):
            total = n
            def add(k):
                nonlocal total
                total += k
                here = 0
                return total, list(locals())
            return add
        def late():
            def inner():
                try: return missing
                except NameError: return "unbound"
            if 0: missing = 1
            return inner
        """,
    )
    calls = recorded.of("shop:outer.<locals>.add")
    assert [(c.arguments, c.closure) for c in calls] == [
        ({"k": "1"}, {"total": "10"}),
        ({"k": "2"}, {"total": "11"}),
    ]
    assert recorded.of("shop:late.<locals>.inner")[0].closure == {}


def test_state_that_differs_from_its_value_after_import(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        shop.look("a")
        shop.CACHE["b"] = 2
        shop.Config.level = 9
        shop.look("b")
        shop.other(1)
        """,
        shop="""
        CACHE = {}
        UNTOUCHED = [1]
        COUNT = 0
        class Config:
            level = 1
        def look(key):
            global COUNT
            COUNT += 1
            CACHE.setdefault(key, Config.level)
            return UNTOUCHED
        def other(x): return x
        """,
    )
    first, second = recorded.of("shop:look")
    assert first.state == {}
    changed = {e.place.partition("[")[0]: e.text for e in first.observed.effects if e.kind == "changed"}
    assert changed.keys() == {"shop:COUNT", "shop:CACHE"}
    assert changed["shop:COUNT"] == "1"
    assert second.state == {"shop:CACHE": "{'a': 1, 'b': 2}", "shop:Config.level": "9", "shop:COUNT": "1"}
    assert recorded.of("shop:other")[0].state == {}


def test_files_are_kept_as_they_were_before_the_call(project: Any) -> None:
    (project.directory / "ledger.txt").write_text("before")
    project.write(
        program="import shop\nshop.book('ledger.txt')\nshop.pure(1)\nprint(open('ledger.txt').read())\n",
        shop="""
        def book(path):
            with open(path, "a") as file: file.write(" after")
            with open("new.txt", "w") as file: file.write("x")
        def pure(x): return x
        """,
    )
    assert project.record("program.py").stdout == "before after\n"
    recorded = project.recorded()
    call = recorded.of("shop:book")[0]
    files = {file.path: file.digest for file in call.files}
    assert files.keys() == {"ledger.txt", "new.txt"}
    blob = next((project.store / "blobs").rglob(f"*{files['ledger.txt'][2:]}*"))
    assert blob.read_bytes().startswith(b"before")
    assert recorded.of("shop:pure")[0].files == ()


def test_every_call_is_counted_once(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        for n in range(30_000):
            shop.add(n % 100, 1)
        for n in range(10_000):
            shop.put([n % 7])
        """,
        shop="def add(a, b): return a + b\ndef put(x):\n    x.append(1)\n",
    )
    add, put = recorded.counts["shop:add"], recorded.counts["shop:put"]
    assert add.seen == 30_000
    assert put.seen == 10_000
    assert add.sampled_out > add.duplicate > 0
    assert add.kept == len(recorded.of("shop:add")) == 100
    assert 3 <= put.kept == len(recorded.of("shop:put"))


def test_later_news_are_noticed(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        for n in range(20_000):
            shop.kind(n % 50 if n < 15_000 else -1 - n % 50)
        """,
        shop="def kind(n):\n    if n < 0:\n        return None\n    return 'ok'\n",
    )
    assert any(i["n"].startswith("-") for i in recorded.inputs("shop:kind"))


def test_threads_recursion_and_generators_do_not_mix(project: Any) -> None:
    recorded = one(
        project,
        """
        import threading, shop
        threads = [threading.Thread(target=shop.outer, args=(n,)) for n in range(20)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(shop.fact(5))
        g = shop.items(3)
        next(g)
        print(shop.outer(100))
        print(list(g))
        """,
        shop="""
        import time
        def outer(n):
            time.sleep(0.001)
            return inner(n) + 1
        def inner(n):
            time.sleep(0.001)
            return n * 2
        def fact(n): return 1 if n < 2 else n * fact(n - 1)
        def items(n):
            for i in range(n): yield outer(i + 1000)
        """,
    )
    for call in recorded.of("shop:outer"):
        assert call.observed.effects[0].text == str(int(call.arguments["n"]) * 2 + 1)
    results = {call.arguments["n"]: call.observed.effects[0].text for call in recorded.of("shop:fact")}
    assert results["5"] == "120"
    assert recorded.counts["shop:fact"].seen == 5
    assert recorded.outcomes("shop:items")[0] == [("yielded", "", "[2001, 2003, 2005]")]
    assert recorded.counts["shop:outer"].seen == 24


def test_no_code_of_the_program_is_run_by_the_recorder(project: Any) -> None:
    recorded = one(
        project,
        """
        import shop
        thing = shop.Loud()
        shop.f(thing)
        print(shop.f.__name__)
        shop.f({thing: 1})
        """,
        shop="""
        def loud(name):
            def method(*a, **k):
                print("ran", name)
                return 1
            return method
        class Loud:
            __eq__ = loud("eq")
            __repr__ = loud("repr")
            __reduce__ = loud("reduce")
            __getstate__ = loud("getstate")
            __len__ = loud("len")
            __iter__ = loud("iter")
            __bool__ = loud("bool")
            __getattr__ = loud("getattr")
            __hash__ = loud("hash")
            p = property(loud("property"))
            def __del__(self): print("deleted")
        def f(x): return x
        """,
    )
    assert len(recorded.of("shop:f")) == 2


def test_functions_called_by_finalizers_within_the_recorder_are_counted(project: Any) -> None:
    project.write(
        program="import gc, shop\nfor n in range(300): shop.make(n)\ngc.collect()\n",
        shop="""
        class Cyclic:
            def __init__(self, n): self.me = self; self.n = n; self.pad = [[] for _ in range(100)]
            def __del__(self): gone(self.n)
        def gone(n): return n
        def make(n): return Cyclic(n)
        """,
    )
    project.both("program.py")
    assert project.recorded().counts["shop:gone"].seen == 300


def test_a_failure_of_the_recorder_is_counted_and_never_seen(project: Any) -> None:
    project.write(
        program="""
        import legacy_seam.record.scribe as scribe
        import shop
        def fails(*a, **k): raise OSError("no space left")
        scribe.encode_roots = fails
        print(shop.f(1), shop.f([2]))
        def stops(*a, **k): raise KeyboardInterrupt
        scribe.encode_roots = stops
        try: shop.f([3])
        except KeyboardInterrupt: print("interrupted")
        """,
        shop="def f(x): return x\n",
    )
    result = project.record("program.py")
    assert result.stdout == "1 [2]\ninterrupted\n", result.stderr
    count = project.recorded().counts["shop:f"]
    assert (count.seen, count.failed) == (3, 3)
    assert count.why["OSError: no space left"] == 2


def test_calls_900_deep(project: Any) -> None:
    recorded = one(
        project,
        "import shop\nprint(shop.down(900))\nprint(shop.deepest())\n",
        shop="""
        import sys
        def down(n): return 0 if n == 0 else 1 + down(n - 1)
        def deepest():
            try: return endless()
            except RecursionError as e: return str(e)
        def endless(): return endless()
        """,
    )
    assert recorded.counts["shop:down"].seen == 901
    assert recorded.counts["shop:down"].failed <= 60
    assert recorded.outcomes("shop:deepest")[0][0][0] == "returned"


def test_inputs_that_are_too_large_are_told_and_not_written(project: Any) -> None:
    recorded = one(
        project,
        "import shop\nshop.total([0] * 3_100_000)\nshop.total([1])\n",
        shop="def total(rows): return sum(rows)\n",
    )
    count = recorded.counts["shop:total"]
    assert (count.seen, count.kept, count.why) == (2, 1, {"its inputs are too large to be read": 1})


def test_of_inputs_that_are_too_large_all_is_written_but_the_large_containers(project: Any) -> None:
    recorded = one(
        project,
        "import shop\nbig = shop.Shop([0] * 3_100_000)\nbig.name_it('x')\nbig.name_it('y')\n",
        shop="""
        class Shop:
            def __init__(self, prices): self.prices = prices
            def name_it(self, name): self.name = name
        """,
    )
    count = recorded.counts["shop:Shop.name_it"]
    assert (count.seen, count.kept, count.unserialisable) == (2, 0, 2), count
    assert recorded.inputs("shop:Shop.name_it")[0] == {
        "self": "shop:Shop(prices=opaque('builtins:list', 'too large to be read'))",
        "name": "'x'",
    }


def test_functions_that_share_a_name(project: Any) -> None:
    recorded = one(
        project,
        "import shop\nshop.old(1)\nshop.f(2)\n",
        shop="def f(x): return 1\nold = f\ndef f(x): return 2\n",
    )
    assert recorded.inputs("shop:f") == [{"x": "2"}]
    assert recorded.inputs("shop:f.1") == [{"x": "1"}]
    assert recorded.outcomes("shop:f.1") == [[("returned", "", "1")]]
    assert recorded.counts["shop:f"].failed == recorded.counts["shop:f.1"].failed == 0


def test_functions_travel_by_value_without_their_recorder(project: Any) -> None:
    recorded = one(
        project,
        """
        import pickle, types, shop
        f = shop.f
        code = f.__code__
        rebuilt = [c if isinstance(c, types.CodeType) else pickle.loads(pickle.dumps(c)) for c in code.co_consts]
        away = types.FunctionType(code.replace(co_consts=tuple(rebuilt)), {})
        print(away(3), away(4))
        """,
        shop="def f(x):\n    if x > 3:\n        return 'big'\n    return x\n",
    )
    assert "shop:f" not in recorded.counts


def test_functions_that_call_others_travel_by_value_too(project: Any) -> None:
    project.write(
        program="""
        import pickle, types, shop
        code = shop.f.__code__
        rebuilt = [c if isinstance(c, types.CodeType) else pickle.loads(pickle.dumps(c)) for c in code.co_consts]
        away = types.FunctionType(code.replace(co_consts=tuple(rebuilt)), {"__builtins__": __builtins__})
        print(away([3, 1]), away([]))
        """,
        shop="""
        def f(rows):
            try:
                with memoryview(b"x") as view:
                    found = [str(row).upper() for row in sorted(rows, key=lambda n: -n)]
                return dict(zip(*[found, found], strict=True), size=view.nbytes if rows[9:] else rows[0].real)
            except IndexError as error:
                return repr(error.args)
        """,
    )
    ran, _ = project.both("program.py")
    assert ran.stdout == "{'3': '3', '1': '1', 'size': 3} ('list index out of range',)\n"


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
def test_forked_children_count_for_themselves(project: Any) -> None:
    recorded = one(
        project,
        """
        import multiprocessing, os, shop
        shop.f(0)
        def work(n): return shop.f(n)
        if __name__ == "__main__":
            if not (pid := os.fork()):
                shop.f(100)
                os._exit(0)
            os.waitpid(pid, 0)
            with multiprocessing.get_context("fork").Pool(2) as pool:
                print(pool.map(work, range(1, 9), chunksize=2))
        """,
        shop="def f(x): return x\n",
    )
    assert {int(i["x"]) for i in recorded.inputs("shop:f")} == {*range(9), 100}
    assert recorded.counts["shop:f"].kept == 10
    assert recorded.spools >= 3


def test_calls_that_never_end(project: Any) -> None:
    project.write(program="import shop\nshop.leave(4)\n", shop="import os\ndef leave(x): os._exit(x)\n")
    assert project.record("program.py").returncode == 4
    recorded = project.recorded()
    assert recorded.inputs("shop:leave") == [{"x": "4"}]
    assert recorded.of("shop:leave")[0].observed is None


def test_coverage_and_tracers_at_work_beside_it(project: Any) -> None:
    pytest.importorskip("coverage")
    project.write(
        program="""
        import coverage
        measured = coverage.Coverage(data_file=None, branch=True)
        measured.start()
        import shop
        print(shop.f(3), shop.f(0))
        measured.stop()
        print(measured.analysis2(shop)[1:4])
        """,
        shop="def f(x):\n    if x:\n        return 1\n    return 2\n\ndef g():\n    return 3\n",
    )
    _, recorded = project.both("program.py")
    assert len(recorded.of("shop:f")) == 2


def test_identity_is_that_of_the_inputs(project: Any) -> None:
    recorded = one(project, "import shop\nshop.f(1)\nshop.f(2)\n", shop="def f(x): return x\n")
    again = project.record("program.py")
    assert again.returncode == 0, again.stderr
    identities = [call.identity for call in project.recorded().of("shop:f")]
    assert identities[:2] == identities[2:]
    assert identities[0] != identities[1]
    assert all(len(identity) == 12 for identity in identities)
    assert len({call.run for call in project.recorded().calls}) == 2
    assert recorded.run.python == sys.version.split()[0]
