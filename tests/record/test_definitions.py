"""Functions are called what Python calls them: by that name, and by their place among namesakes, they are found."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator

import pytest

from legacy_seam.record.definitions import functions

SOURCES = {
    "functions and classes": "def f():\n    class A:\n        def m(self):\n            def g(): pass",
    "lambdas within each other": "def f(): return lambda: lambda x=lambda: 1: x",
    "in a comprehension": "def f(rows): return [(lambda: row) for row in rows if (lambda: row)()]",
    "in what a comprehension goes over": (
        "def f(table): return {k: v for k, v in table.by(lambda row: row.name) if (lambda: k)()}"
    ),
    "in what its second loop goes over": "def f(rows): return {c for row in rows for c in map(lambda x: x, row)}",
    "in a generator expression": "def f(rows): return sorted((lambda: r)() for r in filter(lambda r: r, rows))",
    "in a comprehension of comprehensions": (
        "def f(rows): return [[(lambda: c)() for c in map(lambda c: c, row)] for row in map(lambda r: r, rows)]"
    ),
    "in a class": "class A:\n    key = lambda self: 1\n    keys = [k for k in map(lambda k: k, 'ab')]",
    "in decorators and defaults": "@(lambda f: f)\ndef f(x=lambda: 1, *, y=lambda: 2) -> (lambda: 3): pass",
    "in statements": "for x in map(lambda y: y, ()):\n    try: pass\n    except (lambda: 1)(): (lambda: 2)()",
}


def of_code(code: types.CodeType) -> Iterator[tuple[str, int]]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            if one.co_flags & 0x02 and not one.co_name.endswith(("comp>", "expr>")):  # CO_NEWLOCALS: no class
                yield one.co_qualname, one.co_firstlineno
            yield from of_code(one)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_they_have_the_names_that_the_compiler_gives_them(source: str) -> None:
    found = [(one.written, one.line) for one in functions(ast.parse(source))]
    assert sorted(found) == sorted(of_code(compile(source, "<source>", "exec")))


def test_namesakes_are_numbered_in_the_order_of_the_source() -> None:
    source = "def f(rows):\n    return [r for r in map(lambda r: r, rows)], (lambda: 1)\nx = lambda: 2"
    found = {one.node.col_offset: (one.written, one.number) for one in functions(ast.parse(source))}
    assert found[27] == ("f.<locals>.<lambda>", 1)
    assert found[49] == ("f.<locals>.<lambda>", 2)
    assert found[4] == ("<lambda>", 1)
