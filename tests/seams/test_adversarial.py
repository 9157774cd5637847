"""Odd files and odd code: every edit is small, right, and leaves all other bytes alone, or it is refused."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

import codecs
import difflib
import itertools
import sys
import textwrap
import time
import types
from pathlib import Path
from typing import Any

import pytest

from seams.small_program import Module, after, plain, proposed

GETTER, PARAMETER, MODEL = "replace-global-reference-with-getter", "parameterize-method", "model-seam"
WRAP = "wrap-function"
CLOCK: dict[str, dict[str, str]] = {
    GETTER: {"call": "time.time"},
    PARAMETER: {"call": "time.time"},
    MODEL: {},
    WRAP: {},
}

# --- bytes --------------------------------------------------------------------------------------------------------

BODY = "import time\n\ndef f(a=1):\n    x = 'é'  # é\n    return len(x) + a, time.time() > 0\n\ny = 'é'\n"
ASCII = BODY.replace("é", "e")

BYTES = {
    "crlf": BODY.replace("\n", "\r\n").encode(),
    "mixed newlines": ASCII.replace("\n", "\r\n", 3).encode(),
    "cr only": ASCII.replace("\n", "\r").encode(),
    "bom": codecs.BOM_UTF8 + BODY.encode(),
    "bom and cookie": codecs.BOM_UTF8 + b"# coding: utf-8\n" + BODY.encode(),
    "latin-1": ("# coding: latin-1\n" + BODY).encode("latin-1"),
    "cp1252": ("# coding: cp1252\n" + BODY.replace("é", "€")).encode("cp1252"),
    "shift_jis": ("# coding: shift_jis\n" + BODY.replace("é", "表")).encode("shift_jis"),
    "no final newline": ASCII.rstrip("\n").encode(),
    "no final newline after the function": b"import time\ndef f(a=1):\n    return a, time.time() > 0",
    "form feed": ASCII.replace("\n\ndef", "\n\x0c\ndef").encode(),
    "form feed before the def": ASCII.replace("\ndef", "\n\x0cdef").encode(),
    "tabs": ASCII.replace("    ", "\t").encode(),
    "two blanks": ASCII.replace("    ", "  ").encode(),
    "tabs in one block only": (b"import time\nif 1:\n\tz = 1\ndef f(a=1):\n  return a, time.time() > 0\n"),
    "except with a blank": b"import time\ndef f(a=1):\n    try: return a, time.time() > 0\n    except OSError : pass\n",
    "leading backslash": b"\\\nimport time\ndef f(a=1):\n    return a, time.time() > 0\n",
    "annotation in brackets": b"import time\ndef f(a=1):\n    (x): int = a\n    return x, time.time() > 0\n",
    "lambda after else": b"import time\ndef f(a=1):\n    g = a if a else(lambda: 0)\n    return g, time.time() > 0\n",
    "line continuations": b"import time\ndef f(a=1):\n    return a, \\\n        time \\\n        .time() > 0\n",
    "comments everywhere": (
        b"import time\n# above\n\n# close\n@(lambda g: g)  # deco\n# between\ndef f(a=1):  # head\n    # first\n"
        b"    return a, time.time() > 0  # last\n    # after\n# outside\n"
    ),
    "a docstring and nothing between": b'import time\ndef f(a=1):\n    """Doc.\n\n    More."""\n    return a, time.time() > 0\n',
    "a string that looks like code": b"import time\ns = '''\n# time.time()\n'''\ndef f(a=1):\n    return a, time.time() > 0\n",
    "a signature of many lines": b"import time\ndef f(\n    a=1,  # one\n    # nothing\n):\n    return a, time.time() > 0\n",
    "no trailing comma": b"import time\ndef f(\n    a=1  # one\n):\n    return a, time.time() > 0\n",
    "brackets closing early": b"import time\ndef f(a=1,\n      ): return a, time.time() > 0\n",
    "one line": b"import time\ndef f(a=1): return a, time.time() > 0\n",
    "a vertical tab in a string": b"import time\ndef f(a=1):\n    x = 'a\x0bb'; return a, time.time() > 0\n",
    "a line separator": "import time\ndef f(a=1):\n    x = '\u2028'\n    return a, time.time() > 0\n".encode(),
    "wide characters before the place": "import time\ndef f(a=1):\n    return '表é😀' and a, time.time() > 0\n".encode(),
    "elif": b"import time\ndef f(a=1):\n    if a == -1: return 0\n"
    + b"".join(b"    elif a == -%d: return %d\n" % (n, n) for n in range(2, 322))
    + b"    return a, time.time() > 0\n",
    "a chain of calls": b"import time\nclass A:\n    def b(self): return self\ndef f(a=1):\n    A()"
    + b".b()" * 200
    + b"\n    return a, time.time() > 0\n",
}


@pytest.mark.parametrize("technique", CLOCK)
@pytest.mark.parametrize("raw", BYTES.values(), ids=BYTES)
def test_every_byte_but_those_that_are_meant_stays(raw: bytes, technique: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, technique, raw, options=CLOCK[technique])
    if technique == PARAMETER and b"@(lambda" in raw:
        assert [one.code.value for one in proposal.plan.refusals] == ["decorated"]
        return
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    (change,) = proposal.plan.changes
    new = change.after
    _only_small_pieces_differ(raw, new)
    assert codecs.BOM_UTF8 not in new[3:] and new.startswith(codecs.BOM_UTF8) == raw.startswith(codecs.BOM_UTF8)
    assert new.endswith(b"\n") == raw.endswith(b"\n") and new.endswith(b"\r") == raw.endswith(b"\r")
    if b"\n" not in raw:
        assert b"\n" not in new
    if b"\r" not in raw:
        assert b"\r" not in new
    assert _told(raw) == _told(new)


def _told(raw: bytes) -> Any:
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(compile(raw, "m.py", "exec"), namespace)
    return repr(namespace["f"](2)), repr(namespace["f"]()), namespace.get("y"), namespace.get("s")


def _only_small_pieces_differ(old: bytes, new: bytes) -> None:
    """What is gone is at most the name that was replaced, decorators and docstrings that moved, a default."""
    matcher = difflib.SequenceMatcher(None, _lines(old), _lines(new), autojunk=False)
    for kind, a, b, _, _ in matcher.get_opcodes():
        if kind in ("replace", "delete"):
            gone = b"".join(_lines(old)[a:b])
            signs = (b"time", b"def f", b"@(lambda", b"# deco", b"# between", b"a=1", b'"""', b"More", b"):")
            assert any(sign in gone for sign in signs), gone


