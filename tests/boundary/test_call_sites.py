"""A function whose call sites report behaves as the function that was written."""

from __future__ import annotations

import asyncio
import textwrap
import traceback
import warnings
from types import CodeType, FrameType
from typing import Any

import pytest

from legacy_seam.boundary.asking import Asking
from legacy_seam.boundary.rules import Rules
from legacy_seam.boundary.transcripts import Transcript
from legacy_seam.replay.compiling import compiled
from legacy_seam.values import Allow

SNIPPETS = {
    "arguments of every kind": """
        def many(a, b=2, *rest, key=4, **others):
            return a, b, rest, key, others
        def run():
            two, named = [5, 6], {"x": 1}
            return (many(1), many(1, *two), many(*two, 7, *two), many(1, key=9), many(*two, key=9, **named),
                    many(1, **named, y=2, **{"z": 3}), many(*(n for n in range(3))), [*map(many, range(2))])
        """,
    "the order in which things are evaluated": """
        def run():
            order = []
            def note(x):
                order.append(x)
                return x
            def pick(x):
                order.append("callee")
                return lambda *args, **kw: (args, kw)
            return pick(0)(note(1), *[note(2)], note(3), a=note(4), **{"b": note(5)}), order
        """,
    "super, locals, eval and the caller's frame": """
        import sys
        class A:
            def f(self): return "A"
        class B(A):
            def f(self):
                return "B" + super().f() + super(B, self).f()
        def who():
            return sys._getframe(1).f_code.co_name, sys._getframe(1).f_lineno
        def run():
            x = 1
            return B().f(), sorted(locals()), eval("x + 1"), who(), dir()
        """,
    "with, for, comprehensions, walrus, f-strings, matches": """
        import contextlib, io
        @contextlib.contextmanager
        def opened(x):
            yield x
        def run():
            with opened(1) as a, opened([2, 3]) as (b, c), io.StringIO("x") as d:
                e = d.read()
            for i, j in zip([1], [2]):
                k = [m for n in [[1, 2]] for m in n if (y := m) > 1]
            match {"kind": "a", "rest": [1, 2]}:
                case {"kind": str(kind), "rest": [first, *others]}:
                    pass
            return a, b, c, e, i, j, k, y, kind, first, others, f"{len(k)!r:>{a + 3}}", {**{"z": len(k)}}
        """,
    "attributes and items, read, set and deleted": """
        class Box:
            def __init__(self): self.items, self.box = {"a": [1, 2, 3]}, None
        def run():
            outer = Box()
            outer.box = Box()
            outer.box.items["a"][0] += len(outer.box.items["a"])
            outer.box.items["b"] = outer.items["a"][1:]
            del outer.items["a"]
            outer.box.box = x = outer
            return outer.box.items, outer.items, x is outer, outer.box.items["a"][-1]
        """,
    "generators that suspend within arguments": """
        def run():
            def two():
                got = yield len([(yield 1)])
                yield max([(yield got), 3], key=lambda n: -n)
            g = two()
            return next(g), g.send(5), g.send(7), g.send(1)
        """,
    "exceptions caught in the middle of expressions": """
        def fail(x): raise ValueError(x)
        def run():
            caught = []
            for n in range(3):
                try:
                    len(str(fail(n)))
                except ValueError as error:
                    caught.append(max(error.args))
            try:
                [].pop()
            except* IndexError as group:
                caught.append(len(group.exceptions))
            return caught
        """,
    "annotations, assertions, conditions, defaults, decorators, nested functions": """
        import functools
        def deco(n):
            return lambda f: f
        def run():
            total: int = sum([1, 2])
            undefined: no_such_name
            assert len("ab") == 2, fail()
            @deco(total)
            def inner(a=len("abc"), *, b: missing = min(4, 5)) -> nothing:
                nonlocal total
                total += a
                return functools.reduce(lambda x, y: x + y, [a, b, total])
            return inner(), inner(1) if total else None, total
        missing = nothing = None
        """,
}


def _plain(source: str) -> CodeType:
    return compile(source, "shop.py", "exec", dont_inherit=True)


def _told(source: str) -> CodeType:
    held: dict[int, int] = {}
    transcript = Transcript(Allow.for_modules("shop"), held)
    asking = Asking(Rules(), lambda frame: [transcript], held, _line, lambda frame: None)
    return compiled(source.encode(), "shop.py", asking.hooks())


def _line(frame: FrameType) -> str:
    return str(frame.f_lineno)


def _run(code: CodeType, name: str = "run") -> Any:
    namespace: dict[str, Any] = {"__name__": "shop"}
    exec(code, namespace)
    return namespace[name]()


@pytest.mark.parametrize("source", SNIPPETS.values(), ids=SNIPPETS.keys())
def test_the_result_is_the_same(source: str) -> None:
    source = textwrap.dedent(source)
    assert _run(_told(source)) == _run(_plain(source))


@pytest.mark.parametrize(
    "failing",
    [
        "len()",
        "len(1, 2)",
        "f(1, b=2, **{'b': 3})",
        "f(*5)",
        "f(**5)",
        "f(1, 2, 3)",
        "nothing()",
        "nothing.there",
        "{}['x']",
        "[x for x in 5]",
        "f(f(f(1/0)))",
    ],
)
def test_a_failure_is_told_in_the_same_words_at_the_same_line(failing: str) -> None:
    head = "def f(a, b=1):\n    return a\n\ndef run():\n    nothing = None\n"
    source = f"{head}    return (\n        {failing}\n    )\n"

    def told(code: CodeType) -> tuple[str, list[tuple[int | None, str]]]:
        with pytest.raises(Exception) as caught:
            _run(code)
        frames = traceback.extract_tb(caught.value.__traceback__)[2:]
        return repr(caught.value), [(frame.lineno, frame.name) for frame in frames]

    assert told(_told(source)) == told(_plain(source))


def test_a_warning_points_to_the_same_line() -> None:
    source = "import warnings\n\ndef warn():\n    warnings.warn('old', stacklevel=2)\n\ndef run():\n    warn()\n"

    def line(code: CodeType) -> int:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _run(code)
        return caught[0].lineno

    assert line(_told(source)) == line(_plain(source)) == 7


def test_coroutines_await_as_before() -> None:
    source = textwrap.dedent("""
        import asyncio
        class Manager:
            async def __aenter__(self): return [1, 2]
            async def __aexit__(self, *error): return False
        async def each():
            for n in range(2):
                yield n
        async def twice(n):
            await asyncio.sleep(0)
            return 2 * n
        async def main():
            async with Manager() as pair:
                return [await twice(n) async for n in each()], max(await twice(3), len(pair)), await asyncio.gather(
                    *(twice(n) for n in pair))
        def run():
            return asyncio.run(main())
        """)
    assert _run(_told(source)) == _run(_plain(source)) == ([0, 2], 6, [2, 4])
    assert asyncio.iscoroutinefunction(_namespace(source)["main"])


def _namespace(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(_told(source), namespace)
    return namespace


def test_deep_recursion_goes_as_deep() -> None:
    source = "def down(n):\n    return 0 if n == 0 else 1 + down(n - 1)\n\ndef run():\n    return down(700)\n"
    assert _run(_told(source)) == 700
