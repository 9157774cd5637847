"""What one module tells of its functions, whatever other modules say."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from legacy_seam.survey.facts import IMPORT_TIME, IN_PLACE, SCRIPT, Function, Module
from legacy_seam.survey.reading import read_module


def read(text: str, *, is_package: bool = False) -> Module:
    return read_module(ast.parse(dedent(text)), "shop.rules", "f.py", 9, is_package=is_package, is_test=False)


def function(text: str, name: str = "f") -> Function:
    [found] = [one for one in read(text).functions if one.qualname == name]
    return found


def called(text: str) -> set[str]:
    return {use.path for use in function(text).uses if use.called}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("import time\ndef f(): time.time()", "time.time"),
        ("from datetime import datetime as dt\ndef f(): dt.now()", "datetime.datetime.now"),
        ("def f():\n  import os.path\n  os.path.exists('a')", "os.path.exists"),
        ("from . import util\ndef f(): util.log()", "shop.util.log"),
        ("from .util import log\ndef f(): log()", "shop.util.log"),
        ("from .. import top\ndef f(): top.g()", "top.g"),
        ("import sqlite3\ndef f():\n  c = sqlite3.connect('x')\n  c.execute('q')", "sqlite3.connect().execute"),
        ("def f(name):\n  with open(name) as file: file.readline()", "builtins.open().readline"),
        ("from pathlib import Path\ndef f(p): (Path(p) / 'a').touch()", "pathlib.Path().touch"),
        ("from pathlib import Path\ndef f(p: Path | None): p.touch()", "pathlib.Path().touch"),
        ("import typing, pathlib\ndef f(p: typing.Optional['pathlib.Path']): p.touch()", "pathlib.Path().touch"),
        ("import time\ndef f():\n  g = time.time\n  g()", "time.time"),
        ("import time\ndef f(): getattr(time, 'time')()", "time.time"),
        ("def f(): __import__('time').time()", "time.time"),
        ("import functools, time\ndef f(): functools.partial(time.sleep, 1)()", "time.sleep"),
        ("def g(): ...\ndef f(): g()", "shop.rules.g"),
        ("from other import *\ndef f(): g()", "shop.rules.g"),
        ("def f(cursor): cursor.execute('delete from a')", "?.execute"),
        ("import time\ndef f():\n  def inner(): return time.time()\n  return inner", "time.time"),
        ("import time\ndef f(): return lambda: time.time()", "time.time"),
        ("import time\ndef f(a): return [time.time() for b in a]", "time.time"),
        ("import time\ndef f(a):\n  match a:\n    case 1: time.time()", "time.time"),
        ("import time\ndef f(): return (x := time.time())", "time.time"),
    ],
)
def test_a_call_is_known_by_its_path(text: str, path: str) -> None:
    assert path in called(text)


@pytest.mark.parametrize(
    "text",
    [
        "import time\ndef f(time): time.time()",
        "import time\ndef f():\n  time = object()\n  time.time()",
        "import time\ndef f(a):\n  for time in a: time.time()",
        "import time\ndef f(a): [time.time() for time in a]",
        "import time\ndef f(a):\n  try: a()\n  except ValueError as time: time.time()",
    ],
)
def test_a_local_name_hides_an_import(text: str) -> None:
    assert "time.time" not in called(text)


def test_attributes_are_known_by_what_the_constructor_puts_there() -> None:
    module = read(
        """
        import sqlite3
        class Shop:
            limit: int
            def __init__(self, clock: "Clock"):
                self.db = sqlite3.connect("shop")
                self.clock = clock
        class Clock: ...
        """
    )

    assert module.classes["Shop"].attributes == {
        "limit": "builtins.int()",
        "db": "sqlite3.connect()",
        "clock": "shop.rules.Clock()",
    }


def test_what_a_method_does_to_itself_is_no_global() -> None:
    text = "class A:\n  def f(self):\n    self.x = 1\n    self.y.append(2)"

    assert function(text, "A.f").writes == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("N = 0\ndef f():\n  global N\n  N += 1", "shop.rules.N"),
        ("SEEN = []\ndef f(): SEEN.append(1)", f"shop.rules.SEEN{IN_PLACE}"),
        ("CACHE = {}\ndef f(): CACHE['a'] = 1", f"shop.rules.CACHE{IN_PLACE}"),
        ("import config\ndef f(): config.DEBUG = True", "config.DEBUG"),
        ("import config\ndef f(): setattr(config, 'DEBUG', True)", "config.DEBUG"),
        ("SEEN = []\ndef f():\n  seen = SEEN\n  seen.append(1)", f"shop.rules.SEEN{IN_PLACE}"),
        ("class A: n = 0\ndef f(): A.n += 1", "shop.rules.A.n"),
        ("import os\ndef f(): del os.environ['A']", f"os.environ{IN_PLACE}"),
    ],
)
def test_changes_of_globals_are_noted(text: str, path: str) -> None:
    assert [site.what for site in function(text).writes] == [path]


@pytest.mark.parametrize(
    "text",
    ["def f():\n  seen = []\n  seen.append(1)", "SEEN = []\ndef f(SEEN): SEEN.append(1)", "def f(a): a['x'] = 1"],
)
def test_changes_of_what_is_local_are_not(text: str) -> None:
    assert function(text).writes == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("def f(a):\n  for b in set(a): print(b)", "builtins.set()"),
        ("def f(a): return [b for b in {1, 2}]", "builtins.set()"),
        ("def f(a): return ','.join(set(a))", "builtins.set()"),
        ("def f(a): return list(set(a) - {3})", "builtins.set()"),
        ("def f(a): return (a.keys() & {1}).pop()", "builtins.set()"),
        ("import os\ndef f(a): return [b for b in os.listdir(a)]", "os.listdir()"),
    ],
)
def test_what_is_gone_through_in_order_is_noted(text: str, path: str) -> None:
    assert path in [site.what for site in function(text).iterates]


@pytest.mark.parametrize(
    "text",
    [
        "def f(a): return sorted(set(a))",
        "def f(a): return max(b for b in set(a))",
        "def f(a): return {b for b in set(a)}",
    ],
)
def test_where_the_order_does_not_matter_it_is_not(text: str) -> None:
    assert "builtins.set()" not in [site.what for site in function(text).iterates]


def test_import_time_and_script_are_functions_of_their_own() -> None:
    module = read(
        """
        import time
        START = time.time()
        class A:
            born = time.time()
        def f(now=time.time()): ...
        if __name__ == "__main__":
            print(START)
        """
    )

    by_name = {one.qualname: one for one in module.functions}
    assert [use.line for use in by_name[IMPORT_TIME].uses if use.path == "time.time"] == [3, 5, 6]
    assert [use.path for use in by_name[SCRIPT].uses if use.called] == ["builtins.print"]
    assert by_name["f"].uses == ()


def test_a_function_is_measured_with_its_decorators() -> None:
    text = "class A:\n  @property\n  def f(self): return 1\n  @f.setter\n  def f(self, value):\n    if value: pass"

    getter, setter = function(text, "A.f"), function(text, "A.f.setter")
    assert (getter.line, getter.last, getter.parameters, getter.complexity) == (2, 3, 0, 1)
    assert (setter.line, setter.last, setter.parameters, setter.complexity) == (4, 6, 1, 2)


def test_what_a_function_gives_back_is_known() -> None:
    assert (
        function("import sqlite3\ndef f():\n  c = sqlite3.connect('a')\n  return c").returns == "sqlite3.connect()"
    )


def test_tables_of_functions_are_known() -> None:
    assert read("def pay(): ...\nHANDLERS = {'pay': pay}").tables == {"HANDLERS": ("shop.rules.pay",)}


def test_deep_expressions_are_walked() -> None:
    text = "def f(a):\n  return " + " + ".join(["a.b()"] * 400)

    assert "?.b" in called(text)
