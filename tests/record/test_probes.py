"""Probes report every call with its inputs and outcome, and nothing about the function looks different."""

from __future__ import annotations

import asyncio
import dis
import inspect
import itertools
import linecache
import pickle
import sys
import textwrap
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from legacy_seam.boundary.asking import Asking
from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.boundary.rules import Rules
from legacy_seam.record.definitions import Definition
from legacy_seam.record.hearing import Ear
from legacy_seam.record.probes import Hooks, MainHooks, instrument


class Log:
    """A registry that writes down whatever is reported."""

    def __init__(self, *, learnt: bool = False, wanted: str = "", declines: bool = False) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.definitions: dict[str, Definition] = {}
        self.codes: dict[str, types.CodeType] = {}
        self.marks: dict[str, set[int]] = {}
        self.learnt = learnt
        self.wanted = wanted
        self.declines = declines

    def hooks(self, definition: Definition) -> Hooks | None:
        name = definition.qualname
        if self.wanted and self.wanted != name:
            return None
        self.definitions[name] = definition
        marks = self.marks.setdefault(name, set())

        def enter(*values: object) -> bool:
            self.events.append(("enter", name, values))
            return not self.declines

        def note(value: object) -> object:
            self.events.append(("note", name, value))
            return value

        def raised() -> None:
            self.events.append(("raised", name, sys.exc_info()[1]))

        def yielded(value: object) -> object:
            self.events.append(("yielded", name, value))
            return value

        def resumed(value: object) -> object:
            self.events.append(("resumed", name, value))
            return value

        def thrown() -> None:
            self.events.append(("thrown", name, sys.exc_info()[1]))

        def done() -> None:
            self.events.append(("done", name))

        gate: Any = ((),) if self.learnt else ()

        def opened(*values: object) -> Any:
            return note if enter(*values) else lambda value: value

        tally = itertools.repeat(())
        if definition.kind == "lambda":
            return Hooks(gate, tally.__next__, opened, note, marks.add)
        return Hooks(gate, tally, enter, note, marks.add, raised, done, yielded, resumed, thrown)

    def ear(self) -> Ear | None:
        return None

    def call_sites(self) -> SiteHooks:
        return Asking(Rules(), lambda frame: (), {}, lambda frame: "", lambda frame: None).hooks()

    def bind(self, definition: Definition, code: types.CodeType) -> None:
        self.codes[definition.qualname] = code

    def runs_at_import(self, code: types.CodeType) -> None:
        self.codes["<module>"] = code

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        return [event[2] for event in self.events if event[:2] == ("enter", name)]

    def outcomes(self, name: str) -> list[Any]:
        found, last = [], None
        for event in self.events:
            if event[1] != name:
                continue
            if event[0] in ("note", "raised"):
                last = event[2]
            elif event[0] == "done":
                found.append(last)
        return found


def run(source: str, log: Log | None = None, name: str = "probed", filename: str = "probed.py") -> dict[str, Any]:
    """Execute source with probes (or without, where there is no log); gives its namespace."""
    text = textwrap.dedent(source)
    code = (
        compile(text, filename, "exec", dont_inherit=True) if log is None else instrument(text, filename, name, log)
    )
    namespace: dict[str, Any] = {"__name__": name}
    exec(code, namespace)
    return namespace


