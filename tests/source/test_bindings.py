"""What names mean, and what they are not taken for: shadowed, rebound, conditional, from a star."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from legacy_seam.source import Exactly, Meaning, Module, SourceText, Unclear


def module(text: str, name: str = "m", path: str = "m.py") -> Module:
    found = Module.of(SourceText.of(Path(path), textwrap.dedent(text).encode()), name)
    assert isinstance(found, Module), found
    return found


def meanings(text: str, spelled: str = "", name: str = "m", path: str = "m.py") -> list[Meaning]:
    """What each chain of names that is spelled so means; the last one of the text by default."""
    read = module(text, name, path)
    found = list(read.references())
    chosen = [one for one in found if ".".join(one.names) == spelled] if spelled else found[-1:]
    assert chosen, [one.names for one in found]
    return [read.meaning(one) for one in chosen]


CERTAIN = {
    "import": ("import time\ndef f(): return time.time()", "time.time"),
    "alias": ("from datetime import datetime as dt\nx = dt.now()", "datetime.datetime.now"),
    "dotted alias": ("import a.b as c\nx = c.d()", "a.b.d"),
    "dotted": ("import os.path\nx = os.getcwd()", "os.getcwd"),
    "dotted twice": ("import os\nimport os.path\nx = os.path.join()", "os.path.join"),
    "the same twice": ("try:\n    import time\nexcept E:\n    import time\nx = time.time()", "time.time"),
    "local": ("def f():\n    from time import time\n    return time()", "time.time"),
    "enclosing": ("def f():\n    import time\n    def g(): return time.time()", "time.time"),
    "only under a condition": ("if x:\n    import time\ndef f(): return time.time()", "time.time"),
    "for types only": ("if TYPE_CHECKING:\n    import time\ny = time.time", "time.time"),
    "builtin": ("x = open('f')", "builtins.open"),
    "builtin with an attribute": ("x = dict.fromkeys", "builtins.dict.fromkeys"),
    "function": ("def f(): return f()", "m.f"),
    "class": ("class A: ...\nx = A.make()", "m.A.make"),
    "nested": ("def f():\n    def g(): ...\n    return g()", "m.f.<locals>.g"),
    "default, despite a parameter": ("import time\ndef f(time=time.time): ...", "time.time"),
    "first iterable, despite the loop": ("import time\nx = [1 for time in time.time()]", "time.time"),
    "comprehension in a class": (
        "import time\nclass A:\n    time = 1\n    x = [time.time() for i in 'ab']",
        "time.time",
    ),
    "method, despite the class": (
        "import time\nclass A:\n    time = 1\n    def f(self): return time.time()",
        "time.time",
    ),
    "global": (
        "import time\ndef f(time):\n    def g():\n        global time\n        return time.time()",
        "time.time",
    ),
    "class body": ("class A:\n    import time\n    x = time.time()", "time.time"),
    "annotated and imported": ("time: Any\nimport time\ndef f(): return time.time()", "time.time"),
    "after a star": ("from os import *\nimport time\nx = time.time()", "time.time"),
    "another name in a match": ("import time\nmatch x:\n    case {'a': b, **c}: y = time.time()", "time.time"),
    "a dotted pattern": ("import time\nmatch x:\n    case time.MIDNIGHT: ...", "time.MIDNIGHT"),
    "written with a form feed": ("import time\n\x0cx = time.time()", "time.time"),
    "continued": ("import time\nx = time \\\n    .time()", "time.time"),
    "in an f-string": ("import time\nx = f'{time.time()}'", "time.time"),
    "the walrus of a lambda's neighbour": ("import time\nx = lambda: (y := 1)\nz = time.time()", "time.time"),
    "attribute written, name read": ("import time\ntime.x.y = 1", "time.x"),
}


@pytest.mark.parametrize(("text", "dotted"), CERTAIN.values(), ids=CERTAIN)
def test_a_name_that_can_mean_one_thing_means_it(text: str, dotted: str) -> None:
    (found,) = meanings(text)
    assert isinstance(found, Exactly), found
    assert found.dotted == dotted


UNCERTAIN = {
    "parameter": ("import time\ndef f(time): return time.time()", "parameter", 2),
    "keyword-only": ("import time\ndef f(*, time=1): return time.time()", "parameter", 2),
    "starred": ("import time\ndef f(*time): return time.time()", "parameter", 2),
    "lambda": ("import time\nx = lambda time: time.time()", "parameter", 2),
    "loop": ("import time\ndef f():\n    for time in x: time.time()", "loop", 3),
    "tuple in a loop": ("import time\ndef f():\n    for a, (b, *time) in x: time.time()", "loop", 3),
    "comprehension": ("import time\nx = [time.time() for time in y]", "loop", 2),
    "nested comprehension": ("import time\nx = [[time.time() for z in y] for time in y]", "loop", 2),
    "with": ("import time\ndef f():\n    with x as time: time.time()", "with", 3),
    "except": ("import time\ndef f():\n    try: ...\n    except E as time: time.time()", "except", 4),
    "match": ("import time\ndef f(x):\n    match x:\n        case time: time.time()", "match", 4),
    "match in a class pattern": (
        "import time\ndef f(x):\n    match x:\n        case A(y=[*time]): time.time()",
        "match",
        4,
    ),
    "match the rest": ("import time\ndef f(x):\n    match x:\n        case {**time}: time.time()", "match", 4),
    "walrus": ("import time\ndef f():\n    if (time := g()): time.time()", "walrus", 3),
    "walrus in a comprehension": (
        "import time\ndef f():\n    x = [(time := g()) for i in j]; time.time()",
        "walrus",
        3,
    ),
    "deleted": ("import time\ndel time\nx = time.time()", "deleted", 2),
    "rebound later": ("import time\ndef f(): return time.time()\ntime = Fake()", "rebound", 3),
    "rebound by a global": (
        "import time\ndef f():\n    global time\n    time = g()\nx = time.time()",
        "rebound",
        4,
    ),
    "rebound by a nonlocal": (
        "def f():\n    import time\n    def g():\n        nonlocal time\n        time = 1\n    return time.time()",
        "rebound",
        5,
    ),
    "augmented": ("import time\ntime += 1\nx = time.time()", "rebound", 2),
    "assigned": ("time = Fake()\nx = time.time()", "assigned", 1),
    "two imports": (
        "try:\n    import time\nexcept E:\n    import slow as time\nx = time.time()",
        "conditional-import",
        4,
    ),
    "import or none": ("try:\n    import time\nexcept E:\n    time = None\nx = time.time()", "rebound", 4),
    "by version": (
        "if v:\n    from time import time\nelse:\n    from compat import time\nx = time()",
        "conditional-import",
        4,
    ),
    "star": ("from datetime import *\nx = datetime.now()", "star-import", 1),
    "builtin or star": ("from io import *\nx = open()", "star-import", 1),
    "star after an import": ("import time\nfrom x import *\ny = time.time()", "star-import", 2),
    "builtin or import": ("if v:\n    from io import open\nx = open()", "conditional-import", 2),
    "builtin before an import": ("x = [open()]\nfrom io import open", "conditional-import", 2),
    "class body, later": ("import time\nclass A:\n    x = time.time()\n    time = 1", "assigned", 4),
    "class body, under a condition": (
        "import time\nclass A:\n    if x:\n        import time\n    y = time.time()",
        "class-scope",
        4,
    ),
    "beyond the top": ("from ...x import time\ny = time()", "relative-import", 1),
    "nowhere": ("x = time.time()", "unbound", 0),
    "defined twice": ("if x:\n    def f(): ...\nelse:\n    def f(): ...\ny = f()", "rebound", 4),
    "mangled": ("import time as __time\nclass A:\n    def f(self): return __time.time()", "unbound", 0),
    "annotated only": ("import time\ndef f():\n    time: int\n    return time.time()", "unbound", 3),
    "read by an augmented local": ("import time\ndef f():\n    y = time.time()\n    time += y", "assigned", 4),
}


@pytest.mark.parametrize(("text", "why", "line"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_a_name_that_may_mean_something_else_is_unclear(text: str, why: str, line: int) -> None:
    spellings = ("__time.time", "time.time", "datetime.now", "open", "time", "f")
    spelled = next(one for one in spellings if one + "(" in text)
    found = meanings(text, spelled)[-1]
    assert isinstance(found, Unclear), found
    assert (found.why.value, found.line) == (why, line)
    assert f"`{spelled.split('.')[0]}`" in found.reason or "time`" in found.reason


@pytest.mark.parametrize(
    ("text", "name", "path", "dotted"),
    [
        ("from .clock import now\nx = now()", "shop.rules", "rules.py", "shop.clock.now"),
        ("from .clock import now\nx = now()", "shop", "shop/__init__.py", "shop.clock.now"),
        ("from . import clock\nx = clock.now()", "shop.rules", "rules.py", "shop.clock.now"),
        ("from ..clock import now as n\nx = n()", "shop.a.b", "b.py", "shop.clock.now"),
        ("from .. import clock\nx = clock.now()", "shop.a", "a/__init__.py", "clock.now"),
    ],
)
def test_a_relative_import_is_relative_to_the_package(text: str, name: str, path: str, dotted: str) -> None:
    (found,) = meanings(text, "", name, path)
    if name == "shop.a" and path.endswith("__init__.py"):
        assert isinstance(found, Exactly) and found.dotted == "shop.clock.now"
    else:
        assert isinstance(found, Exactly) and found.dotted == dotted


def test_candidates_say_what_an_unclear_name_may_be() -> None:
    (found,) = meanings("from datetime import *\nfrom time import *\nx = datetime.now()", "datetime.now")
    assert isinstance(found, Unclear)
    assert found.candidates == {"datetime.datetime.now", "time.datetime.now"}
    (found,) = meanings("try:\n    import a as x\nexcept E:\n    import b as x\ny = x.z", "x.z")
    assert isinstance(found, Unclear)
    assert found.candidates == {"a.z", "b.z"}


def test_what_does_not_begin_with_a_name_has_no_meaning() -> None:
    read = module("import datetime\nx = getattr(datetime, 'now')()\ny = __import__('time').time()")
    assert [one.names for one in read.references()] == [("getattr",), ("datetime",), ("__import__",)]


def test_a_reference_knows_the_function_whose_body_it_stands_in() -> None:
    read = module(
        """
        import time
        @deco(time.a)
        def f(x: time.b = time.c) -> time.d:
            y = [lambda: time.e() for _ in x]
            class A(time.f):
                z = time.g
        """
    )
    found = {one.names[-1]: one for one in read.references() if one.names[0] == "time"}
    assert {name for name, one in found.items() if one.function} == {"e", "f", "g"}
    assert found["e"].call and not found["g"].call
    assert next(found["c"].steps).place == "default"
    places = {name: {step.place for step in one.steps} - {"body"} for name, one in found.items()}
    assert places == {
        "a": {"decorator"},
        "b": {"annotation"},
        "c": {"default"},
        "d": {"annotation"},
        "e": set(),
        "f": {"base"},
        "g": set(),
    }


def test_lines_bound_the_walk() -> None:
    read = module("import time\ndef f():\n    a = time.a\n    b = time.b\nc = time.c\n")
    assert [one.names[-1] for one in read.references([4])] == ["b"]
    assert [one.names[-1] for one in read.references([1, 3, 5])] == ["a", "c"]


def test_depth_does_not_end_the_walk() -> None:
    text = "import time\nif a: pass\n" + "".join(f"elif a == {n}: time.time()\n" for n in range(320))
    assert len(meanings(text, "time.time")) == 320
    assert len(list(module("x = " + "a" + ".b()" * 200).references())) == 1


def test_the_trees_of_all_nodes_are_walked() -> None:
    text = Path(ast.__file__).read_text()
    read = module(text)
    walked = {(one.node.lineno, one.node.col_offset) for one in read.references()}
    names = {
        (one.lineno, one.col_offset)
        for one in ast.walk(read.tree)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    assert walked == names