def _lines(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


# --- what cannot be read --------------------------------------------------------------------------------------------

UNREADABLE = {
    "python 2": b"def f():\n    print 'x'\n",
    "python 2 except": b"def f():\n    try: pass\n    except E, e: pass\n",
    "1,300 brackets": b"def f():\n    return " + b"[" * 1300 + b"]" * 1300 + b"\n",
    "a merge conflict": b"<<<<<<< HEAD\ndef f(): return 1\n",
    "no such encoding": b"# coding: nowhere\ndef f(): return 1\n",
    "wrong encoding": b"# coding: ascii\ndef f(): return '\xe9'\n",
    "null bytes": b"def f(): return 1\n\x00",
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused(raw: bytes, tmp_path: Path) -> None:
    (refusal,) = proposed(tmp_path, MODEL, raw).plan.refusals
    assert refusal.code.value == "unparsable"


def test_what_a_program_has_written_is_refused(tmp_path: Path) -> None:
    raw = (
        b"# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\ndef f(): return 1\n"
    )
    (refusal,) = proposed(tmp_path, MODEL, raw).plan.refusals
    assert (refusal.code.value, refusal.line) == ("generated", 2)


def test_a_parameter_that_is_none_on_purpose_is_the_default(tmp_path: Path) -> None:
    text = "import time\ndef f(): return time.time() > 0\n"
    proposal = proposed(tmp_path, PARAMETER, text, "f", CLOCK[PARAMETER])
    calls = ["f()", "f(_time=None)", "f(_time=lambda: -1)"]
    assert [one.split()[-1] for one in Module(after(proposal), tmp_path).told(calls)] == ["True", "True", "False"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows it")
def test_what_only_a_later_python_compiles_is_refused(tmp_path: Path) -> None:
    (refusal,) = proposed(tmp_path, MODEL, "def f[T](a: T) -> T:\n    return a\n").plan.refusals
    assert (refusal.code.value, refusal.line) == ("unparsable", 1)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
@pytest.mark.parametrize("technique", CLOCK)
def test_type_parameters_are_left_alone(technique: str, tmp_path: Path) -> None:
    text = "import time\ndef f[T: (int, str)](a: T = (1)) -> T:\n    time.time()\n    return a\n"
    proposal = proposed(tmp_path, technique, text, options=CLOCK[technique])
    assert proposal.is_sound, proposal.findings
    assert "f[T: (int, str)](a: T = (1)" in after(proposal)


def test_an_encoding_with_a_state_is_refused(tmp_path: Path) -> None:
    raw = b"# coding: utf-7\nimport time\nz = '+AGE-'\ndef f():\n    return time.time()\n"
    (refusal,) = proposed(tmp_path, GETTER, raw, options=CLOCK[GETTER]).plan.refusals
    assert refusal.code.value == "encoding"


def test_a_name_that_the_encoding_cannot_express_is_refused(tmp_path: Path) -> None:
    raw = b"# coding: latin-1\nimport time\ndef f():\n    return time.time()\n"
    (refusal,) = proposed(tmp_path, GETTER, raw, options={"call": "time.time", "name": "時"}).plan.refusals
    assert refusal.code.value == "encoding"


# --- what is refused, and the line that forbids it -------------------------------------------------------------------

SHARED = "x = 1; import time\ndef f(): return time.time()\n"
REFUSED = {
    "another statement on the line of the def": (
        GETTER,
        "import time\nx = 1; f = lambda: 2\ny = 1; time.time()",
        "no-such-target",
        0,
    ),
    "a call in a default value": (GETTER, "import time\ndef f(a=time.time()):\n    return a", "default-value", 2),
    "a call in a decorator": (GETTER, "import time\n@deco(time.time())\ndef f():\n    return 1", "decorator", 2),
    "a call in an annotation": (GETTER, "import time\ndef f(a: time.time()):\n    return a", "annotation", 2),
    "an annotation that is a string": (
        GETTER,
        "import time\ndef f(a: 'time.time()'):\n    return a",
        "nothing-to-do",
        2,
    ),
    "getattr": (GETTER, "import time\ndef f():\n    return getattr(time, 'time')()", "nothing-to-do", 2),
    "__import__": (GETTER, "def f():\n    return __import__('time').time()", "nothing-to-do", 1),
    "star import": (
        GETTER,
        "from time import *\nimport x as time\ndef f():\n    return time.time()",
        "nothing-to-do",
        3,
    ),
    "perhaps a star": (GETTER, "import time\nfrom x import *\ndef f():\n    return time.time()", "unclear-name", 4),
    "imports by version": (
        GETTER,
        "try:\n    import time\nexcept ImportError:\n    import slow as time\ndef f():\n    return time.time()",
        "unclear-name",
        6,
    ),
    "rebound by global": (
        GETTER,
        "import time\ndef g():\n    global time\n    time = 1\ndef f():\n    return time.time()",
        "unclear-name",
        6,
    ),
    "deleted": (GETTER, "import time\ndef f():\n    return time.time()\ndel time", "unclear-name", 3),
    "generator expression": (
        PARAMETER,
        "import time\ndef f():\n    return (time.time() for i in (1,))",
        "evaluated-later",
        3,
    ),
    "inner function": (
        PARAMETER,
        "import time\ndef f():\n    def g(): return time.time()\n    return g",
        "evaluated-later",
        3,
    ),
    "yield from": (PARAMETER, "import time\ndef f():\n    time.time()\n    yield from ()", "generator", 4),
    "async generator": (PARAMETER, "import time\nasync def f():\n    time.time()\n    yield", "generator", 4),
    "eval": (PARAMETER, "import time\ndef f():\n    time.time()\n    return eval('1')", "dynamic-names", 4),
    "vars without arguments": (
        PARAMETER,
        "import time\ndef f():\n    time.time()\n    return vars()",
        "dynamic-names",
        4,
    ),
    "lru_cache": (
        PARAMETER,
        "import time, functools\n@functools.lru_cache\ndef f():\n    return time.time()",
        "decorated",
        2,
    ),
    "a staticmethod of another name": (
        PARAMETER,
        "import time\nstaticmethod = print\n@staticmethod\ndef f():\n    return time.time()",
        "decorated",
        3,
    ),
    "one of two decorators": (
        PARAMETER,
        "import time\nclass A:\n    @staticmethod\n    @app.task\n    def f(): return time.time()",
        "decorated",
        4,
    ),
    "cached_property": (
        PARAMETER,
        "import time, functools\nclass A:\n    @functools.cached_property\n    def f(self): return time.time()",
        "property",
        3,
    ),
    "a base that is made": (
        PARAMETER,
        "import time\nclass A(make()):\n    def f(self): return time.time()",
        "outside-base",
        3,
    ),
    "the name is a global that the function reads": (
        PARAMETER,
        "import time\n_t = 1\ndef f():\n    return time.time() + _t",
        "name-taken",
        3,
    ),
    "a keyword as a name": (GETTER, "import time\ndef f():\n    return time.time()", "name-taken", 0),
    "defined under if and else": (GETTER, "if a:\n    def f(): pass\nelse:\n    def f(): pass", "redefined", 4),
    "overloads": (
        MODEL,
        "from typing import overload\n@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\ndef f(a): return a",
        "redefined",
        4,
    ),
    "warnings with a stacklevel": (
        MODEL,
        "import warnings\ndef f():\n    warnings.warn('x', stacklevel=2)",
        "frame-sensitive",
        3,
    ),
    "a method without a parameter for its object": (MODEL, "class A:\n    def f(*a): return a", "no-method", 2),
    "an abstract method": (
        MODEL,
        "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...",
        "stub",
        4,
    ),
    "a setter": (
        MODEL,
        "class A:\n    @property\n    def f(self): return 1\n    @f.setter\n    def f(self, a): pass",
        "property",
        2,
    ),
}
OPTIONS = {
    "the name is a global that the function reads": {"name": "_t"},
    "a keyword as a name": {"name": "lambda"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_to_be_safe_is_refused(name: str, tmp_path: Path) -> None:
    technique, text, code, line = REFUSED[name]
    target = "A.f" if "class A" in text else "f"
    proposal = proposed(tmp_path, technique, text, target, {**CLOCK[technique], **OPTIONS.get(name, {})})
    assert not proposal.plan.changes
    refusal = proposal.plan.refusals[-1]
    assert (refusal.code.value, refusal.line) == (code, line), refusal


# --- what is done, and goes on behaving -------------------------------------------------------------------------------

BEHAVES = {
    "everything in a signature": (
        "import time\ndef f(a, /, b, *rest, c=2, d): return a, b, rest, c, d, time.time() > 0",
        ["f(1, 2, d=4)", "f(1, b=2, d=4)", "f(1, 2, 3, 4, c=5, d=6)", "f(1)", "f(a=1, b=2, d=3)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "keywords of any name": (
        "import time\ndef f(a=1, **_time): return a, _time, time.time() > 0",
        ["f()", "f(_time=1)", "f(_f_impl=2, a=3)"],
        (GETTER, MODEL),
    ),
    "callers of every kind": (
        "import time, functools, inspect\ndef f(a, b=1): return a, b, time.time() > 0\n"
        "p = functools.partial(f, b=2)\ndef g(*s, **k): return f(*s, **k)",
        ["p(1)", "g(1, 2)", "g(*[1], **{'b': 3})", "list(map(f, [1, 2]))", "sorted([2, 1], key=f)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "the signature that others see": (
        "import time, inspect\ndef f(a, b: int = 1) -> tuple: return a, b, time.time() > 0",
        ["str(inspect.signature(f))", "f.__name__, f.__qualname__, f.__module__, f.__doc__", "f.__defaults__"],
        (GETTER, MODEL),
    ),
    "a pair of overrides": (
        "import time\nclass B:\n    def f(self, a): return a\n"
        "class A(B):\n    def f(self, a=1): return super().f(a), time.time() > 0, __class__.__name__\n"
        "class C(A):\n    def f(self, a=2): return 'c', super().f(a)",
        ["A().f()", "C().f()", "A.f(A(), 3)", "C().f(a=5)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "several bases": (
        "import time\nclass X:\n    def f(self): return 'x'\nclass Y:\n    def f(self): return 'y'\n"
        "class A(X, Y):\n    def f(self): return super().f(), super(X, self).f(), time.time() > 0",
        ["A().f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "names that a class spells differently": (
        "import time\nclass A:\n    __secret = 3\n    def f(self):\n        self.__x = self.__secret\n"
        "        return self.__x, time.time() > 0, sorted(vars(self))",
        ["A().f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "slots": (
        "import time\nclass A:\n    __slots__ = ('x',)\n    def f(self): self.x = time.time() > 0; return self.x",
        ["A().f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "a dataclass": (
        "import time, dataclasses\n@dataclasses.dataclass(frozen=True)\nclass A:\n    x: int = 1\n"
        "    def f(self): return self.x, time.time() > 0",
        ["A(2).f()", "A()", "[one.name for one in dataclasses.fields(A)]", "A.__match_args__"],
        (GETTER, PARAMETER, MODEL),
    ),
    "an enum": (
        "import time, enum\nclass A(enum.Enum):\n    X = 1\n    def f(self): return self.value, time.time() > 0",
        ["A.X.f()", "list(A)"],
        (GETTER, PARAMETER),
    ),
    "static and class methods": (
        "import time\nclass A:\n    @staticmethod\n    def f(a=1): return a, time.time() > 0\n    t = f",
        ["A.f()", "A().f(2)", "A.t(3)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "a class method": (
        "import time\nclass A:\n    @classmethod\n    def f(cls, a=1): return cls.__name__, a, time.time() > 0\n"
        "class B(A): pass",
        ["A.f()", "B().f(2)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "lru_cache": (
        "import time, functools\n@functools.lru_cache\ndef f(a=1): return a, time.time() > 0",
        ["f()", "f(1)", "f(a=1)", "f.cache_info()"],
        (GETTER, MODEL),
    ),
    "contextmanager": (
        "import time, contextlib\n@contextlib.contextmanager\ndef f(a=1):\n    yield a, time.time() > 0\n"
        "def g():\n    with f(2) as x: return x",
        ["g()"],
        (GETTER, MODEL),
    ),
    "singledispatch": (
        "import time, functools\n@functools.singledispatch\ndef f(a): return 'any', time.time() > 0\n"
        "@f.register\ndef g(a: int): return 'int'",
        ["f('x')", "f(1)"],
        (GETTER, MODEL),
    ),
    "a closure in a loop": (
        "import time\ndef f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n"
        "    return [g() for i in (1, 2)], time.time() > 0",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "await": (
        "import time, asyncio\nasync def f(a=1):\n    await asyncio.sleep(0)\n    return a, time.time() > 0",
        ["asyncio.run(f(2))", "asyncio.iscoroutinefunction(f)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "a generator that is driven": (
        "import time, inspect\ndef f(a=1):\n    try:\n        got = yield a, time.time() > 0\n"
        "    except ValueError as e:\n        got = yield str(e)\n    return got\n"
        "def drive():\n    g = f(2)\n    first = next(g)\n    second = g.throw(ValueError('no'))\n"
        "    try: g.send(5)\n    except StopIteration as e: return first, second, e.value",
        ["drive()", "inspect.isgeneratorfunction(f)", "list(f())"],
        (GETTER, MODEL),
    ),
    "recursion": (
        "import time\ndef f(n=4): return 1 if not n else n * f(n - 1) * (time.time() > 0)",
        ["f()", "f(10)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "aliases and tables": (
        "import time\nclass A:\n    def f(self): return self.n, time.time() > 0\n    n = 3\n    g = f\n    table = {'f': f}",
        ["A().f()", "A().g()", "A.table['f'](A())"],
        (GETTER, PARAMETER, MODEL),
    ),
    "under a condition": (
        "import time\nif time:\n    def f(a=1):\n        return a, time.time() > 0\nelse:\n    g = 1",
        ["f()", "f(3)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "pickled by name": (
        "import time, pickle\ndef f(): return time.time() > 0\nimport sys, types\n"
        "sys.modules['m'] = types.ModuleType('m')\nsys.modules['m'].f = f",
        ["pickle.loads(pickle.dumps(f))()", "f.__reduce_ex__(2)"],
        (GETTER, PARAMETER, MODEL),
    ),
    "everything exported": (
        "import time\n__all__ = ['f']\ndef f(): return time.time() > 0\ndef __getattr__(name): return name",
        ["f()", "sorted(name for name in globals() if name[0] != '_')"],
        (GETTER, PARAMETER, MODEL),
    ),
    "a loop and what leaves it": (
        "import time\ndef f():\n    for i in range(3):\n        try:\n            if time.time() > 0: continue\n"
        "        finally:\n            del i\n    else:\n        return 'else'",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "two places in one statement": (
        "import time\ndef f(): return time.time() <= time.time(), [time.time() > 0 for _ in (1, 2)]",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "handed on, not called": (
        "import time\ndef f(g=callable): return g(time.time), sorted([2, 1], key=lambda x, t=time.time: (t() > 0, x))",
        ["f()"],
        (GETTER,),
    ),
    "a class within": (
        "import time\ndef f():\n    class A:\n        x = time.time() > 0\n        y = [time.time() > 0 for _ in (1,)]\n"
        "    return A.x, A.y",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "nested quotes in an f-string": (
        "import time\ndef f(d={'a': 1}):\n    return f\"{d['a']} {time.time() > 0!r:>8} {'{'}\"",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "an f-string of several lines": (
        "import time\ndef f():\n    return f'''\n      {time.time() > 0}\n    '''",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "only a docstring before": (
        'import time\ndef f():\n    """Doc."""\n    return time.time() > 0',
        ["f()", "f.__doc__"],
        (GETTER, PARAMETER, MODEL),
    ),
    "imports that need a path first": (
        "import sys\nsys.path.insert(0, '.')\nimport time\ndef f(): return time.time() > 0",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
    "under other names": (
        "from time import time as now\nimport time as t, os.path as p\n"
        "def f(a='x'): return p.join('a', a), now() > 0, t.time() > 0",
        ["f()", "f('b')"],
        (GETTER, PARAMETER, MODEL),
    ),
    "a copy of what holds it": (
        "import time, copy\ndef f(a=1): return a, time.time() > 0\nclass B:\n    def __init__(self): self.g = f\n"
        "b = copy.deepcopy(B())",
        ["b.g(2)", "b.g is f", "copy.copy(f) is f"],
        (GETTER, PARAMETER, MODEL),
    ),
    "logging": (
        "import time, logging, io\nout = io.StringIO()\nlog = logging.Logger('x')\nh = logging.StreamHandler(out)\n"
        "log.addHandler(h)\ndef f(a=1):\n    log.info('%s %s', a, time.time() > 0)\n    return out.getvalue()",
        ["f()"],
        (GETTER, PARAMETER, MODEL),
    ),
}


@pytest.mark.parametrize(
    ("name", "technique"),
    [
        (name, technique)
        for name, (_, _, some) in BEHAVES.items()
        for technique in (*some, *([WRAP] if MODEL in some else []))
    ],
)
def test_what_is_edited_behaves_as_before(name: str, technique: str, tmp_path: Path) -> None:
    text, calls, _ = BEHAVES[name]
    target = "A.f" if "class A" in text and "def f():\n    class A" not in text else "f"
    chosen = "wrap-method" if technique == WRAP and target == "A.f" else technique
    proposal = proposed(tmp_path, chosen, text + "\n", target, CLOCK[technique])
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    before, later = Module(text, tmp_path).told(calls), Module(after(proposal), tmp_path).told(calls)
    assert _without_addresses(before) == _without_addresses(later)


def _without_addresses(told: list[str]) -> list[str]:
    return [one.split(" at 0x")[0] for one in told]


@pytest.mark.parametrize("technique", [GETTER, PARAMETER])
@pytest.mark.parametrize(
    ("text", "patched"),
    [
        ("import time\ndef f(): return time.time()", "time.time"),
        ("import time\ndef f(): return time.time()", "m.time"),
        ("from time import time\ndef f(): return time()", "m.time"),
    ],
)
def test_whoever_replaced_the_clock_before_still_does(
    technique: str, text: str, patched: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = after(proposed(tmp_path, technique, text + "\n", options=CLOCK[GETTER]))
    module = types.ModuleType("m")
    exec(compile(new, "m.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "m", module)
    for number in (1, 2):
        stub = itertools.repeat(number).__next__
        place = time if patched == "time.time" else module
        is_module = patched == "m.time" and text.startswith("import")
        monkeypatch.setattr(place, "time", types.SimpleNamespace(time=stub) if is_module else stub)
        assert module.f() == number


def test_a_stub_that_is_falsy_is_not_thrown_away(tmp_path: Path) -> None:
    text = after(proposed(tmp_path, PARAMETER, "import time\ndef f(): return time.time()\n", options=CLOCK[GETTER]))
    stub = "type('Falsy', (), {'__bool__': lambda self: False, '__call__': lambda self: 'stub'})()"
    assert Module(text, tmp_path).told([f"f(_time={stub})", "f(_time=None) > 0"]) == ["'stub'", "True"]


def test_seams_are_stacked_and_each_is_still_a_seam(tmp_path: Path) -> None:
    text = plain(
        """
        import time

        def f(a):
            return a, time.time() > 0
        """
    )
    calls = ["f(1)"]
    expected = Module(text, tmp_path).told(calls)
    for technique in (GETTER, MODEL):
        target = "f"
        proposal = proposed(tmp_path, technique, text, target, CLOCK[technique])
        assert proposal.is_sound
        text = after(proposal)
        assert Module(text, tmp_path).told(calls) == expected
    assert Module(text + "_time = lambda: -1\n", tmp_path).told(calls) == ["(1, False)"]
    assert Module(text + "_f_impl = lambda a: 'model'\n", tmp_path).told(calls) == ["'model'"]


def test_a_target_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, MODEL, textwrap.dedent("def score(): return 1\n"), "scor")
    assert "the nearest are score" in proposal.plan.refusals[0].reason


# --- what reads an object ----------------------------------------------------------------------------------------------

VALUES = "primitivize-parameter"
CLASS = "class A:\n    def __init__(self): self.x, self.y = 1, [2]\n"
OF_VALUES = {
    "values that change themselves": (
        CLASS + "    def f(self):\n        self.y.append(self.x)\n        return self.y, len(self.y)",
        ["A().f()"],
    ),
    "an f-string": (CLASS + "    def f(self):\n        return f'{self.x} {self.y[0]}'", ["A().f()"]),
    "a loop and a comprehension": (
        CLASS
        + "    def f(self, n=2):\n        for i in self.y:\n            n += i\n        return [n + self.x for _ in self.y]",
        ["A().f()", "A().f(n=5)"],
    ),
    "names that are used already": (
        "x = 'global'\n" + CLASS + "    def f(self, y=3):\n        return self.x, x, self.y, y",
        ["A().f()"],
    ),
    "a property of its own": (
        CLASS + "    @property\n    def f(self):\n        return self.x + 1",
        ["A().f"],
    ),
    "an object below": (
        CLASS
        + "    def f(self):\n        return self.x\nclass B(A):\n    def f(self):\n        return super().f(), self.x",
        ["A().f()", "B().f()"],
    ),
}


@pytest.mark.parametrize("name", OF_VALUES)
def test_a_function_of_values_gives_the_same(name: str, tmp_path: Path) -> None:
    text, calls = OF_VALUES[name]
    proposal = proposed(tmp_path, VALUES, text + "\n", "A.f")
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    assert Module(text, tmp_path).told(calls) == Module(after(proposal), tmp_path).told(calls)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "class A:\n    def __init__(self, a):\n        if a: self.x = 1\n    def f(self):\n        return self.x",
            5,
        ),
        ("class A:\n    x = property(len)\n    def f(self):\n        return self.x", 4),
        ("class A:\n    x = 1\n    def __getattr__(self, n): pass\n    def f(self):\n        return self.x", 5),
        ("class A:\n    x = 1\n    def f(self):\n        return self.x\nclass B(A):\n    x = property(len)", 4),
        ("class A(Foreign):\n    x = 1\n    def f(self):\n        return self.x", 4),
        (
            "class A:\n    x = 1\n    def g(self): pass\n    def f(self, o):\n        o.g()\n        return self.x",
            5,
        ),
        ("class A:\n    x = 1\n    def f(self):\n        self = 3\n        return self.x", 4),
        ("class A:\n    x = 1\n    def f(self):\n        def h(self): return self.x\n        return h", 4),
    ],
)
def test_an_attribute_that_may_be_another_one_later_is_not_read_early(text: str, line: int, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, VALUES, text + "\n", "A.f")
    assert not proposal.plan.changes
    assert proposal.plan.refusals[-1].line == line, proposal.plan.refusals


# --- who else knows a global --------------------------------------------------------------------------------------------

ENCAPSULATE = "encapsulate-global-reference"


def test_whoever_sets_a_global_from_outside_still_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "n = 1\ndef f(): return n\ndef g():\n    global n\n    n = n + 1\n    return globals()['n']\n"
    proposal = proposed(tmp_path, ENCAPSULATE, text, "n")
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    module = types.ModuleType("m")
    exec(compile(after(proposal), "m.py", "exec"), module.__dict__)
    assert (module.f(), module.g(), module.n) == (1, 2, 2)
    monkeypatch.setattr(module, "n", 7)
    assert (module.f(), module.g()) == (7, 8)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("n = 0\ndef f(n): return n\ndef g(): return n", ["f(3)", "g()"]),
        ("n = 0\ndef f():\n    global n\n    for n in range(3): pass\n    return n, [n for n in (5,)], n", ["f()"]),
        ("n = 0\ndef f():\n    global n\n    n, *x = [n + 1, n]\n    return lambda: (n, x)", ["f()()", "f()()"]),
        ("n = [0]\ndef f():\n    n[0] += 1\n    n.append(f'{n[0]}')\n    return n", ["f()", "f()"]),
        ("n = 0\nclass A:\n    n = n\n    def f(self): return n, self.n", ["A().f()"]),
        ("def f(): return n\nn = 4", ["f()"]),
        ("n = 0\ndef f():\n    def n(): return 1\n    return n()\ndef g(a=n): return a, n", ["f()", "g()"]),
        ("try:\n    import json as n\nexcept ImportError:\n    n = None\ndef f(): return n.dumps([1])", ["f()"]),
    ],
)
def test_a_global_behind_an_object_is_the_same_global(text: str, calls: list[str], tmp_path: Path) -> None:
    proposal = proposed(tmp_path, ENCAPSULATE, text + "\n", "n")
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    assert Module(text, tmp_path).told(calls) == Module(after(proposal), tmp_path).told(calls)


def test_a_variable_that_another_function_sets_is_read_where_it_is_used(tmp_path: Path) -> None:
    other = "n = 0\ndef bump():\n    global n\n    n += 1\n"
    text = "import other\ndef f():\n    other.bump()\n    return other.n\n"
    proposal = proposed(tmp_path, PARAMETER, text, "f", {"call": "other.n"}, {"other.py": other})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    assert Module(after(proposal), tmp_path).told(["f()", "f(_n=7)"]) == ["1", "7"]


@pytest.mark.parametrize("technique", [MODEL, WRAP])
def test_a_function_without_a_name_needs_one(technique: str, tmp_path: Path) -> None:
    text = "def _(a): return a\n"
    assert proposed(tmp_path, technique, text, "_").plan.refusals[-1].code.value == "option-missing"
    assert proposed(tmp_path, technique, text, "_", {"name": "shown"}).is_sound


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("import os\nimport sys\n\nimport shop\n", "import contextlib\nimport os\nimport sys\n\nimport shop\n"),
        ("import array\n\nimport shop\n", "import array\nimport contextlib\n\nimport shop\n"),
        ("import shop\n", "import contextlib\n\nimport shop\n"),
        ("from os import path\nimport re\n", "import contextlib\nfrom os import path\nimport re\n"),
        ("from __future__ import annotations\n", "from __future__ import annotations\n\nimport contextlib\n"),
    ],
)
def test_an_import_is_put_among_those_of_its_kind(imports: str, expected: str, tmp_path: Path) -> None:
    text = f"{imports}\nclient = 1\n"
    new = after(proposed(tmp_path, "introduce-static-setter", text, "client", {}, {"shop.py": ""}))
    assert new.startswith(f"{expected}\nclient = 1\n")


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from typing import Any\n", "from typing import Any, Protocol\n"),
        ("from typing import Any, TypeVar\n", "from typing import Any, Protocol, TypeVar\n"),
        (
            "from typing import (\n    Any,\n    TypeVar,\n)\n",
            "from typing import (\n    Any,\n    Protocol,\n    TypeVar,\n)\n",
        ),
        (
            "from typing import (\n    Any,  # a\n    Final\n)\n",
            "from typing import (\n    Any,  # a\n    Final,\n    Protocol\n)\n",
        ),
        ('"""Doc."""\n', '"""Doc."""\n\nfrom typing import Protocol\n'),
    ],
)
def test_a_name_is_added_to_the_import_of_its_module(imports: str, expected: str, tmp_path: Path) -> None:
    text = f"{imports}\nclass A:\n    def f(self): ...\n"
    new = after(proposed(tmp_path, "extract-interface", text, "A"))
    assert new.startswith(f"{expected}\n")


def test_a_declaration_that_nothing_needs_any_longer_is_taken_out(tmp_path: Path) -> None:
    text = (
        "n = m = 0\ndef f():\n    global n, m\n    n, m = 1, n\ndef g():\n    global n  # why\n    n += 1\n"
        "    return n\ndef h():\n    global n; n = 2\ndef k():\n    if n:\n        global n2\n"
    )
    new = after(proposed(tmp_path, ENCAPSULATE, text, "n"))
    assert "def f():\n    global m\n    _globals.n, m = 1, _globals.n\n" in new
    assert "def g():\n    _globals.n += 1\n" in new and "global n; _globals.n = 2" in new