# Each scenario: source whose `run()` gives what the program sees; then what must have been reported: for each
# function the inputs of its calls, and its outcomes.
SCENARIOS: dict[str, tuple[str, dict[str, list[Any]], dict[str, list[Any]]]] = {
    "dispatch table": (
        """
        def twice(x): return 2 * x
        TABLE = {"twice": twice}
        def run(): return TABLE["twice"](4)
        """,
        {"twice": [(4,)]},
        {"twice": [8]},
    ),
    "partial": (
        """
        from functools import partial
        def add(a, b): return a + b
        plus_two = partial(add, 2)
        def run(): return plus_two(3)
        """,
        {"add": [(2, 3)]},
        {"add": [5]},
    ),
    "bound as a default argument": (
        """
        def inner(x): return -x
        def outer(x, f=inner): return f(x)
        def run(): return outer(1)
        """,
        {"inner": [(1,)]},
        {"inner": [-1]},
    ),
    "class attribute alias": (
        """
        class A:
            def f(self): return "f"
            g = f
        def run(): return A().g()
        """,
        {},
        {"A.f": ["f"]},
    ),
    "class, static methods and properties": (
        """
        class A:
            made = 0
            @classmethod
            def make(cls, n): cls.made += n; return cls.made
            @staticmethod
            def half(n): return n / 2
            @property
            def p(self): return 7
            @p.setter
            def p(self, v): self.__dict__["v"] = v
            @p.deleter
            def p(self): self.__dict__.clear()
        def run():
            a = A()
            a.p = 9
            seen = dict(a.__dict__)
            del a.p
            return A.make(2), A.half(5), a.p, seen, a.__dict__
        """,
        {"A.half": [(5,)]},
        {"A.make": [2], "A.half": [2.5], "A.p": [7], "A.p.setter": [None], "A.p.deleter": [None]},
    ),
    "cached property": (
        """
        from functools import cached_property
        class A:
            @cached_property
            def p(self): return [1]
        def run():
            a = A()
            return a.p is a.p
        """,
        {},
        {"A.p": [[1]]},
    ),
    "special methods": (
        """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return V(self.x + o.x)
            def __eq__(self, o): return self.x == o.x
            def __hash__(self): return 1
            def __len__(self): return self.x
            def __call__(self, y): return y
            def __getattr__(self, n): return n
            def __enter__(self): return self
            def __exit__(self, *e): return True
        def run():
            with V(1) as v:
                raise KeyError
            return (V(1) + V(2)).x, V(1) == V(1), len(V(3)), V(1)("y"), V(1).zzz, {V(1): 2}[V(1)]
        """,
        {"V.__getattr__": [], "V.__call__": []},
        {"V.__len__": [3], "V.__call__": ["y"], "V.__exit__": [True], "V.__getattr__": ["zzz"]},
    ),
    "super and private names": (
        """
        class A:
            def f(self, __x): self.__y = __x; return self.__y
        class B(A):
            def f(self, __x): return [super().f(__x), __class__.__name__]
        def run(): return B().f(3)
        """,
        {},
        {"A.f": [3], "B.f": [[3, "B"]]},
    ),
    "recursion": (
        """
        def fact(n): return 1 if n < 2 else n * fact(n - 1)
        def run(): return fact(4)
        """,
        {"fact": [(4,), (3,), (2,), (1,)]},
        {"fact": [1, 2, 6, 24]},
    ),
    "called from C": (
        """
        import re
        def key(x): return -x
        def upper(m): return m.group().upper()
        def run(): return sorted([1, 3, 2], key=key), list(map(key, [1])), re.sub("b", upper, "abc")
        """,
        {"key": [(1,), (3,), (2,), (1,)]},
        {"upper": ["B"]},
    ),
    "decorated bodies": (
        """
        from functools import lru_cache, wraps
        def noisy(f):
            @wraps(f)
            def wrapper(*a, **k): return ["noisy", f(*a, **k)]
            return wrapper
        @noisy
        def body(x, *, y=2): return x + y
        @lru_cache
        def cached(x): return x
        def run(): return body(1), body(1, y=5), cached(3), cached(3)
        """,
        {"body": [(1, 2), (1, 5)], "cached": [(3,)], "noisy.<locals>.wrapper": [((1,), {}), ((1,), {"y": 5})]},
        {"body": [3, 6], "cached": [3]},
    ),
    "closures": (
        """
        def outer(n):
            total = n
            def add(k):
                nonlocal total
                total += k
                return total
            return add
        def run():
            a = outer(1)
            return a(2), a(3)
        """,
        {"outer": [(1,)], "outer.<locals>.add": [(2,), (3,)]},
        {"outer.<locals>.add": [3, 6]},
    ),
    "global declared in the body": (
        """
        N = 0
        def f():
            global N
            N += 1
            if N > 5:
                N = 0
            return N
        def run(): return f(), f(), N
        """,
        {"f": [(), ()]},
        {"f": [1, 2]},
    ),
    "return within try, finally and with": (
        """
        from contextlib import contextmanager
        LOG = []
        @contextmanager
        def cm():
            try: yield
            finally: LOG.append("left")
        def a():
            try: return "try"
            finally: LOG.append("finally")
        def b():
            for i in range(3):
                try: return i
                finally:
                    if i < 1: continue
            return None
        def c():
            with cm(): return "with"
        def d():
            try: return 1 / 0
            except ZeroDivisionError: return "caught"
        def e():
            try: return "first"
            finally: raise KeyError("second")
        def run():
            try: e()
            except KeyError as error: caught = repr(error)
            return a(), b(), c(), d(), caught, LOG
        """,
        {},
        {"a": ["try"], "b": [1], "c": ["with"], "d": ["caught"]},
    ),
    "every kind of parameter": (
        """
        def f(a, /, b, *args, c, d=4, **kw): return (a, b, args, c, d, kw)
        def run(): return f(1, 2, 3, c=5, e=6)
        """,
        {"f": [(1, 2, (3,), 5, 4, {"e": 6})]},
        {"f": [(1, 2, (3,), 5, 4, {"e": 6})]},
    ),
    "parameter deleted and rebound": (
        """
        def f(a, b):
            b = a * 2
            del a
            try: a
            except NameError: return b
        def run(): return f(2, 0)
        """,
        {"f": [(2, 0)]},
        {"f": [4]},
    ),
    "match": (
        """
        def f(x):
            match x:
                case [a, *_]: return a
                case {"k": v} if v: return v
                case _: return None
        def run(): return f([1, 2]), f({"k": 3}), f(5)
        """,
        {},
        {"f": [1, 3, None]},
    ),
    "class within function, comprehension scopes": (
        """
        def f(n):
            class Local:
                m = n
                def get(self): return [self.m + i for i in range(n)]
            return Local().get()
        def run(): return f(2)
        """,
        {"f": [(2,)]},
        {"f": [[2, 3]], "f.<locals>.Local.get": [[2, 3]]},
    ),
    "deep nesting": (
        """
        def a():
            def b():
                def c():
                    def d():
                        def e(): return 5
                        return e()
                    return d()
                return c()
            return b()
        def run(): return a()
        """,
        {"a": [()], "a.<locals>.b.<locals>.c.<locals>.d.<locals>.e": [()]},
        {"a.<locals>.b.<locals>.c.<locals>.d.<locals>.e": [5]},
    ),
    "asserting, deleting, importing, walrus, star": (
        """
        def f(xs):
            assert xs, "none"
            import math as m
            if (n := len(xs)) > 1: first, *rest = xs
            else: first, rest = xs[0], []
            while rest:
                rest.pop()
            else:
                n += 1
            return m.floor(first), n
        def run(): return f([1.5, 2]), f([3])
        """,
        {"f": [([1.5, 2],), ([3],)]},
        {"f": [(1, 3), (3, 2)]},
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_reports_inputs_and_outcomes_and_changes_no_result(name: str) -> None:
    source, calls, outcomes = SCENARIOS[name]
    log = Log()
    plain, probed = run(source)["run"](), run(source, log)["run"]()
    assert repr(probed) == repr(plain)
    for function, expected in calls.items():
        assert log.calls(function)[: len(expected)] == expected
    for function, expected in outcomes.items():
        assert log.outcomes(function) == expected


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("kind", ["learnt", "declines"])
def test_changes_no_result_while_calls_are_not_looked_at(name: str, kind: str) -> None:
    source = SCENARIOS[name][0]
    log = Log(learnt=kind == "learnt", declines=kind == "declines")
    assert repr(run(source, log)["run"]()) == repr(run(source)["run"]())
    if name != "deep nesting":  # there is one body only for outer functions
        assert not [event for event in log.events if event[0] != "enter"]
    assert kind == "declines" or not [e for e in log.events if e[0] == "enter"]


def test_generators_and_coroutines_report_when_their_body_begins() -> None:
    source = """
        import asyncio
        def items(n):
            got = yield n
            while got:
                got = yield got
            return "end"
        async def fetch(x):
            await asyncio.sleep(0)
            return x + 1
        async def stream(n):
            for i in range(n): yield i
        async def main():
            return await fetch(1), [i async for i in stream(2)]
        def delegating(n): return (yield from items(n))
    """
    log = Log()
    namespace = run(source, log)
    generator = namespace["items"](5)
    assert log.events == []
    assert (next(generator), generator.send("a")) == (5, "a")
    with pytest.raises(KeyError):
        generator.throw(KeyError)
    assert list(namespace["delegating"](1)) == [1]
    assert asyncio.run(namespace["main"]()) == (2, [0, 1])
    assert [(e[1], e[2]) for e in log.events if e[0] == "enter"] == [
        ("items", (5,)),
        ("delegating", (1,)),
        ("items", (1,)),
        ("main", ()),
        ("fetch", (1,)),
        ("stream", (2,)),
    ]
    for name in ("items", "fetch", "stream"):
        for predicate in (inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction):
            assert predicate(namespace[name]) == predicate(run(source)[name])


CODE_ATTRIBUTES = (
    *("co_name", "co_qualname", "co_filename", "co_firstlineno", "co_flags"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount"),
    *("co_varnames", "co_cellvars", "co_freevars", "co_nlocals"),
)


@pytest.mark.parametrize("name", SCENARIOS)
def test_code_objects_look_the_same(name: str) -> None:
    source = SCENARIOS[name][0]
    log = Log()
    instrumented = instrument(textwrap.dedent(source), "probed.py", "probed", log)
    plain = _functions_within(compile(textwrap.dedent(source), "probed.py", "exec", dont_inherit=True))
    probed = _functions_within(instrumented)
    assert plain.keys() == probed.keys()
    for key, code in plain.items():
        for attribute in CODE_ATTRIBUTES:
            assert getattr(probed[key], attribute) == getattr(code, attribute), (key, attribute)
        assert set(probed[key].co_names) == set(code.co_names)
        assert _lines(probed[key]) == _lines(code)


def _functions_within(code: types.CodeType) -> dict[tuple[str, int], types.CodeType]:
    found: dict[tuple[str, int], types.CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found[constant.co_qualname, constant.co_firstlineno] = constant
            found |= _functions_within(constant)
    return found


def _lines(code: types.CodeType) -> set[int]:
    return {line for *_, line in code.co_lines() if line}


def test_signature_docstring_defaults_annotations_and_pickling() -> None:
    source = '''
        from __future__ import annotations
        def f(a: int, b: "str" = "x", *, c: float = 1.5) -> list[int]:
            """Its docstring."""
            return [a]
        def documented_only():
            """Nothing else."""
        def undocumented(): "x" + "y"
    '''
    plain, probed = run(source), run(source, Log())
    for name in ("f", "documented_only", "undocumented"):
        one, other = plain[name], probed[name]
        assert inspect.signature(one) == inspect.signature(other)
        assert one.__doc__ == other.__doc__
        assert (one.__defaults__, one.__kwdefaults__) == (other.__defaults__, other.__kwdefaults__)
        assert one.__annotations__ == other.__annotations__
        assert one() == other() if name != "f" else one(1) == other(1)
    module = types.ModuleType("probed_for_pickling")
    vars(module).update(probed, __name__=module.__name__)
    probed["f"].__module__ = module.__name__
    sys.modules[module.__name__] = module
    try:
        assert pickle.loads(pickle.dumps(probed["f"])) is probed["f"]
    finally:
        del sys.modules[module.__name__]


def test_namespaces_and_locals_get_no_new_names() -> None:
    source = """
        def f(a, b=2, *c, **d):
            here = dict(locals())
            e = 1
            return here, locals(), dir()
        class A:
            def m(self): return sorted(locals())
    """
    log = Log()
    plain, probed = run(source), run(source, log)
    assert plain.keys() == probed.keys()
    assert list(plain["f"](1)[1]) == list(probed["f"](1)[1])
    assert plain["f"](1) == probed["f"](1)
    assert probed["A"]().m() == ["self"]
    assert vars(probed["A"]).keys() == vars(plain["A"]).keys()


TRACEBACKS = {
    "plain": """
def f(x):
    y = 1
    return (y +
        x / 0)
""",
    "nested": """
def f(x):
    def g(y):
        return y[x]['k']
    try:
        return g({})
    except KeyError as e:
        raise ValueError(x) from e
""",
    "context": """
def f(x):
    try:
        {}[x]
    finally:
        int('a')
""",
    "with": """
def f(x):
    import io
    with io.StringIO() as s:
        s.read(1, 2, 3)
""",
    "loop": """
def f(x):
    for i in range(3):
        while True:
            if i: raise OSError(i, x)
            break
""",
    "group": """
def f(x):
    try:
        raise ExceptionGroup('g', [KeyError(x), ValueError(1)])
    except* KeyError:
        pass
""",
}


@pytest.mark.parametrize("name", TRACEBACKS)
def test_tracebacks_are_the_same_to_the_column(name: str) -> None:
    source = TRACEBACKS[name]
    shown = []
    for log in (None, Log(), Log(learnt=True), Log(declines=True)):
        filename = f"traceback-{name}.py"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        function = run(source, log, filename=filename)["f"]
        with pytest.raises(Exception) as caught:
            function(3)
        shown.append("".join(traceback.format_exception(caught.value.with_traceback(caught.tb.tb_next))))
        del linecache.cache[filename]
    assert shown[0].count("traceback-") >= 1
    assert shown[1:] == [shown[0]] * 3


def test_frames_and_stack_depth_are_the_same() -> None:
    source = """
        import inspect, sys
        def outer(): return inner()
        def inner():
            return sys._getframe(1).f_code.co_name, len(inspect.stack()), sys._getframe().f_lineno
    """
    assert run(source)["outer"]() == run(source, Log())["outer"]()


def test_deep_recursion_reaches_as_far_as_without_probes() -> None:
    source = """
        def down(n): return 0 if n == 0 else 1 + down(n - 1)
        def deepest():
            n = 100
            while True:
                try: down(n)
                except RecursionError: return n
                n += 1
    """
    logs = (None, Log(learnt=True), Log(declines=True))
    plain, *probed = [_with_little_stack(run(source, log)["deepest"]) for log in logs]

    assert probed == [plain, plain]


def _with_little_stack(function: Callable[[], int]) -> int:
    """What a function gives where its calls may go a few hundred deep, however far others have raised the limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 300)
    try:
        return function()
    finally:
        sys.setrecursionlimit(before)


def test_running_out_of_stack_in_a_probe_is_not_the_programs_trouble() -> None:
    class Deep(Log):
        def hooks(self, definition: Definition) -> Hooks | None:
            def enter(*values: object) -> bool:
                raise RecursionError

            hooks = super().hooks(definition)
            assert hooks is not None
            return Hooks(hooks.gate, hooks.tally, enter, hooks.note, hooks.mark, hooks.raised, hooks.done)

    log = Deep()
    namespace = run("def f(x): return x\ndef g(): yield 1\n", log)
    assert (namespace["f"](3), list(namespace["g"]())) == (3, [1])
    assert log.events == []


def test_trace_functions_see_the_same_lines() -> None:
    source = """
        def f(n):
            "doc"
            total = 0
            for i in range(n):
                if i % 2:
                    continue
                total += i
            try:
                return total
            finally:
                total = None
        def g(): pass
        def run(): return f(3), g()
    """

    def lines(log: Log | None) -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []

        def trace(frame: types.FrameType, event: str, argument: object) -> Any:
            if frame.f_code.co_filename != "probed.py":
                return None
            if event == "line":
                seen.append((frame.f_code.co_name, frame.f_lineno))
            return trace

        namespace = run(source, log)
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            namespace["run"]()
        finally:
            sys.settrace(before)
        return seen

    assert set(lines(Log())) == set(lines(None))
    assert set(lines(Log(learnt=True))) == set(lines(None))


def test_branches_taken_are_marked() -> None:
    source = """
        def f(x):
            if x > 1:
                kind = "big"
            elif x:
                kind = "one"
            else:
                kind = "none"
            for i in range(x): pass
            return kind
    """
    log = Log()
    function = run(source, log)["f"]
    paths = []
    for argument in (0, 1, 2, 3):
        log.marks["f"].clear()
        function(argument)
        paths.append(frozenset(log.marks["f"]))
    assert len(set(paths[:3])) == 3
    assert paths[2] == paths[3]


def test_no_warning_comes_from_probes_and_none_is_kept_from_showing() -> None:
    source = "def f(x):\n    return x is 1\ndef g():\n    assert (1, 'always')\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        filters = warnings.filters
        instrument(source, "w.py", "w", Log())
        assert warnings.filters is filters
    assert caught == []


def test_future_imports_stay_first_and_module_docstring_stays() -> None:
    source = '"""Doc."""\nfrom __future__ import annotations\nif __name__ == "__main__":\n    f()\n'
    ran: list[int] = []
    main = MainHooks(lambda: None, lambda: ran.append(1), lambda script, run: None)
    code = instrument(source.replace("f()", "pass"), "m.py", "m", Log(), main=main)
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(code, namespace)
    assert namespace["__doc__"] == "Doc."
    assert ran == [1]
    assert "__annotations__" not in namespace or namespace["__annotations__"] == {}


def test_a_script_without_a_guard_tells_what_it_has_defined_and_stays_as_it_is() -> None:
    source = '"""Doc."""\nfrom __future__ import annotations\nN = 1\ndef f(): return rows\nrows = f and [2]\nf()\n'
    told: list[frozenset[str]] = []
    main = MainHooks(lambda: None, lambda: None, lambda script, run: told.append(run.names))
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(instrument(source, "m.py", "m", Log(), main=main), namespace)
    assert namespace["__doc__"] == "Doc."
    assert told == [frozenset({"annotations", "N", "f", "rows"})]
    assert {name for name in namespace if not name.startswith("__")} == {"annotations", "N", "f", "rows"}


def test_only_wanted_functions_get_probes() -> None:
    source = "def f(): return 1\ndef g(): return 2\n"
    log = Log(wanted="g")
    namespace = run(source, log)
    assert (namespace["f"](), namespace["g"]()) == (1, 2)
    assert {event[1] for event in log.events} == {"g"}
    plain = run(source)["f"].__code__
    assert [i.opname for i in dis.get_instructions(namespace["f"].__code__)] == [
        i.opname for i in dis.get_instructions(plain)
    ]


def test_too_many_blocks_for_a_second_body() -> None:
    lines = (
        ["def f(x):"] + [f"{'    ' * (n + 1)}for i{n} in range(1):" for n in range(19)] + ["    " * 20 + "x += 1"]
    )
    source = "\n".join([*lines, "    return x", ""])
    log = Log()
    assert run(source, log)["f"](1) == 2
    assert log.calls("f") == [(1,)]


def test_definitions_say_where_and_what() -> None:
    source = """
        import functools

        @functools.lru_cache
        def f(a, *rest, key=1, **more):
            return a
        async def g(): pass
    """
    log = Log()
    run(source, log, name="shop.rules")
    f, g = log.definitions["f"], log.definitions["g"]
    assert (f.module, f.qualname, f.filename, f.line, f.whole) == ("shop.rules", "f", "probed.py", 4, True)
    assert (f.parameters, f.starred) == (("a", "rest", "key", "more"), ("rest", "more"))
    assert (g.kind, g.whole) == ("coroutine", True)
    assert log.codes["f"].co_name == "f"


def test_a_tally_that_came_to_its_end_has_calls_looked_at_again() -> None:
    class Ending(Log):
        def hooks(self, definition: Definition) -> Hooks | None:
            hooks = super().hooks(definition)
            assert hooks is not None
            tally = iter([(), ()])
            return Hooks(((),), tally, hooks.enter, hooks.note, hooks.mark, hooks.raised, hooks.done)

    log = Ending()
    namespace = run("def f(x): return x\ndef g(x): yield x\n", log)
    assert [namespace["f"](n) for n in range(4)] == [0, 1, 2, 3]
    assert [list(namespace["g"](n)) for n in range(4)] == [[0], [1], [2], [3]]
    assert log.calls("f") == log.calls("g") == [(2,), (3,)]


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("return 'a' if x else 'b'", "0, 1"),
        ("return bool(x and x > 1)", "0, 2"),
        ("return [y for y in (1, 2) if y < x]", "0, 5"),
        ("return {y: 1 for y in (1,) if y < x} or None", "0, 5"),
        ("assert x or x == 0, 'no'", "0, 5"),
        ("return f\"{'a' if x else 'b'}\"", "0, 1"),
        ("y = (lambda: 1) if x else (lambda: 2)", "0, 1"),
    ],
)
def test_choices_within_expressions_are_branches(body: str, calls: str) -> None:
    log = Log()
    source = f"def f(x):\n    {body}\n"
    namespace, plain = run(source, log), run(source)
    taken = []
    for x in eval(f"({calls})"):
        log.marks["f"].clear()
        got = namespace["f"](x)
        assert got == plain["f"](x)
        taken.append(frozenset(log.marks["f"]))
    assert len(set(taken)) == len(taken)
