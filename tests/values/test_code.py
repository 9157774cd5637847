"""Code objects are found by name and number, as they are now."""

from __future__ import annotations

import ast
import importlib
import sys
import textwrap
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from legacy_seam.values import find_code
from legacy_seam.values.code import index_of

SOURCE = """
import functools

def outer(n):
    def inner(x):
        return x + n
    def twice():
        return 1
    if n:
        def twice():
            return 2
    return inner

def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@decorated
def plain(x):
    def helper():
        return x
    return helper

class Shop:
    @property
    def price(self):
        def compute():
            return 3
        return compute
    @staticmethod
    def make():
        return lambda: 4

def one_line(n):
    return (lambda: 7), (lambda: 8), (lambda: n), (lambda x=(lambda: 9): x()), (lambda: [m for m in (1, n)])

PAIR = (lambda x: 10 * x, lambda x: 20 * x)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "old_shop.py").write_text(textwrap.dedent(SOURCE))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "old_shop", raising=False)
    return importlib.import_module("old_shop")


@pytest.mark.parametrize(
    "qualname",
    [
        "outer.<locals>.inner",
        "plain",
        "plain.<locals>.helper",
        "decorated.<locals>.wrapper",
        "Shop.price.<locals>.compute",
        "Shop.make.<locals>.<lambda>",
        "<lambda>",
    ],
)
@pytest.mark.parametrize("has_source", [True, False])
def test_finds_code_wherever_it_stands(module: ModuleType, qualname: str, has_source: bool) -> None:
    if not has_source:
        vars(module)["__loader__"] = None
    code = find_code("old_shop", qualname)
    assert code is not None and code.co_qualname == qualname
    assert index_of("old_shop", code) == 0


def test_tells_those_of_one_name_apart(module: ModuleType) -> None:
    first, second = (find_code("old_shop", "outer.<locals>.twice", index) for index in (0, 1))
    assert first is not None and second is not None
    assert (first.co_consts[-1], second.co_consts[-1]) == (1, 2)
    for number, function in enumerate(module.PAIR):
        assert index_of("old_shop", function.__code__) == number
        code = find_code("old_shop", "<lambda>", number)
        assert code is not None and code.co_consts == function.__code__.co_consts


def test_lambdas_on_one_line_are_numbered_by_where_they_begin(module: ModuleType) -> None:
    functions = module.one_line(1)
    assert [index_of("old_shop", one.__code__) for one in functions] == [0, 1, 2, 3, 5]
    for one in functions:
        number = index_of("old_shop", one.__code__)
        assert number is not None
        assert find_code("old_shop", "one_line.<locals>.<lambda>", number) == one.__code__


def test_one_that_was_woven_into_is_known_by_its_place_among_those_of_its_line(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    for node in [one for one in ast.walk(tree) if isinstance(one, ast.Lambda)]:
        nowhere = {"lineno": node.lineno, "end_lineno": node.lineno, "col_offset": -1, "end_col_offset": -1}
        node.body = ast.Call(ast.Name("repr", ast.Load(), **nowhere), [node.body], [], **nowhere)
    woven: dict[str, Any] = {"__name__": "old_shop"}
    exec(compile(tree, str(module.__file__), "exec"), woven)

    assert [index_of("old_shop", one.__code__) for one in woven["one_line"](1)] == [0, 1, 2, 3, 5]


def test_gives_the_code_that_was_put_in_since(module: ModuleType) -> None:
    outer = module.outer
    changed = next(one for one in outer.__code__.co_consts if hasattr(one, "co_name") and one.co_name == "inner")
    exchanged = changed.replace(co_stacksize=changed.co_stacksize + 5)
    consts = tuple(exchanged if one is changed else one for one in outer.__code__.co_consts)
    outer.__code__ = outer.__code__.replace(co_consts=consts)
    assert find_code("old_shop", "outer.<locals>.inner") is exchanged
    assert index_of("old_shop", exchanged) == 0  # type: ignore[arg-type]


def test_what_is_put_in_after_a_first_look_is_found_as_well(module: ModuleType) -> None:
    before = find_code("old_shop", "Shop.make.<locals>.<lambda>")
    assert before is not None
    other = before.replace(co_stacksize=before.co_stacksize + 5)
    code = module.Shop.make.__code__
    consts = tuple(other if type(one) is type(code) else one for one in code.co_consts)
    module.Shop.make = staticmethod(FunctionType(code.replace(co_consts=consts), vars(module)))
    assert find_code("old_shop", "Shop.make.<locals>.<lambda>") is other


def test_says_so_where_there_is_none(module: ModuleType) -> None:
    assert find_code("old_shop", "outer.<locals>.gone") is None
    assert find_code("old_shop", "<lambda>", 2) is None
    assert find_code("never.loaded", "f") is None
    assert index_of("old_shop", (lambda: 0).__code__) is None


def test_leaves_nothing_beside_the_source_of_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import SourceFileLoader

    script = tmp_path / "script.py"
    script.write_text(SOURCE)
    main = ModuleType("__main__")
    exec(compile(SOURCE, str(script), "exec"), vars(main))
    vars(main)["__loader__"] = SourceFileLoader("__main__", str(script))
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    code = find_code("__main__", "outer.<locals>.inner")
    assert code is not None
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]
