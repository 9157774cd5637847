from __future__ import annotations

import ast
import inspect
import textwrap

from legacy_seam.source.functions import functions_of, own_nodes

TEXT = textwrap.dedent(
    """
    import functools

    @functools.lru_cache(maxsize=None)
    @other
    def plain(): ...

    class A:
        def method(self): yield 1
        @staticmethod
        def static(): ...
        @classmethod
        def made(cls): ...
        @property
        def value(self): return 1
        @value.setter
        def value(self, to): ...
        @functools.cached_property
        def cached(self): ...
        def __new__(cls): ...
        class B:
            async def inner(self):
                def local():
                    class C:
                        def deep(self): ...
                    yield

    if plain:
        def under(): ...
    try:
        pass
    except E:
        def handler(): ...
    else:
        def orelse(): ...
    match plain:
        case 1:
            def case(): ...
    """
)


def test_every_function_is_found_under_its_qualified_name() -> None:
    tree = ast.parse(TEXT)
    found = {one.target.qualname: one for one in functions_of(tree, "m")}
    assert list(found) == [
        *("plain", "A.method", "A.static", "A.made", "A.value", "A.cached", "A.__new__", "A.B.inner"),
        *("A.B.inner.<locals>.local", "A.B.inner.<locals>.local.<locals>.C.deep"),
        *("under", "handler", "orelse", "case"),
    ]
    kinds = [one.kind.value for one in functions_of(tree, "m")]
    assert kinds[1:8] == [
        "method",
        "staticmethod",
        "classmethod",
        "property",
        "property",
        "property",
        "staticmethod",
    ]
    assert (found["plain"].first_line, found["plain"].node.lineno) == (4, 6)
    assert found["plain"].decorators == ("functools.lru_cache", "other")
    assert found["A.method"].is_generator and not found["A.B.inner"].is_generator
    assert found["A.B.inner"].is_async
    assert found["A.B.inner.<locals>.local.<locals>.C.deep"].depth == 2
    assert found["A.B.inner.<locals>.local.<locals>.C.deep"].class_name == "A.B.inner.<locals>.local.<locals>.C"
    assert [name for name, one in found.items() if one.conditional] == ["under", "handler", "orelse", "case"]


def test_qualified_names_and_lines_are_those_of_the_interpreter() -> None:
    source = inspect.getsource(textwrap)
    found = {(one.target.qualname, one.first_line) for one in functions_of(ast.parse(source), "textwrap")}
    waiting, real = [compile(source, "textwrap", "exec")], set()
    while waiting:
        code = waiting.pop()
        inner = [one for one in code.co_consts if inspect.iscode(one)]
        waiting += inner
        named = [one for one in inner if not one.co_name.startswith("<") and one.co_flags & inspect.CO_NEWLOCALS]
        real |= {(one.co_qualname, one.co_firstlineno) for one in named if one.co_flags & inspect.CO_OPTIMIZED}
    assert found == real


def test_what_a_definition_within_evaluates_at_once_is_the_functions_own() -> None:
    inner = "  @(yield 1)\n  def g(a=(yield 2), *, b=(yield 3)):\n    yield 4\n"
    tree = ast.parse(f"def f():\n{inner}  return lambda c=(yield 5): c")
    found = {ast.unparse(one) for one in own_nodes(tree.body[0]) if isinstance(one, ast.Yield)}
    assert found == {"(yield 1)", "(yield 2)", "(yield 3)", "(yield 5)"}
